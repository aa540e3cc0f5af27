from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.heroku.facts import Held, LiveVars, Ownership
from deploy.names import LOCK_KEY
from deploy.plan.change import Action, Change
from deploy.plan.plan import Plan, make, pull, roll_back
from deploy.project.policy import Policy
from deploy.secret import Hint, Secret
from deploy.stories.diff import moved


def secrets(vars: Mapping[str, str]) -> dict[str, Secret]:  # noqa: A002  # the word is "vars"
    return {name: Secret(value) for name, value in vars.items()}


def live(*owned: str, foreign: Iterable[str] = (), **vars: str) -> LiveVars:  # noqa: A002
    return LiveVars(secrets(vars), Ownership(frozenset(owned), tuple(foreign)))


def marks(plan: Plan) -> list[str]:
    return [f"{change.action.value}{change.name}" for change in plan.changes]


def applied(plan: Plan, to: LiveVars) -> LiveVars:
    after = dict(to.vars)
    for change in plan.changes:
        if change.new is None:
            del after[change.name]
        else:
            after[change.name] = change.new
    return LiveVars(after, to.ownership)


# What changes.


def test_declared_and_live_are_told_apart_by_name_and_value() -> None:
    plan = make(secrets({"NEW": "1", "SAME": "1", "OTHER": "1"}), live(SAME="1", OTHER="2"))
    assert marks(plan) == ["+NEW", "~OTHER"]
    assert plan.equal == 1


def test_a_change_holds_what_was_and_what_will_be() -> None:
    [change] = make(secrets({"A": "new"}), live(A="old")).changes
    assert change == Change("A", Secret("old"), Secret("new"))


def test_changes_are_sorted_by_name_whatever_they_do() -> None:
    declared = secrets({"C": "1", "B": "1"})
    assert marks(make(declared, live(D="", B="", A=""), prune=True)) == ["-A", "~B", "+C", "-D"]


def test_an_equal_app_has_an_empty_plan() -> None:
    plan = make(secrets({"A": "1", "B": ""}), live(A="1", B=""))
    assert (plan.is_empty, plan.equal) == (True, 2)


def test_an_empty_value_is_not_the_same_as_none() -> None:
    assert marks(make(secrets({"A": ""}), live())) == ["+A"]


def test_a_difference_carries_its_hint() -> None:
    [change] = make(secrets({"A": "x"}), live(A="x\n")).changes
    assert change.hint is Hint.TRAILING_NEWLINE


def test_a_new_name_has_no_hint() -> None:
    [change] = make(secrets({"A": ""}), live()).changes
    assert change.hint is None


def test_a_plan_does_not_show_values_when_printed() -> None:
    plan = make(secrets({"A": "c4nary-1"}), live(A="c4nary-2", B="c4nary-3"), prune=True)
    assert "c4nary" not in repr(plan)


def test_actions_are_counted() -> None:
    plan = make(secrets({"A": "1", "B": "1", "C": "1"}), live(C="2", D="3"), prune=True)
    assert [plan.number_of(action) for action in Action] == [2, 1, 1]


# What is left alone.


def test_an_unmanaged_var_stays() -> None:
    plan = make(secrets({"A": "1"}), live(A="1", B="2"))
    assert (plan.changes, plan.unmanaged) == ((), ("B",))


def test_prune_removes_an_unmanaged_var() -> None:
    plan = make(secrets({"A": "1"}), live(A="1", B="2"), prune=True)
    assert (marks(plan), plan.unmanaged) == (["-B"], ())


def test_an_owned_name_in_the_file_is_reported_and_never_written() -> None:
    plan = make(secrets({"DATABASE_URL": "x", "A": "1"}), live("DATABASE_URL", DATABASE_URL="y"))
    assert (marks(plan), plan.owned) == (["+A"], ("DATABASE_URL",))


def test_an_owned_name_with_the_very_same_value_is_reported_as_well() -> None:
    plan = make(secrets({"DATABASE_URL": "x"}), live("DATABASE_URL", DATABASE_URL="x"))
    assert (plan.is_empty, plan.equal, plan.owned) == (True, 0, ("DATABASE_URL",))


@pytest.mark.parametrize("name", ["HEROKU_APP_NAME", "HEROKU_SLUG_COMMIT", "HEROKU_PR_NUMBER"])
def test_a_name_that_heroku_documents_as_its_own_is_never_written(name: str) -> None:
    plan = make(secrets({name: "x"}), live(**{name: "y"}))
    assert (plan.changes, plan.owned) == ((), (name,))


@pytest.mark.parametrize("name", ["HEROKU_API_KEY", "HEROKU_APP_NAMES", "HEROKU_X"])
def test_any_other_name_that_begins_with_heroku_is_its_users(name: str) -> None:
    plan = make(secrets({name: "new"}), live(**{name: "old"}))
    assert (marks(plan), plan.owned) == ([f"~{name}"], ())


