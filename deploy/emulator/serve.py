"""The emulator as a command: `serve` runs it in the foreground until it is told to stop."""

import errno
import signal
import sys
from contextlib import ExitStack
from pathlib import Path
from shlex import quote
from typing import TextIO

from .emulator import Emulator
from .sample import NAME, STAGING, add_samples

DEFAULT_PORT = 5280
_STOPS = {signal.SIGINT, signal.SIGTERM}
_INTRODUCTION = """\
Heroku's Platform API, emulated, at {url} with the apps {app} and {staging}.
In another terminal:

export PATH={scripts}:"$PATH"
export HEROKU_HOST={url}
export HEROKU_API_KEY=any-key-will-do-for-the-emulator
export HEROKU_SKIP_NEW_VERSION_CHECK=true
export HEROKU_DISABLE_AUTOUPDATE=1
export DISABLE_TELEMETRY=true

Then try: invoke config.pull --app {app}
     or:  heroku config --app {app}

Requests appear below, without their values. Ctrl-C stops the emulator.
"""


def serve(port: int = DEFAULT_PORT) -> int:
    """Serve `demo` and `demo-staging` until Ctrl-C or SIGTERM; port 0 takes any free one.

    Returns 0, or 1 where the port cannot be had. Call it in the main thread: the signals are
    blocked there, and so in every thread it starts, and waited for.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    try:
        return _serve(port, sys.stdout)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(port: int, out: TextIO) -> int:
    emulator = Emulator(port=port, log=out)
    add_samples(emulator)
    with ExitStack() as stack:
        try:
            stack.enter_context(emulator)
        except (OSError, OverflowError) as error:
            _say(sys.stderr, _complaint(port, error))
            return 1
        scripts = quote(str(Path(sys.executable).parent))
        _say(
            out,
            _INTRODUCTION.format(url=emulator.url, app=NAME, staging=STAGING, scripts=scripts),
        )
        signal.sigwait(_STOPS)
    _say(out, "Stopped.")
    return 0


def _complaint(port: int, error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        reason = "is taken"
    elif isinstance(error, PermissionError):
        reason = "is not for you to open"
    else:
        reason = "cannot be opened"
    return f"port {port} {reason}; name another with --port, or --port 0 for any that is free"


def _say(stream: TextIO, text: str) -> None:
    stream.write(text + "\n")
    stream.flush()
