"""A value of several lines that stands in no quotes: one word for all of its lines.

The parser reads a PEM key without quotes as a line that holds up and dozens that do not, some of
which even read as entries; and it knows no backticks, which quote in other readers of env files.
"""

from __future__ import annotations

from deploy.complaint import Complaint

REASON = "a value of several lines needs quotes"


class Unquoted:
    """Whether the lines that follow belong to such a value, and what to say of it."""

    def __init__(self) -> None:
        self._until = ""
        """What ends the lines that are passed over, if any are."""
        self._backtick: Complaint | None = None
        """What to say of a value that begins with one, should the next lines not parse."""

    def begins(self, name: str, value: str, line: int) -> Complaint | None:
        """Told of each entry that is not quoted; what there is to say of this one."""
        if value.startswith("-----BEGIN ") and value.endswith("-----") and "-----END" not in value:
            self._until = "-----END "
            return Complaint(REASON, line=line, name=name)
        if value.startswith("`") and value.count("`") == 1:
            self._backtick = Complaint(f"{REASON}; a backtick is none", line=line, name=name)
        return None

    def holds(self, text: str, *, is_odd: bool) -> tuple[bool, Complaint | None]:
        """Whether this is a line of such a value, and what is still to be said of it.

        `is_odd` says that it would not hold up by itself.
        """
        backtick = self._backtick
        if self._until:
            self._until = "" if self._until in text else self._until
            return True, None
        if "`" in text:
            self._backtick = None
        if backtick and is_odd:
            self._until, self._backtick = "" if "`" in text else "`", None
            return True, backtick
        return False, None
