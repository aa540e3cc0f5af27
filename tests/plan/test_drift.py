"""What a lock finds on an app."""

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from deploy.envfile.lock import Lock, make
from deploy.heroku.facts import LiveVars, Ownership
from deploy.names import LOCK_KEY
from deploy.plan import plan as planning
from deploy.plan.change import Action
from deploy.plan.drift import Differences, Drift, Drifted, Kind, compare_lock
from deploy.project.policy import Policy
from deploy.secret import Secret

HEX = "00112233445566778899aabbccddeeff" * 2
OTHER_HEX = "f" * 64

NAMES = st.text("ABC_x1", min_size=1, max_size=4).filter(lambda name: not name[0].isdigit())
DECLARED = st.dictionaries(NAMES, st.sampled_from(["", "1", "2", "é\n"]), max_size=6)


def secrets(vars: dict[str, str]) -> dict[str, Secret]:  # noqa: A002  # the word is "vars"
    return {name: Secret(value) for name, value in vars.items()}


def locked(vars: dict[str, str]) -> Lock:  # noqa: A002
    return make(secrets({**vars, LOCK_KEY: HEX}), source=".env.production")


def live(owned: Iterable[str] = (), foreign: Iterable[str] = (), **vars: str) -> LiveVars:  # noqa: A002
    found = {LOCK_KEY: HEX, **vars}
    return LiveVars(secrets(found), Ownership(frozenset(owned), tuple(foreign)))


def test_an_app_that_holds_what_was_locked_has_not_drifted() -> None:
    found = compare_lock(locked({"A": "1", "B": ""}), live(A="1", B=""), Secret(HEX), Policy())
    assert found == Differences((), (), (), 2, (), ())


def test_changed_missing_and_unmanaged_are_told_apart() -> None:
    app = live(B="other", C="3", E="5", D="")
    found = compare_lock(
        locked({"A": "1", "B": "2", "C": "3", "D": "4"}), app, Secret(HEX), Policy()
    )
    assert found == Differences(("B", "D"), ("A",), ("E",), 1, (), ())


def test_owned_and_ignored_names_are_left_out() -> None:
    lock = locked({"DATABASE_URL": "x", "HEROKU_SLUG_COMMIT": "x", "I1": "x", "A": "1"})
    app = live(["DATABASE_URL", "REDIS_URL"], DATABASE_URL="y", REDIS_URL="y", I2="y", A="1")
    found = compare_lock(lock, app, Secret(HEX), Policy(ignore=("I?",)))
    assert found == Differences((), (), (), 1, ("DATABASE_URL", "HEROKU_SLUG_COMMIT"), ("I1", "I2"))


def test_provided_names_and_the_key_count_as_declared() -> None:
    found = compare_lock(
        locked({"A": "1"}), live(A="1", P="y"), Secret(HEX), Policy(provided=frozenset({"P", "Q"}))
    )
    assert found == Differences((), (), (), 1, (), ())


def test_another_key_finds_everything_changed() -> None:
    found = compare_lock(
        locked({"A": "1", "B": "2"}), live(A="1", B="2"), Secret(OTHER_HEX), Policy()
    )
    assert found.changed == ("A", "B")


def test_half_a_surrogate_pair_on_heroku_is_a_change_and_no_crash() -> None:
    found = compare_lock(locked({"A": "1"}), live(A="\ud800"), Secret(HEX), Policy())
    assert found.changed == ("A",)


@given(
    declared=DECLARED,
    there=DECLARED,
    owned=st.frozensets(NAMES, max_size=2),
    foreign=st.frozensets(st.sampled_from("AB"), max_size=1),
    ignore=st.lists(st.sampled_from(["A*", "B?", "C", "x*"]), max_size=2),
    provided=st.frozensets(NAMES, max_size=2),
)
def test_a_lock_finds_what_its_file_finds(
    declared: dict[str, str],
    there: dict[str, str],
    owned: frozenset[str],
    foreign: frozenset[str],
    ignore: list[str],
    provided: frozenset[str],
) -> None:
    policy = Policy(tuple(ignore), provided)
    app = live(owned, foreign, **there)
    vars_ = secrets({**declared, LOCK_KEY: HEX})
    plan = planning.make(vars_, app, policy=policy, prune=True)
    marks = {action: {c.name for c in plan.changes if c.action is action} for action in Action}

    found = compare_lock(make(vars_, source="x"), app, Secret(HEX), policy)

    assert set(found.changed) == marks[Action.CHANGE]
    assert set(found.missing) == marks[Action.SET]
    assert set(found.unmanaged) == marks[Action.REMOVE] | set(plan.spared)
    assert (found.owned, found.ignored) == (plan.owned, plan.ignored)
    assert found.equal == plan.equal - 1  # the key itself has no line


def test_what_cannot_be_read_has_not_drifted_and_is_told() -> None:
    """A lock says nothing of a name that is provided elsewhere, nor of its key."""
    hidden = {"A", "DATABASE_URL", "I_1", "NEW", "P", LOCK_KEY}
    app = LiveVars(secrets({"B": "1"}), Ownership(frozenset({"DATABASE_URL"})), frozenset(hidden))
    lock = locked({"A": "1", "B": "1", "C": "1", "DATABASE_URL": "x", "I_1": "x"})
    found = compare_lock(lock, app, Secret(HEX), Policy(("I_*",), frozenset({"P"})))
    assert found == Differences(
        changed=(),
        missing=("C",),
        unmanaged=(),
        equal=1,
        owned=("DATABASE_URL",),
        ignored=("I_1",),
        unreadable=("A", "NEW"),
    )


def test_what_drifted_is_counted_by_how_it_did() -> None:
    drifted = [Drifted(name, Kind.CHANGED) for name in "AB"] + [Drifted("C", Kind.MISSING)]
    found = Drift("myapp", "f", is_lock=True, drifted=tuple(drifted), equal=4)
    assert {kind: found.count(kind) for kind in Kind} == {
        Kind.CHANGED: 2,
        Kind.MISSING: 1,
        Kind.UNMANAGED: 0,
    }