def test_a_name_that_begins_with_heroku_is_an_attachments_where_that_claims_it() -> None:
    name = "HEROKU_POSTGRESQL_MAUVE_URL"
    plan = make(secrets({name: "new"}), live(name, **{name: "old"}))
    assert (marks(plan), plan.owned) == ([], (name,))


@pytest.mark.parametrize("prune", [True, False], ids=["prune", "keep"])
def test_a_live_name_that_begins_with_heroku_is_shown_and_spared(prune: bool) -> None:
    plan = make({}, live(HEROKU_X="1"), prune=prune)
    assert (plan.changes, plan.unmanaged, plan.spared) == ((), ("HEROKU_X",), ("HEROKU_X",))


def test_an_owned_var_is_neither_pruned_nor_unmanaged() -> None:
    plan = make({}, live("DATABASE_URL", DATABASE_URL="x", HEROKU_APP_ID="y"), prune=True)
    assert plan == Plan(changes=(), equal=0)


def test_a_neighbour_of_an_owned_var_is_managed() -> None:
    plan = make(secrets({"DATABASE_POOL_SIZE": "2"}), live("DATABASE_URL", DATABASE_POOL_SIZE="1"))
    assert marks(plan) == ["~DATABASE_POOL_SIZE"]


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("PAPERTRAIL_*", "PAPERTRAIL_API_TOKEN"),
        ("A", "A"),
        ("*", "A"),
        ("A?", "AB"),
        ("*_ID", "_ID"),
    ],
)
def test_an_ignored_name_is_neither_written_nor_pruned(pattern: str, name: str) -> None:
    policy = Policy(ignore=(pattern,))
    assert make(secrets({name: "1"}), live(), policy=policy).changes == ()
    assert make(secrets({name: "1"}), live(**{name: "2"}), policy=policy).changes == ()
    pruned = make({}, live(**{name: "2"}), policy=policy, prune=True)
    assert (pruned.changes, pruned.ignored, pruned.unmanaged) == ((), (name,), ())


def test_a_provided_name_needs_no_entry() -> None:
    policy = Policy(provided=frozenset({"FROM_ELSEWHERE"}))
    plan = make({}, live(FROM_ELSEWHERE="1"), policy=policy, prune=True)
    assert (plan.changes, plan.unmanaged) == ((), ())


def test_a_provided_name_with_an_entry_is_written() -> None:
    policy = Policy(provided=frozenset({"A"}))
    assert marks(make(secrets({"A": "1"}), live(A="2"), policy=policy)) == ["~A"]


def test_a_suspect_is_never_removed() -> None:
    plan = make(secrets({"A": "1"}), live(A="1", B="2", C="3"), prune=True, suspects=["B"])
    assert (marks(plan), plan.unmanaged, plan.spared) == (["-C"], ("B",), ("B",))


def test_a_suspect_that_is_declared_elsewhere_is_written() -> None:
    plan = make(secrets({"B": "1"}), live(B="2"), suspects=["B"])
    assert (marks(plan), plan.spared) == (["~B"], ())


def test_a_suspect_that_is_not_live_is_no_matter() -> None:
    assert make(secrets({"A": "1"}), live(A="1"), prune=True, suspects=["B"]).spared == ()


def test_prune_spares_what_a_foreign_attachment_may_own() -> None:
    plan = make({}, live(foreign=["SHARED"], SHARED_URL="1", SHAREDX="2"), prune=True)
    assert (marks(plan), plan.spared) == (["-SHAREDX"], ("SHARED_URL",))


def test_what_a_foreign_attachment_may_own_is_written_where_it_is_declared() -> None:
    plan = make(secrets({"SHARED_POOL": "2"}), live(foreign=["SHARED"], SHARED_POOL="1"))
    assert marks(plan) == ["~SHARED_POOL"]


@pytest.mark.parametrize("prune", [True, False], ids=["prune", "keep"])
def test_the_key_of_the_lock_is_shown_and_never_pruned(prune: bool) -> None:
    plan = make(secrets({"A": "1"}), live(A="1", CONFIG_LOCK_KEY="k"), prune=prune)
    assert (plan.changes, plan.unmanaged, plan.spared) == ((), (LOCK_KEY,), (LOCK_KEY,))


def test_the_key_of_the_lock_is_written_like_any_var() -> None:
    declared = secrets({"CONFIG_LOCK_KEY": "new"})
    assert marks(make(declared, live())) == ["+CONFIG_LOCK_KEY"]
    assert marks(make(declared, live(CONFIG_LOCK_KEY="old"))) == ["~CONFIG_LOCK_KEY"]


