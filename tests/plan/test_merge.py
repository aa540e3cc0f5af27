"""The three-way comparison of locks, as values; `tests/stories/test_review.py` has histories."""

from hypothesis import given
from hypothesis import strategies as st

from deploy.envfile.lock import Lock
from deploy.heroku.facts import LiveVars, Ownership
from deploy.names import LOCK_KEY
from deploy.plan.merge import MOST_PAIRS, Locks, effects, equal, origin, renames, standing
from deploy.plan.review import Effect, Kind, Standing
from deploy.project.policy import Policy
from deploy.secret import Secret

KEY, OTHER = Secret("0123456789abcdef" * 4), Secret("fedcba9876543210" * 4)

locks = st.one_of(
    st.none(),
    st.builds(
        Lock,
        st.sampled_from(["0" * 16, "1" * 16]),
        st.dictionaries(st.sampled_from("ABCDE"), st.sampled_from("12").map(lambda x: x * 64)),
    ),
)


def lock(key: Secret = KEY, **values: str) -> Lock:
    digests = {name: Secret(value).digest(key, name) for name, value in values.items()}
    return Lock(key.fingerprint, digests)


def live(key: Secret | None = KEY, **values: str) -> LiveVars:
    found = {name: Secret(value) for name, value in values.items()}
    return LiveVars({**found, **({LOCK_KEY: key} if key else {})}, Ownership())


def marks(found: Lock | None) -> dict[str, tuple[str, str]]:
    return {name: (found.fingerprint, d) for name, d in found.digests.items()} if found else {}


@given(locks, locks)
def test_where_the_base_stood_still_the_effects_make_it_what_is_here(
    fork: Lock | None, here: Lock | None
) -> None:
    found = list(effects(Locks(fork, fork, here)))
    kinds = {each.name: each.kind for each in found}
    assert Kind.CONFLICT not in kinds.values()
    before, after = marks(fork), marks(here)
    assert {n for n, k in kinds.items() if k is Kind.ADDED} == after.keys() - before.keys()
    assert {n for n, k in kinds.items() if k is Kind.REMOVED} == before.keys() - after.keys()
    assert {n for n, k in kinds.items() if k is Kind.CHANGED} == {
        name for name in before.keys() & after.keys() if before[name] != after[name]
    }


@given(locks, locks)
def test_a_branch_that_changed_nothing_changes_nothing_wherever_the_base_went(
    fork: Lock | None, base: Lock | None
) -> None:
    assert list(effects(Locks(fork, base, fork))) == []


@given(locks, locks)
def test_what_the_base_has_already_is_no_effect(fork: Lock | None, base: Lock | None) -> None:
    assert list(effects(Locks(fork, base, base))) == []


@given(locks, locks, locks)
def test_the_two_sides_are_in_conflict_over_the_same_names(
    fork: Lock | None, base: Lock | None, here: Lock | None
) -> None:
    def clashes(one: Lock | None, other: Lock | None) -> set[str]:
        return {x.name for x in effects(Locks(fork, one, other)) if x.kind is Kind.CONFLICT}

    # A name that neither has any more cannot clash, nor one that is only at the base and here.
    assert clashes(base, here) == clashes(here, base)


@given(locks, locks, locks)
def test_each_name_of_the_base_is_told_or_counted(
    fork: Lock | None, base: Lock | None, here: Lock | None
) -> None:
    three = Locks(fork, base, here)
    found = tuple(effects(three))
    told = {each.name for each in found}
    there = base.digests.keys() if base else set()
    assert equal(three, found) == len(there - told)


@given(locks, locks)
def test_where_a_branch_began_is_one_lock_or_what_one_of_two_changed(
    root: Lock | None, one: Lock | None
) -> None:
    assert origin([one]) is one
    for began in ([one, one, root], [one, root, root], [root, one, root], [one, one, one]):
        assert origin(began) == one


@given(locks, locks, locks, locks)
def test_where_two_commits_agree_nothing_before_them_counts(
    root: Lock | None, one: Lock | None, other: Lock | None, here: Lock | None
) -> None:
    began = marks(origin([one, other, root]))
    before, first, second = map(marks, (root, one, other))
    for name in {*before, *first, *second}:
        held, others = began.get(name), {first.get(name), second.get(name)}
        if len(others) == 1:
            # But for a key that the lock as a whole has no more.
            assert held in others or (held and held[1] == "")
        elif before.get(name) not in others:
            # No lock has this, and so no side left the name as it was.
            assert held is not None
            assert held[1] == ""


CHANGED = Effect("A", Kind.CHANGED)


def stands(three: Locks, now: LiveVars, policy: Policy | None = None) -> Standing:
    return standing(CHANGED, three, now, policy or Policy())


def test_what_is_live_is_what_is_here_or_at_the_base_or_neither() -> None:
    three = Locks(lock(A="1"), lock(A="1"), lock(A="2"))
    assert stands(three, live(A="2")) is Standing.LIVE
    assert stands(three, live(A="1")) is Standing.WAITING
    assert stands(three, live(A="3")) is Standing.DRIFT
    assert stands(three, live()) is Standing.DRIFT


def test_a_key_that_reads_one_lock_of_two_tells_that_one_alone() -> None:
    three = Locks(lock(A="1"), lock(A="1"), lock(OTHER, A="2"))
    assert stands(three, live(A="1")) is Standing.WAITING
    assert stands(three, live(A="2")) is Standing.UNKNOWN
    assert stands(three, live(OTHER, A="2")) is Standing.LIVE
    assert stands(three, live(OTHER, A="1")) is Standing.UNKNOWN
    assert stands(three, live(None, A="2")) is Standing.UNKNOWN


def test_what_cannot_be_read_owned_or_ignored_is_not_judged() -> None:
    three = Locks(lock(A="1"), lock(A="1"), lock(A="2"))
    assert stands(three, live(A="2")._replace(unreadable=frozenset("A"))) is Standing.UNKNOWN
    owned = live(A="2")._replace(ownership=Ownership(frozenset("A")))
    assert stands(three, owned) is Standing.LEFT_ALONE
    assert stands(three, live(A="2"), Policy(ignore=("A*",))) is Standing.LEFT_ALONE


def test_so_many_names_are_not_held_against_each_other() -> None:
    count = int(MOST_PAIRS**0.5)
    for more in (0, 1):
        old = {f"OLD{number}": "x" for number in range(count + more)}
        new = {f"NEW{number}": "x" for number in range(count)}
        three = Locks(lock(**old), lock(**old), lock(**new))
        found = tuple(effects(three))
        assert bool(renames(found, three, live(**old))) is (not more)
