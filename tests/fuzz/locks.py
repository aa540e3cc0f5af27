"""Locks: what is accepted says what a plain reading of it says, and what is made reads back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from deploy.envfile import lock
from deploy.errors import MOST, BadLock
from deploy.names import LOCK_KEY
from deploy.secret import Secret

if TYPE_CHECKING:
    from random import Random

_HEADER = (
    "# Made by `invoke config.lock`, to be committed. Says that a value changed, not which it is."
)
_NAMES = ("A", "LOG_LEVEL", "_x", "A1", LOCK_KEY, "9X", "A.B", "é", "", "A" * 300)
_LOOSE = (
    "",
    "#",
    "# x",
    " ",
    "A",
    "\x0c",
    "\x1c",
    "\u2028",
    "config-lock/1",
    "<<<<<<< HEAD",
    "=======",
)
_ENDS = ("\n", "\n", "\n", "\n", "\r\n", "\r", "", "\n\n", " \n")
_MUTANTS = "Aa0f _#\n\r\t\x00\x0c\ufeff"


class Drawn(NamedTuple):
    data: bytes
    declared: dict[str, str]
    key: str


def example(choose: Random) -> Drawn:
    lines = [choose.choice((_HEADER, _HEADER, "", "# other", "<<<<<<< HEAD")) + "\n"]
    version = choose.choice(("config-lock/1",) * 8 + ("config-lock/2", "config-lock/", ""))
    lines.append(f"{version} {_hex(choose, choose.choice((16, 16, 16, 16, 15, 17)))}\n")
    for _ in range(choose.randrange(8)):
        size = choose.choice((64, 64, 64, 64, 64, 64, 63, 65, 0))
        between = choose.choice((" ", " ", " ", "  ", "="))
        line = f"{choose.choice(_NAMES)}{between}{_hex(choose, size)}"
        if choose.random() < 0.15:
            line = choose.choice(_LOOSE)
        lines.append(line + choose.choice(_ENDS))
    if choose.random() < 0.1:
        lines.append(lines[-1])
    text = "".join(lines)
    for _ in range(choose.choice((0, 0, 0, 0, 1, 2))):
        place = choose.randrange(len(text) + 1)
        text = text[:place] + choose.choice(("", *_MUTANTS)) + text[place + choose.randrange(2) :]
    data = text.encode()
    if choose.random() < 0.03:
        place = choose.randrange(len(data) + 1)
        data = data[:place] + choose.choice((b"\xff", b"\xc3")) + data[place:]
    names = choose.sample(("A", "B", "LOG_LEVEL", "_x", "A1"), choose.randrange(5))
    values = ("", "x", "é\n", "c4n4ry", "0" * 70)
    return Drawn(data, {name: choose.choice(values) for name in names}, _hex(choose, 64))


def _hex(choose: Random, size: int) -> str:
    return "".join(choose.choices("0123456789abcdef", k=size))


def check(drawn: Drawn) -> None:
    _check_parse(drawn.data)
    secrets = {name: Secret(value) for name, value in drawn.declared.items()}
    made = lock.make({**secrets, LOCK_KEY: Secret(drawn.key)}, source="f")
    assert lock.parse(made.text().encode(), source="f") == made, "it does not read back"
    assert lock.is_lock(made.text().encode()), "what was made is not known again"
    assert all(made.matches(name, value, Secret(drawn.key)) for name, value in secrets.items())
    held = {value for value in drawn.declared.values() if len(value) > 3}
    assert not any(value in made.text() for value in held), "it holds a value"


def _check_parse(data: bytes) -> None:
    wanted = _plain(data)
    try:
        found = lock.parse(data, source="f")
    except BadLock as error:
        assert wanted is None, "a good lock is refused"
        assert len(error.complaints) <= MOST + 1
        assert not re.search(r"[0-9a-f]{15}", str(error)), f"a digest is told: {error}"
        return
    assert wanted == (found.fingerprint, dict(found.digests)), f"it says {wanted}"
    assert lock.parse(found.text().encode(), source="f") == found, "it does not read back"


def _plain(data: bytes) -> tuple[str, dict[str, str]] | None:
    """The fingerprint and the digests, as the README describes a lock; None for no lock."""
    told = [
        line
        for line in data.replace(b"\r\n", b"\n").split(b"\n")
        if line and not line.startswith(b"#")
    ]
    if not told or not re.fullmatch(rb"config-lock/1 [0-9a-f]{16}", told[0]):
        return None
    digests: dict[str, str] = {}
    for line in told[1:]:
        match = re.fullmatch(rb"([A-Za-z_][A-Za-z0-9_]*) ([0-9a-f]{64})", line)
        if not match or match[1].decode() in {*digests, LOCK_KEY}:
            return None
        digests[match[1].decode()] = match[2].decode()
    return told[0].split()[1].decode(), digests
