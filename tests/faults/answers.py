"""The fake's endpoints: a request and a moment in, a status, headers and a body out."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from .api import OURS, App, Owned, Release, Vars

ACCEPT = "application/vnd.heroku+json; version=3"
EPOCH = datetime(2026, 1, 1, tzinfo=timezone.utc)  # Python 3.10 has no datetime.UTC
PHASE_WARNING = (
    "Release command executing: this config change will not be available until the command succeeds"
)


@dataclass
class Answer:
    status: int
    body: object
    headers: dict[str, str] = field(default_factory=dict)

    def data(self) -> bytes:
        return json.dumps(self.body).encode()


def refused(status: int, known: str, message: str) -> Answer:
    return Answer(status, {"id": known, "message": message})


NO_APP = refused(404, "not_found", "Couldn't find that app.")


def answer(
    app: App,
    method: str,
    path: str,
    headers: Mapping[str, str],
    *,
    at: float,
    patch: Callable[[], Release | None],
) -> Answer:
    """A read as of a moment; `patch` makes the change of a PATCH, now."""
    parts = path.strip("/").split("/")
    if headers.get("Accept", "").partition(";")[0] != ACCEPT.partition(";")[0]:
        return refused(406, "not_acceptable", "Wrong Accept.")
    if method == "GET" and parts == ["account"]:
        return _account(app)
    if parts[:2] != ["apps", app.name]:
        return NO_APP
    rest = tuple(parts[2:])
    if method == "PATCH" and rest == ("config-vars",):
        return _patched(app, patch, at)
    if method != "GET":
        return refused(405, "method_not_allowed", "No.")
    return _read(app, rest, headers, at)


def _read(app: App, rest: tuple[str, ...], headers: Mapping[str, str], at: float) -> Answer:
    match rest:
        case ():
            return Answer(200, {"id": app_id(app), "name": app.name})
        case ("config-vars",):
            return Answer(200, app.shown(at))
        case ("config-vars-settings",) if app.switches.has_settings:
            return Answer(200, _settings(app, at))
        case ("addon-attachments",):
            return Answer(200, _attachments(app, headers, at))
        case ("addons",):
            return Answer(200, _addons(app, at))
        case ("releases",):
            return _releases(app, headers.get("Range", ""), at)
        case ("releases", version):
            found = _release(app, version, at)
            return Answer(200, shape(app, found, at)) if found else NO_APP
        case ("releases", version, "config-vars"):
            return _release_vars(app, version, at)
    return refused(404, "not_found", "The requested API endpoint was not found.")


def _account(app: App) -> Answer:
    if app.switches.tells_account:
        return Answer(200, {"id": "0" * 8, "email": OURS})
    return refused(403, "forbidden", "This token has no access to the account.")


def _patched(app: App, patch: Callable[[], Release | None], at: float) -> Answer:
    try:
        made = patch()
    except Owned as error:
        return refused(422, "invalid_params", f"Cannot overwrite attachment values {error}.")
    is_pending = made is not None and made.status(at) == "pending"
    return Answer(200, app.shown(at), {"Warning-Message": PHASE_WARNING} if is_pending else {})


def _release(app: App, version: str, at: float) -> Release | None:
    found = app.release(int(version)) if version.isdecimal() else None
    return found if found and found.made <= at else None


def _release_vars(app: App, version: str, at: float) -> Answer:
    found = _release(app, version, at)
    if found is None:
        return NO_APP
    if found.status(at) != "pending" or app.switches.pending_shows == "new":
        return Answer(200, found.vars)
    if app.switches.pending_shows == "404":
        return NO_APP
    return Answer(200, app.live(at))


def app_id(app: App) -> str:
    return f"00000000-0000-0000-0000-{len(app.name):012}"


def shape(app: App, release: Release, at: float) -> dict[str, object]:
    """A release as the API shows it; the description is free text that names names."""
    live = [r for r in app.releases if r.made <= at and r.status(at) == "succeeded"]
    return {
        "id": f"11111111-0000-0000-0000-{release.version:012}",
        "app": {"id": app_id(app), "name": app.name},
        "version": release.version,
        "status": release.status(at),
        "description": f"Set {', '.join(release.changes)} config vars",
        "user": {"id": "2" * 8, "email": release.user},
        "created_at": (EPOCH + timedelta(seconds=release.made)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "current": bool(live) and release.version == live[-1].version,
    }


def _releases(app: App, wanted: str, at: float) -> Answer:
    """Newest first only where that is asked for, in pages of `max`."""
    found = [shape(app, release, at) for release in app.releases if release.made <= at]
    is_newest_first = "order=desc" in wanted
    found = found[::-1] if is_newest_first else found
    if behind := re.search(r"\](\d+)\.\.", wanted):
        mark = int(behind[1])
        found = [
            r for r in found if (_version(r) < mark if is_newest_first else _version(r) > mark)
        ]
    size = int(told[1]) if (told := re.search(r"max=(\d+)", wanted)) else 200
    page = found[:size]
    if len(found) <= size:
        return Answer(200, page)
    order = "order=desc," if is_newest_first else ""
    return Answer(206, page, {"Next-Range": f"version ]{_version(page[-1])}..; {order}max={size}"})


def _version(release: dict[str, object]) -> int:
    version = release["version"]
    assert isinstance(version, int)
    return version


def _attachments(app: App, headers: Mapping[str, str], at: float) -> list[dict[str, object]]:
    """Their names of vars only where the inclusion is asked for, and the API knows of it."""
    is_included = (
        app.switches.names_in_attachments
        and "config_vars" in headers.get("Accept-Inclusion", "")
        and "version=3.sdk" in headers.get("Accept", "")
    )
    return [
        {
            "id": f"33333333-0000-0000-0000-{place:012}",
            "name": each.name,
            "app": {"id": app_id(app), "name": app.name},
            "addon": {"id": f"4{place}", "name": f"addon-{place}", "app": {"name": each.owner}},
            **({"config_vars": list(each.names)} if is_included else {}),
        }
        for place, each in enumerate(app.attachments)
        if each.is_there(at)
    ]


def _addons(app: App, at: float) -> list[dict[str, object]]:
    """The app's own add-ons alone, with the names that they gave to it."""
    return [
        {"id": f"4{place}", "name": f"addon-{place}", "config_vars": list(each.names)}
        for place, each in enumerate(app.attachments)
        if each.is_there(at) and each.owner == app.name
    ]


def _settings(app: App, at: float) -> list[dict[str, object]]:
    def attachment(name: str) -> dict[str, str] | None:
        for place, each in enumerate(app.attachments):
            if each.is_there(at) and name in each.names:
                return {"id": f"33333333-0000-0000-0000-{place:012}"}
        return None

    shown: Vars = app.shown(at)
    return [
        {
            "key": name,
            "value": value,
            "attachment": attachment(name),
            "masked": False,
            "masking_supported": True,
            "value_updated_at": None,
        }
        for name, value in sorted(shown.items())
    ]