def test_a_name_that_reads_like_the_key_of_the_lock_is_unmanaged() -> None:
    app = live(CONFIG_LOCK_KEY2="1", config_lock_key="1")
    assert make(secrets({"A": "1"}), app).unmanaged == ("CONFIG_LOCK_KEY2", "config_lock_key")


# A part of a plan.


def test_only_narrows_the_plan_to_these_names() -> None:
    declared = secrets({"A": "1", "B": "1", "HEROKU_SLUG_COMMIT": "1", "I": "1", "E": "1"})
    plan = make(
        declared,
        live(A="2", C="3", D="4", E="1", I="2"),
        policy=Policy(ignore=("I",)),
        prune=True,
        only=frozenset({"A", "C"}),
    )
    assert (marks(plan), plan.equal) == (["~A", "-C"], 0)
    assert (plan.owned, plan.ignored, plan.unmanaged) == ((), (), ())


def test_only_does_not_remove_without_prune() -> None:
    plan = make(secrets({"A": "1"}), live(B="2", C="3"), only=frozenset({"B"}))
    assert (plan.changes, plan.unmanaged) == ((), ("B",))


def test_only_does_not_shrink_the_app_that_removals_are_measured_against() -> None:
    app = live(**{f"V{number}": "1" for number in range(12)})
    assert make({}, app, prune=True, only=frozenset({"V1"})).manageable == 12


def test_owned_and_ignored_vars_do_not_count_as_manageable() -> None:
    app = live("DATABASE_URL", DATABASE_URL="1", HEROKU_SLUG_COMMIT="2", I="3", A="4", B="5")
    assert make(secrets({"A": "1"}), app, policy=Policy(ignore=("I",))).manageable == 2


# What a change is.


@pytest.mark.parametrize(
    ("old", "new", "is_removal"),
    [
        (None, "", False),
        (None, "x", False),
        ("x", None, True),
        ("", None, True),
        ("x", "", True),
        ("", "x", False),
        ("x", "y", False),
        ("x", " ", False),
    ],
)
def test_a_removal_takes_a_var_or_its_whole_value(
    old: str | None, new: str | None, *, is_removal: bool
) -> None:
    assert change(old, new).is_removal is is_removal


def change(old: str | None, new: str | None) -> Change:
    before, after = (None if side is None else Secret(side) for side in (old, new))
    return Change("A", before, after)


@pytest.mark.parametrize(
    ("old", "new", "action"),
    [
        (None, "x", Action.SET),
        ("x", "y", Action.CHANGE),
        ("x", "", Action.CHANGE),
        ("x", None, Action.REMOVE),
    ],
)
def test_the_action_follows_from_what_was_and_what_will_be(
    old: str | None, new: str | None, action: Action
) -> None:
    assert change(old, new).action is action


@pytest.mark.parametrize(
    ("old", "new", "plants"),
    [
        ("sk_live_1", "changeme", True),
        (None, "changeme", False),
        ("", "changeme", False),
        ("changeme", None, False),
        ("changeme", "sk_live_1", False),
        ("sk_live_1", "sk_live_2", False),
    ],
)
def test_a_placeholder_is_planted_where_it_replaces_a_live_value(
    old: str | None, new: str | None, *, plants: bool
) -> None:
    replacement = change(old, new).replacement
    assert (replacement is not None and replacement.is_placeholder) is plants


def test_removals_are_the_removed_and_the_emptied() -> None:
    plan = make(secrets({"A": "", "B": "2", "C": ""}), live(A="1", B="1", D="1"), prune=True)
    assert [change.name for change in plan.removals] == ["A", "D"]


@pytest.mark.parametrize(
    ("new", "found", "holds"),
    [
        ("x", {"A": "x"}, True),
        ("x", {"A": "y"}, False),
        ("x", {}, False),
        ("", {"A": ""}, True),
        ("", {}, False),
        (None, {}, True),
        (None, {"A": ""}, False),
        (None, {"B": "x"}, True),
    ],
)
def test_a_change_holds_where_its_name_is_as_it_was_meant(
    new: str | None, found: dict[str, str], *, holds: bool
) -> None:
    assert change("old", new).holds_in(Held(secrets(found))) is holds


# Another writer.


def test_nothing_moved_between_equal_readings() -> None:
    assert moved(live("B", A="1", B="1"), live("B", A="1", B="1"), Policy()) == []


@pytest.mark.parametrize(
    "after", [live(A="2"), live(), live(A="")], ids=["changed", "removed", "emptied"]
)
def test_a_var_that_another_writer_touched_moved(after: LiveVars) -> None:
    assert moved(live(A="1"), after, Policy()) == ["A"]


def test_vars_that_appeared_moved_and_are_sorted() -> None:
    assert moved(live(), live(B="1", A=""), Policy()) == ["A", "B"]


