"""A value of several lines that stands in no quotes: one complaint for all of its lines.

The parser reads a PEM key without quotes as a line that parses and dozens that do not, some of
which even read as entries; and it knows no backticks, which quote in other readers of env files.
"""

from __future__ import annotations

import re

from ..errors import Complaint
from .swallowed import is_base64

REASON = "a value of several lines needs quotes"
TAIL = "reads as the end of the base64 value above: write that on one line, or in quotes"
MAY_BE_TAIL = (
    "may be the end of the base64 value above: if it is, write that on one line, or in quotes"
)
_FULL_LINES = (64, 76)
"""Characters after which openssl(1), and base64(1) and MIME, begin a new line of base64."""
_BRACKETS = {"{": "}", "[": "]"}


class Unquoted:
    """Follows the lines below an entry as long as they belong to its value, or may.

    Three kinds of values go on: a PEM key, what a bracket or a backtick opens, and base64 that was
    wrapped. Of the last two the next line tells whether they do: until then the complaint waits.
    """

    def __init__(self) -> None:
        self._end = ""
        """What the last line of the value holds; empty where base64 ends with the next line."""
        self._complaint: Complaint | None = None
        self.is_json = False
        """Whether the value is JSON, as far as its bracket tells."""

    def begin(self, name: str, value: str, line: int) -> Complaint | None:
        """Told of each entry without quotes; the complaint, if this line alone shows what it is."""
        self._end, self._complaint = "", None
        if value.startswith("-----BEGIN ") and value.endswith("-----") and "-----END" not in value:
            self._end = "-----END "
            return Complaint(REASON, line, name)
        if value.startswith("`") and value.count("`") == 1:
            self._end = "`"
            self._complaint = Complaint(f"{REASON}; a backtick is none", line, name)
        elif value in _BRACKETS:
            self._end, self._complaint = _BRACKETS[value], Complaint(REASON, line, name)
        elif len(value) in _FULL_LINES and re.fullmatch(r"[A-Za-z0-9+/]+", value):
            is_hex = re.fullmatch(r"[0-9a-f]+", value)  # a key that is whole
            self._complaint = None if is_hex else Complaint(TAIL, line + 1)
        return None

    def take(self, text: str, *, is_odd: bool) -> tuple[bool, Complaint | None]:
        """Told of each line; whether it belongs to such a value, and what is still to be said.

        Of a line that does not belong to one, that is a mere warning. `is_odd` says that the line
        is no entry and no comment.
        """
        end, complaint = self._end, self._complaint
        if end and complaint and not is_odd:
            return False, None
        self._complaint = None
        if not end:
            # It parses as a name, with an empty value or none. `openssl rand -base64 64` prints two
            # lines, and the second is half of the secret.
            if complaint is None or not is_base64(text.rstrip("\n")):
                return False, None
            # A word in capitals, with an =, is a name that has this form; mostly.
            if re.fullmatch(r"[A-Z]{1,12}=\n?", text):
                return False, complaint._replace(reason=MAY_BE_TAIL)
            return True, complaint
        self.is_json = end in _BRACKETS.values()
        # A bracket inside is indented.
        is_last = text.lstrip("\n").startswith(end) if self.is_json else end in text
        self._end = "" if is_last else end
        return True, complaint
