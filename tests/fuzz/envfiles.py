"""Env files: what is accepted is what python-dotenv reads; a refusal gives nothing away."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from dotenv import dotenv_values
from dotenv.parser import parse_stream

from deploy.envfile import parser
from deploy.envfile.swallowed import ASSIGNMENT
from deploy.errors import BadEnvFile, DeployError

if TYPE_CHECKING:
    from random import Random

CANARY = "c4n4ry"
"""Part of every long value; it may be said only where it is what python-dotenv takes for a name."""

_NAMES = ("A", "B", "LOG_LEVEL", "API_KEY", "a", "_x", "export", "B_2", "9X", "A.B", "É", "'Q'", "")
_VALUES = (
    *("", "x", "1", f"{CANARY}", f"x {CANARY}", f"{CANARY}=", f"/{CANARY}+/=", "it's", 'say "x"'),
    *(f"x # {CANARY}", f"#{CANARY}", f"{CANARY}\\", "\\n", "\\\\", "\\'", '\\"', f"a\\n{CANARY}=1"),
    *("${HOME}", "$X", "`", f"`{CANARY}`", "{", "[", "********", "é", "\u00a0", "\u2028", "\x85"),
    *(
        "\x00",
        "\x07",
        "\x0b",
        "\x1c",
        "\ufeff",
        "\u200b",
        f"postgres://u:{CANARY}@h/d",
        "B_X=5 C=6",
    ),
    *(f"{CANARY}AB" * 8, "Ab1/" * 16, "Ab1/" * 19, "Ab1/Ab==", "ABC=", "ABCDEFG=", f"{CANARY}Zz=="),
    *("-----BEGIN KEY-----", "-----END KEY-----", "encrypted:AAAA", "ENC[AES256_GCM,data:x]"),
)
_ENDS = ("\n", "\n", "\n", "\n", "\r\n", "\r", "\n\n", "", " \n", "\t\n")
_QUOTES = ("{}", "{}", "'{}'", '"{}"', "'{}", '"{}', "{}'", '{}"', "'{}\n{}'", '"{}\n{}"', "`{}`")
_BEHIND = ("", "", "", "", " # x", "#x", " x", f" {CANARY}", "\t#'", ' #"')
_LOOSE = (
    *("# a comment", "#", "", "   ", f"{CANARY}", "export", "export A", "'", '"', "=", "=x", "A"),
    *(f"{CANARY}: x", f"- {CANARY}", "{", "}", "[x]", f"'{CANARY}", f'"{CANARY}', "Ab1/" * 16),
    *("Ab1/Ab==", f"{CANARY}=", f"{CANARY}'", f'{CANARY}"', "ABC=", "'A'=1", "SECRET", "A_B"),
)
_MUTANTS = "AB=\"'\\# \n\r\t$`x\u00a0\x00\x1c\ufeff"


def text(choose: Random) -> str:
    """Some lines, most of which hold up, and perhaps a few characters that are off."""
    found = "".join(_line(choose) for _ in range(choose.randrange(1, 8)))
    for _ in range(choose.choice((0, 0, 0, 1, 1, 2, 4))):
        place = choose.randrange(len(found) + 1)
        until = place + choose.choice((0, 0, 1, 1, 3))
        found = found[:place] + choose.choice(("", *_MUTANTS)) + found[until:]
    return found


def _line(choose: Random) -> str:
    end = choose.choice(_ENDS)
    if choose.random() < 0.25:
        return choose.choice(_LOOSE) + end
    value = choose.choice(_QUOTES).format(choose.choice(_VALUES), choose.choice(_VALUES))
    before = choose.choice(("", "", "", "", " ", "export ", "\t", "export\t"))
    equals = choose.choice(("=", "=", "=", "=", " = ", "= ", " ="))
    return f"{before}{choose.choice(_NAMES)}{equals}{value}{choose.choice(_BEHIND)}{end}"


def example(choose: Random) -> bytes:
    mark = "\ufeff" if choose.random() < 0.05 else ""
    data = (mark + text(choose)).encode()
    if choose.random() < 0.03:
        place = choose.randrange(len(data) + 1)
        data = data[:place] + choose.choice((b"\xff", b"\xc3", b"\xed\xa0\x80")) + data[place:]
    return data


def read(data: bytes) -> dict[str, str | None]:
    """What python-dotenv makes of a file with these bytes."""
    with io.TextIOWrapper(io.BytesIO(data), encoding="utf-8") as file:
        return dotenv_values(stream=file, interpolate=False)


def check(data: bytes) -> None:
    try:
        found = parser.parse(data, source="f", may_be_empty=True)
    except BadEnvFile as error:
        check_refusal(error, data)
        return
    values = {name: value.reveal() for name, value in found.vars.items()}
    theirs = read(data)
    assert values == theirs, f"python-dotenv reads {theirs}"
    assert list(values) == list(theirs), "the order differs"
    _check_lines(found, data)


def _check_lines(found: parser.EnvFile, data: bytes) -> None:
    lines = _normal(data).split("\n")
    for entry in found.entries:
        assert entry.name in lines[entry.line - 1], f"{entry.name} is not on line {entry.line}"


def check_refusal(error: BadEnvFile, data: bytes) -> None:
    """Of a refusal, that it tells no name that is none, and nothing of a value."""
    names = _names(data)
    for complaint in error.complaints:
        name = complaint.name
        assert name is None or name in names, f"{complaint}: python-dotenv sees no such name"
        assert CANARY not in complaint.reason, f"{complaint.reason}"
    assert CANARY not in f"{error.next_step}"
    assert CANARY not in str(error) or any(CANARY in name for name in names), str(error)
    assert isinstance(error, DeployError)


def _names(data: bytes) -> set[str]:
    """The names that python-dotenv sees, and that of the first line in which a quote is off."""
    names: set[str] = set()
    is_undisturbed = True
    has_json = re.search(r"=\s*[{\[]\s*$", _normal(data), re.MULTILINE)
    for binding in parse_stream(io.StringIO(_normal(data))):
        if binding.key is not None:
            names.add(binding.key)
        elif binding.error and is_undisturbed:
            begun = ASSIGNMENT.match(binding.original.string)
            names.update([begun["name"]] if begun else [])
            # A line of JSON that stands in no quotes may hold some, in step.
            is_json = bool(has_json) and binding.original.string.lstrip()[:1] in (
                '"',
                "{",
                "}",
                "[",
                "]",
            )
            is_undisturbed = is_json or set(binding.original.string).isdisjoint("'\"")
    return names


def _normal(data: bytes) -> str:
    return data.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
