"""Files as commits hold them, and which commit is meant; the working tree plays no part here."""

from __future__ import annotations

import io
import os
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ..envfile.encoding import MAX_BYTES
from ..errors import BadOption, DeployError, FileUnreadable
from .git import CannotSearch
from .objects import PROMISED

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from .git import Checkout

_PARTIAL, _WHOLE = (
    "this clone is a partial one, and lacks a file or a folder of a commit",
    "clone without --filter",
)
DEEP = "fetch the whole history: git fetch --unshallow, or fetch-depth: 0 for actions/checkout"
_COMMIT = re.compile(rb"[0-9a-f]{40,64}\n")
_ENTRY = re.compile(rb"(\d{6}) [a-z]+ ([0-9a-f]{40,64})\t(.*)", re.DOTALL)
_FILE = ("100644", "100755", "100664")
_KINDS = {"120000": "a link", "160000": "a submodule, whose files are another repository's"}


class NoCommit(DeployError):
    """What was named as a base leads to no commit."""


class NoFork(DeployError):
    """Two commits have no ancestor in common that this clone knows."""


def checked_ref(ref: str) -> str:
    """What `--base` holds, if git can be asked for it; raises BadOption.

    The text is not repeated: it may be a value that landed here.
    """
    if not ref or ref.startswith("-") or not ref.isprintable():
        reason = "--base holds no branch and no commit"
        raise BadOption(reason, next_step="name what this branch is merged into: origin/main")
    return ref


def commit(asked: Checkout, ref: str) -> str:
    """The commit that a ref leads to, a branch before a tag of its name; raises NoCommit.

    Git takes the tag, which whoever may push can make, and so hide what a branch changes.
    """
    kinds = ("",) if ref == "HEAD" else ("refs/heads/", "refs/remotes/", "")
    for kind in kinds:
        if found := _parsed(asked, f"{kind}{ref}^{{commit}}"):
            return found
    if ref == "HEAD":
        raise NoCommit("there is no commit here yet", next_step="commit, and review that")
    if asked.ask("cat-file", "-t", ref, exit_codes=(0, 128)):
        step = "name a branch, or a commit"
        raise NoCommit("--base leads to something in git that is no commit", next_step=step)
    step = "fetch it (git fetch origin main), or name another with --base"
    raise NoCommit("the base is nothing that this clone knows", next_step=step)


def _parsed(asked: Checkout, text: str) -> str | None:
    # No `--end-of-options`: before git 2.30 `rev-parse` prints it. Nothing begins with a dash here.
    # A hash that is not here is 128, as much else is; HEAD, the first to be asked for, is not.
    codes = (0, 1) if text.startswith("HEAD^") else (0, 1, 128)
    answer = asked.ask("rev-parse", "--verify", "--quiet", text, exit_codes=codes)
    return answer.decode().strip() if _COMMIT.fullmatch(answer) else None


def forks(asked: Checkout, base: str, head: str) -> list[str]:
    """The newest commit that both descend from, alone; raises NoFork.

    After merges in both directions there may be several; behind them stands the newest commit that
    all of these descend from, and where there is none, the first of them stands alone.
    """
    found = asked.ask("merge-base", "--all", base, head, exit_codes=(0, 1)).decode().split()
    if len(found) > 1:
        above = asked.ask("merge-base", "--octopus", *found, exit_codes=(0, 1)).decode().split()
        return [*found, above[0]] if above else found[:1]
    if found:
        return found
    if asked.ask("rev-parse", "--is-shallow-repository").strip() == b"true":
        raise NoFork("this clone is shallow: where the branch began is not in it", next_step=DEEP)
    step = "name the branch that this one began on"
    raise NoFork("this branch and --base have no commit in common", next_step=step)


