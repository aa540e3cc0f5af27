"""What makes a function one of our tasks: its options and help, and how Invoke calls it.

`invoke --list` and tab completion load every task each time, so a task imports what it uses when it
runs, and this module imports Invoke alone.
"""

from __future__ import annotations

import atexit
import gc
import sys
from contextlib import contextmanager, suppress
from functools import wraps
from traceback import walk_stack
from typing import TYPE_CHECKING

from invoke.exceptions import Exit
from invoke.parser.argument import Argument
from invoke.tasks import Task

from .. import signals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType, TracebackType

    from invoke.context import Context
    from invoke.program import Program

HELP = {
    "all": "All apps and stages of the settings.",
    "app": "The Heroku app, by its name or id. Otherwise: HEROKU_APP, the only app in the settings,"
    " the git remote.",
    "confirm": "The app's name, where a plan removes or empties vars and nobody can be asked.",
    "dry_run": "Show the plan and write nothing; Invoke's own --dry does the same.",
    "expect": "Apply the plan of this digest, as config.diff shows it, and no other; asks"
    " nothing but the app's name for removals.",
    "exit_code": "Exit with 2 where the plan is not empty.",
    "file": "The env file; - reads standard input. Otherwise: the settings, or .env.production.",
    "first": "Write to this app ahead of the others, which begin when it is verified.",
    "force": "Apply a plan that looks like a mistake (many removals or changes, a placeholder,"
    " another app's file), or that writes over what cannot be read.",
    "format": "text (the default) or json.",
    "keep_going": "Where an app fails, or may not be written to, go on with the others.",
    "no_wait": "Do not wait for a release phase; the change is then not verified.",
    "only": "Narrow the plan to this name; may be repeated.",
    "pipeline": "In place of an app, the vars of a stage of this pipeline, by its name or id.",
    "prune": "Also remove unmanaged vars: on Heroku, not in the file, not owned, not ignored.",
    "release": "Compare with what this release (v41) held, as config.rollback would, and not with"
    " the env file.",
    "reveal": "Show the values of this name, or of a pattern such as 'LOG_*'; may be repeated.",
    "stage": "The stage of the pipeline: review, test or development.",
    "wait": "Wait so many minutes for a release phase, in place of 65.",
    "yes": "Apply without asking, or where nobody can be asked; a plan that removes or empties vars"
    " needs --confirm.",
}
"""An option that means the same in several tasks; a task says what another one means."""
APPS = f"{HELP['app']} May be repeated, for one plan for several apps."

FAILED, FOUND = 1, 2
"""Exit codes: a part could not be done; or all was, and a task found what it looks for."""


class Command(Task):  # type: ignore[type-arg]  # generic for type checkers alone
    """A task with `-a` for `--app`, as in Heroku's own CLI, and no other short option."""

    by_place, instead = "", ""
    """An argument that is known by its place, and the option that may stand for it.

    Invoke has no argument of that kind that may be left out.
    """

    def arg_opts(self, name: str, default: str, taken_names: set[str]) -> dict[str, object]:
        found: dict[str, object] = super().arg_opts(name, default, taken_names)
        if name == "app":
            found["names"] = ["app", "a"]
        return found

    def get_arguments(
        self,
        ignore_unknown_help: bool | None = None,  # noqa: FBT001  # Invoke's own signature
    ) -> list[Argument]:
        help_ = dict(self.help)  # Invoke empties it: asked again, there would be no help
        found = super().get_arguments(ignore_unknown_help)
        self.help = help_
        if self.by_place and not any(word.startswith(self.instead) for word in sys.argv):
            for each in found:
                each.positional |= each.name == self.by_place
        return [_Repeated.of(each) if each.kind is list else each for each in found]


class _Repeated(Argument):
    """An option that may be repeated, shown with its value.

    Invoke's parser repeats the kind list alone, and its help shows a value for str and int alone
    (`ParserContext.help_for`, to 3.0.3). Help reads a task's own arguments, and a parse works on
    copies.
    """

    @classmethod
    def of(cls, found: Argument) -> _Repeated:
        return cls(names=found.names, kind=str, help=found.help, attr_name=found.attr_name)

    def __deepcopy__(self, _memo: object) -> Argument:
        return Argument(
            names=self.names, kind=list, default=[], help=self.help, attr_name=self.attr_name
        )


