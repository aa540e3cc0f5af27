import re
from dataclasses import replace

from deploy.envfile.lock import Lock
from deploy.errors import ApiError, BadLock, Complaint, DeployError, Stopped
from deploy.plan.drift import Drift, Drifted, Kind, Unchecked
from deploy.plan.review import Effect, Review, Reviewed, State, Unreviewed
from deploy.plan.review import Kind as Does
from deploy.report import markdown
from deploy.report.text_review import review as text

HOSTILE = "x|y](javascript:a)\n<!-- @team ```\n### \x1b[2J##[error]"


def drifted(count: int) -> Drift:
    vars_ = tuple(Drifted(f"NAME_{number}", Kind.CHANGED) for number in range(count))
    return Drift("myapp", ".env.production.lock", is_lock=True, drifted=vars_, equal=3)


def reviewed(*rows: Reviewed | Unreviewed) -> Review:
    return Review("origin/main", "0" * 40, "1" * 40, rows, is_asked=False)


def added(count: int, app: str = "myapp") -> Reviewed:
    effects = tuple(Effect(f"NAME_{number}", Does.ADDED) for number in range(count))
    return Reviewed(app, ".env.production.lock", State.CHANGED, effects)


def test_where_nothing_drifted_there_is_a_line_alone() -> None:
    assert markdown.drift([drifted(0)]) == "### Config drift: 1 of 1 apps in sync\n"


def test_a_drift_ends_with_the_commands_that_end_it() -> None:
    restore = "To restore what was declared, with .env.production at hand"
    assert markdown.drift([drifted(1)]).splitlines()[-2:] == [
        f"    {restore}: invoke config.sync --app myapp",
        "    To take over what is live: invoke config.pull --app myapp && invoke config.lock",
    ]


def test_an_issue_is_no_longer_than_github_takes_and_says_what_is_left_out() -> None:
    body = markdown.drift([drifted(5000)])
    assert 50_000 < len(body) < 65_000
    shown = body.count("| myapp |")
    assert f"\n{5000 - shown} more lines have no room here: ask with --format text\n" in body
    assert "To restore what was declared" in body


def test_an_app_of_which_no_line_has_room_is_counted() -> None:
    """Or one app that drifted in many names would hide that others did."""
    apps = [replace(drifted(2000), app=f"app-{number}") for number in range(3)]
    body = markdown.drift(apps)
    shown = body.count("| app\\-0 |")
    assert body.count("| app\\-1 |") == 0
    left = 6000 - shown
    assert f"\n{left} more lines have no room here, all of app\\-1, app\\-2: ask with" in body
    many = [replace(drifted(100), app=f"app-{number:03}") for number in range(300)]
    told = r"\n\d+ more lines have no room here, all of \d+ apps: ask with --format text\n"
    assert re.search(told, markdown.drift(many))


def test_a_comment_is_no_longer_than_github_takes_either() -> None:
    body = markdown.review(reviewed(*(added(100, f"app-{number:03}") for number in range(100))))
    assert 50_000 < len(body) < 65_000
    assert "      and for 80 more apps\n" in body


def test_the_summary_of_a_job_has_every_row() -> None:
    assert markdown.summary([drifted(5000)]).count("| myapp |") == 5000


def test_no_text_from_outside_is_markdown_or_ends_a_cell_or_a_block() -> None:
    rows = [
        Drift(HOSTILE, HOSTILE, is_lock=True, drifted=(Drifted(HOSTILE, Kind.MISSING),), equal=0),
        Unchecked("myapp", DeployError(HOSTILE, next_step=HOSTILE)),
    ]
    effect = Effect(HOSTILE, Does.ADDED, renamed_from=HOSTILE)
    failure = BadLock(HOSTILE, [Complaint(HOSTILE, 3)])
    found = Review(
        *(HOSTILE, "0" * 40, "1" * 40),
        (
            Reviewed(None, HOSTILE, State.CHANGED, (effect,), moved_from=HOSTILE, remark=HOSTILE),
            Unreviewed(None, HOSTILE, failure),
        ),
        is_asked=True,
        notes=(HOSTILE,),
    )
    for body in (
        markdown.drift(rows),
        markdown.summary(rows, Stopped(KeyboardInterrupt(), HOSTILE)),
        markdown.review(found),
        markdown.error(DeployError(HOSTILE, next_step=HOSTILE), task="config.drift"),
    ):
        assert "\x1b" not in body
        assert "##[" not in body
        plain = [line for line in body.splitlines() if not line.startswith("    ")]
        assert not any(word in line for line in plain for word in ("](", "<!-- @", "```", "@team"))
        assert sum(line.startswith("#") for line in plain) == 1
    assert "\x1b" not in text(found)
    assert "\n###" not in text(found)


def test_an_error_has_its_next_step() -> None:
    failure = ApiError("no", status=503, request_id=None)
    failure.next_step = "wait"
    assert markdown.error(failure, task="config.drift") == (
        "### config.drift could not be carried out\n\nno \\(503\\)\n\nwait"
    )


def test_a_review_at_a_narrow_terminal_keeps_names_and_commands_whole() -> None:
    lines = text(reviewed(added(2)), width=40).splitlines()
    assert lines == [
        "myapp: merging changes",
        "  .env.production.lock: 2 added,",
        "  0 changed, 0 removed; 0 as they are.",
        "  + NAME_0  added",
        "  + NAME_1  added",
        "No API key is at hand: what is live was",
        "  not asked.",
        "When it is merged:",
        "  invoke config.sync --app myapp",
    ]


def test_a_lock_that_is_as_it_was_is_a_line() -> None:
    row = Reviewed("myapp", "x.lock", State.UNCHANGED, equal=len(Lock("", {"A": ""}).digests))
    assert text(reviewed(row)) == "myapp: x.lock is unchanged: 1 name."
    assert markdown.review(reviewed(row)) == (
        "### Config review\n\nMerging into origin/main changes nothing in 1 app.\n"
    )