def contents(
    asked: Checkout, commit: str, paths: Collection[str], *, shown: str
) -> dict[str, bytes | DeployError]:
    """What a commit holds at these paths, or why that is not read; nothing where nothing is.

    Paths are from the top of the repository. A link is not followed. `shown` is what messages call
    the commit.
    """
    above = {each for path in paths for each in folders_of(path)}
    entries = _entries(asked, commit, sorted({*paths, *above}))
    found: dict[str, bytes | DeployError] = {}
    wanted: dict[str, str] = {}
    for path in paths:
        mode, blob = entries.get(path, ("", ""))
        # In place of a folder there may be a link, or another repository.
        folders = (each for each in folders_of(path) if each in entries)
        obstacle = next((each for each in folders if entries[each][0] in _KINDS), None)
        if mode in _FILE:
            wanted[path] = blob
        elif mode:
            reason = f"is {_KINDS.get(mode, 'no file')}, and not read there"
            found[path] = FileUnreadable(f"{path} at {shown}", reason)
        elif obstacle:
            reason = f"cannot be read there: {obstacle} is {_KINDS[entries[obstacle][0]]}"
            found[path] = FileUnreadable(f"{path} at {shown}", reason)
    blobs = _blobs(asked, sorted({*wanted.values()}))
    for path, blob in wanted.items():
        held = blobs[blob]
        found[path] = (
            held if isinstance(held, bytes) else FileUnreadable(f"{path} at {shown}", held)
        )
    return found


def folders_of(path: str) -> list[str]:
    """The folders that a path leads through, the innermost first."""
    return [str(each) for each in PurePosixPath(path).parents if str(each) != "."]


def _entries(asked: Checkout, commit: str, paths: list[str]) -> dict[str, tuple[str, str]]:
    """Mode and object of what stands at these paths; a folder that is looked into is none."""
    if not paths:
        return {}
    found: dict[str, tuple[str, str]] = {}
    answer = _held(asked, "ls-tree", "-z", "--full-tree", commit, "--", *paths)
    for entry in answer.split(b"\0")[:-1]:
        match = _ENTRY.fullmatch(entry)
        if match is None:
            raise CannotSearch("git ls-tree answered oddly", next_step="update git")
        mode, blob, name = match.groups()
        if mode != b"040000":
            found[os.fsdecode(name)] = (mode.decode(), blob.decode())
    return found


def _blobs(asked: Checkout, blobs: Sequence[str]) -> dict[str, bytes | str]:
    """What these objects hold, or why they are not read: first their sizes are asked for.

    Raises CannotSearch where a partial clone lacks one: nothing is fetched.
    """
    if not blobs:
        return {}
    found: dict[str, bytes | str] = {}
    wanted = []
    sizes = _held(asked, "cat-file", "--batch-check", stdin=_lines(blobs))
    for row in sizes.decode().splitlines():
        blob, _, size = row.partition(" blob ")
        if not size:
            raise CannotSearch(_PARTIAL, next_step=_WHOLE)
        if int(size) > MAX_BYTES:
            found[blob] = f"is larger than {MAX_BYTES:,} bytes"
        else:
            wanted.append(blob)
    if wanted:
        answer = io.BytesIO(asked.ask("cat-file", "--batch", stdin=_lines(wanted)))
        for blob in wanted:
            size = answer.readline().split()[-1].decode()
            found[blob] = answer.read(int(size))
            answer.read(1)
    return found


def _held(asked: Checkout, *words: str, stdin: bytes = b"") -> bytes:
    """What git answers of objects, of which a partial clone may lack some."""
    try:
        return asked.ask(*words, stdin=stdin)
    except CannotSearch:
        # A git that does not know GIT_NO_LAZY_FETCH fails where it may not fetch, as for a folder.
        if asked.ask("config", "--get-regexp", PROMISED, exit_codes=(0, 1)):
            raise CannotSearch(_PARTIAL, next_step=_WHOLE) from None
        raise


def _lines(blobs: Sequence[str]) -> bytes:
    return "".join(f"{each}\n" for each in blobs).encode()
