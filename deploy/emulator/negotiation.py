"""`Accept`: which version of the API a client asks for. The emulator speaks 3 and its variants.

A client that names no version is told so with 400 and `missing_version`, in words that Heroku
used of `Accept: application/json` (https://github.com/marc0der/gradle-heroku/issues/4), and that
stand under `error`, not `message`. One that asks for what is not there gets the API reference's
406 `not_acceptable`. Which request gets which of the two is told nowhere in one place.
"""

import re

from .answers import HerokuError, as_json, error

_TYPE = "application/vnd.heroku+json"
_EXAMPLE = f"Accept: {_TYPE}; version=3"
_OPEN = {_TYPE, "application/json", "application/*", "*/*"}
_SPOKEN = re.compile(r"3(\.[\w.-]+)?", re.ASCII)


def negotiate(accept: str) -> None:
    """Raise 400 or 406 unless one of the types that a client accepts is spoken here."""
    versions = [_version(each) for each in accept.lower().split(",")]
    if any(version and _SPOKEN.fullmatch(version) for version in versions):
        return
    if all(version is None for version in versions):
        raise _missing_version()
    raise error(406, "not_acceptable", f"Set the header {_EXAMPLE} and try again.")


def _version(media_range: str) -> str | None:
    """The version of a type; None where any would do, and nothing where it is another's type."""
    name, *parameters = (each.strip() for each in media_range.split(";"))
    if name and name not in _OPEN:
        return ""
    named = (parameter.partition("=") for parameter in parameters)
    found = (value.strip().strip('"') for name, _, value in named if name.strip() == "version")
    return next(found, None)


def _missing_version() -> HerokuError:
    text = (
        f"Please specify a version along with Heroku's API MIME type. For example, `{_EXAMPLE}`.\n"
    )
    return HerokuError(as_json({"id": "missing_version", "error": text}, status=400))
