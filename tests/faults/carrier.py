"""Stands where the real `Transport` stands: it carries requests to the fake, or fails.

It raises what the real one raises: AnswerLost where a write went out and no whole answer came
back, otherwise Unreachable or TimedOut, and then nothing was written.
"""

import base64
import json
import re
import threading
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from random import Random
from typing import NoReturn
from urllib.parse import quote

from deploy.errors import AnswerLost, DeployError, TimedOut, Unreachable
from deploy.heroku.api import Request, Response

from .answers import Answer, answer, refused
from .api import OURS, Owned, Release, Vars
from .asked import changes_of, endpoint_of
from .story import Fault
from .world import LONGEST_LAG, Sent, World

LATENCY = 0.1
"""Seconds that a request takes."""
EFFECTIVE = {"lost-after", "timeout-after", "5xx-after", "truncated", "html", "odd", "303", "102"}
"""A PATCH that meets one of these took effect; its answer does not say so."""
REFUSED = (
    (401, "unauthorized"),
    (402, "delinquent"),
    (403, "forbidden"),
    (403, "suspended"),
    (404, "not_found"),
    (409, "conflict"),
    (410, "gone"),
    (422, "invalid_params"),
    (423, "confirmation_required"),
)
# No empty list: it would be an answer.
ODD = (None, "text", 7, {"LEVEL": {"a": 1}}, [1], [{}], {"LEVEL": 7})


