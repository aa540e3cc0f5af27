import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import NoReturn

import pytest

from deploy.emulator import App, Emulator, Fault, Latency, Writer

from .client import CONFIG, Client, connect


def port_of(emulator: Emulator) -> int:
    return int(emulator.url.rpartition(":")[2])


def test_the_address_is_on_loopback_and_known_only_while_open() -> None:
    emulator = Emulator()
    with emulator:
        assert emulator.url == f"http://127.0.0.1:{port_of(emulator)}"
    with pytest.raises(RuntimeError, match="only while it is open"):
        _ = emulator.url


def test_closing_frees_the_port_for_the_next() -> None:
    with Emulator() as first:
        port = port_of(first)
        assert Client(first).get("/apps").status == 200
    with Emulator(port=port) as second:
        assert Client(second).get("/apps").status == 200


def test_a_port_that_is_taken_is_an_error() -> None:
    with Emulator() as first, pytest.raises(OSError, match="in use"):
        Emulator(port=port_of(first)).__enter__()


def test_what_it_holds_outlives_the_context() -> None:
    emulator = Emulator()
    emulator.add_app("demo", {"A": "1"})
    for value in ("2", "3"):
        with emulator:
            Client(emulator).patch({"A": value})
    assert emulator.app("demo").vars == {"A": "3"}
    assert len(emulator.requests) == 2


def test_it_cannot_be_opened_twice_at_once(emulator: Emulator) -> None:
    with pytest.raises(RuntimeError, match="open already"):
        emulator.__enter__()


def test_closing_waits_neither_for_idle_clients_nor_for_sleeping_requests() -> None:
    entered = threading.Event()
    with ThreadPoolExecutor() as pool:
        with Emulator() as emulator:
            idle = connect(emulator)
            idle.request("GET", "/apps")
            idle.getresponse().read()
            emulator.inject(Fault(what=Writer(entered.set)))
            emulator.inject(Fault(what=Latency(3600)))
            sleeping = pool.submit(Client(emulator).get, "/apps")
            assert entered.wait(10)
            before = time.perf_counter()
        assert time.perf_counter() - before < 0.5
        assert isinstance(sleeping.exception(10), ConnectionResetError)
        idle.close()


def test_closing_leaves_no_thread_behind() -> None:
    with Emulator() as emulator:
        kept = connect(emulator)
        kept.request("GET", "/apps")
        kept.getresponse().read()
    names = [thread.name for thread in threading.enumerate()]
    assert not [name for name in names if name.startswith("emulator")]
    kept.close()


def test_an_error_inside_the_context_comes_out_of_it() -> None:
    def fail() -> NoReturn:
        with Emulator():
            raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        fail()


def test_it_listens_on_loopback_alone(emulator: Emulator) -> None:
    assert emulator._server is not None
    assert emulator._server.socket.getsockname()[0] == "127.0.0.1"


def test_two_emulators_share_nothing(emulator: Emulator, demo: App) -> None:
    with Emulator() as other:
        assert Client(other).get(CONFIG).status == 404


def test_it_loads_the_standard_library_alone_and_nothing_else_of_deploy() -> None:
    script = (
        "import sys, deploy\n"
        "before = set(sys.modules)\n"
        "import deploy.emulator.serve\n"
        "roots = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "print(sorted(roots - sys.stdlib_module_names))\n"
        "print(sorted(name for name in sys.modules if name.startswith('deploy.')\n"
        "      and not name.startswith('deploy.emulator')))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "['deploy']\n[]\n"
