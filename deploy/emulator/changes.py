"""A change to config vars: what it makes of them, and Heroku's words for it."""

from collections.abc import Mapping

Changes = Mapping[str, str | None]
"""Names and their new values; None removes."""


def changed(vars: Mapping[str, str], changes: Changes) -> dict[str, str]:  # noqa: A002 - our word
    merged: dict[str, str | None] = {**vars, **changes}
    return {name: value for name, value in merged.items() if value is not None}


def words(changes: Changes) -> str:
    """The description of a release: "Set A, B config vars", "Remove A config vars" or both."""
    done = ", ".join(name for name, value in changes.items() if value is not None)
    gone = ", ".join(name for name, value in changes.items() if value is None)
    parts = [f"Set {done}"] * bool(done) + [f"remove {gone}"] * bool(gone)
    text = ", ".join(parts)
    return f"{text[:1].upper()}{text[1:]} config vars"
