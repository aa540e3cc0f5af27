"""Whether an app is ready for its code."""

import pytest

from deploy.plan.readiness import Missing, Readiness, Unfit, judged
from deploy.project.code.needs import Need, Obstacle
from deploy.project.policy import Policy
from deploy.secret import Secret


def ready(*needs: Need, live: dict[str, str], ignore: tuple[str, ...] = ()) -> Readiness:
    values = {name: Secret(value) for name, value in live.items()}
    return judged("myapp", needs, values, names=values.keys(), policy=Policy(ignore))


def test_what_is_needed_and_not_there_is_missing_with_each_place() -> None:
    b, a = Need("KEY", "b.py", 1), Need("KEY", "a.py", 9)
    found = ready(b, a, Need("HERE", "a.py", 2), live={"HERE": "x"})
    assert found.missing == (Missing("KEY", (a, b)),)
    assert (found.needed, found.is_ready) == (2, False)


def test_one_of_several_names_will_do() -> None:
    need = Need("ONE", "a.py", 1, instead=("UNO",))
    assert ready(need, live={"UNO": "x"}).is_ready
    assert not ready(need, live={"DUE": "x"}).is_ready


def test_what_a_dyno_has_by_itself_or_the_settings_ignore_is_not_asked_for() -> None:
    names = ("PORT", "HOME", "HEROKU_SLUG_COMMIT", "PT_LOG", "LANG", "WEB_CONCURRENCY")
    found = ready(*(Need(name, "a.py", 1) for name in names), live={}, ignore=("PT_*",))
    assert (found.is_ready, found.needed) == (True, 0)


@pytest.mark.parametrize("name", ["CI", "TZ"])
def test_what_only_a_job_or_a_terminal_has_is_asked_for(name: str) -> None:
    assert not ready(Need(name, "a.py", 1), live={}).is_ready


def test_a_value_that_cannot_be_meant_is_no_value() -> None:
    live = {"A": "changeme", "B": "op://v/i/f", "C": "encrypted:abc", "D": "", "E": "", "F": "x"}
    found = ready(Need("D", "a.py", 1), live=live)
    assert found.unfit == (
        Unfit("A", "looks like a placeholder that nobody filled in"),
        Unfit("B", "looks like a reference or a template that nobody resolved"),
        Unfit("C", "is ciphertext that nobody decrypted"),
        Unfit("D", "is empty"),
        Unfit("E", "is empty"),
    )
    assert not found.is_ready


def test_ciphertext_that_the_app_decrypts_itself_is_a_value() -> None:
    values = {"C": Secret("encrypted:abc")}
    policy = Policy(encrypted=("C",))
    assert judged("myapp", [], values, names=values, policy=policy).is_ready


def test_a_name_whose_value_cannot_be_read_is_there() -> None:
    found = judged("myapp", [Need("A", "a.py", 1)], {}, names={"A"}, policy=Policy())
    assert found.is_ready


def test_what_another_app_has_is_told_and_no_fault() -> None:
    like = ("staging", ["A", "B", "PT_X"])
    found = judged("myapp", [], {}, names={"A"}, policy=Policy(("PT_*",)), like=like)
    assert (found.like, found.lacking, found.is_ready) == ("staging", ("B",), True)


def test_an_obstacle_is_told_once() -> None:
    obstacle = Obstacle("a.py", 3, "does not parse as Python: not checked")
    found = judged("x", [], {}, names=(), policy=Policy(), obstacles=[obstacle, obstacle])
    assert found.obstacles == (obstacle,)


def test_only_where_each_file_was_looked_at_an_app_is_ready() -> None:
    whole = Obstacle("a.py", 3, "does not parse as Python: not checked")
    for obstacle, is_ready in ((whole, False), (whole._replace(is_whole_file=False), True)):
        found = judged("x", [], {}, names=(), policy=Policy(), obstacles=[obstacle])
        assert (found.is_ready, found.is_certain) == (is_ready, is_ready)


def test_what_the_settings_ignore_may_be_empty() -> None:
    assert ready(live={"PT_X": "", "Y": "x"}, ignore=("PT_*",)).is_ready


def test_places_are_in_the_order_of_their_lines() -> None:
    places = [Need("KEY", "a.py", line, instead=(other,)) for line, other in ((10, "A"), (9, "B"))]
    [missing] = ready(*places, live={}).missing
    assert [need.line for need in missing.places] == [9, 10]


def test_what_is_judged_is_named_and_is_an_app_unless_it_is_said_to_be_none() -> None:
    app = judged("myapp", [], {}, names=(), policy=Policy())
    here = judged("here", [], {}, names=(), policy=Policy(), is_of_app=False)
    assert (app.where, app.is_of_app) == ("myapp", True)
    assert (here.where, here.is_of_app) == ("here", False)
