import inspect

import pytest

from deploy import errors
from deploy.envfile.swallowed import Suspect, SwallowedNames
from deploy.errors import (
    AnswerLost,
    ApiError,
    BadEnvFile,
    BadKey,
    BadSettings,
    ChangedMeanwhile,
    Complaint,
    Declined,
    DeployError,
    FileUnreadable,
    NoApp,
    NoKey,
    NotAllowed,
    OwnedByAddon,
    Stopped,
    Terminated,
)
from deploy.heroku.host import BadHost
from deploy.names import listed

EXAMPLES = [
    (
        BadSettings("settings", [Complaint("wrong"), Complaint("odd")]),
        "settings: wrong\nsettings: odd",
    ),
    (NoApp([]), "no app is named"),
    (NoApp(["abc", "def"]), "no app is named (candidates: abc, def)"),
    (NoKey(["A", ".env"], next_step="x"), "no Heroku API key in A, .env"),
    (
        BadKey("netrc"),
        "the API key from netrc holds blanks, line breaks or characters that no key has",
    ),
    (BadHost("is not an address"), "HEROKU_HOST is not an address"),
    (FileUnreadable("a/b", "no such file"), "a/b: no such file"),
    (
        BadEnvFile("f", [Complaint("wrong", line=3, name="A"), Complaint("is empty")]),
        "f: line 3: A: wrong\nf: is empty",
    ),
    (
        SwallowedNames("f", [Suspect("A", 2), Suspect("B", 9)]),
        (
            "f: line 2: A stands inside a quoted value that began further up\n"
            "f: line 9: B stands inside a quoted value that began further up"
        ),
    ),
    (ApiError("no", status=400, request_id=None), "no (400)"),
    (ApiError("no", status=400, request_id="abc"), "no (400) [Request-Id abc]"),
    (
        OwnedByAddon("myapp", ["B", "A"], request_id=None),
        "myapp: nothing was written: an add-on owns A, B (422)",
    ),
    (AnswerLost("no answer in time"), "the answer was lost (no answer in time)"),
    (Declined(), "declined; nothing was written"),
    (NotAllowed("too much", next_step="x"), "too much; nothing was written"),
    (
        ChangedMeanwhile("myapp", ["LOG_LEVEL", "A"]),
        "myapp: A, LOG_LEVEL changed while we asked; nothing was written",
    ),
    (Stopped(KeyboardInterrupt(), " in time"), "interrupted (Ctrl-C) in time"),
    (Stopped(Terminated(), " in time"), "terminated (SIGTERM) in time"),
]


@pytest.mark.parametrize(("error", "text"), EXAMPLES, ids=lambda part: type(part).__name__)
def test_an_error_says_what_happened(error: DeployError, text: str) -> None:
    assert str(error) == text


@pytest.mark.parametrize(("error", "_text"), EXAMPLES, ids=lambda part: type(part).__name__)
def test_an_errors_words_end_without_a_full_stop(error: DeployError, _text: str) -> None:
    said = [*str(error).split("\n"), error.next_step or ""]
    assert not [line for line in said if line.endswith((".", "!"))]


@pytest.mark.parametrize(
    ("complaint", "text"),
    [
        (Complaint("wrong"), "wrong"),
        (Complaint("wrong", line=3), "line 3: wrong"),
        (Complaint("wrong", name="A"), "A: wrong"),
        (Complaint("wrong", line=3, name="A"), "line 3: A: wrong"),
    ],
)
def test_a_complaint_tells_what_it_knows_of_the_place(complaint: Complaint, text: str) -> None:
    assert str(complaint) == text


def test_every_error_is_of_one_tree() -> None:
    found = [
        kind
        for _, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, BaseException) and kind is not Terminated
    ]
    assert [kind for kind in found if not issubclass(kind, DeployError)] == []


@pytest.mark.parametrize(
    ("signal", "exit_code"), [(KeyboardInterrupt(), 130), (Terminated(), 143)], ids=["int", "term"]
)
def test_a_signal_has_its_own_exit_code(signal: KeyboardInterrupt, exit_code: int) -> None:
    assert Stopped(signal, "now").exit_code == exit_code


def test_one_signals_exit_code_does_not_become_anothers() -> None:
    term, interrupt = Stopped(Terminated(), "now"), Stopped(KeyboardInterrupt(), "now")
    assert (term.exit_code, interrupt.exit_code, Declined().exit_code) == (143, 130, 1)


def test_any_other_error_exits_with_1() -> None:
    assert {error.exit_code for error, _ in EXAMPLES if not isinstance(error, Stopped)} == {1}


def test_names_are_listed_in_order() -> None:
    assert listed(name for name in ("B", "C", "A")) == "A, B, C"


def test_a_var_that_nobody_named_is_still_spoken_of() -> None:
    error = OwnedByAddon("myapp", [], request_id=None)
    assert str(error) == "myapp: nothing was written: an add-on owns a var in it (422)"
