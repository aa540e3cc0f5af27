"""A pattern for a text in which each character is escaped in any way that some language has.

`spellings` has the ways that many files hold, each as a whole. Here is what is left: two of them in
one line, JSON within JSON, what only one tool does.
"""

from __future__ import annotations

import json
import re

_LONGEST = 500
"""Characters; a document is not pasted into a string as a whole."""
_AS_IT_IS = re.compile(r"[A-Za-z0-9_]+")
_OTHER_WAYS = {
    "&": ("&amp;",),
    "<": ("&lt;",),
    ">": ("&gt;",),
    '"': ("&quot;",),
    # A shell's quotes are closed for it.
    "'": ("&apos;", r"'\\''", "'\"'\"'"),
    "\\": (r"\\{2,8}",),
    " ": (r"\+",),
    "\t": (r"\\{1,2}t",),
}


def pattern_of(text: str) -> bytes | None:
    """What matches each way of writing it; None where there is one way, or it is a document."""
    if len(text) > _LONGEST or _AS_IT_IS.fullmatch(text):
        return None
    ways = (re.escape(char) if _AS_IT_IS.match(char) else _escaped(char) for char in text)
    return "".join(ways).encode()


def _escaped(char: str) -> str:
    r"""As it is, behind marks, twice, or by its number.

    The marks are those of C and what came after (a backslash), PowerShell and cmd.exe. By number:
    `\u0026` and `\x26` (JSON, JavaScript, Python), `%26` and `%2526` (URLs), `&#38;` (HTML).
    """
    number, plain = ord(char), re.escape(char)
    units = re.findall("[0-9a-f]{4}", json.dumps(char)) if number > 0x7E else [f"{number:04x}"]
    ways = [
        *_OTHER_WAYS.get(char, ()),
        plain * 2,
        rf"[\\`^]{{0,3}}{plain}",
        "".join(rf"\\{{1,2}}u{unit}" for unit in units),
        "".join(f"%(?:25)?{byte:02x}" for byte in char.encode()),
        rf"&\#(?:0{{0,3}}{number}|x0{{0,3}}{number:x});",
    ]
    if number < 0x100:
        ways.append(rf"\\{{1,2}}x{number:02x}")
    return f"(?i:{'|'.join(ways)})"
