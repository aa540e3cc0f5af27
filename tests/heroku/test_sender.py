from deploy.heroku.sender import InFlight


def test_where_nothing_is_in_flight_nothing_is_waited_for() -> None:
    flight = InFlight()
    assert flight.seconds_waiting(9.0) == 0.0
    flight.begin(10.0)
    flight.end(11.0)
    assert flight.seconds_waiting(99.0) == 0.0


def test_the_waiting_begins_with_the_first_of_several_requests() -> None:
    flight = InFlight()
    flight.begin(10.0)
    flight.begin(12.0)
    assert flight.seconds_waiting(13.0) == 3.0


def test_each_answer_begins_it_anew_while_others_are_due() -> None:
    flight = InFlight()
    flight.begin(10.0)
    flight.begin(10.0)
    flight.end(14.0)
    assert flight.seconds_waiting(15.0) == 1.0
