"""Which endpoint a method and path lead to, and what a request must pass on its way there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import unquote

from . import endpoints, settings
from .answers import Answer, HerokuError, no_endpoint, wrong_method
from .caching import conditional
from .call import Call, Incoming
from .negotiation import negotiate
from .state import Platform

_VARIABLE = "{}"


@dataclass(frozen=True, slots=True)
class Route:
    """A method and path (`{}` stands for any one part), and the scope a key needs for it."""

    method: str
    path: str
    scope: str
    endpoint: Callable[[Call], Answer]
    free: bool = False

    def parts(self, path: list[str]) -> tuple[str, ...] | None:
        """What stands at the variable parts; None where the path is another."""
        pattern = self.path.split("/")
        if len(pattern) != len(path):
            return None
        if any(mine not in {theirs, _VARIABLE} for mine, theirs in zip(pattern, path, strict=True)):
            return None
        return tuple(
            theirs for mine, theirs in zip(pattern, path, strict=True) if mine == _VARIABLE
        )


_CONFIG = "/apps/{}/config-vars"
_SETTINGS = "/apps/{}/config-vars-settings"
_RELEASES = "/apps/{}/releases"
ROUTES = (
    Route("GET", _CONFIG, "read-protected", endpoints.show_config),
    Route("PATCH", _CONFIG, "write-protected", endpoints.change_config),
    Route("GET", _SETTINGS, "read-protected", settings.show_settings),
    Route("PATCH", _SETTINGS, "write-protected", settings.change_settings),
    Route("GET", _RELEASES, "read", endpoints.list_releases),
    Route("POST", _RELEASES, "write-protected", endpoints.roll_back),
    Route("GET", _RELEASES + "/{}", "read", endpoints.show_release),
    Route("GET", _RELEASES + "/{}/config-vars", "read-protected", endpoints.show_release_config),
    Route("GET", "/apps", "read", endpoints.list_apps),
    Route("GET", "/users/~/apps", "read", endpoints.list_apps),
    Route("GET", "/apps/{}", "read", endpoints.show_app),
    Route("GET", "/apps/{}/addon-attachments", "read", endpoints.list_app_attachments),
    Route("GET", "/addon-attachments", "read", endpoints.list_attachments),
    Route("GET", "/apps/{}/addons", "read", endpoints.list_app_addons),
    Route("GET", "/apps/{}/addons/{}", "read", endpoints.show_addon),
    Route("GET", "/addons", "read", endpoints.list_addons),
    Route("GET", "/addons/{}", "read", endpoints.show_addon),
    Route("GET", "/account", "read", endpoints.show_account),
    Route("GET", "/account/rate-limits", "read", endpoints.show_rate_limits, free=True),
)


def respond(platform: Platform, incoming: Incoming) -> Answer:
    """The answer to a request, with its effect.

    Once the key is known the answer tells its scopes, be it a yes or a no; see
    https://github.com/heroku/terraform-provider-heroku/issues/135
    """
    scopes: Mapping[str, str] = {}
    with platform.lock:
        try:
            key = platform.authenticate(incoming.key)
            negotiate(incoming.headers.get("accept", ""))
            route, parts = _find(platform, incoming.method, incoming.path)
            scopes = platform.scopes(key, route.scope)
            platform.allow(key, route.scope)
            call = Call(platform=platform, key=key, incoming=incoming, parts=parts)
            answer = conditional(route.endpoint(call), incoming)
        except HerokuError as refusal:
            answer = refusal.answer
    return replace(answer, headers={**scopes, **answer.headers})


def _find(platform: Platform, method: str, path: str) -> tuple[Route, tuple[str, ...]]:
    """The route to take, after its token of the rate limit; a path unknown costs one too."""
    split = [unquote(part) for part in path.split("/")]
    there = [(route, parts) for route in ROUTES if (parts := route.parts(split)) is not None]
    found = next(((route, parts) for route, parts in there if route.method == method), None)
    if found is None or not found[0].free:
        platform.spend()
        platform.check_account()
    if not there:
        raise no_endpoint()
    if found is None:
        raise wrong_method({route.method for route, _ in there})
    return found
