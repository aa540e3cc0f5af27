"""What stands between a plan for many apps and its writing."""

import pytest

from deploy.errors import DeployError, NotAllowed
from deploy.heroku.facts import LiveVars, Ownership
from deploy.plan.change import Change
from deploy.plan.consent import Asked
from deploy.plan.fleet import Planned
from deploy.plan.fleet_consent import Questions, asks, check_confirm, needed, options, refused
from deploy.plan.outcome import Diff
from deploy.plan.plan import Plan
from deploy.project.policy import Policy
from deploy.secret import Secret


def planned(app: str, *changes: tuple[str, str | None, str | None], size: int = 3) -> Planned:
    def secret(text: str | None) -> Secret | None:
        return None if text is None else Secret(text)

    made = tuple(Change(name, secret(old), secret(new)) for name, old, new in changes)
    plan = Plan(made, equal=0, manageable=size)
    live = LiveVars({}, Ownership(frozenset(), ()))
    return Planned(app, Diff(app, ".env", plan, live, Policy(), digest="a" * 32))


def asked(
    *,
    can_ask: bool = False,
    in_ci: bool = False,
    is_explicit: bool = False,
    yes: bool = False,
    is_reviewed: bool = False,
    force: bool = False,
) -> Asked:
    return Asked(
        name="",
        can_ask=can_ask,
        in_ci=in_ci,
        app_is_explicit=is_explicit,
        yes=yes,
        is_reviewed=is_reviewed,
        force=force,
    )


SAME = planned("same")
SHOP = planned("shop", ("A", "1", "2"), ("B", None, "1"))
WORKER = planned("worker", ("A", "1", "2"))
PRUNED = planned("pruned", ("OLD", "1", None))
EMPTIED = planned("emptied", ("OLD", "1", ""))
DOUBTED = planned(
    "doubted", ("T", "1", "changeme"), *((f"V{n}", "1", "2") for n in range(9)), size=10
)
UNREAD = Planned("unread", DeployError("no"))
ALL = [SAME, SHOP, PRUNED, WORKER, EMPTIED]


def told(found: list[tuple[str, DeployError]]) -> list[tuple[str, str, str | None]]:
    return [(app, str(failure), failure.next_step) for app, failure in found]


def test_a_person_is_asked_for_each_name_that_a_removal_needs_and_once_for_the_rest() -> None:
    found = needed(ALL, asked(can_ask=True), ())
    assert found == Questions(by_name=(PRUNED, EMPTIED), by_yes=(SHOP, WORKER))


def test_whether_somebody_is_asked_is_known_beforehand() -> None:
    assert asks(ALL, asked(can_ask=True), ())
    assert asks([SHOP, PRUNED], asked(can_ask=True, yes=True), ())
    assert not asks([SHOP, PRUNED], asked(can_ask=True, yes=True), ["pruned"])
    assert not asks([SHOP], asked(), ())
    assert not asks([SAME, UNREAD], asked(can_ask=True), ())


def test_an_app_that_was_confirmed_by_name_is_not_asked_for() -> None:
    found = needed(ALL, asked(can_ask=True), ["pruned", "shop"])
    assert found == Questions(by_name=(EMPTIED,), by_yes=(WORKER,))
    everyone = ["shop", "worker", "pruned", "emptied"]
    assert needed(ALL, asked(), everyone).is_empty


@pytest.mark.parametrize(
    "how",
    [asked(yes=True), asked(is_reviewed=True), asked(in_ci=True, is_explicit=True)],
    ids=["yes", "expect", "job-that-named-them"],
)
def test_a_yes_given_beforehand_is_one_for_all_but_removals(how: Asked) -> None:
    assert needed([SHOP, WORKER], how, ()).is_empty
    assert needed(ALL, how, ()) == Questions(by_name=(PRUNED, EMPTIED))


def test_a_job_that_took_all_apps_needs_a_yes() -> None:
    with pytest.raises(NotAllowed) as caught:
        needed(ALL, asked(in_ci=True), ())
    assert str(caught.value).startswith("nobody named the apps, and nobody can be asked whether")
    assert caught.value.next_step == "add --yes, or name each with --app"


def test_without_a_person_and_a_yes_nothing_is_applied() -> None:
    with pytest.raises(NotAllowed, match="nobody can be asked here"):
        needed([SHOP, SAME], asked(), ())


def test_nothing_is_asked_where_nothing_differs() -> None:
    assert needed([SAME, UNREAD], asked(), ()).is_empty


def test_all_refusals_of_all_apps_are_told_together() -> None:
    assert told(refused([*ALL, DOUBTED, UNREAD], asked(yes=True), ["emptied"])) == [
        (
            "pruned",
            "this plan removes or empties OLD; nothing was written",
            "add --confirm pruned",
        ),
        (
            "doubted",
            "this plan changes 10 of 10 values; nothing was written",
            "check --app and --file; add --force if both are right",
        ),
        (
            "doubted",
            "T: a placeholder would replace a live value; nothing was written",
            "fill it in, or add --force",
        ),
        ("unread", "no", None),
    ]


def test_force_lifts_the_doubts_and_no_removal() -> None:
    found = refused([PRUNED, DOUBTED], asked(yes=True, force=True), ())
    assert [app for app, _ in found] == ["pruned"]


def test_a_reviewed_plan_may_change_many_values_and_bring_no_placeholder() -> None:
    [(_, failure)] = refused([DOUBTED], asked(is_reviewed=True), ())
    assert str(failure).startswith("T: a placeholder")


def test_a_removal_is_no_refusal_where_its_name_can_be_asked_for() -> None:
    assert refused(ALL, asked(can_ask=True), ()) == []


def test_a_name_that_none_of_the_apps_has_is_refused_and_not_repeated() -> None:
    check_confirm(["shop", "worker"], ["shop", "worker", "admin"])
    with pytest.raises(NotAllowed) as caught:
        check_confirm(["shop", "canary"], ["worker", "shop"])
    assert "canary" not in str(caught.value)
    assert caught.value.next_step == "use --confirm with one of shop, worker"


def test_a_dry_run_tells_the_options_for_the_whole() -> None:
    assert options(ALL, asked()) == ("--yes", "--confirm pruned", "--confirm emptied")
    assert options([PRUNED, SAME], asked()) == ("--confirm pruned",)
    assert options([DOUBTED], asked(in_ci=True, is_explicit=True)) == ("--force",)
    assert options([SAME, UNREAD], asked()) == ()
