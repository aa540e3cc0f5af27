"""An exception in any function that a task reaches: what is in its text is never said.

For each function, from the first call on, an exception with a planted text is all that comes of it;
so it is, too, while an error is being told. Run in this process, as in `test_canary`; a hundred of
the functions, or with EVERY=1 each of them.
"""

import gc
import inspect
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import CodeType, FrameType, FunctionType

import pytest
from invoke.program import Program

from deploy.emulator import App, Emulator
from deploy.signals import Clock
from deploy.tasks import config, ns

from .conftest import some
from .stories.history import Repo, lock_text

DEPLOY = Path(__file__).parents[1] / "deploy"
KEY = "0123456789abcdef" * 4
ENV = f"LOG_LEVEL=debug\nTOKEN=t0ken\nNEW='a b'\nCONFIG_LOCK_KEY={KEY}\n"
CHANGED = lock_text({"LOG_LEVEL": "trace", "TOKEN": "t0ken", "NEW": "t0ken"})
"""The lock of a branch, made while all is well."""
LINES = (
    "config.diff --app myapp",
    "config.diff --app myapp --format json",
    "config.diff --app myapp --release v1 --reveal LOG_LEVEL",
    "config.sync --app myapp --yes --prune --confirm myapp --force",
    "config.drift --app myapp --app other",
    "config.drift --app myapp --format json",
    "config.drift --app myapp --format github",
    "config.history --app myapp",
    "config.history --app myapp --format json",
    "config.compare --app myapp --with other",
    "config.compare --app myapp --with other --format json",
    "config.where TOKEN --app myapp --app other",
    "config.where TOKEN --app myapp --app other --format json",
    "config.check",
    "config.check --format json",
    "config.check --format github",
    "config.review --base main",
    "config.review --base main --format json",
    "config.review --base main --format github",
    "config.drift --app myapp --format markdown",
    "config.review --base nothing --format markdown",
    "config.ready --app myapp --like other",
    "config.ready --app myapp --format json",
    "config.ready --environ --format github",
    "config.pull --app myapp --yes --prune --confirm .env.production",
    "config.lock --yes",
    "config.rollback --app myapp --to v1 --confirm myapp",
    "config.diff --app nosuchapp",
    "config.diff --app nosuchapp --format json",
    "config.drift --app nosuchapp --format github",
    "config.diff --app myapp --file broken",
    "config.pull --app myapp",
    "config.sync --pipeline p --stage review --file .env.production --confirm p/review --prune",
    "config.diff --pipeline p --stage review --file .env.production --format json",
    "config.compare --pipeline p --stage review --with other",
    "config.drift --pipeline p --stage review --file .env.production --format github",
)
OUTSIDE = {
    # Before any value is read: Invoke shows what becomes of a task's arguments.
    "tasks/command.py",
    # Around the wrapper, or below it in a thread of its own; neither knows a value.
    *("workers.py", "signals.py"),
}
THE_WRAPPER = ("tasks/run.py", "run")
TASKS = {task.body.__wrapped__.__code__ for task in config.tasks.values()}


