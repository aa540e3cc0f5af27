"""What is compared, with how many requests, and when comparing is refused."""

from collections.abc import Callable, Iterator
from typing import NoReturn

import pytest

from deploy.emulator import App, Emulator, Fault, ReleasePhase, Status, When, Writer
from deploy.envfile import parser
from deploy.envfile.swallowed import SwallowedNames
from deploy.errors import BadOption, ChangedMeanwhile, DeployError
from deploy.heroku.client import Heroku
from deploy.plan.change import Action
from deploy.plan.outcome import Diff
from deploy.project.policy import Policy
from deploy.stories.diff import check_unchanged, diff, read_again

from ..support import CANARY, FakeClock, at_the_same_time, declared, heroku_at, said_by

CONFIG = "GET /apps/demo/config-vars"
ATTACHMENTS = "GET /apps/demo/addon-attachments"
RELEASES = "GET /apps/demo/releases"
POSTGRES = "heroku-postgresql:essential-0"
ALL_AT_ONCE = [each.removeprefix("GET ") for each in (CONFIG, ATTACHMENTS, RELEASES)]


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator() as opened:
        yield opened


@pytest.fixture
def demo(emulator: Emulator) -> App:
    demo = emulator.add_app("demo", {"LEVEL": "info", "TOKEN": "t0ken", "PAPER_LOG": "x"})
    demo.add_addon(POSTGRES, "curved", {"DATABASE_URL": "postgres://x"}, attachment="DATABASE")
    return demo


@pytest.fixture
def heroku(emulator: Emulator) -> Iterator[Heroku]:
    with heroku_at(emulator.url, FakeClock()) as opened:
        yield opened


def compared(
    heroku: Heroku,
    text: str,
    *,
    prune: bool = False,
    only: frozenset[str] | None = None,
    ignore: tuple[str, ...] = (),
    examples: Callable[[], frozenset[str]] = frozenset,
) -> Diff:
    return diff(
        heroku,
        "demo",
        declared(text),
        policy=Policy(ignore=ignore),
        prune=prune,
        only=only,
        examples=examples,
    )


def asked(emulator: Emulator) -> list[str]:
    return [f"{request.method} {request.path}" for request in emulator.requests]


def failure(call: Callable[[], object]) -> DeployError:
    with pytest.raises(DeployError) as caught:
        call()
    assert CANARY not in said_by(caught.value)
    return caught.value


def never_asked() -> NoReturn:
    raise AssertionError(".env.example was read though nobody needed it")


# The requests.