def test_an_owned_var_that_rotates_did_not_move() -> None:
    before = live("DATABASE_URL", DATABASE_URL="1", HEROKU_SLUG_COMMIT="1")
    assert moved(before, live("DATABASE_URL", DATABASE_URL="2"), Policy()) == []


def test_an_ignored_var_did_not_move() -> None:
    assert moved(live(I="1"), live("I", I="2"), Policy(ignore=("I",))) == []


@pytest.mark.parametrize("turn", [1, -1], ids=["attached", "detached"])
def test_a_name_whose_owner_changed_moved(turn: int) -> None:
    before, after = [live(A="1"), live("A", A="1")][::turn]
    assert moved(before, after, Policy()) == ["A"]


# Whatever is declared and live.

NAMES = st.sampled_from(
    ["A", "B", "C", "D_URL", "E_URL", "E_X", "HEROKU_SLUG_COMMIT", "I_1", "P", "S"]
)
VALUES = st.sampled_from(["", "1", "2", "1\n", "changeme"])
VARS = st.dictionaries(NAMES, VALUES)
OWNERSHIP = st.builds(
    Ownership, st.frozensets(st.sampled_from(["A", "D_URL"])), st.sampled_from([(), ("E",)])
)
POLICY = st.builds(
    Policy, st.sampled_from([(), ("I_*",), ("*_URL", "B")]), st.sampled_from([frozenset({"P"})])
)
SUSPECTS = st.sampled_from([(), ("S",), ("S", "A")])
ONLY = st.none() | st.frozensets(NAMES, min_size=1)


@given(VARS, VARS, OWNERSHIP, POLICY, st.booleans(), SUSPECTS, ONLY)
def test_a_plan_that_was_applied_leaves_nothing_to_do(
    declared: dict[str, str],
    vars: dict[str, str],  # noqa: A002
    ownership: Ownership,
    policy: Policy,
    prune: bool,
    suspects: tuple[str, ...],
    only: frozenset[str] | None,
) -> None:
    def planned(app: LiveVars) -> Plan:
        wanted = secrets(declared)
        return make(wanted, app, policy=policy, prune=prune, suspects=suspects, only=only)

    before = LiveVars(secrets(vars), ownership)
    plan = planned(before)
    after = applied(plan, before)

    assert planned(after).is_empty
    assert all(change.holds_in(Held(after.vars)) for change in plan.changes)


@given(VARS, VARS, OWNERSHIP, POLICY, st.booleans(), SUSPECTS, ONLY)
def test_a_plan_gives_what_was_declared_and_keeps_the_rest(
    declared: dict[str, str],
    vars: dict[str, str],  # noqa: A002
    ownership: Ownership,
    policy: Policy,
    prune: bool,
    suspects: tuple[str, ...],
    only: frozenset[str] | None,
) -> None:
    def is_touchable(name: str) -> bool:
        is_chosen = only is None or name in only
        return is_chosen and not ownership.owns(name) and not policy.ignores(name)

    def is_prunable(name: str) -> bool:
        is_safe = name not in suspects and name not in policy.provided
        return prune and is_touchable(name) and is_safe and not ownership.may_own(name)

    before = LiveVars(secrets(vars), ownership)
    plan = make(secrets(declared), before, policy=policy, prune=prune, suspects=suspects, only=only)

    after = {name: value.reveal() for name, value in applied(plan, before).vars.items()}
    kept = {n: v for n, v in vars.items() if not is_prunable(n)}
    written = {n: v for n, v in declared.items() if is_touchable(n)}
    assert after == {**kept, **written}


@given(VARS, VARS, OWNERSHIP, POLICY, st.booleans(), SUSPECTS, ONLY)
def test_every_name_stands_in_one_place_of_a_plan(
    declared: dict[str, str],
    vars: dict[str, str],  # noqa: A002
    ownership: Ownership,
    policy: Policy,
    prune: bool,
    suspects: tuple[str, ...],
    only: frozenset[str] | None,
) -> None:
    app = LiveVars(secrets(vars), ownership)
    plan = make(secrets(declared), app, policy=policy, prune=prune, suspects=suspects, only=only)

    changed = [change.name for change in plan.changes]
    placed = [*changed, *plan.unmanaged, *{*plan.owned, *plan.ignored}]
    assert len(placed) == len(set(placed))
    assert set(placed) <= (only if only is not None else {*declared, *vars})
    assert set(plan.spared) <= set(plan.unmanaged)
    assert changed == sorted(changed)
    assert all(change.old != change.new for change in plan.changes)


