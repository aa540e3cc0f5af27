"""What each release did: proven from what releases hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.heroku.facts import Held, Release, Status
from deploy.plan.blame import Brought, Never
from deploy.plan.history import Revision, revisions
from deploy.secret import Secret

from .past import FATES, UNREADABLE, Past, held, pasts, release

Did = dict[int, str | None]
"""The marks of a version; None where it cannot be told."""


def did(found: list[Revision]) -> Did:
    return {
        each.release.version: None
        if each.changes is None
        else " ".join(f"{change.action.value}{change.name}" for change in each.changes)
        for each in found
    }


def judged(past: Past, *names: str, since: int = 1, is_whole: bool = True) -> Did:
    """What is told of the releases since that one."""
    releases = past.releases[since - 1 :]
    held = {each.version: past.at(each.version) for each in releases}
    return did(revisions(releases, held, is_whole=is_whole, names=names))


def test_what_was_set_changed_and_removed_is_told_newest_first_and_sorted_by_name() -> None:
    past = Past({}, {"B": "1", "A": "1"}, {"C": "1", "A": "2"}, {"C": "1", "A": "2"})
    assert list(judged(past).items()) == [(4, ""), (3, "~A -B +C"), (2, "+A +B"), (1, "")]


def test_the_first_release_is_held_against_nothing() -> None:
    assert judged(Past({"A": "x"})) == {1: "+A"}


def test_a_release_is_handed_on_with_its_person_its_time_and_its_values() -> None:
    old, new = Held({"A": Secret("x")}), Held({"A": Secret("y")})
    [second, first] = revisions(
        [release(1), release(2)], {1: old, 2: new}, is_whole=True, names=["A"]
    )
    assert second.release == Release(2, Status.SUCCEEDED, "2@example.com", "at 2")
    assert second.changes is not None
    assert [(each.old, each.new) for each in second.changes] == [(Secret("x"), Secret("y"))]
    assert first.changes is not None
    assert [(each.old, each.new) for each in first.changes] == [(None, Secret("x"))]
    assert "x" not in repr(second.changes).replace("example", "")


def test_a_value_that_went_away_and_came_back_is_told_each_time() -> None:
    assert judged(Past(*held("x", None, "x", "y", "x"))) == {
        5: "~A",
        4: "~A",
        3: "+A",
        2: "-A",
        1: "+A",
    }


def test_to_empty_a_var_is_to_change_it() -> None:
    assert judged(Past(*held("x", "", None, ""))) == {4: "+A", 3: "-A", 2: "~A", 1: "+A"}


def test_names_narrow_what_is_told() -> None:
    past = Past({"A": "1", "B": "1"}, {"A": "2", "B": "2"}, {"A": "2", "B": "3", "C": "1"})
    assert judged(past, "A") == {3: "", 2: "~A", 1: "+A"}
    assert judged(past, "C", "A") == {3: "+C", 2: "~A", 1: "+A"}
    assert judged(past, "NEVER_SET") == {3: "", 2: "", 1: ""}


# Only what succeeded was live.


@pytest.mark.parametrize("fate", FATES, ids=lambda fate: fate.value)
def test_what_did_not_succeed_is_told_and_the_release_after_it_is_not_blamed(fate: Status) -> None:
    past = Past(*held("x", "y", "x", "z"), became={2: fate})
    assert judged(past) == {4: "~A", 3: "", 2: "~A", 1: "+A"}


@pytest.mark.parametrize("fate", FATES, ids=lambda fate: fate.value)
def test_several_that_did_not_succeed_are_all_held_against_what_was_live(fate: Status) -> None:
    past = Past(*held("x", "y", "z", None, "x", "y"), became=dict.fromkeys((2, 3, 4), fate))
    assert judged(past) == {6: "~A", 5: "", 4: "-A", 3: "~A", 2: "~A", 1: "+A"}


@pytest.mark.parametrize("fate", FATES, ids=lambda fate: fate.value)
def test_where_none_succeeded_all_is_held_against_nothing(fate: Status) -> None:
    past = Past(*held("x", "x"), became={1: fate, 2: fate})
    assert judged(past) == {2: "+A", 1: "+A"}


# What cannot be told.


def test_a_release_that_cannot_be_read_and_the_next_one_are_unknown_and_the_others_right() -> None:
    past = Past({"A": "x"}, {"A": "y"}, None, {"A": "x"}, {"A": "y"})
    assert judged(past) == {5: "~A", 4: None, 3: None, 2: "~A", 1: "+A"}


def test_names_do_not_narrow_what_cannot_be_told() -> None:
    past = Past({"A": "x"}, None, {"A": "x"}, {"A": "x"})
    assert judged(past, "B") == {4: "", 3: None, 2: None, 1: ""}


@pytest.mark.parametrize("fate", FATES, ids=lambda fate: fate.value)
def test_one_that_did_not_succeed_and_cannot_be_read_makes_no_other_unknown(fate: Status) -> None:
    past = Past({"A": "x"}, None, {"A": "y"}, became={2: fate})
    assert judged(past) == {3: "~A", 2: None, 1: "+A"}


@pytest.mark.parametrize("fate", FATES, ids=lambda fate: fate.value)
def test_all_until_the_next_that_succeeded_is_unknown_after_one_that_cannot_be_read(
    fate: Status,
) -> None:
    past = Past({"A": "x"}, None, {"A": "y"}, {"A": "y"}, {"A": "z"}, became={3: fate})
    assert judged(past) == {5: "~A", 4: None, 3: None, 2: None, 1: "+A"}


def test_a_first_release_that_cannot_be_read_is_unknown() -> None:
    assert judged(Past(None, {"A": "x"})) == {2: None, 1: None}


@pytest.mark.parametrize("fate", FATES, ids=lambda fate: fate.value)
def test_a_first_release_that_cannot_be_read_and_was_never_live_hides_nothing(fate: Status) -> None:
    assert judged(Past(None, {"A": "x"}, became={1: fate})) == {2: "+A", 1: None}


def test_the_oldest_of_a_part_is_not_judged_for_nobody_knows_what_was_before() -> None:
    past = Past(*held("x", "y", "y", "z"))
    assert judged(past, since=2, is_whole=False) == {4: "~A", 3: ""}
    assert judged(past, since=4, is_whole=False) == {}


@pytest.mark.parametrize("fate", FATES, ids=lambda fate: fate.value)
def test_nothing_is_judged_before_the_oldest_of_a_part_that_succeeded(fate: Status) -> None:
    past = Past(*held("x", "y", "z", "x", "y"), became={2: fate, 3: fate})
    assert judged(past, since=2, is_whole=False) == {5: "~A"}
    assert judged(past, since=3, is_whole=False) == {5: "~A"}


def test_a_part_that_reaches_the_first_release_is_judged_to_its_end() -> None:
    assert judged(Past(*held("x", "y")), is_whole=False) == {2: "~A", 1: "+A"}


def test_where_a_whole_list_does_not_begin_with_v1_its_oldest_is_unknown_and_no_addition() -> None:
    past = Past(*held("x", "y", "y", "z"))
    assert judged(past, since=2) == {4: "~A", 3: "", 2: None}
    assert judged(past, since=4) == {4: None}


def test_of_no_release_nothing_is_told() -> None:
    assert revisions([], {}, is_whole=True) == []
    assert revisions([], {}, is_whole=False) == []


def test_the_order_of_the_list_does_not_matter_and_a_release_listed_twice_is_told_once() -> None:
    past = Past(*held("x", "y", "z", "z"), became={2: Status.FAILED})
    values = {each.version: past.at(each.version) for each in past.releases}
    shuffled = [past.releases[place] for place in (1, 3, 0, 1, 2, 3)]
    assert list(did(revisions(shuffled, values, is_whole=True)).items()) == [
        (4, ""),
        (3, "~A"),
        (2, "~A"),
        (1, "+A"),
    ]


@given(past=pasts(), since=st.integers(1, 12), is_whole=st.booleans())
def test_what_is_told_is_what_each_did_to_the_newest_before_it_that_succeeded(
    past: Past, since: int, is_whole: bool
) -> None:
    listed = [version for version in past.held if version >= since]
    wanted: Did = {}
    for version in reversed(listed):
        older = [v for v in listed if v < version and past.became[v] is Status.SUCCEEDED]
        if not older and since > 1 and not is_whole:
            continue
        before = past.held[max(older)] if older else ({} if since == 1 else None)
        now = past.held[version]
        if before is None or now is None:
            wanted[version] = None
        elif before == now:
            wanted[version] = ""
        else:
            wanted[version] = "+A" if not before else "~A" if now else "-A"
    assert judged(past, since=since, is_whole=is_whole) == wanted


@given(past=pasts())
def test_each_value_has_its_origin_where_it_was_told_last(past: Past) -> None:
    """Two answers to one question, by two ways."""
    told = judged(past)
    newest = max((v for v in past.held if past.became[v] is Status.SUCCEEDED), default=None)
    if newest is None or past.held[newest] is None:
        return
    value = past.held[newest]
    assert value is not None
    match past.origin(value.get("A")):
        case Brought(found):
            assert told[found.version] not in {"", None}
        case Never():
            assert not any(told[v] for v in told if past.became[v] is Status.SUCCEEDED)


# What cannot be read.


def test_a_value_that_cannot_be_read_is_held_against_nothing() -> None:
    """That it came or went is known; from a value to one that is none, or back, is not."""
    past = Past(*held(None, UNREADABLE, "x", UNREADABLE, None, "x"))
    assert judged(past) == {6: "+A", 5: "-A", 4: "", 3: "", 2: "+A", 1: ""}
