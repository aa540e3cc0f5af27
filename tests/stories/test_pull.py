"""An env file compared with an app, to bring the app's vars into it: what the file will be."""

import io
from collections.abc import Callable, Iterator, Mapping
from typing import NoReturn

import dotenv
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.emulator import App, Emulator, Fault, Reset, Status
from deploy.envfile import parser
from deploy.envfile.edit import edit
from deploy.envfile.encoding import MAX_BYTES
from deploy.envfile.swallowed import SwallowedNames
from deploy.errors import ApiError, AppNotFound, BadEnvFile, DeployError, Unreachable
from deploy.heroku.client import Heroku
from deploy.heroku.facts import LiveVars, Ownership
from deploy.names import LOCK_KEY
from deploy.plan import plan as planning
from deploy.plan.outcome import Pull
from deploy.plan.plan import Plan
from deploy.project.policy import Policy
from deploy.secret import MASK, Hint, Secret
from deploy.stories.pull import Before, pull

from ..support import CANARY, KEY, FakeClock, at_the_same_time, heroku_at, said_by

CONFIG = "GET /apps/demo/config-vars"
ATTACHMENTS = "GET /apps/demo/addon-attachments"
SAME = b"# mine\n\nexport LEVEL='info'   # why\r\nTOKEN=t0ken"
"""In sync with the fixture, and written as no program would."""


@pytest.fixture
def demo(emulator: Emulator) -> App:
    demo = emulator.add_app("demo", {"LEVEL": "info", "TOKEN": "t0ken"})
    demo.add_addon(
        "heroku-postgresql:mini", "curved", {"DATABASE_URL": "db"}, attachment="DATABASE"
    )
    return demo


@pytest.fixture
def heroku(emulator: Emulator) -> Iterator[Heroku]:
    with heroku_at(emulator.url, FakeClock()) as opened:
        yield opened


def never_asked() -> NoReturn:
    raise AssertionError(".env.example was read though nobody needed it")


def pulled(
    heroku: Heroku,
    data: bytes,
    *,
    ignore: tuple[str, ...] = (),
    prune: bool = False,
    owned: bool = False,
    examples: Callable[[], frozenset[str]] = never_asked,
) -> Pull:
    found = pull(
        heroku,
        "demo",
        [Before(".env.production", data)],
        policy=Policy(ignore),
        prune=prune,
        owned=owned,
        examples=examples,
    )
    assert CANARY not in repr(found)
    return found


def made(found: Pull) -> bytes:
    """The file as it will be."""
    [edit] = found.edits
    return edit.edited.data


def failure(heroku: Heroku, data: bytes, kind: type[DeployError], *known: str) -> DeployError:
    with pytest.raises(kind) as caught:
        pulled(heroku, data, examples=lambda: frozenset(known))
    assert CANARY not in said_by(caught.value)
    assert KEY not in said_by(caught.value)
    return caught.value


def marks(plan: Plan) -> list[str]:
    return [f"{change.action.value}{change.name}" for change in plan.changes]


def asked(emulator: Emulator) -> list[str]:
    return [f"{request.method} {request.path}" for request in emulator.requests]


# What the file will be.


def test_into_a_file_that_is_not_there_yet_comes_all_but_what_is_owned(
    demo: App, heroku: Heroku
) -> None:
    found = pulled(heroku, b"")
    assert made(found) == b"LEVEL=info\nTOKEN=t0ken\n"
    assert (marks(found.plan), found.plan.equal) == (["+LEVEL", "+TOKEN"], 0)
    assert (found.plan.owned, tuple(found.held_back)) == (("DATABASE_URL",), ())
    assert (found.app, found.source) == ("demo", ".env.production")


def test_what_was_read_comes_along_to_be_compared_after_the_question(
    demo: App, heroku: Heroku
) -> None:
    found = pulled(heroku, b"", ignore=("X",))
    assert found.live == LiveVars(
        {"DATABASE_URL": Secret("db"), "LEVEL": Secret("info"), "TOKEN": Secret("t0ken")},
        Ownership(frozenset({"DATABASE_URL"})),
    )
    assert found.policy == Policy(("X",))