@given(VARS, VARS, OWNERSHIP)
def test_reading_twice_without_another_writer_moves_nothing(
    one: dict[str, str], other: dict[str, str], ownership: Ownership
) -> None:
    names = moved(LiveVars(secrets(one), ownership), LiveVars(secrets(other), ownership), Policy())
    different = {n for n in {*one, *other} if one.get(n) != other.get(n)}
    assert names == sorted(name for name in different if not ownership.owns(name))


# The way back.


def back(
    then: Mapping[str, str],
    app: LiveVars,
    *,
    policy: Policy | None = None,
    known: Iterable[str] = (),
    only: frozenset[str] | None = None,
) -> tuple[list[str], tuple[str, ...]]:
    """The marks of the plan, and the names it does not bring back."""
    plan, withheld = roll_back(
        Held(secrets(then)), app, policy=policy or Policy(), known=frozenset(known), only=only
    )
    return marks(plan), withheld


def test_the_way_back_changes_what_differs_and_removes_what_was_not_there() -> None:
    plan, withheld = roll_back(
        Held(secrets({"A": "1", "B": "1"})), live(A="2", B="1", C="3"), policy=Policy(), known=()
    )
    assert (marks(plan), plan.equal, withheld) == (["~A", "-C"], 1, ())
    assert [change.new for change in plan.changes] == [Secret("1"), None]
    assert (plan.unmanaged, plan.spared) == ((), ())


def test_a_name_that_is_absent_today_is_withheld_where_nobody_knows_it() -> None:
    assert back({"A": "1", "C": "3", "B": "2"}, live(A="1")) == ([], ("B", "C"))


def test_a_name_that_is_absent_today_comes_back_where_it_is_known() -> None:
    then = {"A": "1", "B": "2", "C": "3"}
    assert back(then, live(A="1"), known=["B", "A", "Z"]) == (["+B"], ("C",))


def test_a_var_that_was_empty_then_is_emptied_and_no_less_than_that() -> None:
    assert back({"A": ""}, live(A="1")) == (["~A"], ())
    assert back({"A": ""}, live(), known=["A"]) == (["+A"], ())
    assert back({"A": ""}, live()) == ([], ("A",))
    assert back({"A": "1"}, live(A="")) == (["~A"], ())


@pytest.mark.parametrize(
    "known", [[], ["DATABASE_URL", "HEROKU_SLUG_COMMIT"]], ids=["unknown", "known"]
)
def test_what_an_addon_or_the_platform_owns_today_stays_and_is_reported(known: list[str]) -> None:
    app = live(
        "DATABASE_URL", "CACHE_URL", DATABASE_URL="new", CACHE_URL="x", HEROKU_SLUG_COMMIT="new"
    )
    plan, withheld = roll_back(
        Held(secrets({"DATABASE_URL": "old", "HEROKU_SLUG_COMMIT": "old", "HEROKU_BRANCH": "1"})),
        app,
        policy=Policy(),
        known=known,
    )
    assert (plan.changes, withheld) == ((), ())
    assert plan.owned == ("DATABASE_URL", "HEROKU_BRANCH", "HEROKU_SLUG_COMMIT")


def test_an_owned_name_that_has_no_value_yet_is_not_planted() -> None:
    assert back({"DATABASE_URL": "old"}, live("DATABASE_URL"), known=["DATABASE_URL"]) == ([], ())


def test_ignored_vars_stay_be_they_changed_gone_or_new() -> None:
    app = live(I_CHANGED="2", I_NEW="1")
    plan, withheld = roll_back(
        Held(secrets({"I_CHANGED": "1", "I_GONE": "1"})),
        app,
        policy=Policy(("I_*",)),
        known=["I_GONE"],
    )
    assert (plan.changes, withheld) == ((), ())
    assert plan.ignored == ("I_CHANGED", "I_GONE", "I_NEW")


@pytest.mark.parametrize("then", [{}, {LOCK_KEY: "old"}], ids=["absent then", "another then"])
@pytest.mark.parametrize("now", [{}, {LOCK_KEY: "new"}], ids=["absent now", "there now"])
@pytest.mark.parametrize("known", [(), (LOCK_KEY,)], ids=["unknown", "known"])
def test_the_way_back_leaves_the_key_of_the_lock_alone(
    then: dict[str, str], now: dict[str, str], known: tuple[str, ...]
) -> None:
    plan, withheld = roll_back(Held(secrets(then)), live(**now), policy=Policy(), known=known)
    assert (plan.changes, plan.unmanaged, withheld) == ((), (), ())


def test_a_provided_var_goes_back_like_any_other() -> None:
    policy = Policy(provided=frozenset({"P", "NEW"}))
    assert back({"P": "1"}, live(P="2", NEW="1"), policy=policy) == (["-NEW", "~P"], ())
    assert back({"P": "1"}, live(), policy=policy) == ([], ("P",))


