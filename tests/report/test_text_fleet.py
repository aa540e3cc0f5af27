"""What a person sees of a plan for many apps, and of how each ended."""

from deploy.errors import ApiError, BadEnvFile, ChangedMeanwhile, Complaint, DeployError, NotApplied
from deploy.heroku.facts import LiveVars, Ownership, Release, Status
from deploy.plan import outcome
from deploy.plan.change import Change
from deploy.plan.fleet import Fleet, Planned
from deploy.plan.fleet_outcome import Row, State
from deploy.plan.outcome import Diff, Synced
from deploy.plan.plan import Plan
from deploy.project.policy import Policy
from deploy.report.reveal import Reveal
from deploy.report.text_fleet import ended, plan
from deploy.secret import Secret

CHANGES = (
    Change("LEVEL", Secret("c4nary"), Secret("other")),
    Change("NEW", None, Secret("c4nary")),
)
SHOP = Plan(
    CHANGES,
    equal=2,
    owned=("DATABASE_URL", "REDIS_URL"),
    ignored=("PAPERTRAIL",),
    unmanaged=("BY_HAND", "EXTRA"),
    unreadable=("HIDDEN",),
)


def planned(app: str, found: Plan, *, pending: int | None = None, digest: str = "") -> Planned:
    live = LiveVars({}, Ownership())
    releases = (Release(pending, Status.PENDING),) if pending else ()
    own = digest or None
    return Planned(
        app, Diff(app, f".env.{app}", found, live, Policy(), releases=releases, digest=own)
    )


def test_only_what_differs_is_a_section_and_the_digest_is_one() -> None:
    broken = BadEnvFile(".env.api", [Complaint("no name", line=3), Complaint("no =", line=4)])
    those = (
        planned("shop", SHOP, pending=7, digest="a" * 32),
        planned("admin", Plan((), equal=3, owned=("DATABASE_URL",), unmanaged=("X",))),
        Planned("api", broken),
        Planned("mail", DeployError("no such app", next_step="check the name")),
    )
    assert plan(Fleet(those, requests=25), Reveal(("LEVEL",))) == (
        "shop differs from .env.shop: 1 to set, 1 to change, 0 to remove; 2 equal.\n"
        '  ~ LEVEL  "c4nary" -> "other"\n'
        "  + NEW    ********\n"
        "Left alone: 2 owned, 1 ignored, 2 unmanaged; config.diff --app shop names them.\n"
        "Unreadable on Heroku, left alone (only --force writes over one, where it is declared):"
        " HIDDEN\n"
        "v7 is pending: until it succeeds, Heroku shows the vars before it.\n"
        "admin is in sync with .env.admin: 3 equal.\n"
        "api could not be read: .env.api: line 3: no name\n"
        "  .env.api: line 4: no =\n"
        "mail could not be read: no such app\n"
        "  check the name\n"
        "4 apps: 1 in sync, 1 differ, 2 not read.\n"
        "Applying this takes up to 25 requests."
    )


def test_the_last_line_is_the_digest_of_the_whole() -> None:
    found = Fleet((planned("shop", Plan(CHANGES, equal=0), digest="a" * 32),), requests=9)
    *_, last = plan(found, Reveal()).split("\n")
    assert last == f"Plan {found.digest}"
    assert "Plan" not in plan(found, Reveal()).removesuffix(last)


def test_what_does_not_fit_is_told_in_minutes() -> None:
    found = Fleet((planned("shop", Plan(CHANGES, equal=0)),), requests=5_100, minutes=12)
    assert plan(found, Reveal()).split("\n")[-1] == (
        "Applying this takes up to 5,100 requests, more than the account has left: up to 12"
        " minutes at the account's rate."
    )


def test_a_terminal_gets_lines_of_its_width() -> None:
    found = Fleet((planned("shop", SHOP),), requests=9)
    shown = plan(found, Reveal(), color=True, width=50)
    assert "\x1b[33m~\x1b[0m LEVEL" in shown
    assert max(map(len, shown.replace("\x1b[33m", "").replace("\x1b[0m", "").split("\n"))) <= 54


# How each ended.


def done(app: str, **more: object) -> Synced:
    facts = {"version": 12, "previous": 11, **more}
    return Synced(app, Plan(CHANGES, equal=0), outcome.State.APPLIED, **facts)  # type: ignore[arg-type]