def test_a_change_holds_what_the_file_has_and_what_it_will_have(demo: App, heroku: Heroku) -> None:
    [change] = pulled(heroku, b"LEVEL=INFO\nTOKEN=t0ken\n").plan.changes
    assert (change.old, change.new) == (Secret("INFO"), Secret("info"))
    assert change.hint is Hint.CASE


@pytest.mark.parametrize("data", [b"", b"\n\n", b"# nothing yet\n", b"\xef\xbb\xbf"], ids=ascii)
def test_a_file_that_declares_nothing_is_one_to_fill(
    demo: App, heroku: Heroku, data: bytes
) -> None:
    assert made(pulled(heroku, data)) == data + b"LEVEL=info\nTOKEN=t0ken\n"


def test_from_an_app_without_vars_a_file_is_pruned_to_its_comments(
    emulator: Emulator, heroku: Heroku
) -> None:
    emulator.add_app("demo")
    found = pulled(heroku, b"# mine\nA=1\n# end\n", prune=True)
    assert (marks(found.plan), made(found)) == (["-A"], b"# mine\n# end\n")


@pytest.mark.parametrize("prune", [True, False], ids=["prune", "keep"])
def test_where_nothing_changes_the_file_stays_to_the_byte(
    demo: App, heroku: Heroku, prune: bool
) -> None:
    found = pulled(heroku, SAME, prune=prune)
    assert found.edits == ()
    assert (found.plan.is_empty, found.plan.equal) == (True, 2)


def test_a_file_stays_to_the_byte_where_all_that_differs_is_left_alone(
    demo: App, heroku: Heroku
) -> None:
    demo.set_vars({"BELL": "a\x07b", "PAPER": "1"})
    data = SAME + b"\nDATABASE_URL=mine\nPAPER=2\nLOCAL=1"
    found = pulled(heroku, data, ignore=("PAPER",))
    assert (made(found), found.plan.is_empty) == (data, True)
    assert (found.plan.owned, found.plan.ignored) == (("DATABASE_URL",), ("PAPER",))
    assert (found.plan.unmanaged, tuple(found.held_back)) == (("LOCAL",), ("BELL",))


# What no file can hold.


def test_what_no_file_can_hold_is_left_out_of_the_plan_and_named_apart(
    demo: App, heroku: Heroku
) -> None:
    demo.set_vars({"BELL": "a\x07b", "1ST": "x", "MASKED": MASK, "TOKEN": "\x1b[2J", "NEW": "1"})
    found = pulled(heroku, b"LEVEL=old\nTOKEN=mine # stays\n")
    assert marks(found.plan) == ["~LEVEL", "+NEW"]
    assert tuple(found.held_back) == ("1ST", "BELL", "MASKED", "TOKEN")
    assert found.plan.unreadable == ()  # it is no mask of Heroku's: its settings say so
    assert made(found) == b"LEVEL=info\nTOKEN=mine # stays\nNEW=1\n"


def test_what_cannot_be_held_but_is_ignored_or_owned_is_not_said_to_be_left_out(
    demo: App, heroku: Heroku
) -> None:
    demo.set_vars({"BELL": "a\x07b", "DATABASE_URL": "\x1b"})
    assert pulled(heroku, SAME, ignore=("BELL",)).held_back == []
    assert pulled(heroku, SAME, ignore=("BELL",), owned=True).held_back == ["DATABASE_URL"]


# A file that does not hold up.