def test_what_a_foreign_attachment_may_own_is_not_removed() -> None:
    plan, withheld = roll_back(
        Held({}), live(foreign=["SHARED"], SHARED_X="1", MINE="1"), policy=Policy(), known=()
    )
    assert (marks(plan), plan.spared, withheld) == (["-MINE"], ("SHARED_X",), ())


def test_only_narrows_the_way_back_and_what_it_withholds() -> None:
    then, app = {"A": "1", "B": "1", "C": "1", "D": "1"}, live(A="2", E="5", F="6")
    only = frozenset({"A", "C", "E"})
    assert back(then, app, only=only) == (["~A", "-E"], ("C",))
    assert back(then, app, known=["C"], only=only) == (["~A", "+C", "-E"], ())


def test_the_way_back_is_measured_against_the_whole_app() -> None:
    app = live(LOCK="1", **{f"V{number}": "1" for number in range(11)})
    plan, _ = roll_back(Held({}), app, policy=Policy(), known=(), only=frozenset({"V1"}))
    assert (marks(plan), plan.manageable) == (["-V1"], 12)


PAST = st.dictionaries(NAMES | st.just(LOCK_KEY), VALUES)


@given(PAST, PAST, OWNERSHIP, POLICY, st.frozensets(NAMES | st.just(LOCK_KEY)), ONLY)
def test_the_way_back_makes_all_as_it_was_but_for_what_it_leaves_alone(
    then: dict[str, str],
    now: dict[str, str],
    ownership: Ownership,
    policy: Policy,
    known: frozenset[str],
    only: frozenset[str] | None,
) -> None:
    before = LiveVars(secrets(now), ownership)

    def is_ours(name: str) -> bool:
        is_chosen = only is None or name in only
        is_free = not ownership.owns(name) and not policy.ignores(name)
        return is_chosen and is_free and name != LOCK_KEY

    plan, withheld = roll_back(Held(secrets(then)), before, policy=policy, known=known, only=only)
    after = applied(plan, before)

    touched = {change.name for change in plan.changes}
    assert touched.isdisjoint({*withheld, *plan.spared, LOCK_KEY})
    assert all(is_ours(name) for name in touched)
    for name in {*then, *now}:
        if is_ours(name) and name not in {*withheld, *plan.spared}:
            assert after.vars.get(name) == secrets(then).get(name), name
        else:
            assert after.vars.get(name) == before.vars.get(name), name
    absent = {name for name in then if name not in now}
    assert set(withheld) == {name for name in absent - known if is_ours(name)}
    assert set(plan.spared) == {
        name for name in now if name not in then and is_ours(name) and ownership.may_own(name)
    }
    assert plan.unmanaged == plan.spared


@given(PAST, PAST, OWNERSHIP, POLICY, st.frozensets(NAMES), ONLY)
def test_a_way_back_that_was_gone_leaves_nothing_to_do(
    then: dict[str, str],
    now: dict[str, str],
    ownership: Ownership,
    policy: Policy,
    known: frozenset[str],
    only: frozenset[str] | None,
) -> None:
    before = LiveVars(secrets(now), ownership)
    plan, withheld = roll_back(Held(secrets(then)), before, policy=policy, known=known, only=only)
    again = roll_back(
        Held(secrets(then)), applied(plan, before), policy=policy, known=known, only=only
    )
    assert (again[0].changes, again[1]) == ((), withheld)


@given(PAST, PAST, st.frozensets(st.sampled_from(["A", "D_URL"])), POLICY)
def test_back_and_forth_with_all_names_restored_is_where_one_was(
    then: dict[str, str], now: dict[str, str], owned: frozenset[str], policy: Policy
) -> None:
    before = LiveVars(secrets(now), Ownership(owned))
    there, _ = roll_back(Held(secrets(then)), before, policy=policy, known=then)
    after = applied(there, before)
    home, withheld = roll_back(Held(before.vars), after, policy=policy, known=now)
    assert withheld == ()
    assert applied(home, after).vars == before.vars


@given(PAST, PAST, OWNERSHIP, POLICY)
def test_an_undo_that_restores_what_was_removed_brings_all_back(
    then: dict[str, str], now: dict[str, str], ownership: Ownership, policy: Policy
) -> None:
    """The names on the undo line alone: those that the plan removed."""
    before = LiveVars(secrets(now), ownership)
    there, _ = roll_back(Held(secrets(then)), before, policy=policy, known=())
    after = applied(there, before)
    removed = [change.name for change in there.changes if change.action is Action.REMOVE]
    home, withheld = roll_back(Held(before.vars), after, policy=policy, known=removed)
    assert withheld == ()
    assert applied(home, after).vars == before.vars


# What cannot be read.


