from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.errors import NotAllowed
from deploy.plan.change import Change
from deploy.plan.consent import Asked, Consent, check_confirm, check_expected, needed, options
from deploy.plan.plan import Plan
from deploy.secret import Secret


def plan(*changes: tuple[str, str | None, str | None], manageable: int = 0) -> Plan:
    def secret(text: str | None) -> Secret | None:
        return None if text is None else Secret(text)

    made = tuple(Change(name, secret(old), secret(new)) for name, old, new in changes)
    return Plan(made, equal=0, manageable=manageable)


def removing(count: int, *, of: int) -> Plan:
    return plan(*((f"V{n}", "x", None) for n in range(count)), manageable=of)


def asked(
    *,
    can_ask: bool = False,
    in_ci: bool = False,
    app_is_explicit: bool = False,
    yes: bool = False,
    is_reviewed: bool = False,
    needs_name: bool = False,
    confirm: str | None = None,
    force: bool = False,
) -> Asked:
    return Asked(
        name="myapp",
        can_ask=can_ask,
        in_ci=in_ci,
        app_is_explicit=app_is_explicit,
        yes=yes,
        is_reviewed=is_reviewed,
        needs_name=needs_name,
        confirm=confirm,
        force=force,
    )


def refusal(plan: Plan, how: Asked) -> tuple[str, str | None]:
    with pytest.raises(NotAllowed) as caught:
        needed(plan, how)
    return str(caught.value), caught.value.next_step


HARMLESS = plan(("A", None, "1"), ("B", "1", "2"), ("C", "", "1"), manageable=2)
REMOVAL = plan(("OLD", "1", None), ("A", None, "1"), manageable=3)
EMPTIED = plan(("OLD", "1", ""), manageable=3)


# Plans without removals.


def test_a_person_is_asked_yes_or_no() -> None:
    assert needed(HARMLESS, asked(can_ask=True)) is Consent.YES_NO


def test_a_person_is_asked_even_where_they_named_the_app() -> None:
    assert needed(HARMLESS, asked(can_ask=True, app_is_explicit=True)) is Consent.YES_NO


@pytest.mark.parametrize("can_ask", [True, False])
def test_yes_is_a_yes(can_ask: bool) -> None:
    assert needed(HARMLESS, asked(yes=True, can_ask=can_ask)) is Consent.GIVEN


@pytest.mark.parametrize("can_ask", [True, False])
def test_confirm_stands_for_yes(can_ask: bool) -> None:
    assert needed(HARMLESS, asked(confirm="myapp", can_ask=can_ask)) is Consent.GIVEN


@pytest.mark.parametrize("can_ask", [True, False])
def test_a_job_that_names_the_app_needs_no_yes(can_ask: bool) -> None:
    how = asked(in_ci=True, app_is_explicit=True, can_ask=can_ask)
    assert needed(HARMLESS, how) is Consent.GIVEN


def test_a_job_whose_app_was_found_elsewhere_needs_a_yes() -> None:
    assert refusal(HARMLESS, asked(in_ci=True)) == (
        "nobody named the app, and nobody can be asked whether myapp is meant; nothing was written",
        "add --app myapp, or --yes",
    )


@pytest.mark.parametrize("app_is_explicit", [True, False])
def test_where_nobody_can_be_asked_and_no_job_runs_a_yes_is_needed(app_is_explicit: bool) -> None:
    assert refusal(HARMLESS, asked(app_is_explicit=app_is_explicit)) == (
        "nobody can be asked here; nothing was written",
        "add --yes",
    )


@pytest.mark.parametrize("can_ask", [True, False])
def test_a_plan_that_was_reviewed_needs_no_yes(can_ask: bool) -> None:
    assert needed(HARMLESS, asked(is_reviewed=True, can_ask=can_ask)) is Consent.GIVEN


def test_force_is_no_yes() -> None:
    assert needed(HARMLESS, asked(can_ask=True, force=True)) is Consent.YES_NO
    with pytest.raises(NotAllowed):
        needed(HARMLESS, asked(force=True))