def test_every_app_has_a_line_and_every_change_a_way_back() -> None:
    denied = ApiError("the key may not use mail; nothing was written", status=403, request_id=None)
    failed = NotApplied("v12 of hook failed: the config is not live", next_step="see why: heroku x")
    lost = NotApplied("the answer was lost", next_step="run config.diff --app worker")
    found = [
        Row("shop", State.APPLIED, done=done("shop")),
        Row("shop-staging", State.SENT, done=done("shop-staging")),
        Row("admin", State.IN_SYNC),
        Row("api", State.NOT_BEGUN),
        Row("mail", State.REFUSED, failure=denied),
        Row("feed", State.REFUSED, failure=ChangedMeanwhile("feed", ["LEVEL"])),
        Row("hook", State.FAILED, failure=failed),
        Row("worker", State.UNKNOWN, failure=lost),
        Row("late", State.UNKNOWN),
        Row("odd", State.UNKNOWN, failure=DeployError("unforeseen", next_step="report it")),
    ]
    assert ended(found) == (
        "shop          applied v12\n"
        "shop-staging  sent v12: pending, not verified\n"
        "admin         in sync\n"
        "api           not begun\n"
        "mail          refused: the key may not use mail; nothing was written (403)\n"
        "feed          refused: LEVEL changed while we asked; nothing was written; run config.diff"
        " again\n"
        "hook          failed: v12 of hook failed: the config is not live; see why: heroku x\n"
        "worker        unknown: the answer was lost; run config.diff --app worker\n"
        "late          unknown: it was being written to; run config.diff --app late\n"
        "odd           unknown: unforeseen; report it; run config.diff --app odd\n"
        "10 apps: 1 applied, 1 sent, 1 in sync, 1 not begun, 2 refused, 1 failed, 3 unknown.\n"
        "Undo: invoke config.rollback --app shop --to v11\n"
        "Undo: invoke config.rollback --app shop-staging --to v11"
    )


def test_what_to_do_next_is_whole_at_a_narrow_terminal() -> None:
    lost = NotApplied("the answer was lost", next_step="run config.diff --app shop-europe-1")
    found = [Row("shop-europe-1", State.UNKNOWN, failure=lost), Row("shop-2", State.UNKNOWN)]
    assert ended(found, width=40) == (
        "shop-europe-1  unknown: the answer was\n"
        "               lost;\n"
        "               run config.diff --app shop-europe-1\n"
        "shop-2         unknown: it was being\n"
        "               written to;\n"
        "               run config.diff --app shop-2\n"
        "2 apps: 2 unknown."
    )


def test_a_stage_whose_write_is_lost_is_looked_at_by_its_own_name() -> None:
    found = [Row("my-pipeline/review", State.UNKNOWN, failure=DeployError("the answer was lost"))]
    assert ended(found) == (
        "my-pipeline/review  unknown: the answer was lost;"
        " run config.diff --pipeline my-pipeline --stage review\n"
        "1 stage: 1 unknown."
    )


def test_what_is_not_surely_ours_or_not_verified_is_told_so() -> None:
    blind = Change("HIDDEN", None, Secret("x"), is_blind=True)
    only_blind = Synced("b", Plan((blind,), equal=0), outcome.State.APPLIED, version=3, previous=2)
    found = [
        Row("a", State.APPLIED, done=done("a", was_pending=True)),
        Row("b", State.APPLIED, done=only_blind),
        Row("c", State.APPLIED, done=done("c", is_ours=False, is_among_others=True)),
        Row("d", State.APPLIED, done=done("d", version=None, unverified=("LEVEL",))),
    ]
    assert ended(found).split("\n") == [
        "a  applied v12; it was on its way already",
        "b  applied v3",
        "c  applied v12; whether our request brought it, or another, is not known",
        "d  applied, no release found; not verified, since it cannot be read back: LEVEL",
        "4 apps: 4 applied.",
        "Undo: invoke config.rollback --app a --to v11",
        "b: No undo, since what stood there cannot be read: HIDDEN",
        "Undo: invoke config.rollback --app c --to v11 --only LEVEL --only NEW",
    ]