def command(
    by_place: str = "", instead: str = "", /, **helps: str
) -> Callable[[Callable[..., int]], Command]:
    """Make a task of a function; its signature and its docstring are the options and the help.

    The function gets a `Run`, then the options by their names, and returns the exit code. An option
    that is a list may be repeated. One that `helps` does not describe has its text in `HELP`.
    `by_place` is one that is given by its place, unless the option `instead` is.
    """

    def declare(body: Callable[..., int]) -> Command:
        @wraps(body)  # Invoke reads the signature of what is wrapped
        def call(c: Context, **options: object) -> None:
            with signals.listening() as listener, quick_start():
                from .run import run  # noqa: PLC0415  # not needed for a list

                code = run(body, c, options, listener)
            atexit.register(gc.freeze)  # or Python, at its end, looks at all there is, three times
            if code:
                raise Exit(code=code)  # Invoke ignores what a task returns

        kinds = body.__annotations__
        lists = [name for name, kind in kinds.items() if kind.startswith("list")]
        shared = {name: HELP[name] for name in kinds.keys() & HELP.keys()}
        made = Command(call, auto_shortflags=False, iterable=lists, help={**shared, **helps})
        made.by_place, made.instead = by_place, instead
        return made

    return declare


@contextmanager
def quick_start() -> Iterator[None]:
    """Spend 25 ms less on imports: keep byte code, and seldom look for garbage where is none.

    Invoke keeps Python from writing byte code, so as to leave no traces beside a `tasks.py`; this
    is a package like any other.
    """
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, bool(sys.flags.dont_write_bytecode)
    thresholds = gc.get_threshold()
    gc.set_threshold(max(thresholds[0], 50_000), *thresholds[1:])
    try:
        yield
    finally:
        sys.dont_write_bytecode = before
        gc.set_threshold(*thresholds)


def prevent_tracebacks() -> None:
    """Let nothing end in a traceback while Invoke is at work: not Ctrl-C, nor an `invoke.yaml`.

    Invoke imports `tasks.py` first, and loads the settings beside it next, before any task runs:
    what it raises then, where it cannot load them, can be met only where Python shows it. In a
    program that merely imports this package nothing changes, and any other exception is shown as
    ever.
    """
    importing = [frame for frame, _ in walk_stack(sys._getframe())]  # noqa: SLF001  # Python's own
    loading = next((frame for frame in importing if _is_loading_tasks(frame)), None)
    if loading is None:
        return
    signals.handle_outside_tasks()
    before = sys.excepthook

    def show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        from .invoke_config import explain, has_lost_its_reader  # noqa: PLC0415  # hardly ever

        if has_lost_its_reader(error, trace):
            return
        if isinstance(error, Exception) and (text := explain(error, trace)):
            print(text, file=sys.stderr)  # noqa: T201  # there is no task, and no terminal yet
        else:
            before(kind, error, trace)

    sys.excepthook = show
    atexit.register(_flush)
    atexit.register(_say_what_may_be_meant, loading.f_locals.get("self"))


def _say_what_may_be_meant(program: Program | None) -> None:
    """Name the nearest of our tasks or options, where Invoke ended with no idea of a word."""
    if program is None or hasattr(program, "tasks") or not hasattr(program, "parser"):
        return  # what was asked was parsed, or nothing was
    with suppress(Exception):  # Invoke has said what is wrong, and this is a courtesy
        from .nearest import hint  # noqa: PLC0415  # hardly ever

        if text := hint(program, Command):
            print(text, file=sys.stderr)  # noqa: T201  # there is no task, and no terminal yet


def _flush() -> None:
    """Be silent where the reader of a list or a help has left (`| head -1`), as Python is not."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        from .stderr import mute  # noqa: PLC0415  # hardly ever

        mute(sys.stdout)
    except Exception:
        return  # there is none, or Python itself says so


def _is_loading_tasks(frame: FrameType) -> bool:
    name = frame.f_globals.get("__name__")
    return (name, frame.f_code.co_name) == ("invoke.program", "load_collection")
