"""When a request is sent again, and how long is waited before.

A read is repeated after 429, after 502, 503 and 504, and after a connection that broke: it changes
nothing. A write is repeated only where it cannot have taken effect: after 429, which is decided
before anything is done, and after a failure that came before a byte was sent. Any other failure of
a write (a timeout, a reset, a 5xx, a body cut short) leaves open whether it was applied; sending it
again could undo what someone else wrote in between, so the answer counts as lost and the story
finds out by reading.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .api import Request, Response

MAX_TRIES = 4
MAX_RETRY_AFTER = 120.0
"""Seconds; a longer Retry-After is cut to this."""
BACKOFF = 0.5
"""Seconds before the second try of a read; doubles."""
RATE_LIMIT_BACKOFF = 10.0
"""Seconds after a 429 without Retry-After; doubles. The bucket gains 75 tokens a minute."""


def pause(request: Request, response: Response | None, attempt: int) -> float | None:
    """Seconds to wait before this request is sent again, or None where it must not be.

    `response` is None where the connection failed: for a write, before a byte was sent. `attempt`
    counts from 1.
    """
    if attempt >= MAX_TRIES:
        return None
    factor = float(2 ** (attempt - 1))
    if response is None or (request.is_read and response.status in (502, 503, 504)):
        return BACKOFF * factor
    if response.status != HTTPStatus.TOO_MANY_REQUESTS:
        return None
    seconds = response.headers.get("retry-after", "")
    if re.fullmatch(r"[0-9]+", seconds):
        return min(float(seconds), MAX_RETRY_AFTER)
    return RATE_LIMIT_BACKOFF * factor


def is_lost(request: Request, response: Response) -> bool:
    """Whether a write was answered in a way that leaves open if it took effect.

    A 303 says that something was done, and a 408 not what.
    """
    is_open = not 200 <= response.status < 500 or response.status in (303, 408)
    return is_open and not request.is_read
