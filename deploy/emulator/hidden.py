"""Values that a read does not give: null ones, which the schema allows, and masked ones."""

from collections.abc import Mapping


class Hidden:
    """The names on one app whose values are not shown; may be changed at any time.

    `nulls` are answered as null. What a read answers for a var that was masked is not known, so
    `masked` says it for each: null, a text in place of the value, or, with ABSENT, no such name.
    """

    ABSENT = "\0"

    def __init__(self) -> None:
        self.nulls: set[str] = set()
        self.masked: dict[str, str | None] = {}

    def shown(self, vars: Mapping[str, str]) -> dict[str, str | None]:  # noqa: A002 - our word
        """The vars as a read has them."""
        nulls = dict.fromkeys(self.nulls)
        shown = {name: {**nulls, **self.masked}.get(name, value) for name, value in vars.items()}
        return {name: value for name, value in shown.items() if value != self.ABSENT}

    def hides(self, name: str) -> bool:
        return name in self.nulls or name in self.masked