class Carrier:
    def __init__(self, world: World) -> None:
        self.world = world
        self._lock = threading.RLock()
        """One request after the other, where the threads are real."""

    def take_key(self, _key: object) -> None:
        """There is one key."""

    def send(self, request: Request) -> Response:
        with self._lock:
            return self._sent(request)

    def _sent(self, request: Request) -> Response:
        world = self.world
        places = self._places(request)
        changes = changes_of(request)
        world.happen(world.hits(places, "before"), changes)
        faults = {fault.kind: fault for fault in world.hits(places, "at")}
        world.clock.move(LATENCY)
        try:
            found = self._answered(request, changes, faults)
        finally:
            world.clock.move(LATENCY / 2)
            world.happen(world.hits(places, "after"), changes)
        return found

    def _places(self, request: Request) -> dict[str, int]:
        """Which request of its kind this is, and which of all."""
        endpoint = endpoint_of(request)
        found = {}
        for name in (endpoint, "any"):
            self.world.counts[name] += 1
            found[name] = self.world.counts[name]
        return found

    def _answered(self, request: Request, changes: Vars, faults: Mapping[str, Fault]) -> Response:
        if early := self._fails_early(request, changes, faults):
            return self._spoken(early, faults)
        found, data = self._handled(request, changes, faults)
        if fault := faults.get("null"):
            found = self._with_null(found, fault.arg)
            data = found.data()
        for kind, fault in faults.items():
            if kind in EFFECTIVE:
                found, data = self._spoiled(request, kind, fault, found)
        return self._spoken(found, faults, data)

    def _with_null(self, found: Answer, arg: int) -> Answer:
        """One value that cannot be read."""
        if not isinstance(found.body, dict) or not found.body or found.status != 200:
            return found
        names = sorted(found.body)
        self.world.nulled.add(name := names[arg % len(names)])
        return Answer(200, {**found.body, name: None}, found.headers)

    def _fails_early(
        self, request: Request, changes: Vars, faults: Mapping[str, Fault]
    ) -> Answer | None:
        """What keeps a request from being carried out; a no, if that is an answer."""
        for kind, fault in faults.items():
            match kind:
                case "unreachable" | "unreachable-hard":
                    raise Unreachable("the network", may_pass=kind == "unreachable")
                case "lost" | "timeout":
                    self._log(changes, request)
                    self._break(request, is_slow=kind == "timeout")
                case "late" if request.changes is not None:
                    sent = self._log(changes, request)
                    sent.effect = self.world.clock.now + fault.arg % 20
                    self.world.later(sent.effect, partial(self._apply_late, sent))
                    self._break(request, is_slow=False)
                case "5xx":
                    self._log(changes, request)
                    return refused(500 + fault.arg % 5, "internal_server_error", "Sorry.")
                case "429" | "429-told" | "limited":
                    return self._limited(request, fault)
                case "refused":
                    status, known = REFUSED[fault.arg % len(REFUSED)]
                    return refused(status, known, "No.")
        return None

    def _limited(self, request: Request, fault: Fault) -> Answer:
        found = refused(429, "rate_limit", "Your account reached the API rate limit")
        if fault.kind == "429-told":
            found.headers["Retry-After"] = str(fault.arg % 200)
        if fault.kind == "limited":  # the next tries too
            endpoint = endpoint_of(request)
            nth = self.world.counts[endpoint]
            self.world.faults += [
                Fault("429", self.world.call, endpoint, nth + more) for more in (1, 2, 3)
            ]
        return found

    def _break(self, request: Request, *, is_slow: bool) -> NoReturn:
        error: DeployError = Unreachable("the connection broke", may_pass=True)
        if is_slow:
            self.world.clock.move(30)
            error = TimedOut("no answer in time")
        if request.changes is not None:
            error = AnswerLost("no answer in time" if is_slow else "the connection broke")
        raise error

    def _log(self, changes: Vars, request: Request) -> Sent:
        sent = Sent(self.world.call, self.world.clock.now, changes, self.world.told_owned)
        if request.changes is not None:
            self.world.patches.append(sent)
            self.world.met |= {value for value in changes.values() if value}
        return sent

    def _apply_late(self, sent: Sent) -> None:
        """What an add-on has taken meanwhile is refused, and nobody hears of it."""
        sent.effect = None
        with suppress(Owned):
            self._apply(sent)

    def _apply(self, sent: Sent) -> Release | None:
        made = self.world.app.change(
            sent.changes,
            user=OURS,
            at=self.world.clock.now,
            by=sent.call,
            phase=self.world.app.switches.phase,
        )
        sent.effect = self.world.clock.now
        sent.version = made.version if made else None
        return made

    def _handled(
        self, request: Request, changes: Vars, faults: Mapping[str, Fault]
    ) -> tuple[Answer, bytes]:
        world, lag = self.world, 0.0
        if (stale := faults.get("stale")) and request.changes is None:
            lag = LONGEST_LAG * (1 + stale.arg % 10) / 10
        at = world.now - lag
        patch = partial(self._patch, changes, request)
        found = answer(world.app, request.method, request.path, request.headers, at=at, patch=patch)
        if endpoint_of(request) == "attachments" and found.status < 300:
            world.told_owned = world.app.owned(at)
        if endpoint_of(request) == "releases":
            world.last_listed = at
        return found, found.data()

    def _patch(self, changes: Vars, request: Request) -> Release | None:
        return self._apply(self._log(changes, request))

    def _spoiled(
        self, request: Request, kind: str, fault: Fault, found: Answer
    ) -> tuple[Answer, bytes]:
        """An answer that does not come back as it was given."""
        data = found.data()
        match kind:
            case "lost-after" | "timeout-after":
                self._break(request, is_slow=kind == "timeout-after")
            case "5xx-after":
                found = refused(500 + fault.arg % 5, "internal_server_error", "Sorry.")
                return found, found.data()
            case "truncated":
                return found, data[: fault.arg % max(len(data) - 1, 1)]
            case "html":
                return found, b"<html>A proxy's page</html>"
            case "odd":
                return found, json.dumps(ODD[fault.arg % len(ODD)]).encode()
        return Answer(int(kind), found.body), data

    def _spoken(
        self, found: Answer, faults: Mapping[str, Fault], data: bytes | None = None
    ) -> Response:
        headers = {"Request-Id": f"{len(self.world.patches):08x}-aaaa", **found.headers}
        random = Random(repr(sorted(map(str, faults.values()))))
        data = found.data() if data is None else data
        secrets = sorted(self._met(found, data))
        headers["RateLimit-Remaining"] = "5" if "low" in faults else "4000"
        if fault := faults.get("warning"):
            secret = self.world.story.key if fault.arg % 3 == 0 else random.choice(secrets)
            spelling = SPELLINGS[fault.arg % len(SPELLINGS)](secret)
            headers["Warning-Message"] = f"You sent {spelling}, which is deprecated."
        if fault := faults.get("request-id"):
            headers["Request-Id"] = re.sub(r"[^0-9a-f-]", "", random.choice(secrets))[:36]
        told = {name.lower(): value.encode().decode("latin-1") for name, value in headers.items()}
        return Response(found.status, told, data)

    def _met(self, found: Answer, data: bytes) -> set[str]:
        """What the run can know by now, and Heroku too: it was sent, or answered."""
        is_whole = data == found.data() and found.status == 200
        if is_whole and isinstance(found.body, dict) and None not in found.body.values():
            self.world.met |= {each for each in found.body.values() if isinstance(each, str)}
        return self.world.met & self.world.story.secrets() - {""}


SPELLINGS = (
    lambda text: text,
    lambda text: base64.b64encode(text.encode()).decode(),
    lambda text: quote(text, safe=""),
    lambda text: json.dumps(text)[1:-1],
)
