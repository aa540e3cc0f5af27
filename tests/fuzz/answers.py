"""The API's answers: whatever comes is a value or a DeployError, and gives no value away.

All is real but the network: an adapter of requests' own gives the answers, drawn for each example.
"""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, NamedTuple

import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from deploy.envfile import parser
from deploy.envfile.declaration import Declaration
from deploy.errors import DeployError
from deploy.heroku import live
from deploy.plan import size
from deploy.project.policy import Policy
from deploy.report import github, json_drift, markdown, tables, text, text_drift
from deploy.report import json as documents
from deploy.report.layout import printable
from deploy.report.reveal import Reveal
from deploy.secret import Secret
from deploy.stories.diff import diff
from deploy.stories.drift import Check
from deploy.stories.drift import drift as check_drift
from deploy.stories.history import history
from tests.support import FakeClock, heroku_at, said_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random

    from deploy.heroku.client import Heroku

KEY = "k3y-0f-the-fuzz"
SENT = "5ent-va1ue"
CANARY = "c4n4ry"
"""What stands in each value, each message and each body that is no JSON."""

DECLARED = f"A={SENT}\nB=x\nLOG_LEVEL=info\n"
_NAMES = (
    "A",
    "B",
    "LOG_LEVEL",
    "DATABASE_URL",
    "X.Y",
    "2FA",
    "é",
    "",
    "##[x",
    "a\x1b[2J",
    "HEROKU_X",
)
_STATUSES: tuple[int, ...] = (200,) * 30 + (
    201,
    202,
    204,
    206,
    206,
    206,
    304,
    301,
    302,
    400,
    401,
    402,
    403,
    404,
    409,
)
_STATUSES += (410, 416, 418, 422, 423, 429, 500, 502, 503, 504, 599, 100, 101, 102, 103, 199, 999)
_ATOMS = (None, True, False, 0, 1, -1, 7, 1.5, 1e308, 10**400, "", CANARY, f"\ud800{CANARY}", "x")
_IDS = (
    "not_found",
    "forbidden",
    "suspended",
    "two_factor",
    "delinquent",
    "gone",
    CANARY,
    "",
    None,
    5,
)


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


class Drawn(NamedTuple):
    call: str
    answers: list[Answer]


def example(choose: Random) -> Drawn:
    count = choose.choice((1, 2, 4, 8))
    return Drawn(choose.choice(tuple(_CALLS)), [_answer(choose) for _ in range(count)])


def _answer(choose: Random) -> Answer:
    status = choose.choice(_STATUSES)
    kind = choose.randrange(12)
    makers = (_vars, _releases, _attachments, _addons, _error, _vars, _releases)
    found = makers[kind](choose) if kind < len(makers) else _any(choose, 3)
    if choose.random() < 0.25:
        found = _spoiled(choose, found)
    body = json.dumps(found).encode()
    if kind == 11:
        body = choose.choice(
            (b"", b"[", f"<html>{CANARY}".encode(), b"\xff\xfe", b"nan", b"[" * 5_000, b'"' + body)
        )
    return Answer(status, _headers(choose), body)


def _headers(choose: Random) -> dict[str, str]:
    found = {"Content-Type": "application/json"}
    for name, values in {
        "Next-Range": ("", "version 5..; max=2", "]x ..", CANARY, "version ..; order=desc,max=10"),
        "RateLimit-Remaining": ("0", "5", "4500", "-1", CANARY, "9" * 30),
        "Retry-After": ("0", "1", "999999", CANARY, "-5", "1.5"),
        "Request-Id": ("0123abcd-0123", KEY, CANARY, f"x,{CANARY}", ""),
        "Warning-Message": (f"about {KEY}", f"{SENT} is odd", "##[add-mask]x", "\x1b[2J", "é"),
        "X-Heroku-Warning": (f"about {KEY}", SENT, "plain"),
        "Oauth-Scope": ("global", CANARY, "read", ""),
        "Oauth-Scope-Accepted": ("global", CANARY, "write-protected", ""),
        "Location": ("http://[", f"http://127.0.0.1:1/{CANARY}", "//", CANARY),
        "Content-Encoding": ("identity", "gzip", "deflate", "br", CANARY),
    }.items():
        if choose.random() < (0.05 if name.startswith(("Content", "Loc")) else 0.15):
            found[name] = choose.choice(values)
    return found


def _value(choose: Random) -> str:
    return choose.choice((f"{CANARY} {choose.randrange(3)}", SENT, "info", "x", "", CANARY * 3))


def _vars(choose: Random) -> object:
    return {choose.choice(_NAMES): _value(choose) for _ in range(choose.randrange(6))}


def _releases(choose: Random) -> object:
    made = []
    for _ in range(choose.randrange(4)):
        status = choose.choice(("succeeded",) * 5 + ("pending", "failed", "expired", None, "odd"))
        made.append(
            {
                "version": choose.randrange(1, 30),
                "status": status,
                "description": f"Set A config vars {CANARY}",
                "user": {"email": choose.choice(("ana@example.com", "a\x1b[2J", "##[x", 5, None))},
                "created_at": choose.choice(("2026-01-02T03:04:05Z", CANARY, None, 5)),
                "app": {"id": choose.choice(("01234567-89ab-cdef-0123-456789abcdef", None, 5))},
            }
        )
    return made if choose.random() < 0.8 else (made or [{}])[0]