@pytest.fixture(autouse=True)
def project(emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    slept = [0.0]
    monkeypatch.setattr(Clock, "sleep", slept.append)
    monkeypatch.setattr(Clock, "monotonic", lambda: sum(slept))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HEROKU_HOST", emulator.url)
    monkeypatch.setenv("HEROKU_API_KEY", "key")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary"))
    (tmp_path / "app.py").write_text("import os\nos.environ['A']\nkey = 'a b'\n")
    (tmp_path / "broken").write_text("A='x\n")
    monkeypatch.setenv("HEROKU_APP", "myapp")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    repo = Repo(tmp_path)
    repo.write(".gitignore", ".env*\n!*.lock\n")
    repo.write("invoke.json", '{"heroku": {}}')
    repo.lock(LOG_LEVEL="debug", TOKEN="t0ken", GONE="x")
    repo.commit()
    (tmp_path / "invoke.json").unlink()
    other = emulator.add_app("other", {"TOKEN": "t0ken"})
    emulator.add_pipeline("p").couple(other, "production")
    return tmp_path


def _run(line: str, app: App, emulator: Emulator, project: Path) -> None:
    """Run a line, everything as it was before the first."""
    before = {"LOG_LEVEL": "info", "TOKEN": "t0ken", "OLD": "old", "NEW": None}
    if any(app.vars.get(name) != value for name, value in before.items()):
        app.set_vars({**before, "CONFIG_LOCK_KEY": None})
    [pipeline] = emulator.pipelines
    pipeline.vars["review"] = {"LOG_LEVEL": "info", "OLD": "old"}
    (project / ".env.production").write_text(ENV)
    (project / ".env.production").chmod(0o600)
    for name in ("summary", ".env.production.lock"):
        (project / name).unlink(missing_ok=True)
    if "review" in line:
        (project / ".env.production.lock").write_text(CHANGED)
        app.set_vars({"CONFIG_LOCK_KEY": KEY})
    try:
        with suppress(SystemExit):
            Program(namespace=ns).run(["invoke", *line.split()])
    except Exception:  # as Python itself would tell it
        traceback.print_exc()


def _reached(work: Callable[[], None]) -> list[CodeType]:
    """Our functions, not the bodies of classes, that are called meanwhile, in any thread."""
    found: dict[CodeType, None] = {}
    seen: set[CodeType] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event != "call" or code in seen:
            return
        seen.add(code)
        path = Path(code.co_filename)
        is_ours = path.is_relative_to(DEPLOY) and "emulator" not in path.parts
        if is_ours and code.co_flags & inspect.CO_OPTIMIZED:
            found[code] = None

    threading.setprofile(note)
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    return list(found)


def _unknown(*_: object, **__: object) -> object:
    raise RuntimeError("pl4nted-5ecret")


def _of_the_system(*_: object, **__: object) -> object:
    raise OSError("pl4nted-5ecret")


KINDS = (_unknown, _of_the_system)


@contextmanager
def _failing(
    code: CodeType, functions: Sequence[FunctionType], by: Callable[..., object]
) -> Iterator[None]:
    """Let each call of a function raise; of one that is made anew each time, the first."""
    for each in functions:
        each.__code__ = by.__code__.replace(co_freevars=code.co_freevars)

    def fail(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code is code:
            by()

    if not functions:
        threading.setprofile(fail)
        sys.setprofile(fail)
    try:
        yield
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
        for each in functions:
            each.__code__ = code


def _is_inside(code: CodeType) -> bool:
    name = Path(code.co_filename).relative_to(DEPLOY).as_posix()
    if code.co_name.startswith("<") and code.co_name != "<lambda>":
        return False  # a part of the function around it
    return name not in OUTSIDE and (name, code.co_name) != THE_WRAPPER


# An exception may come while a connection is open, which then ends with its transport.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_no_exception_brings_its_text_out(
    app: App, emulator: Emulator, project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    reached: dict[CodeType, str] = {}
    for line in LINES:
        for code in _reached(partial(_run, line, app, emulator, project)):
            reached.setdefault(code, line)
    assert len(reached) > 500
    functions: dict[CodeType, list[FunctionType]] = {}
    for each in gc.get_objects():
        # The options of a task are those of its function: that one stays, and its call fails.
        if isinstance(each, FunctionType) and each.__code__ not in TASKS:
            functions.setdefault(each.__code__, []).append(each)
    told = []
    for number, code in enumerate(some([*filter(_is_inside, reached)], 50)):
        capfd.readouterr()
        with _failing(code, functions.get(code, ()), KINDS[number % len(KINDS)]):
            _run(reached[code], app, emulator, project)
        said = "".join(capfd.readouterr())
        if "pl4nted" in said or "5ecret" in said or "Traceback" in said:
            told.append(f"{Path(code.co_filename).name} {code.co_name}")
    assert told == []
