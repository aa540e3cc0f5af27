"""A value of several lines that stands in no quotes: one word for all of its lines.

The parser reads a PEM key without quotes as a line that holds up and dozens that do not, some of
which even read as entries; and it knows no backticks, which quote in other readers of env files.
"""

from __future__ import annotations

from deploy.complaint import Complaint

REASON = "a value of several lines needs quotes"
_CLOSING = {"{": "}", "[": "]", "`": "`"}


class Unquoted:
    """Whether the lines that follow belong to such a value, and what to say of it."""

    def __init__(self) -> None:
        self._end = ""
        """What the last of the lines that are passed over holds, if any are."""
        self._open: tuple[str, Complaint] | None = None
        """What ends a value that may go on, and what to say should the next line not parse."""

    def begins(self, name: str, value: str, line: int) -> Complaint | None:
        """Told of each entry that is not quoted; what there is to say of this one."""
        self._open = None
        reason = REASON
        if value.startswith("-----BEGIN ") and value.endswith("-----") and "-----END" not in value:
            self._end = "-----END "
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
        if self._end:
            self._end = "" if self._is_last(text, self._end) else self._end
            return True, None
        if self._open is None or not is_odd:
            return False, None
        (end, complaint), self._open = self._open, None
        self._end = "" if self._is_last(text, end) else end
        return True, complaint

    @staticmethod
    def _is_last(text: str, end: str) -> bool:
        # A bracket inside is indented.
        return text.lstrip("\n").startswith(end) if end in ("}", "]") else end in text
