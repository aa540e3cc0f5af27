from deploy.heroku.silence import Silence


def test_where_nothing_is_under_way_there_is_no_silence() -> None:
    silence = Silence()
    assert silence.lasts(9.0) == 0.0
    silence.asked(10.0)
    silence.heard(11.0)
    assert silence.lasts(99.0) == 0.0


def test_a_silence_begins_with_the_first_of_several_requests() -> None:
    silence = Silence()
    silence.asked(10.0)
    silence.asked(12.0)
    assert silence.lasts(13.0) == 3.0


def test_each_answer_begins_it_anew_while_others_are_due() -> None:
    silence = Silence()
    silence.asked(10.0)
    silence.asked(10.0)
    silence.heard(14.0)
    assert silence.lasts(15.0) == 1.0