def _attachments(choose: Random) -> object:
    return [
        {
            "name": choose.choice(("DATABASE", "é", "", "x\n")),
            "config_vars": choose.choice((["DATABASE_URL"], [], None, ["A", "A"], [5], "A")),
            "addon": {"app": {"name": choose.choice(("demo", "other", None))}},
        }
        for _ in range(choose.randrange(4))
    ]


def _addons(choose: Random) -> object:
    return [
        {"name": "x", "config_vars": choose.choice((["DATABASE_URL"], [], None))}
        for _ in range(choose.randrange(4))
    ]


def _error(choose: Random) -> object:
    owned = "Cannot overwrite attachment values A, "
    message = choose.choice((CANARY, owned, f"{owned}{CANARY}.", f"{owned}B, LOG_LEVEL.", 5, None))
    return {"id": choose.choice(_IDS), "message": message, "url": CANARY}


def _any(choose: Random, depth: int) -> object:
    kind = choose.randrange(4 if depth else 2)
    if kind < 2:
        return choose.choice(_ATOMS)
    if kind == 2:
        return [_any(choose, depth - 1) for _ in range(choose.randrange(4))]
    keys = ("version", "status", "name", "config_vars", "id", "user", "addon", "A", "B")
    return {choose.choice(keys): _any(choose, depth - 1) for _ in range(choose.randrange(4))}


def _spoiled(choose: Random, found: object) -> object:
    """The same with something else in one place."""
    if isinstance(found, list) and found and choose.random() < 0.8:
        place = choose.randrange(len(found))
        return [*found[:place], _spoiled(choose, found[place]), *found[place + 1 :]]
    if isinstance(found, dict) and found and choose.random() < 0.8:
        return {**found, choose.choice(list(found)): _any(choose, 1)}
    return _any(choose, 2)


class _Given(BaseAdapter):
    """Answers what was drawn, in turn and then over and over."""

    def __init__(self, answers: list[Answer]) -> None:
        super().__init__()
        self._answers = answers
        self._count = 0

    def send(self, request: requests.PreparedRequest, **_: object) -> requests.Response:  # type: ignore[override]  # it takes what it is given
        if isinstance(request.body, io.BytesIO):
            request.body.read()
        status, headers, body = self._answers[self._count % len(self._answers)]
        self._count += 1
        response = requests.Response()
        response.status_code = status
        response.headers.update(headers)
        response.raw = HTTPResponse(
            io.BytesIO(body), headers, status=status, preload_content=False, decode_content=False
        )
        response.request, response.url = request, str(request.url)
        response.raw.decode_content = True
        return response

    def close(self) -> None:
        """Nothing was opened."""


_POLICY = Policy(ignore=("X*",))


def _show_diff(heroku: Heroku) -> Iterator[str]:
    declared = Declaration.of(parser.parse(DECLARED.encode(), source="f"), "f")
    heroku.mask(declared.vars.values())
    found = diff(heroku, "demo", declared, policy=_POLICY, prune=True)
    yield text.diff(found, Reveal(), width=80)
    yield documents.diff(found, Reveal())


def _show_drift(heroku: Heroku) -> Iterator[str]:
    declared = Declaration.of(parser.parse(DECLARED.encode(), source="f"), "f")
    heroku.mask(declared.vars.values())
    rows = [check_drift(heroku, Check("demo", "f", declared), policy=_POLICY)]
    yield text_drift.drift(rows, width=80)
    yield json_drift.drift(rows)
    yield github.drift(rows)
    yield markdown.drift(rows)


def _show_history(heroku: Heroku) -> Iterator[str]:
    found = history(heroku, "demo", limit=5)
    yield tables.history(found, width=80)
    yield documents.history(found)


def _write(heroku: Heroku) -> Iterator[str]:
    heroku.write("demo", {"A": Secret(SENT), "B": None})
    yield ""


def _read(heroku: Heroku) -> Iterator[str]:
    """Each by itself, since one that fails would hide those after it."""
    for read in (
        lambda: live.read_live(heroku, "demo", at_once=False),
        lambda: heroku.releases_after("demo", 3),
        lambda: heroku.succeeded_releases("demo", 2),
        lambda: heroku.release("demo", 3),
        lambda: size.size(heroku.release_vars("demo", 3).vars),
    ):
        yield _said(read)


def _said(read: Callable[[], object]) -> str:
    try:
        return repr(read())
    except DeployError as error:
        return said_by(error)


_CALLS: dict[str, Callable[[Heroku], Iterator[str]]] = {
    "diff": _show_diff,
    "drift": _show_drift,
    "history": _show_history,
    "write": _write,
    "read": _read,
}


def check(drawn: Drawn) -> None:
    notices: list[str] = []
    said: list[str] = []
    clock = FakeClock()
    with heroku_at("http://127.0.0.1:1", clock, notice=notices.append, key=KEY) as heroku:
        heroku._transport._adapter = _Given(drawn.answers)  # type: ignore[assignment]  # in its place
        try:
            said += _CALLS[drawn.call](heroku)
        except DeployError as error:
            said.append(said_by(error))
    for words in [*said, *map(printable, notices)]:
        _check_words(words, drawn.call)
    assert clock.now < 24 * 3600, f"it waited for {clock.now} seconds"


def _check_words(words: str, call: str) -> None:
    assert CANARY not in words, words
    assert KEY not in words, words
    # What was neither declared nor sent is nothing that the run knows.
    assert SENT not in words or call in ("history", "read"), words
    assert "unforeseen" not in words, words
    if call in ("diff", "drift", "history"):
        assert "##[" not in words, words
        assert "\x1b" not in words, words