# Plans with removals.


@pytest.mark.parametrize("removal", [REMOVAL, EMPTIED], ids=["removed", "emptied"])
@pytest.mark.parametrize("yes", [True, False])
@pytest.mark.parametrize("force", [True, False])
def test_a_person_types_the_apps_name_for_a_removal(removal: Plan, yes: bool, force: bool) -> None:
    how = asked(can_ask=True, yes=yes, force=force, app_is_explicit=True)
    assert needed(removal, how) is Consent.NAME


@pytest.mark.parametrize("removal", [REMOVAL, EMPTIED], ids=["removed", "emptied"])
@pytest.mark.parametrize("can_ask", [True, False])
def test_confirm_with_the_apps_name_lets_a_removal_pass(removal: Plan, can_ask: bool) -> None:
    assert needed(removal, asked(confirm="myapp", can_ask=can_ask)) is Consent.GIVEN


@pytest.mark.parametrize("removal", [REMOVAL, EMPTIED], ids=["removed", "emptied"])
@pytest.mark.parametrize("yes", [True, False])
@pytest.mark.parametrize("force", [True, False])
def test_a_job_removes_nothing_without_confirm(removal: Plan, yes: bool, force: bool) -> None:
    assert refusal(removal, asked(yes=yes, force=force, app_is_explicit=True)) == (
        "this plan removes or empties OLD; nothing was written",
        "add --confirm myapp",
    )


def test_an_empty_var_that_is_removed_is_a_removal() -> None:
    assert needed(plan(("A", "", None)), asked(can_ask=True, yes=True)) is Consent.NAME


@pytest.mark.parametrize("confirm", ["other", "", "MYAPP", "myapp ", "yes", "c4nary"])
@pytest.mark.parametrize("shape", [HARMLESS, REMOVAL, plan()], ids=["set", "remove", "empty"])
def test_confirm_with_another_name_is_refused(shape: Plan, confirm: str) -> None:
    assert refusal(shape, asked(confirm=confirm, yes=True, force=True, can_ask=True)) == (
        "--confirm does not name the app, which is myapp; nothing was written",
        "use --confirm myapp if that is the app you mean",
    )


def test_confirm_is_told_what_it_does_not_name_and_how_to_write_that() -> None:
    how = replace(asked(confirm="myapp"), name="my file", kind="file")
    said = (
        "--confirm does not name the file, which is my file; nothing was written",
        "use --confirm 'my file' if that is the file you mean",
    )
    assert refusal(HARMLESS, how) == said
    with pytest.raises(NotAllowed, match="--confirm does not name the app, which is myapp"):
        check_confirm("other", "myapp")


@pytest.mark.parametrize("confirm", [None, "myapp"])
def test_the_right_name_or_none_passes_the_check(confirm: str | None) -> None:
    check_confirm(confirm, "myapp")


# Plans that look like a mistake.


