"""What config.pull writes: python-dotenv reads what was meant, and no other byte moved."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, NamedTuple

from dotenv.parser import parse_stream

from deploy.envfile import parser
from deploy.envfile.edit import edit
from deploy.errors import BadEnvFile, DeployError
from deploy.secret import Secret
from tests.fuzz import envfiles

if TYPE_CHECKING:
    from random import Random

_NAMES = ("A", "B", "LOG_LEVEL", "API_KEY", "a", "_x", "B_2", "NEW", "NEW_TOO", "9X", "A.B", "É")
_PARTS = (
    *(
        "",
        "x",
        "c4n4ry",
        " ",
        "  ",
        "'",
        '"',
        "\\",
        "\\\\",
        "\\n",
        "\n",
        "\r\n",
        "\r",
        "\t",
        "#",
        " #",
    ),
    *(
        "=",
        "B=1",
        " B_X=1",
        "${A}",
        "$A",
        "$(x)",
        "`",
        "é",
        "\u00a0",
        "\u2028",
        "\x85",
        "\x00",
        "\x1b",
    ),
    *(
        "\ud800",
        "********",
        "-----BEGIN KEY-----",
        "-----END KEY-----",
        "{",
        "}",
        "export ",
        "\ufeff",
    ),
    *("Ab1/" * 16, "Ab1=", "op://v/i", "encrypted:AA", "x" * 50, " " * 1_001, "<your key>"),
)


class Drawn(NamedTuple):
    data: bytes
    changes: dict[str, str | None]


def example(choose: Random) -> Drawn:
    """A file that parses, nearly always, and some of its names, and others, with new values."""
    data = b""
    for _ in range(20):
        data = envfiles.example(choose)
        if _reads(data):
            break
    changes: dict[str, str | None] = {}
    for name in choose.sample(_NAMES, choose.randrange(1, 6)):
        value = "".join(choose.choices(_PARTS, k=choose.choice((1, 1, 2, 3, 5))))
        changes[name] = None if choose.random() < 0.2 else value
    return Drawn(data, changes)


def _reads(data: bytes) -> bool:
    try:
        parser.parse(data, source="f", may_be_empty=True)
    except BadEnvFile:
        return False
    return True


def check(drawn: Drawn) -> None:
    changes = {name: None if text is None else Secret(text) for name, text in drawn.changes.items()}
    try:
        found = edit(drawn.data, changes, source="f")
    except DeployError as error:
        if isinstance(error, BadEnvFile):
            envfiles.check_refusal(error, drawn.data)
        assert not _reads(drawn.data) or _is_repeated(drawn.data), f"refused: {error}"
        return
    before, after = envfiles.read(drawn.data), envfiles.read(found.data)
    meant = {**before, **_carried(drawn, found.left_out)}
    assert after == {name: value for name, value in meant.items() if value is not None}
    done = drawn.changes.keys() - set(found.left_out)
    here, there = _others(drawn.data, done), _others(found.data, done)
    if b"\r" in drawn.data.replace(b"\r\n", b""):
        # Where a line goes, a CR and an LF of two lines may come to be the end of one.
        here, there = (re.sub(r"[\r\n]+", "\n", text) for text in (here, there))
    assert here == there, "another byte moved"


def _carried(drawn: Drawn, left_out: tuple[str, ...]) -> dict[str, str | None]:
    return {name: value for name, value in drawn.changes.items() if name not in left_out}


def _is_repeated(data: bytes) -> bool:
    """Whether a name is declared twice: to change one of them would change nothing."""
    keys = [each.key for each in parse_stream(_stream(data)) if each.key]
    return len(keys) != len(set(keys))


def _others(data: bytes, names: set[str]) -> str:
    """The file without the entries of these names; how it ends is the business of what follows."""
    kept = []
    for each in parse_stream(_stream(data)):
        text = each.original.string
        if each.key in names:
            text = text[: len(text) - len(text.lstrip())]
            text = text[: max(text.rfind("\n"), text.rfind("\r")) + 1]
        kept.append(text)
    return "".join(kept).rstrip("\r\n")


def _stream(data: bytes) -> io.StringIO:
    return io.StringIO(data.decode("utf-8", "surrogatepass"), newline="")
