"""What the stories read from Heroku and write to it.

Heroku cuts a list into pages and names the rest in `Next-Range`. Nothing promises an end: pages
that name each other as the rest, or that count up and hold nothing, would be followed for ever.
"""

from __future__ import annotations

import threading
from functools import cached_property, partial
from http import HTTPStatus
from itertools import chain, takewhile
from typing import TYPE_CHECKING, TypeVar

from ..errors import AnswerLost, ApiError, DeployError
from ..names import APP_ID, is_stage
from . import api, ownership
from .facts import Status
from .sender import Sender

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ..secret import Secret
    from .facts import Attachment, Held, Release, Setting
    from .sender import Clock

Item = TypeVar("Item")

PAGE = 10
"""How many releases are asked for at once, where the last one that succeeded is looked for."""
MAX_PAGES = 100
MAX_ITEMS = 20_000
"""No app has so many releases or add-ons that are looked through."""
MAX_BYTES = 32 << 20
MAX_EMPTY = 3
"""Pages that hold nothing, and yet name another one."""
MAX_SECONDS = 600.0


class Heroku(Sender):
    """The Platform API; safe to use from several threads.

    What is called an app can be a stage of a pipeline (`names.is_stage`): it has vars, and nothing
    else that an app has.
    """

    _pipeline_lock = threading.Lock()

    @cached_property
    def pipelines(self) -> dict[str, str]:
        """The ids of pipelines by their names, as far as they are known; may be added to."""
        return {}

    def app_name(self, app: str) -> str:
        return api.read_app_name(self._send(api.get(app)))

    def vars(self, app: str) -> Held:
        return self._held(self._get_vars(app))

    def attachments(self, app: str) -> list[Attachment]:
        read = partial(ownership.read_attachments, app=app)
        return self._all(ownership.get_attachments(app), read)

    def addon_vars(self, app: str) -> list[str]:
        """The fallback where the answer about attachments names no vars."""
        return self._all(api.get(app, "/addons"), ownership.read_addon_vars)

    def settings(self, app: str) -> list[Setting] | None:
        """What the newer list says of each var; None where there is none to be had."""
        try:
            found = self._all(ownership.get_settings(app), ownership.read_settings)
        except ApiError:
            return None
        self.mask(each.value for each in found)
        return found

    def write(self, app: str, changes: Mapping[str, Secret | None]) -> None:
        """Send one PATCH, and once only; raises AnswerLost where its effect is unknown."""
        request = api.patch_of(self._get_vars(app), changes)
        self.mask(changes.values())
        response = self._send(request)
        try:
            self.mask(api.read_vars(response).vars.values())
        except DeployError as error:
            raise AnswerLost(str(error)) from None

    def newest_releases(self, app: str) -> list[Release]:
        """Enough of them, newest first, to find the last one that succeeded; a stage has none."""
        if is_stage(app):
            return []
        page = api.read_releases(self._send(api.get_releases(app, newest=PAGE)))
        return sorted(page, key=lambda release: -release.version)

    def releases_after(self, app: str, version: int) -> list[Release]:
        """All releases later than `version`, oldest first, over as many pages as it takes."""
        later = takewhile(lambda release: release.version > version, self.releases(app, PAGE))
        return sorted(later, key=lambda release: release.version)

    def succeeded_releases(self, app: str, count: int) -> list[Release]:
        """The newest releases, until `count` of them succeeded or there are no more."""
        found: list[Release] = []
        for page in self._release_pages(app, 2 * count):
            found += page
            if sum(release.status is Status.SUCCEEDED for release in found) >= count:
                break
        return found

    def releases(self, app: str, page: int) -> Iterator[Release]:
        """All releases, newest first, read in pages as they are wanted."""
        return chain.from_iterable(self._release_pages(app, page))

    def release(self, app: str, version: int) -> Release:
        return api.read_release(self._send(api.get(app, f"/releases/{version}")))

    def release_vars(self, app: str, version: int) -> Held:
        return self._held(api.get(app, f"/releases/{version}/config-vars"))

    def account(self) -> str | None:
        return api.read_account(self._send(api.get_account()))

    def pipeline_name(self, pipeline_id: str) -> str | None:
        """None for a name that cannot stand in a command, or in the name of a file."""
        from . import pipelines  # noqa: PLC0415  # most runs are about apps

        return pipelines.read_name(self._send(pipelines.show(pipeline_id)))

    def pipeline_id(self, stage: str) -> str:
        """The id of a stage's pipeline, asked for once; raises NoPipeline."""
        name = stage.rpartition("/")[0]
        if APP_ID.fullmatch(name):
            return name
        with self._pipeline_lock:  # several of its stages may be read at once
            if name not in self.pipelines:
                from . import pipelines  # noqa: PLC0415  # most runs are about apps

                found = self._all(pipelines.find(name), pipelines.read_pipelines)
                self.pipelines[name] = pipelines.only(name, found)
            return self.pipelines[name]

    def couplings(self, stage: str) -> list[tuple[str, str]]:
        """The apps of a stage's pipeline, by their ids, and the stage that each is in."""
        from . import pipelines  # noqa: PLC0415  # most runs are about apps

        asked = pipelines.couplings(stage, self.pipeline_id(stage))
        return self._all(asked, pipelines.read_couplings)

    def _get_vars(self, app: str) -> api.Request:
        if not is_stage(app):
            return api.get_vars(app)
        from . import pipelines  # noqa: PLC0415  # most runs are about apps

        return pipelines.get_vars(app, self.pipeline_id(app))

    def _held(self, request: api.Request) -> Held:
        found = api.read_vars(self._send(request))
        self.mask(found.vars.values())
        return found

    def _release_pages(self, app: str, size: int) -> Iterator[list[Release]]:
        """Each page newest first."""
        for page in self._pages(api.get_releases(app, newest=size), api.read_releases):
            yield sorted(page, key=lambda release: -release.version)

    def _all(self, request: api.Request, read: Callable[[api.Response], list[Item]]) -> list[Item]:
        return [*chain.from_iterable(self._pages(request, read))]

    def _pages(
        self, request: api.Request, read: Callable[[api.Response], list[Item]]
    ) -> Iterator[list[Item]]:
        return pages(request, self._send, read, self._clock)


def pages(
    request: api.Request,
    call: Callable[[api.Request], api.Response],
    read: Callable[[api.Response], list[Item]],
    clock: Clock,
) -> Iterator[list[Item]]:
    """The items of each page, each asked for when it is wanted; raises BadResponse for no end.

    A page that names itself as the next one is the last.
    """
    until = clock.monotonic() + MAX_SECONDS
    asked = {request.headers.get("Range")}
    empty = items = size = 0
    while True:
        response = call(request)
        page = read(response)
        empty, items, size = empty + (not page), items + len(page), size + len(response.body)
        if items > MAX_ITEMS or size > MAX_BYTES:
            raise api.unreadable(response, f"a list of {MAX_ITEMS:,} items at most")
        yield page
        rest = response.headers.get("next-range")
        is_cut = response.status == HTTPStatus.PARTIAL_CONTENT
        if not is_cut or not rest or rest == request.headers.get("Range"):
            return
        if rest in asked or empty >= MAX_EMPTY or len(asked) >= MAX_PAGES:
            raise api.unreadable(response, "a list that ends")
        if clock.monotonic() > until:
            raise api.unreadable(response, f"a list that ends within {MAX_SECONDS:.0f} seconds")
        asked.add(rest)
        request = request._replace(headers={**request.headers, "Range": rest})
