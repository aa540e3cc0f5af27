"""A local Heroku Platform API over HTTP, for the demo, the tests and for trying things.

It keeps everything in memory, listens on 127.0.0.1 alone, takes any key, and shares no code
with the client it serves: it would agree with that client's mistakes.

    with Emulator() as emulator:
        app = emulator.add_app("demo", {"LOG_LEVEL": "info"})
        emulator.inject(Fault(what=Status(503, When.AFTER), method="PATCH"))
        ...  # talk to emulator.url
"""

from .app import App
from .emulator import Emulator
from .facts import Addon, Attachment, Release, ReleasePhase
from .faults import (
    Body,
    Fault,
    Latency,
    Redirect,
    Reset,
    Status,
    Truncated,
    When,
    Writer,
)
from .journal import Request

__all__ = [
    "Addon",
    "App",
    "Attachment",
    "Body",
    "Emulator",
    "Fault",
    "Latency",
    "Redirect",
    "Release",
    "ReleasePhase",
    "Request",
    "Reset",
    "Status",
    "Truncated",
    "When",
    "Writer",
]
