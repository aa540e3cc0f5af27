"""The warm process: it imports what the tasks import, then forks a run for each message of `warm`.

Run as a program, with the number of the socket's descriptor.
"""

import atexit
import gc
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import sys
import termios
import threading
from collections.abc import Sequence
from contextlib import suppress
from fcntl import ioctl
from importlib import import_module
from typing import NoReturn

from .warm import LENGTH, Asked


def serve(tests: socket.socket) -> Sequence[str]:
    """Fork for each message until the tests end; returns in the fork alone, with its words."""
    woken, wakes = os.pipe()
    os.set_blocking(wakes, False)
    signal.set_wakeup_fd(wakes)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    answers: dict[int, int] = {}
    while True:
        ready, _, _ = select.select([tests, woken], [], [])
        if woken in ready:
            os.read(woken, 4096)
            while answers and (ended := os.waitpid(-1, os.WNOHANG))[0]:
                answer = answers.pop(ended[0])
                _say(answer, os.waitstatus_to_exitcode(ended[1]))
                os.close(answer)
        if tests in ready:
            data, descriptors, _, _ = socket.recv_fds(tests, LENGTH.size, 5)
            if not data:
                sys.exit()
            size = LENGTH.unpack(data)[0]
            asked = Asked(*json.loads(tests.recv(size, socket.MSG_WAITALL)))
            answer, *given = descriptors
            if not (child := os.fork()):
                tests.detach()
                _become(asked, given)
                return asked.words
            for each in given:
                os.close(each)
            answers[child] = answer
            _say(answer, child)


def _say(answer: int, number: int) -> None:
    with suppress(BrokenPipeError):  # the test did not wait
        os.write(answer, b"%d\n" % number)


def _become(asked: Asked, given: Sequence[int]) -> None:
    """Be what a process that was started this way would be."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    for number, each in enumerate(given):
        os.dup2(each, number)
    if len(given) > 3:
        ioctl(3, termios.TIOCSCTTY, 0)  # and left open: it would hang up, where no stream has it
    os.closerange(len(given), 1024)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        before = getattr(sys, name)
        how = {"encoding": before.encoding, "errors": before.errors}
        now = open(before.fileno(), mode, closefd=False, **how)  # noqa: SIM115  # a stream
        setattr(sys, name, now)
        setattr(sys, f"__{name}__", now)
    sys.stderr.reconfigure(line_buffering=True)
    coerced = {name: value for name, value in os.environ.items() if name == "LC_CTYPE"}  # PEP 538
    os.environ.clear()
    os.environ.update({**coerced, **asked.env})
    os.chdir(asked.folder)
    sys.path[0] = os.getcwd()  # noqa: PTH109  # as `python -m` does


def _import_all() -> None:
    """All that the tasks import, and then not the package that sees who imports it."""
    import_module("invoke.main")
    package = import_module("deploy")
    for found in pkgutil.walk_packages(package.__path__, "deploy."):
        if not found.name.startswith("deploy.emulator"):
            import_module(found.name)
    del sys.modules["deploy.tasks"], package.tasks  # it looks at who imports it
    gc.freeze()


def _end(code: int) -> NoReturn:
    """As Python ends, but for taking apart all that it has loaded: half the time of a short run."""
    threading._shutdown()
    atexit._run_exitfuncs()
    with suppress(OSError):  # Python itself says so
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    _import_all()
    sys.argv[1:] = serve(socket.socket(fileno=int(sys.argv[1])))
    try:
        runpy.run_module("invoke", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if not isinstance(end.code, int | None):
            raise
        _end(end.code or 0)
    _end(0)
