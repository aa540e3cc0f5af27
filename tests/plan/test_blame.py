"""Who brought a live value, and what each release did: proven from what releases hold."""

from collections.abc import Mapping
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.heroku.facts import Held, Release, Status
from deploy.plan.blame import DEPTH, Before, Brought, Never, Origin, Unknown, origins
from deploy.plan.history import Revision, revisions
from deploy.secret import Secret

few = settings(max_examples=150, deadline=None)

Vars = dict[str, str]
UNREADABLE = "\0"
"""Stands for a value that Heroku does not tell."""

FATES = [status for status in Status if status is not Status.SUCCEEDED]


def release(version: int, status: Status = Status.SUCCEEDED) -> Release:
    return Release(version, status, user=f"{version}@example.com", created_at=f"at {version}")


class Past:
    """Versions and what they held, oldest first from v1; None cannot be read."""

    def __init__(self, *held: Vars | None, became: Mapping[int, Status] | None = None) -> None:
        self.held = dict(enumerate(held, start=1))
        self.became = became or {}
        self.read: list[int] = []

    def at(self, version: int) -> Held | None:
        self.read.append(version)
        found = self.held[version]
        if found is None:
            return None
        values = {name: Secret(value) for name, value in found.items() if value != UNREADABLE}
        return Held(values, frozenset(found.keys() - values.keys()))

    @property
    def releases(self) -> list[Release]:
        return [
            release(version, self.became.get(version, Status.SUCCEEDED)) for version in self.held
        ]

    def origins(self, **live: str | None) -> dict[str, Origin]:
        values = {name: None if value is None else Secret(value) for name, value in live.items()}
        return origins(values, self.releases, self.at)

    def origin(self, value: str | None) -> Origin:
        return self.origins(A=value)["A"]


def held(*values: str | None) -> list[Vars | None]:
    """What releases held where only A is of interest."""
    return [{} if value is None else {"A": value} for value in values]


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


READABLE = st.sampled_from([None, "x", "y"]).map(lambda value: held(value)[0])
RELEASES = st.lists(
    st.tuples(
        READABLE | READABLE | READABLE | st.none(),
        st.sampled_from([Status.SUCCEEDED] * 5 + FATES),
    ),
    max_size=12,
)


@st.composite
def pasts(draw: st.DrawFn) -> Past:
    """Short and varied, with a long even stretch put in somewhere."""
    found = draw(RELEASES)
    place = draw(st.integers(0, len(found)))
    stretch = draw(st.integers(0, 2 * DEPTH)) if draw(st.booleans()) else 0
    found[place:place] = [(draw(READABLE), Status.SUCCEEDED)] * stretch
    became = {version: status for version, (_, status) in enumerate(found, start=1)}
    return Past(*(vars_ for vars_, _ in found), became=became)


@few
@given(past=pasts(), value=st.sampled_from([None, "x", "y"]))
def test_the_answer_is_that_of_the_definition(past: Past, value: str | None) -> None:
    assert past.origin(value) == defined(past, value)


@few
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


@few
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


# What each release did.

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


@few
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


@few
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


def test_an_origin_behind_a_value_that_cannot_be_read_is_unknown() -> None:
    assert Past(*held("x", UNREADABLE, "x")).origin("x") == Unknown()
    assert Past(*held("y", UNREADABLE, None)).origin(None) == Brought(release(3))