def test_in_sync_takes_three_requests_and_one_round_trip(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    at_the_same_time(emulator, *ALL_AT_ONCE)
    found = compared(heroku, "LEVEL=info\nTOKEN=t0ken\n", examples=never_asked)
    assert found.plan.is_empty
    assert found.pending is None
    assert sorted(asked(emulator)) == [ATTACHMENTS, CONFIG, RELEASES]


def test_a_difference_takes_the_same_three_requests_and_one_round_trip(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    at_the_same_time(emulator, *ALL_AT_ONCE)
    found = compared(heroku, "LEVEL=debug\nTOKEN=t0ken\n", examples=never_asked)
    assert [(c.action, c.name) for c in found.plan.changes] == [(Action.CHANGE, "LEVEL")]
    assert found.pending is None
    assert sorted(asked(emulator)) == [ATTACHMENTS, CONFIG, RELEASES]


def test_comparing_never_writes(emulator: Emulator, demo: App, heroku: Heroku) -> None:
    check_unchanged(heroku, compared(heroku, "LEVEL=debug\nDATABASE_URL=x\n", prune=True))
    assert {request.method for request in emulator.requests} == {"GET"}
    assert len(demo.releases) == 3


def test_releases_that_cannot_be_read_do_not_matter_where_nothing_differs(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    forbidden = Fault(what=Status(403), path=RELEASES.removeprefix("GET "), times=2)
    emulator.inject(forbidden)
    assert compared(heroku, "LEVEL=info\nTOKEN=t0ken\n").plan.is_empty
    assert "may not use demo" in str(failure(lambda: compared(heroku, "LEVEL=debug\n")))


def test_after_a_question_everything_is_read_again_in_one_round_trip(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    found = compared(heroku, "LEVEL=debug\n")
    demo.deploy()
    del emulator.requests[:]
    at_the_same_time(emulator, *ALL_AT_ONCE)
    assert [release.version for release in read_again(heroku, found)] == [4, 3, 2, 1]
    assert sorted(asked(emulator)) == [ATTACHMENTS, CONFIG, RELEASES]


def test_a_change_that_came_during_the_question_outweighs_the_releases(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    found = compared(heroku, "LEVEL=debug\n")
    demo.set_vars({"LEVEL": "trace"})
    emulator.inject(Fault(what=Status(403), path=RELEASES.removeprefix("GET ")))
    assert isinstance(failure(lambda: read_again(heroku, found)), ChangedMeanwhile)


def test_a_pending_release_is_told_whether_something_differs_or_not(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    demo.release_phase = ReleasePhase()
    heroku.write("demo", {"LEVEL": parser.parse(b"A=debug", source="x").vars["A"]})
    assert compared(heroku, "LEVEL=debug\n").pending == 4
    assert compared(heroku, "LEVEL=info\n").pending == 4  # what Heroku still shows
    demo.finish_release("failed")
    assert compared(heroku, "LEVEL=debug\n").pending is None


def test_what_was_compared_goes_with_the_answer(demo: App, heroku: Heroku) -> None:
    found = compared(heroku, "LEVEL=info\nTOKEN=changeme\n", ignore=("PAPER_*",))
    assert (found.app, found.source) == ("demo", ".env.production")
    assert found.policy == Policy(ignore=("PAPER_*",))
    assert [str(warning) for warning in found.warnings[".env.production"]] == [
        "line 2: TOKEN: looks like a placeholder that nobody filled in"
    ]
    assert {name: value.reveal() for name, value in found.live.vars.items()} == demo.vars
    assert found.live.ownership.names == {"DATABASE_URL"}


def test_owned_ignored_and_unmanaged_names_are_told_apart(demo: App, heroku: Heroku) -> None:
    found = compared(heroku, "LEVEL=info\nDATABASE_URL=mine\n", ignore=("PAPER_*",))
    assert found.plan.is_empty
    assert found.plan.owned == ("DATABASE_URL",)
    assert found.plan.ignored == ("PAPER_LOG",)
    assert found.plan.unmanaged == ("TOKEN",)


@pytest.mark.parametrize("inclusion", [True, False], ids=["named", "fallback"])
def test_a_prune_removes_only_what_is_unmanaged(
    emulator: Emulator, demo: App, heroku: Heroku, inclusion: bool
) -> None:
    emulator.inclusion = emulator.config_settings = inclusion
    found = compared(heroku, "LEVEL=info\n", prune=True, ignore=("PAPER_*",))
    assert [(c.action, c.name) for c in found.plan.changes] == [(Action.REMOVE, "TOKEN")]


def test_a_comparison_does_not_show_its_values(demo: App, heroku: Heroku) -> None:
    demo.set_vars({"TOKEN": CANARY})
    found = compared(heroku, f"LEVEL={CANARY}\nNEW={CANARY}\n", prune=True)
    assert CANARY not in repr(found)
    assert CANARY not in str(found)


# --only.


def test_only_narrows_the_plan(demo: App, heroku: Heroku) -> None:
    found = compared(heroku, "LEVEL=debug\nNEW=1\n", only=frozenset({"NEW"}), prune=True)
    assert [change.name for change in found.plan.changes] == ["NEW"]


def test_only_takes_a_name_that_is_on_heroku_alone(demo: App, heroku: Heroku) -> None:
    found = compared(heroku, "LEVEL=debug\n", only=frozenset({"TOKEN"}), prune=True)
    assert [(c.action, c.name) for c in found.plan.changes] == [(Action.REMOVE, "TOKEN")]


def test_only_refuses_a_name_that_is_nowhere(demo: App, heroku: Heroku) -> None:
    only = frozenset({"LEVEL", "TOKN", "LEVLE"})
    error = failure(lambda: compared(heroku, f"LEVEL={CANARY}\n", only=only))
    assert isinstance(error, BadOption)
    assert str(error) == "--only LEVLE, TOKN: neither in .env.production nor on demo"
    assert error.next_step == "check the spelling"


# Names that a quoted value swallowed.


@pytest.mark.parametrize("prune", [True, False], ids=["prune", "keep"])
def test_a_swallowed_name_that_is_live_is_refused(demo: App, heroku: Heroku, prune: bool) -> None:
    error = failure(lambda: compared(heroku, 'LEVEL="info\nTOKEN="\nNEW=1\n', prune=prune))
    assert isinstance(error, SwallowedNames)
    assert error.names == ("TOKEN",)
    assert str(error) == (
        ".env.production: line 2: TOKEN stands inside a quoted value that began further up"
    )
    assert error.next_step == "close the quote on the line where it opens"


def test_a_swallowed_name_that_is_in_the_example_is_refused(demo: App, heroku: Heroku) -> None:
    text = f'LEVEL="info\nNEVER_SEEN={CANARY}\nOTHER="\nNEW=1\n'
    error = failure(lambda: compared(heroku, text, examples=lambda: frozenset({"NEVER_SEEN"})))
    assert isinstance(error, SwallowedNames)
    assert error.names == ("NEVER_SEEN",)


def test_a_swallowed_name_that_nobody_knows_is_a_warning(demo: App, heroku: Heroku) -> None:
    found = compared(heroku, 'LEVEL="info\nNEVER_SEEN="\nNEW=1\n')
    [warning] = found.warnings[".env.production"]
    assert (warning.name, warning.line) == ("NEVER_SEEN", 2)


def test_a_swallowed_name_that_is_declared_elsewhere_is_no_reason_to_refuse(
    demo: App, heroku: Heroku
) -> None:
    found = compared(heroku, 'LEVEL="info\nTOKEN="\nTOKEN=t0ken\n', examples=never_asked)
    assert [change.name for change in found.plan.changes] == ["LEVEL"]


def test_a_swallowed_name_is_refused_even_where_only_another_is_meant(
    demo: App, heroku: Heroku
) -> None:
    text = 'LEVEL="info\nTOKEN="\nNEW=1\n'
    assert isinstance(
        failure(lambda: compared(heroku, text, only=frozenset({"NEW"}))), SwallowedNames
    )


def test_the_names_of_a_key_in_several_lines_are_not_swallowed(demo: App, heroku: Heroku) -> None:
    key = "-----BEGIN PRIVATE KEY-----\n" + "MIIEvQIBADANBgkqhkiG9w0B\n" * 3 + "TOKENKE=\n"
    found = compared(heroku, f'PEM="{key}-----END PRIVATE KEY-----\n"\n')
    assert found.warnings == {}
    assert [change.name for change in found.plan.changes] == ["PEM"]


@pytest.mark.parametrize("name", ["TOKEN", "lower"])
def test_a_name_that_another_line_swallowed_is_refused_where_it_is_live(
    demo: App, heroku: Heroku, name: str
) -> None:
    demo.set_vars({"lower": "1"})
    error = failure(lambda: compared(heroku, f"\nLEVEL=info {name}={CANARY} C=1\n"))
    assert isinstance(error, SwallowedNames)
    assert str(error) == f".env.production: line 2: {name} stands inside a value"
    assert error.next_step == "put it on a line of its own, or the whole value in quotes"


def test_no_prune_removes_what_another_line_may_have_swallowed(demo: App, heroku: Heroku) -> None:
    plan = compared(heroku, "LEVEL=info TOKEN=x\nTOKEN=t0ken\n", prune=True).plan
    assert [(change.action, change.name) for change in plan.changes if change.is_removal] == [
        (Action.REMOVE, "PAPER_LOG")
    ]


# The second look.


def test_a_second_look_that_finds_all_as_it_was_says_nothing(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    found = compared(heroku, "LEVEL=debug\n")
    demo.deploy()
    del emulator.requests[:]
    check_unchanged(heroku, found)
    assert sorted(asked(emulator)) == [ATTACHMENTS, CONFIG]


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        pytest.param({"LEVEL": CANARY}, "LEVEL", id="in the plan"),
        pytest.param({"TOKEN": CANARY}, "TOKEN", id="beside the plan"),
        pytest.param({"TOKEN": None, "LEVEL": None}, "LEVEL, TOKEN", id="removed"),
        pytest.param({"BRAND_NEW": CANARY}, "BRAND_NEW", id="added"),
        pytest.param({"LEVEL": "debug"}, "LEVEL", id="done by someone else"),
        pytest.param({"LEVEL": ""}, "LEVEL", id="emptied"),
    ],
)
def test_a_second_look_tells_which_names_another_writer_touched(
    demo: App, heroku: Heroku, changes: dict[str, str | None], names: str
) -> None:
    found = compared(heroku, "LEVEL=debug\n")
    demo.set_vars(changes)
    error = failure(lambda: check_unchanged(heroku, found))
    assert isinstance(error, ChangedMeanwhile)
    assert str(error) == f"demo: {names} changed while we asked; nothing was written"
    assert error.next_step == "run config.diff again"


@pytest.mark.parametrize("inclusion", [True, False], ids=["named", "fallback"])
def test_values_that_rotate_by_themselves_do_not_count(
    emulator: Emulator, demo: App, heroku: Heroku, inclusion: bool
) -> None:
    emulator.inclusion = emulator.config_settings = inclusion
    demo.set_vars({"HEROKU_SLUG_COMMIT": "1"})
    found = compared(heroku, "LEVEL=debug\nDATABASE_URL=x\n", ignore=("PAPER_*",))
    demo.set_vars({"DATABASE_URL": CANARY, "PAPER_LOG": None, "PAPER_X": CANARY})
    demo.set_vars({"HEROKU_SLUG_COMMIT": CANARY})
    check_unchanged(heroku, found)


def test_an_addon_that_takes_a_name_over_counts(demo: App, heroku: Heroku) -> None:
    found = compared(heroku, "LEVEL=debug\n")
    demo.add_addon("x:y", "taker", {"TOKEN": "t0ken"}, attachment="TAKER")
    error = failure(lambda: check_unchanged(heroku, found))
    assert isinstance(error, ChangedMeanwhile)
    assert error.names == ("TOKEN",)


def test_a_name_that_an_addon_brings_along_counts(demo: App, heroku: Heroku) -> None:
    found = compared(heroku, "LEVEL=debug\n")
    demo.add_addon("x:y", "bringer", {"REDIS_URL": CANARY}, attachment="REDIS")
    error = failure(lambda: check_unchanged(heroku, found))
    assert isinstance(error, ChangedMeanwhile)
    assert error.names == ("REDIS_URL",)


def test_a_writer_between_the_two_reads_of_one_look_is_seen_by_the_next(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    emulator.inject(
        Fault(
            what=Writer(lambda: demo.set_vars({"LEVEL": CANARY}), When.AFTER),
            method="GET",
            path="/apps/demo/config-vars",
        )
    )
    found = compared(heroku, "LEVEL=debug\n")
    assert isinstance(failure(lambda: check_unchanged(heroku, found)), ChangedMeanwhile)


@pytest.mark.parametrize("path", ["config-vars", "addon-attachments"])
def test_a_second_look_that_fails_is_no_permission(
    emulator: Emulator, demo: App, heroku: Heroku, path: str
) -> None:
    found = compared(heroku, "LEVEL=debug\n")
    page = f"<html>{CANARY}</html>"
    emulator.inject(Fault(what=Status(503, body=page), path=f"/apps/demo/{path}", times=4))
    failure(lambda: check_unchanged(heroku, found))