def test_a_file_that_does_not_parse_is_refused_with_every_reason_and_nothing_is_asked(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    found = failure(heroku, f"A={CANARY}\nBARE\nA=2\nM={MASK}\n".encode(), BadEnvFile)
    assert str(found) == (
        ".env.production: line 2: BARE: a name without =\n"
        ".env.production: line 3: A: is declared again (first on line 1)\n"
        ".env.production: line 4: M: is a mask, as this program prints it, and not a value"
    )
    assert asked(emulator) == []


def test_a_file_that_would_be_too_large_is_refused(demo: App, heroku: Heroku) -> None:
    data = b"# " + b"x" * (MAX_BYTES - 10)
    assert str(failure(heroku, data, BadEnvFile)) == (
        ".env.production: would be larger than 1,048,576 bytes"
    )


SWALLOWS = f'LEVEL="{CANARY}\nTOKEN="\n'.encode()


def test_a_name_that_a_quote_swallowed_and_the_app_has_is_not_pulled_in_again(
    demo: App, heroku: Heroku
) -> None:
    found = failure(heroku, SWALLOWS, SwallowedNames)
    assert str(found) == (
        ".env.production: line 2: TOKEN stands inside a quoted value that began further up"
    )
    assert found.next_step == "close the quote on the line where it opens"


def test_a_name_that_a_quote_swallowed_and_the_example_has_is_refused_as_well(
    demo: App, heroku: Heroku
) -> None:
    demo.set_vars({"TOKEN": None})
    assert isinstance(failure(heroku, SWALLOWS, SwallowedNames, "TOKEN"), SwallowedNames)


def test_a_text_that_only_looks_like_an_assignment_gives_way_like_any_other(
    demo: App, heroku: Heroku
) -> None:
    demo.set_vars({"TOKEN": None})
    found = pulled(heroku, SWALLOWS, examples=lambda: frozenset({"OTHER"}))
    assert made(found) == b"LEVEL=info\n"


def test_a_name_that_is_declared_elsewhere_too_was_not_swallowed(demo: App, heroku: Heroku) -> None:
    found = pulled(heroku, SWALLOWS + b"TOKEN=t0ken\n")
    assert made(found) == b"LEVEL=info\nTOKEN=t0ken\n"


# The requests.


@pytest.mark.parametrize("data", [b"", SAME], ids=["differs", "in sync"])
def test_a_pull_takes_three_requests_and_one_round_trip_and_writes_nothing(
    emulator: Emulator, demo: App, heroku: Heroku, data: bytes
) -> None:
    three = [CONFIG, ATTACHMENTS, CONFIG + "-settings"]
    at_the_same_time(emulator, *(each.removeprefix("GET ") for each in three))
    pulled(heroku, data)
    assert sorted(asked(emulator)) == sorted(three)


def test_from_an_app_that_is_not_there_nothing_is_pulled(heroku: Heroku) -> None:
    assert isinstance(failure(heroku, SAME, AppNotFound), AppNotFound)


@pytest.mark.parametrize("path", [CONFIG, ATTACHMENTS])
@pytest.mark.parametrize(
    ("fault", "kind"),
    [(Status(500, body=CANARY), ApiError), (Reset(), Unreachable)],
    ids=["500", "reset"],
)
def test_an_app_of_which_a_half_cannot_be_read_makes_no_file(
    emulator: Emulator,
    demo: App,
    heroku: Heroku,
    path: str,
    fault: Status | Reset,
    kind: type[DeployError],
) -> None:
    emulator.inject(Fault(what=fault, path=path.removeprefix("GET "), times=9))
    assert isinstance(failure(heroku, b"", kind), kind)


# Whatever is live: how each value comes back is promised in test_edit, here the plan around it.

AWKWARD = ["'", '"', "\\", "#", " #", "$", "${A}", "=", "\n", "\r\n", "\r", "\t", " ", "\nB=", "A="]
CHARACTERS = st.characters(exclude_categories=("Cc", "Cs")) | st.sampled_from("\t\r\n")
TEXTS = (
    st.lists(st.sampled_from(AWKWARD) | CHARACTERS, max_size=8)
    .map("".join)
    .filter(lambda value: value != MASK)
)
NAMES = st.sampled_from(
    ["A", "B", "C", "I_1", "O_URL", "HEROKU_SLUG_COMMIT", LOCK_KEY]
) | st.from_regex(r"\A[A-Za-z_][A-Za-z0-9_]{0,9}\Z")
VARS = st.dictionaries(NAMES, TEXTS, max_size=6)
OWNERSHIP = st.sampled_from([Ownership(), Ownership(frozenset({"O_URL", "B"}))])
POLICY = st.sampled_from([Policy(), Policy(("I_*", "C"))])
FILES = st.sampled_from(
    [
        b"",
        b"# of the app\n\nexport A=1 # why\n\n  B = 'two words'\n# the end",
        b"A=\"of\r\nthree\r\nlines\" # c\r\nI_1='mine'\r\nO_URL=mine\r\nSTALE=1\r\n",
        f"C=\n{LOCK_KEY}={'ab' * 32}\nHEROKU_SLUG_COMMIT=x\\\n".encode(),
    ]
)


def secrets(vars: Mapping[str, str]) -> dict[str, Secret]:  # noqa: A002  # the word is "vars"
    return {name: Secret(value) for name, value in vars.items()}


def declared(data: bytes) -> dict[str, str]:
    found = parser.parse(data, source="f", may_be_empty=True).vars
    return {name: value.reveal() for name, value in found.items()}


def filled(data: bytes, plan: Plan) -> bytes:
    done = edit(data, {change.name: change.new for change in plan.changes}, source="f")
    assert done.left_out == ()
    return done.data


@given(VARS, FILES, OWNERSHIP, POLICY, st.booleans(), st.booleans())
def test_a_pulled_file_declares_what_is_live_and_keeps_what_was_to_be_left_alone(
    vars: dict[str, str],  # noqa: A002  # the word is "vars"
    data: bytes,
    ownership: Ownership,
    policy: Policy,
    prune: bool,
    owned: bool,
) -> None:
    def is_taken(name: str) -> bool:
        return not policy.ignores(name) and (owned or not ownership.owns(name))

    def is_kept(name: str) -> bool:
        is_local = name not in vars and (not prune or name == LOCK_KEY)
        return is_local or policy.ignores(name) or (name in vars and not is_taken(name))

    live = LiveVars(secrets(vars), ownership)
    before = declared(data)
    plan = planning.pull(secrets(before), live, policy=policy, prune=prune, owned=owned)
    after = filled(data, plan)

    wanted = {name: value for name, value in before.items() if is_kept(name)}
    wanted |= {name: value for name, value in vars.items() if is_taken(name)}
    assert declared(after) == wanted
    # As a file is opened: a CR that ends a line is read as LF.
    text = io.StringIO(after.decode(), newline=None)
    assert dotenv.dotenv_values(stream=text, interpolate=False) == wanted
    again = planning.pull(secrets(wanted), live, policy=policy, prune=prune, owned=owned)
    assert (again.changes, again.equal) == ((), plan.equal + len(plan.changes) - gone(plan))


def gone(plan: Plan) -> int:
    return sum(change.new is None for change in plan.changes)


@given(VARS, FILES, OWNERSHIP, POLICY, st.booleans())
def test_after_a_pull_that_prunes_a_diff_of_file_and_app_is_empty(
    vars: dict[str, str],  # noqa: A002  # the word is "vars"
    data: bytes,
    ownership: Ownership,
    policy: Policy,
    owned: bool,
) -> None:
    live = LiveVars(secrets(vars), ownership)
    plan = planning.pull(secrets(declared(data)), live, policy=policy, prune=True, owned=owned)
    after = secrets(declared(filled(data, plan)))
    found = planning.make(after, live, policy=policy, prune=True)
    assert marks(found) == ([f"+{LOCK_KEY}"] if LOCK_KEY in after.keys() - vars.keys() else [])
    assert found.unmanaged == ()


@given(VARS, FILES, OWNERSHIP, POLICY, st.booleans(), st.booleans())
def test_every_name_stands_in_one_place_of_a_pull(
    vars: dict[str, str],  # noqa: A002  # the word is "vars"
    data: bytes,
    ownership: Ownership,
    policy: Policy,
    prune: bool,
    owned: bool,
) -> None:
    live, before = LiveVars(secrets(vars), ownership), declared(data)
    plan = planning.pull(secrets(before), live, policy=policy, prune=prune, owned=owned)
    placed = [change.name for change in plan.changes]
    assert placed == sorted(placed)
    placed += [*plan.owned, *plan.ignored, *plan.unmanaged]
    assert len(placed) == len(set(placed))
    assert len(placed) + plan.equal == len({*vars, *before})
