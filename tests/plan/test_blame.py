"""Who brought a live value: proven from what releases hold."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.heroku.facts import Release, Status
from deploy.plan.blame import DEPTH, Before, Brought, Never, Origin, Unknown, origins
from deploy.secret import Secret

from .past import FATES, UNREADABLE, Past, held, pasts, release

# The release that brought it.


def test_the_release_that_brought_the_value_is_named_with_its_person_and_time() -> None:
    assert Past(*held("old", "new", "new")).origin("new") == Brought(
        Release(2, Status.SUCCEEDED, user="2@example.com", created_at="at 2")
    )


def test_the_newest_release_may_have_brought_it() -> None:
    assert Past(*held("x", "x", "y")).origin("y") == Brought(release(3))


def test_a_value_that_went_away_and_came_back_is_the_last_ones() -> None:
    assert Past(*held("x", "y", "x", "y", "x", "x")).origin("x") == Brought(release(5))


def test_a_value_that_was_absent_in_between_is_the_last_ones() -> None:
    assert Past(*held("x", None, "x")).origin("x") == Brought(release(3))


def test_an_empty_value_is_not_absence() -> None:
    assert Past(*held(None, "", "")).origin("") == Brought(release(2))
    assert Past(*held("", None, None)).origin(None) == Brought(release(2))


def test_absence_is_brought_by_the_last_removal() -> None:
    assert Past(*held("x", None, "x", None, None)).origin(None) == Brought(release(4))


def test_what_was_never_there_was_never_set() -> None:
    assert Past(*held(None, None, None)).origin(None) == Never()


def test_the_first_release_has_none_before_it() -> None:
    assert Past(*held("x")).origin("x") == Brought(release(1))
    assert Past(*held("x", "x", "x")).origin("x") == Brought(release(1))


def test_each_name_has_an_origin_of_its_own() -> None:
    past = Past({"A": "1", "C": "1"}, {"A": "1", "B": "1", "C": "1"}, {"A": "2", "B": "1"})
    assert past.origins(A="2", B="1", C=None, D=None) == {
        "A": Brought(release(3)),
        "B": Brought(release(2)),
        "C": Brought(release(3)),
        "D": Never(),
    }


def test_the_order_of_the_releases_does_not_matter() -> None:
    past = Past(*held("x", "y", "x", "x"))
    values = {"A": Secret("x")}
    shuffled = [past.releases[place] for place in (2, 0, 3, 1)]
    assert origins(values, shuffled, past.at) == {"A": Brought(release(3))}
    assert past.read == [4, 3, 2]


def test_releases_may_come_one_by_one() -> None:
    past = Past(*held("x", "y"))
    assert origins({"A": Secret("y")}, iter(past.releases), past.at) == {"A": Brought(release(2))}


# Only what succeeded counts.


@pytest.mark.parametrize("fate", FATES, ids=lambda fate: fate.value)
def test_a_deploy_after_a_change_that_did_not_succeed_is_not_blamed(fate: Status) -> None:
    past = Past(*held("x", "y", "x", "x"), became={2: fate})
    assert past.origin("x") == Brought(release(1))
    assert past.read == [4, 3, 1]


@pytest.mark.parametrize("fate", FATES, ids=lambda fate: fate.value)
def test_a_release_that_did_not_succeed_brought_nothing(fate: Status) -> None:
    past = Past(*held("x", "y", "y"), became={2: fate})
    assert past.origin("y") == Brought(release(3))


@pytest.mark.parametrize("fate", FATES, ids=lambda fate: fate.value)
def test_the_newest_release_is_the_newest_that_succeeded(fate: Status) -> None:
    past = Past(*held("x", "y", "z"), became={3: fate})
    assert past.origin("y") == Brought(release(2))
    assert past.origin("z") == Unknown()
    assert 3 not in past.read


@pytest.mark.parametrize("fate", FATES, ids=lambda fate: fate.value)
def test_releases_that_did_not_succeed_do_not_use_the_depth_up(fate: Status) -> None:
    became = dict.fromkeys(range(2, 60), fate)
    past = Past(*held("x", *["z"] * 58, "y", "y"), became=became)
    assert past.origin("y") == Brought(release(60))
    assert past.read == [61, 60, 1]


# What is not known.


def test_a_value_that_the_newest_release_does_not_hold_is_unknown() -> None:
    assert Past(*held("x", "y")).origin("x") == Unknown()
    assert Past(*held("x", "y")).origin(None) == Unknown()
    assert Past(*held("x", None)).origin("x") == Unknown()


def test_without_a_release_all_is_unknown_and_nothing_is_read() -> None:
    past = Past()
    assert past.origins(A="x", B=None) == {"A": Unknown(), "B": Unknown()}
    assert past.read == []


@pytest.mark.parametrize("fate", FATES, ids=lambda fate: fate.value)
def test_where_none_succeeded_all_is_unknown(fate: Status) -> None:
    assert Past(*held("x"), became={1: fate}).origin("x") == Unknown()


def test_a_release_that_cannot_be_read_ends_the_search_without_a_guess() -> None:
    past = Past({"A": "x"}, {"A": "y"}, None, {"A": "x", "B": "1"}, {"A": "x", "B": "2"})
    assert past.origins(A="x", B="2") == {"A": Unknown(), "B": Brought(release(5))}
    assert past.read == [5, 4, 3]


def test_the_newest_release_that_cannot_be_read_makes_all_unknown() -> None:
    past = Past({"A": "x"}, None)
    assert past.origins(A="x", B=None) == {"A": Unknown(), "B": Unknown()}
    assert past.read == [2]


def test_the_first_release_that_cannot_be_read_is_no_proof_either() -> None:
    past = Past(None, {"A": "x"})
    assert past.origins(A="x", B=None) == {"A": Unknown(), "B": Unknown()}


# How far it looks.


def test_each_release_is_read_once_for_all_names_newest_first() -> None:
    past = Past({"A": "1"}, {"A": "1", "B": "1"}, {"A": "1", "B": "1"})
    past.origins(A="1", B="1", C=None)
    assert past.read == [3, 2, 1]


def test_nothing_is_read_once_all_is_known() -> None:
    past = Past(*held("x", "y", "y", "z", "z"))
    past.origin("z")
    assert past.read == [5, 4, 3]


def test_nothing_is_read_for_nobody() -> None:
    past = Past(*held("x"))
    assert past.origins() == {}
    assert past.read == []


def test_at_most_twenty_releases_are_read() -> None:
    past = Past(*held(*["x"] * 42))
    assert past.origin("x") == Before(24)  # v23 holds it as well, and nobody looked at v22
    assert past.read == list(range(42, 22, -1))


def test_the_twentieth_release_still_proves_the_nineteenth() -> None:
    assert Past(*held(*["x"] * 23, *["y"] * 19)).origin("y") == Brought(release(24))
    assert Past(*held(*["x"] * 22, *["y"] * 20)).origin("y") == Before(24)


def test_exactly_twenty_releases_reach_the_first() -> None:
    assert Past(*held(*["x"] * DEPTH)).origin("x") == Brought(release(1))
    assert Past(*held(*[None] * DEPTH)).origin(None) == Never()


def test_a_history_whose_beginning_is_not_told_ends_before_its_oldest_release() -> None:
    past = Past(*held("x", "x", "x", "x"))
    assert origins({"A": Secret("x")}, past.releases[2:], past.at) == {"A": Before(4)}
    assert origins({"A": Secret("x")}, past.releases[3:], past.at) == {"A": Before(5)}


@pytest.mark.parametrize("fate", FATES, ids=lambda fate: fate.value)
def test_a_value_is_not_told_to_be_older_than_a_release_that_did_not_succeed(fate: Status) -> None:
    past = Past(*held("x", "x", "y", "x"), became={3: fate})
    assert origins({"A": Secret("x")}, past.releases[1:], past.at) == {"A": Before(4)}


def test_a_release_that_two_pages_list_is_read_once() -> None:
    past = Past(*held("x", "x", "x"))
    twice = [past.releases[2], past.releases[2], past.releases[1]]
    assert origins({"A": Secret("x")}, twice, past.at) == {"A": Before(3)}
    assert past.read == [3, 2]


# Against the definition.


def defined(past: Past, value: str | None) -> Origin:
    """The newest release that holds the value while its predecessor does not, found plainly."""
    succeeded = [
        version
        for version in sorted(past.held, reverse=True)
        if past.became.get(version, Status.SUCCEEDED) is Status.SUCCEEDED
    ][:DEPTH]
    known = []
    for version in succeeded:
        if past.held[version] is None:
            break
        known.append(version)
    holds = {version: (past.held[version] or {}).get("A") == value for version in known}
    if not known or not holds[known[0]]:
        return Unknown()
    proven = [newer for newer, older in pairwise(known) if holds[newer] and not holds[older]]
    if proven:
        return Brought(release(max(proven)))
    if known != succeeded:
        return Unknown()
    if known[-1] == 1:
        return Never() if value is None else Brought(release(1))
    return Before(known[-2] if len(known) > 1 else known[-1] + 1)


@given(past=pasts(), value=st.sampled_from([None, "x", "y"]))
def test_the_answer_is_that_of_the_definition(past: Past, value: str | None) -> None:
    assert past.origin(value) == defined(past, value)


@given(past=pasts(), values=st.lists(st.sampled_from([None, "x", "y"]), max_size=3))
def test_names_that_are_asked_about_together_are_answered_as_if_alone(
    past: Past, values: list[str | None]
) -> None:
    several = Past(
        *(
            None
            if found is None
            else {f"A{n}": value for n in range(3) for value in found.values()}
            for found in past.held.values()
        ),
        became=past.became,
    )
    together = several.origins(**{f"A{number}": value for number, value in enumerate(values)})
    assert together == {f"A{n}": defined(past, value) for n, value in enumerate(values)}
    assert len(several.read) == len(set(several.read)) <= DEPTH
    assert several.read == sorted(several.read, reverse=True)


@given(past=pasts(), value=st.sampled_from([None, "x", "y"]))
def test_no_answer_says_more_than_the_whole_history_bears_out(
    past: Past, value: str | None
) -> None:
    holds = {
        version: (found or {}).get("A") == value
        for version, found in past.held.items()
        if past.became[version] is Status.SUCCEEDED
    }
    match past.origin(value):
        case Brought(found):
            assert holds[found.version]
            older = max((version for version in holds if version < found.version), default=None)
            assert older is None or not holds[older]
            assert all(held for version, held in holds.items() if version > found.version)
        case Before(version):
            assert holds[max(found for found in holds if found < version)]
            assert all(held for found, held in holds.items() if found >= version)
        case Never():
            assert all(holds.values())


# What cannot be read.


def test_an_origin_behind_a_value_that_cannot_be_read_is_unknown() -> None:
    assert Past(*held("x", UNREADABLE, "x")).origin("x") == Unknown()
    assert Past(*held("y", UNREADABLE, None)).origin(None) == Brought(release(3))