def unreadable(*names: str, **vars: str) -> LiveVars:  # noqa: A002  # the word is "vars"
    return LiveVars(secrets(vars), Ownership(frozenset({"DATABASE_URL"})), frozenset(names))


def test_what_cannot_be_read_is_neither_equal_nor_a_change() -> None:
    plan = make(secrets({"A": "1", "B": "1"}), unreadable("B", "C", A="1"), prune=True)
    assert (plan.changes, plan.equal, plan.unreadable) == ((), 1, ("B", "C"))
    assert (plan.unmanaged, plan.manageable) == ((), 3)


def test_what_is_declared_is_written_over_where_that_is_meant_and_nothing_else() -> None:
    live_vars = unreadable("B", "C", "DATABASE_URL", "I_X", A="1")
    declared = secrets({"A": "1", "B": "1", "DATABASE_URL": "x", "I_X": "1"})
    policy = Policy(("I_*",))
    plan = make(declared, live_vars, policy=policy, prune=True, over_unreadable=True)
    assert (marks(plan), plan.unreadable) == (["~B"], ("C",))
    assert (plan.owned, plan.ignored) == (("DATABASE_URL",), ("I_X",))


def test_only_and_provided_count_for_what_cannot_be_read() -> None:
    live_vars = unreadable("A", "B", "P")
    policy = Policy(provided=frozenset({"P"}))
    assert make({}, live_vars, policy=policy).unreadable == ("A", "B")
    assert make({}, live_vars, policy=policy, only=frozenset({"A", "P"})).unreadable == ("A",)
    declared = secrets({"P": "1"})
    assert make(declared, live_vars, policy=policy).unreadable == ("A", "B", "P")


def test_to_remove_what_nobody_can_read_changes_something() -> None:
    assert not Change("A", None, None, is_blind=True).is_noop
    assert change("x", "x").is_noop


def test_a_value_that_nobody_can_read_is_taken_for_one_that_matters() -> None:
    """To empty it needs the app's name; and a placeholder in its place is a doubt."""
    emptied = Change("A", None, Secret(""), is_blind=True)
    assert (emptied.action, emptied.is_removal, emptied.replacement) == (
        Action.CHANGE,
        True,
        Secret(""),
    )
    planted = Change("A", None, Secret("changeme"), is_blind=True)
    assert (planted.is_removal, planted.replacement) == (False, Secret("changeme"))


@pytest.mark.parametrize(("new", "holds"), [("x", None), ("", None), (None, False)])
def test_whether_a_change_holds_that_cannot_be_read_is_not_known(
    new: str | None, holds: bool | None
) -> None:
    """But that it is there is: so it was not removed."""
    assert change("old", new).holds_in(Held({}, frozenset({"A"}))) is holds


@pytest.mark.parametrize(
    ("new", "found", "holds"),
    [("x", {}, None), ("x", {"A": "x"}, True), ("x", {"A": "y"}, False), (None, {}, True)],
)
def test_a_masked_var_may_be_left_out_of_what_is_read_afterwards(
    new: str | None, found: dict[str, str], holds: bool | None
) -> None:
    blind = Change("A", None, None if new is None else Secret(new), is_blind=True)
    assert blind.holds_in(Held(secrets(found))) is holds


def test_the_way_back_leaves_alone_what_cannot_be_read_then_or_today() -> None:
    then = Held(secrets({"A": "1", "T": "1"}), frozenset({"B", "GONE", "DATABASE_URL"}))
    app = LiveVars(
        secrets({"A": "2", "B": "2", "NEW": "1"}),
        Ownership(frozenset({"DATABASE_URL"})),
        frozenset({"T"}),
    )
    plan, withheld = roll_back(then, app, policy=Policy(), known={"GONE"})
    assert (marks(plan), withheld) == (["~A", "-NEW"], ())
    assert plan.unreadable == ("B", "GONE", "T")
    plan, _ = roll_back(then, app, policy=Policy(), known=(), over_unreadable=True)
    assert (marks(plan), plan.unreadable) == (["~A", "-NEW", "~T"], ("B", "GONE"))
    plan, _ = roll_back(then, app, policy=Policy(), known=(), only=frozenset({"A", "B"}))
    assert (marks(plan), plan.unreadable) == (["~A"], ("B",))


def test_a_way_back_says_nothing_of_a_key_of_the_lock_that_cannot_be_read() -> None:
    then = Held({}, frozenset({LOCK_KEY, "B"}))
    plan, _ = roll_back(then, live(**{LOCK_KEY: "1"}), policy=Policy(), known=())
    assert (plan.changes, plan.unreadable) == ((), ("B",))