@pytest.mark.parametrize("size", [10, 20, 30, 70, 110, 1000])
def test_exactly_30_percent_of_the_vars_may_go_without_force(size: int) -> None:
    assert needed(removing(size * 3 // 10, of=size), asked(confirm="myapp")) is Consent.GIVEN


@pytest.mark.parametrize(("removed", "size"), [(4, 10), (4, 11), (4, 13), (7, 20), (10, 30)])
def test_more_than_30_percent_of_ten_or_more_vars_needs_force_as_well(
    removed: int, size: int
) -> None:
    assert refusal(removing(removed, of=size), asked(confirm="myapp", can_ask=True)) == (
        f"this plan removes or empties {removed} of {size} vars; nothing was written",
        "check --app and --file; add --force if both are right",
    )


@pytest.mark.parametrize("size", range(1, 10))
def test_all_of_nine_or_fewer_vars_may_go_without_force(size: int) -> None:
    assert needed(removing(size, of=size), asked(confirm="myapp")) is Consent.GIVEN


def test_emptied_vars_count_among_the_removals() -> None:
    emptied = plan(*((f"V{n}", "x", "") for n in range(4)), manageable=10)
    assert refusal(emptied, asked(confirm="myapp"))[0] == (
        "this plan removes or empties 4 of 10 vars; nothing was written"
    )


def changing(count: int, *, of: int) -> Plan:
    return plan(*((f"V{n}", "x", "y") for n in range(count)), manageable=of)


@pytest.mark.parametrize(("changed", "size"), [(5, 10), (6, 12), (50, 100), (9, 9)])
def test_half_of_the_values_may_change_without_force(changed: int, size: int) -> None:
    assert needed(changing(changed, of=size), asked(yes=True)) is Consent.GIVEN


@pytest.mark.parametrize(("changed", "size"), [(6, 10), (6, 11), (51, 100)])
def test_more_than_half_of_ten_or_more_values_need_force(changed: int, size: int) -> None:
    assert refusal(changing(changed, of=size), asked(yes=True, can_ask=True)) == (
        f"this plan changes {changed} of {size} values; nothing was written",
        "check --app and --file; add --force if both are right",
    )
    assert needed(changing(changed, of=size), asked(yes=True, force=True)) is Consent.GIVEN


def test_a_review_stands_for_force_where_many_values_change() -> None:
    assert needed(changing(10, of=10), asked(is_reviewed=True)) is Consent.GIVEN


def test_a_review_does_not_stand_for_force_where_many_vars_go() -> None:
    how = asked(is_reviewed=True, confirm="myapp")
    assert refusal(removing(4, of=10), how)[0].startswith("this plan removes or empties 4 of 10")


def test_new_and_filled_and_emptied_vars_are_no_values_that_change() -> None:
    mixed = plan(
        *((f"N{n}", None, "y") for n in range(5)),
        *((f"F{n}", "", "y") for n in range(5)),
        *((f"C{n}", "x", "y") for n in range(5)),
        manageable=10,
    )
    assert needed(mixed, asked(yes=True)) is Consent.GIVEN


def test_force_lets_many_removals_pass_with_the_apps_name() -> None:
    assert needed(removing(10, of=10), asked(confirm="myapp", force=True)) is Consent.GIVEN


@given(size=st.integers(10, 5000), removed=st.integers(1, 50))
def test_the_share_is_reckoned_without_rounding(size: int, removed: int) -> None:
    how = asked(confirm="myapp")
    if removed * 10 > size * 3:
        with pytest.raises(NotAllowed):
            needed(removing(removed, of=size), how)
    else:
        assert needed(removing(removed, of=size), how) is Consent.GIVEN


@pytest.mark.parametrize("confirm", [None, "myapp"])
@pytest.mark.parametrize("can_ask", [True, False])
def test_a_placeholder_over_a_live_value_needs_force(can_ask: bool, confirm: str | None) -> None:
    planted = plan(("B", "c4nary", "changeme"), ("A", "c4nary", "<key>"), ("C", None, "todo"))
    assert refusal(planted, asked(yes=True, can_ask=can_ask, confirm=confirm)) == (
        "A, B: a placeholder would replace a live value; nothing was written",
        "fill it in, or add --force",
    )


@pytest.mark.parametrize("confirm", [None, "myapp"])
def test_a_reference_that_nobody_resolved_needs_force_over_a_live_value(
    confirm: str | None,
) -> None:
    planted = plan(("B", "c4nary", "$DB_URL"), ("A", "c4nary", "op://v/i/f"), ("C", None, "`x`"))
    assert refusal(planted, asked(yes=True, confirm=confirm)) == (
        "A, B: a reference that nobody resolved would replace a live value; nothing was written",
        "resolve it, put what is meant in '…', or add --force",
    )
    assert needed(planted, asked(yes=True, force=True)) is Consent.GIVEN


def test_a_reference_needs_no_force_where_it_replaces_nothing() -> None:
    assert needed(plan(("A", None, "$DB_URL")), asked(yes=True)) is Consent.GIVEN


def test_a_way_back_to_a_reference_that_nobody_resolved_is_advised_on_in_its_own_words() -> None:
    how = asked(needs_name=True, confirm="myapp")
    assert refusal(plan(("A", "c4nary", "$DB_URL")), how) == (
        "A: a reference that nobody resolved would replace a live value; nothing was written",
        "choose another release, or add --force",
    )


def test_to_write_over_what_cannot_be_read_needs_force() -> None:
    blind = [Change(name, None, Secret("c4nary"), is_blind=True) for name in "BA"]
    over = Plan((*blind, Change("C", Secret("1"), Secret("2"))), equal=0)
    assert refusal(over, asked(yes=True, confirm="myapp")) == (
        "A, B: cannot be read on Heroku, and would be written over; nothing was written",
        "leave it out of the plan, or add --force",
    )
    assert needed(over, asked(yes=True, force=True)) is Consent.GIVEN


@pytest.mark.parametrize("old", [None, "c4nary"], ids=["set", "change"])
@pytest.mark.parametrize("name", ["PATH", "LD_PRELOAD", "LD_LIBRARY_PATH"])
def test_what_decides_how_programs_start_needs_force(name: str, old: str | None) -> None:
    fatal = plan((name, old, "c4nary"), ("HOME", None, "/"))
    assert refusal(fatal, asked(yes=True, confirm="myapp")) == (
        f"{name}: decides which programs and libraries start on a dyno; nothing was written",
        "take it out of the plan, or add --force",
    )
    assert needed(fatal, asked(yes=True, force=True)) is Consent.GIVEN


@pytest.mark.parametrize("name", ["LD_SDK_KEY", "PATHS", "HOME", "PORT"])
def test_another_name_than_the_loaders_needs_no_force(name: str) -> None:
    assert needed(plan((name, None, "x")), asked(yes=True)) is Consent.GIVEN


def test_to_remove_what_decides_how_programs_start_needs_no_force() -> None:
    assert needed(plan(("PATH", "x", None)), asked(confirm="myapp")) is Consent.GIVEN


def test_force_lets_a_placeholder_pass_with_a_yes() -> None:
    planted = plan(("A", "x", "changeme"))
    assert needed(planted, asked(yes=True, force=True)) is Consent.GIVEN


@pytest.mark.parametrize("old", [None, ""])
def test_a_placeholder_that_replaces_nothing_needs_no_force(old: str | None) -> None:
    assert needed(plan(("A", old, "changeme")), asked(yes=True)) is Consent.GIVEN


# Whatever was asked.


@given(
    st.builds(
        asked,
        app_is_explicit=st.booleans(),
        can_ask=st.booleans(),
        in_ci=st.booleans(),
        is_reviewed=st.booleans(),
        yes=st.booleans(),
        confirm=st.none(),
        force=st.booleans(),
    ),
    st.sampled_from([REMOVAL, EMPTIED, removing(5, of=9), removing(9, of=10)]),
)
def test_without_confirm_a_removal_always_takes_the_apps_name(how: Asked, removal: Plan) -> None:
    try:
        assert needed(removal, how) is Consent.NAME
        assert how.can_ask
    except NotAllowed:
        assert not how.can_ask or not how.force


# Plans that need the app's name whatever they hold.


@pytest.mark.parametrize("shape", [HARMLESS, REMOVAL], ids=["harmless", "removal"])
@pytest.mark.parametrize("yes", [True, False])
@pytest.mark.parametrize("force", [True, False])
def test_a_way_back_takes_the_apps_name_whatever_it_does(
    shape: Plan, yes: bool, force: bool
) -> None:
    how = asked(needs_name=True, can_ask=True, app_is_explicit=True, yes=yes, force=force)
    assert needed(shape, how) is Consent.NAME


@pytest.mark.parametrize("yes", [True, False])
@pytest.mark.parametrize("force", [True, False])
def test_a_job_goes_no_way_back_without_confirm(yes: bool, force: bool) -> None:
    how = asked(needs_name=True, app_is_explicit=True, yes=yes, force=force)
    assert refusal(HARMLESS, how) == (
        "this plan needs the name of myapp; nothing was written",
        "add --confirm myapp",
    )
    assert refusal(REMOVAL, how)[0] == "this plan removes or empties OLD; nothing was written"


def test_a_way_back_that_looks_like_a_mistake_is_advised_on_in_its_own_words() -> None:
    how = asked(needs_name=True, confirm="myapp")
    assert refusal(removing(4, of=10), how) == (
        "this plan removes or empties 4 of 10 vars; nothing was written",
        "check --app and --to; add --force if both are right",
    )
    assert refusal(plan(("A", "c4nary", "changeme")), how) == (
        "A: a placeholder would replace a live value; nothing was written",
        "choose another release, or add --force",
    )


@pytest.mark.parametrize("can_ask", [True, False])
def test_confirm_with_the_apps_name_lets_a_way_back_pass(can_ask: bool) -> None:
    how = asked(needs_name=True, can_ask=can_ask, confirm="myapp")
    assert needed(REMOVAL, how) is Consent.GIVEN


# Plans that were reviewed.

REVIEWED = "0123456789abcdef" * 2


@pytest.mark.parametrize(("expect", "digest"), [(None, None), (None, REVIEWED), (REVIEWED,) * 2])
def test_the_plan_that_was_reviewed_passes_and_any_does_where_none_was(
    expect: str | None, digest: str | None
) -> None:
    check_expected(expect, digest)


def test_another_plan_than_the_one_that_was_reviewed_is_refused() -> None:
    with pytest.raises(NotAllowed) as caught:
        check_expected(REVIEWED, REVIEWED[::-1])
    assert str(caught.value) == (
        f"this is not the plan {REVIEWED}: something moved since, or the options are others;"
        " nothing was written"
    )
    assert caught.value.next_step == "have the plan shown here reviewed: config.diff names it"


def test_where_nothing_differs_any_more_no_plan_is_sent_to_review() -> None:
    with pytest.raises(NotAllowed) as caught:
        check_expected(REVIEWED, None)
    assert str(caught.value) == (
        f"this is not the plan {REVIEWED}: something moved since, or the options are others;"
        " nothing was written"
    )
    assert caught.value.next_step == "it may have been applied already: see config.history"


# What a dry run says that applying needs.


@pytest.mark.parametrize(
    ("shape", "how", "needs"),
    [
        (HARMLESS, asked(), ("--yes",)),
        (HARMLESS, asked(can_ask=True, yes=True), ("--yes",)),
        (HARMLESS, asked(in_ci=True, app_is_explicit=True), ()),
        (HARMLESS, asked(in_ci=True), ("--yes",)),
        (HARMLESS, asked(is_reviewed=True), ()),
        (HARMLESS, asked(needs_name=True), ("--confirm myapp",)),
        (REMOVAL, asked(yes=True), ("--confirm myapp",)),
        (REMOVAL, asked(confirm="myapp"), ("--confirm myapp",)),
        (removing(4, of=10), asked(), ("--confirm myapp", "--force")),
        (changing(6, of=10), asked(force=True), ("--yes", "--force")),
        (plan(("A", "x", "changeme")), asked(), ("--yes", "--force")),
    ],
)
def test_the_options_of_a_plan_are_those_with_which_it_is_applied(
    shape: Plan, how: Asked, needs: tuple[str, ...]
) -> None:
    assert options(shape, how) == needs
    words = " ".join(needs)
    given = Asked(
        name="myapp",
        can_ask=False,
        in_ci=how.in_ci,
        app_is_explicit=how.app_is_explicit,
        is_reviewed=how.is_reviewed,
        needs_name=how.needs_name,
        yes="--yes" in words,
        confirm="myapp" if "--confirm" in words else None,
        force="--force" in words,
    )
    assert needed(shape, given) is Consent.GIVEN
