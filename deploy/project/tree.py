"""Reads the working tree for the checks, and asks git about it: each thing once, nothing judged.

In a checkout git says which files there are (tracked, or neither tracked nor ignored) and searches
them. Elsewhere they are read here, within limits that are said.
"""

import io
import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from . import files
from .code.libraries import CLUES
from .code.python import PythonFile
from .facts import Tracking
from .git import Checkout
from .grep import Expression, grep, listed, names_in
from .lines import Line, matching, wide_encoding

MAX_FILES = 20_000
MAX_FILE = 8 << 20
"""Bytes; larger files are passed over outside a checkout."""
MAX_SOURCE = 2 << 20
"""Bytes; the tree of a program takes a hundred times as much."""
_PLAIN_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
"""How a file is opened: a link is not followed, and a pipe not waited for."""
_SKIPPED = {".git", ".hg", ".svn", ".venv", "venv", "node_modules", "__pycache__", ".tox"} | {
    *(".heroku", "bundle", "site-packages"),  # where buildpacks install what is not ours
}


class Tree:
    """The files below a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        found = files.checkout(root)
        self.checkout = Checkout(*found) if found else None
        self.passed_over = 0
        """How many files outside a checkout were too many or too large."""

    @property
    def below(self) -> str:
        """The way from the top of the checkout, empty or with a slash at its end."""
        return self.checkout.prefix if self.checkout else ""

    @cached_property
    def files(self) -> list[str]:
        """The files that a commit could hold, sorted, relative to the folder."""
        tracked = listed(self.checkout, "ls-files", "-z", "--cached") if self.checkout else []
        return sorted({*tracked, *self._untracked})

    @cached_property
    def _untracked(self) -> list[str]:
        """What git neither tracks nor ignores; outside a checkout every file.

        What is installed in a virtual environment is left out, until a commit is to have it.
        """
        if not self.checkout:
            return list(self._walk())
        found = listed(self.checkout, "ls-files", "-z", "--others", "--exclude-standard")
        end = "/pyvenv.cfg"  # docs.python.org/3/library/venv.html
        installed = tuple(name[: -len(end) + 1] for name in found if name.endswith(end))
        return [name for name in found if not name.startswith(installed)]

    def search(
        self, needles: Sequence[bytes], expression: Expression | None = None
    ) -> Iterator[Line]:
        """The lines that hold one of these texts, of all files, binary ones too.

        Git searches what it tracks. What is new is read here, since `git grep --untracked` passes
        over a tracked file that a pattern ignores.
        """
        if not needles:
            return
        if self.checkout:
            yield from grep(self.checkout, needles, expression)
        wanted = [*needles, *([expression.text] if expression else [])]
        for name in self._untracked:
            with self._opened(name) as file:
                yield from matching(name, file.read, wanted)
        for name, encoding in self._wide:
            with self._opened(name) as file, _decoded(file, encoding) as text:
                yield from matching(name, lambda size: text.read(size).encode(), wanted)

    @cached_property
    def _wide(self) -> list[tuple[str, str]]:
        """The files in UTF-16 or UTF-32, in which no byte is a letter, and their encodings."""
        found = []
        for name in self.files:
            with self._opened(name) as file:
                if encoding := wide_encoding(file.read(4)):
                    found.append((name, encoding))
        return found

    def behind(self, line: Line, count: int) -> bytes:
        """The lines that follow one, as many as there are."""
        with self._opened(line.path) as file:
            encoding = wide_encoding(file.read(4))
            file.seek(0)
            if not encoding:
                return b"".join(islice(file, line.number, line.number + count))
            with _decoded(file, encoding) as text:
                return "".join(islice(text, line.number, line.number + count)).encode()

    def python_files(self, words: Sequence[str] = CLUES) -> Iterator[PythonFile]:
        """The Python files that have one of these words, such as speak of the environment."""
        clue = re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b".encode())
        names = []
        if self.checkout:
            found = self.checkout.ask(
                *("grep", "-l", "-z", "-a", "-F", "-w", "--no-color", "--no-textconv"),
                *(option for word in words for option in ("-e", word)),
                name="*.py",
                is_pattern=True,
                exit_codes=(0, 1),
            )
            names = names_in(self.checkout, found)
        new = [name for name in self._untracked if name.endswith(".py")]
        for name in sorted({*names, *new}):
            with self._opened(name) as file:
                data = file.read(MAX_SOURCE + 1)
            if len(data) > MAX_SOURCE:
                yield PythonFile(name, None)
            elif clue.search(data):
                yield PythonFile(name, data.decode("utf-8-sig", "replace"))

    def mentioned(self, names: Iterable[str], *, apart_from: Sequence[str]) -> frozenset[str]:
        """Which of these names stand in some file, as whole words."""
        known = {name.encode(): name for name in names}
        found: set[str] = set()
        for line in self.search(sorted(known)):
            if line.path not in apart_from and not line.path.endswith(".lock"):
                words = re.findall(rb"\w+", line.text)
                found.update(known[word] for word in words if word in known)
        return frozenset(found)

    def _walk(self) -> Iterator[str]:
        count = 0
        for folder, folders, names in os.walk(self.root):
            folders[:] = sorted(set(folders) - _SKIPPED)
            for name in sorted(names):
                path = Path(folder, name)
                if not path.is_file() or path.is_symlink():
                    continue
                count += 1
                if count > MAX_FILES or path.stat().st_size > MAX_FILE:
                    self.passed_over += 1
                else:
                    yield str(path.relative_to(self.root))

    def _opened(self, name: str) -> BinaryIO:
        """A file to read; an empty one for what is none of this tree: a link, a repository."""
        with suppress(OSError):  # gone meanwhile, or not ours to read
            found = os.open(self.root / name, _PLAIN_FILE)
            if stat.S_ISREG(os.fstat(found).st_mode):
                return os.fdopen(found, "rb")
            os.close(found)
        return io.BytesIO()


def tracking(path: Path) -> Tracking | None:
    """What git says of one file, be it there or not; None outside a checkout."""
    folder = next(parent for parent in path.parents if parent.is_dir())
    if not (found := files.checkout(folder)):
        return None
    checkout, name = Checkout(*found), str(path.relative_to(folder))
    tracked = checkout.ask("ls-files", "-z", name=name)
    ignored = checkout.ask("check-ignore", name=name, exit_codes=(0, 1))
    # In full: a merge that left the file out hides the branch that had it.
    commits = checkout.ask(
        *("log", "--all", "--full-history", "-1", "--format=%h"),
        *("--no-patch", "--no-ext-diff", "--no-textconv"),
        name=name,
    )
    return Tracking(
        is_ignored=bool(ignored),
        is_tracked=bool(tracked),
        commit=commits.decode("ascii", "replace").strip() or None,
    )


def linked(path: Path) -> tuple[str, Tracking] | None:
    """A link's target, relative to it, and what git says of that; None outside a checkout."""
    if not path.is_symlink():
        return None
    target = Path(os.path.realpath(path))
    found = tracking(target)
    return (os.path.relpath(target, path.parent), found) if found else None


def _decoded(file: BinaryIO, encoding: str) -> io.TextIOWrapper:
    """A file in another encoding, line ends as they are."""
    return io.TextIOWrapper(file, encoding, errors="replace", newline="\n")