def test_an_env_file_loses_no_entry_to_what_cannot_be_read() -> None:
    plan = pull(
        secrets({"A": "1", "B": "1", "C": "1"}),
        unreadable("B", "DATABASE_URL", A="2"),
        policy=Policy(),
        prune=True,
    )
    assert (marks(plan), plan.unreadable, plan.owned) == (["~A", "-C"], ("B",), ("DATABASE_URL",))


def test_once_a_plan_holds_the_vars_are_what_it_sets_and_what_it_leaves_alone() -> None:
    app = live(CHANGED="1", EMPTIED="1", GONE="1", KEPT="1")
    declared = secrets({"CHANGED": "2", "EMPTIED": "", "NEW": "3"})
    plan = make(declared, app, prune=True, suspects=["KEPT"])
    assert plan.applied_to(app.vars) == {**declared, "KEPT": Secret("1")}


# The other way round: what an env file would get.


def test_a_pull_takes_what_is_live_and_keeps_what_is_only_in_the_file() -> None:
    plan = pull(
        secrets({"B": "old", "LOCAL": "1", "SAME": "1", "EMPTY": ""}),
        live(NEW="1", B="new", SAME="1", EMPTY=""),
        policy=Policy(),
    )
    assert plan == Plan(
        (Change("B", Secret("old"), Secret("new")), Change("NEW", None, Secret("1"))),
        equal=2,
        unmanaged=("LOCAL",),
    )


def test_a_pull_with_prune_takes_out_what_is_only_in_the_file() -> None:
    plan = pull(secrets({"B": "1", "A": "1"}), live(), policy=Policy(), prune=True)
    assert (marks(plan), plan.unmanaged) == (["-A", "-B"], ())
    assert plan.changes[0] == Change("A", Secret("1"), None)


def test_the_key_of_the_lock_is_never_pruned_from_the_file() -> None:
    plan = pull(secrets({LOCK_KEY: "1", "A": "1"}), live(), policy=Policy(), prune=True)
    assert (marks(plan), plan.unmanaged) == (["-A"], (LOCK_KEY,))


def test_a_pull_leaves_owned_vars_out_unless_they_are_asked_for() -> None:
    app = live("DATABASE_URL", DATABASE_URL="x", HEROKU_APP_NAME="x", A="1")
    declared = secrets({"DATABASE_URL": "mine"})
    left_out = pull(declared, app, policy=Policy(), prune=True)
    assert (marks(left_out), left_out.unmanaged) == (["+A"], ())
    assert left_out.owned == ("DATABASE_URL", "HEROKU_APP_NAME")
    taken = pull(declared, app, policy=Policy(), owned=True)
    assert (marks(taken), taken.owned) == (["+A", "~DATABASE_URL", "+HEROKU_APP_NAME"], ())


def test_a_pull_neither_brings_nor_prunes_what_is_ignored() -> None:
    plan = pull(
        secrets({"I_LOCAL": "1", "I_BOTH": "1"}),
        unreadable("I_HIDDEN", "HIDDEN", I_BOTH="2", I_NEW="1", DATABASE_URL="x"),
        policy=Policy(("I_*", "DATABASE_URL")),
        prune=True,
    )
    assert (plan.changes, plan.unmanaged, plan.owned) == ((), (), ())
    assert plan.ignored == ("DATABASE_URL", "I_BOTH", "I_HIDDEN", "I_LOCAL", "I_NEW")
    assert plan.unreadable == ("HIDDEN",)


@pytest.mark.parametrize(
    ("here", "there", "hint"),
    [
        ("x", "x\n", Hint.TRAILING_NEWLINE),
        ("X", "x", Hint.CASE),
        ("x", "", Hint.EMPTY_THERE),
        ("x", "y", None),
        (None, "y", None),
    ],
)
def test_a_pull_tells_what_alone_the_file_differs_in(
    here: str | None, there: str, hint: Hint | None
) -> None:
    declared = {} if here is None else {"A": here}
    [change] = pull(secrets(declared), live(A=there), policy=Policy()).changes
    assert change.hint is hint


@given(
    declared=st.dictionaries(st.sampled_from("ABCD"), st.sampled_from("12")),
    there=st.dictionaries(st.sampled_from("ABCD"), st.sampled_from("12")),
    only=st.frozensets(st.sampled_from("ABCD"), min_size=1),
    prune=st.booleans(),
)
def test_a_pull_of_some_names_is_that_part_of_the_pull_of_all(
    declared: dict[str, str], there: dict[str, str], only: frozenset[str], *, prune: bool
) -> None:
    app = live(**there)
    whole = pull(secrets(declared), app, policy=Policy(), prune=prune)
    some = pull(secrets(declared), app, policy=Policy(), prune=prune, only=only)
    assert some.changes == tuple(each for each in whole.changes if each.name in only)
    assert some.unmanaged == tuple(name for name in whole.unmanaged if name in only)
