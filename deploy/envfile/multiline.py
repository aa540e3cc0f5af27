"""A value of several lines that stands in no quotes: one word for all of its lines.

The parser reads a PEM key without quotes as a line that holds up and dozens that do not, some of
which even read as entries; and it knows no backticks, which quote in other readers of env files.
"""

from __future__ import annotations

import re

from ..errors import Complaint

REASON = "a value of several lines needs quotes"
TAIL = "reads as the end of the base64 value above: write that on one line, or in quotes"
MAY_BE_TAIL = (
    "may be the end of the base64 value above: if it is, write that on one line, or in quotes"
)
_FULL_LINES = (64, 76)
"""Characters after which openssl(1), and base64(1) and MIME, begin a new line of base64."""
_CLOSING = {"{": "}", "[": "]", "`": "`"}


class Unquoted:
    """Whether the lines that follow belong to such a value, and what to say of it."""

    def __init__(self) -> None:
        self._end = ""
        """What the last of the lines that are passed over holds, if any are."""
        self.is_json = False
        """Whether they are JSON, as far as its bracket tells."""
        self._open: tuple[str, Complaint] | None = None
        """What ends a value that may go on, and what to say should the next line not parse."""
        self._wrapped: Complaint | None = None
        """What to say should the next line be the end of base64 that was wrapped."""
        self.doubt: Complaint | None = None
        """What to warn of, should this line be an entry."""

    def begins(self, name: str, value: str, line: int) -> Complaint | None:
        """Told of each entry that is not quoted; what there is to say of this one."""
        self._open = self._wrapped = None
        reason = REASON
        if len(value) in _FULL_LINES and re.fullmatch(r"[A-Za-z0-9+/]+", value):
            is_hex = re.fullmatch(r"[0-9a-f]+", value)  # a key that is whole
            self._wrapped = None if is_hex else Complaint(TAIL, line=line + 1)
        if value.startswith("-----BEGIN ") and value.endswith("-----") and "-----END" not in value:
            self._end, self.is_json = "-----END ", False
            return Complaint(reason, line=line, name=name)
        is_backtick = value.startswith("`") and value.count("`") == 1
        if is_backtick or value in _CLOSING:
            reason += "; a backtick is none" if is_backtick else ""
            self._open = _CLOSING[value[0]], Complaint(reason, line=line, name=name)
        return None

    def holds(self, text: str, *, is_odd: bool) -> tuple[bool, Complaint | None]:
        """Whether this is a line of such a value, and what is still to be said of it.

        `is_odd` says that it would not hold up by itself.
        """
        wrapped, self._wrapped, self.doubt = self._wrapped, None, None
        if wrapped and self._is_base64(text.rstrip("\n")):
            # A word in capitals, with an =, is a name that has this form; mostly.
            if not re.fullmatch(r"[A-Z]{1,12}=\n?", text):
                return True, wrapped
            self.doubt = wrapped._replace(reason=MAY_BE_TAIL)
        if self._end:
            self._end = "" if self._is_last(text, self._end) else self._end
            return True, None
        if self._open is None or not is_odd:
            return False, None
        (end, complaint), self._open = self._open, None
        self.is_json = end != "`"
        self._end = "" if self._is_last(text, end) else end
        return True, complaint

    @staticmethod
    def _is_base64(text: str) -> bool:
        """Whether this is a line of base64, which parses as a name, with an empty value or none.

        `openssl rand -base64 64` prints two lines, and the second is half of the secret. Base64
        comes in groups of four.
        """
        return bool(re.fullmatch(r"[A-Za-z0-9+/]+={0,2}", text)) and len(text) % 4 == 0

    @staticmethod
    def _is_last(text: str, end: str) -> bool:
        # A bracket inside is indented.
        return text.lstrip("\n").startswith(end) if end in ("}", "]") else end in text
