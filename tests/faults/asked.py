"""What a request asks for."""

import json

from deploy.heroku.api import Request

from .api import Vars


def endpoint_of(request: Request) -> str:
    if request.changes is not None:
        return "patch"
    _, _, rest = request.path.partition("/apps/")
    match rest.split("/")[1:]:
        case ["config-vars" | "config-vars-settings"]:
            return "vars"
        case ["releases"]:
            return "releases"
        case ["releases", _]:
            return "release"
        case ["releases", _, "config-vars"]:
            return "release-vars"
        case ["addon-attachments" | "addons"]:
            return "attachments"
    return "other"


def changes_of(request: Request) -> Vars:
    """What a PATCH would change; as the server reads it, from the bytes."""
    body = request.body()
    return dict(json.loads(body)) if body else {}
