"""What every test starts from: an environment of its own, and a random order."""

import os
import random
import shutil
import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings

from deploy.emulator import App, Emulator

from .tasks import warm
from .tasks.face import Face

settings.register_profile(
    "ours",
    max_examples=200 if os.environ.get("EVERY") else 20,
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ours")

SEED = os.environ.setdefault("TEST_SEED", str(random.SystemRandom().randrange(10**6)))
"""The order of this run, and of all its workers; give it as TEST_SEED to have it again."""

T = TypeVar("T")


def some(cases: Sequence[T], count: int) -> list[T]:
    """So many of them, other ones in each run; all with EVERY=1, as the whole gate has it."""
    if os.environ.get("EVERY") or count >= len(cases):
        return list(cases)
    return random.Random(SEED).sample(cases, count)


# What these hold belongs to whoever runs the tests, and must change nothing.
FOREIGN = ("HEROKU_", "INVOKE_", "GIT_", "HTTP_", "HTTPS_", "ALL_", "NO_", "REQUESTS_", "CURL_")


def pytest_report_header() -> str:
    return f"test order: TEST_SEED={SEED}"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than cores: a fifth of the time a test waits for a process, or for a terminal."""
    return (os.cpu_count() or 1) + 1


def pytest_configure() -> None:
    """Let Ctrl-C arrive: a shell starts a job in the background with it ignored, for good."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_unconfigure() -> None:
    warm.end()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Shuffle, and leave out what is beyond the sample of a test with very many cases."""
    random.Random(SEED).shuffle(items)
    if os.environ.get("EVERY"):
        return
    seen: Counter[str] = Counter()
    kept: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    for item in items:
        test = item.nodeid.partition("[")[0]
        seen[test] += 1
        mark = item.get_closest_marker("sampled")
        (left_out if mark and seen[test] > mark.args[0] else kept).append(item)
    config.hook.pytest_deselected(items=left_out)
    items[:] = kept


@pytest.fixture(autouse=True)
def own_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """No test sees the home, the keys, the proxies or the CI of the machine it runs on.

    Nor its terminal: whoever runs the tests is not to be asked what a test asks.
    """
    monkeypatch.setattr("deploy.tasks.terminal.TTY", "/no/terminal")
    cli = os.environ.get("HEROKU_CLI")
    for name in os.environ:
        if name.upper().startswith(FOREIGN) or name in {
            "CI",
            "NETRC",
            "SSL_CERT_FILE",
            "XDG_CONFIG_HOME",
        }:
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path_factory.getbasetemp() / "nobody"))  # is not there
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    if cli:
        monkeypatch.setenv("HEROKU_CLI", cli)


@pytest.fixture
def home(own_environment: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    return home


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator() as opened:
        yield opened


@pytest.fixture
def app(emulator: Emulator) -> App:
    """An app `myapp` with vars of its own, and a database that owns another."""
    app = emulator.add_app("myapp", {"LOG_LEVEL": "info", "TOKEN": "t0ken", "OLD": "old"})
    app.add_addon(
        "heroku-postgresql:essential-0",
        "postgresql-curved-12345",
        {"DATABASE_URL": "postgres://user:w8rD2kQz@host.db.dev/db"},
        attachment="DATABASE",
    )
    return app


@pytest.fixture
def foreign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for PATH whose git is the real one, and takes every checkout for another user's.

    With the variable of git's own tests (its `t0033-safe-directory.sh`), so that no root is needed.
    """
    real = shutil.which("git")
    folder = tmp_path / "foreign"
    folder.mkdir()
    script = folder / "git"
    script.write_text(f'#!/bin/sh\nGIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec "{real}" "$@"\n')
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return folder


@pytest.fixture
def face(emulator: Emulator, app: App, tmp_path: Path, home: Path) -> Face:
    """A project folder whose `.env.production` is in sync with `myapp`."""
    folder = tmp_path / "project"
    folder.mkdir()
    face = Face(folder, emulator.url, home)
    face.write(".env.production", "LOG_LEVEL=info\nTOKEN=t0ken\nOLD=old\n")
    return face
