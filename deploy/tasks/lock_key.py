"""The key that an env file lacks for its lock: the app's own where it has one, else a new one."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, NamedTuple

from ..envfile.declaration import Declaration, Layer
from ..envfile.lock import make
from ..errors import Declined, DeployError, NoApp, NotAllowed, WrongFile
from ..names import LOCK_KEY
from ..project import files, safe_write
from ..secret import Secret
from ..stories.lock import append_key
from ..stories.where import held
from .confirm import is_yes_to

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ..heroku.facts import Held
    from ..project.target import Source, Sources
    from .terminal import Terminal
    from .workspace import Workspace

    Answer = tuple[str, Held | DeployError]
    """An app, and what it has, or why that is not known; no name where it is not known which."""


class Key(NamedTuple):
    """A key to append, and the app that has it already, if one does."""

    secret: Secret
    app: str | None = None


def lacks_key(sources: Sources, declared: Declaration) -> bool:
    """Whether no key is declared, so that one is to be appended to the topmost env file.

    Raises BadEnvFile for a declared key that cannot be one, WrongFile where none can be appended,
    and NotAllowed where git would take the file.
    """
    if LOCK_KEY in declared.vars:
        make(declared.vars, source=sources.shown)
        return False
    top = sources.top
    if top.path is None:
        where = "on standard input" if sources.is_stdin else f"in what {top.shown} prints"
        raise WrongFile(
            f"{LOCK_KEY} is not {where}, and cannot be added there",
            next_step=f"add an entry {LOCK_KEY} of 64 lowercase hex digits (openssl rand -hex 32)",
        )
    safe_write.check_ignored(top.path, shown=top.shown)
    return True


def ask_apps(tops: Sequence[Source], workspace: Workspace) -> list[Answer]:
    """Ask the app of each env file for what it has, all of them side by side."""
    apps = [_app_of(top, workspace) for top in tops]
    names = [*dict.fromkeys(app for app in apps if isinstance(app, str))]
    found = _held(names, workspace) if names else {}
    return [(app, found[app]) if isinstance(app, str) else ("", app) for app in apps]


def key_to_append(
    sources: Sources, lock: Path, answer: Answer, workspace: Workspace, *, yes: bool
) -> Key:
    """The key to append to the topmost env file: its app's, or a new one; asks whether it may be.

    A second key would make the lock of a colleague, and what CI compares with it, worthless: so
    the app was asked for its own. Raises NotAllowed or Declined where none may be appended.
    """
    if found := _key_in(answer, workspace.terminal):
        offer = f"{found.app} has one: append that"
    elif files.is_there(lock):
        offer = f"{lock.name} was made with one that is not known here: append a new one"
    else:
        offer = "Append a new one"
    lacks = f"{sources.shown} declares no {LOCK_KEY}"
    if yes and found is None and files.is_there(lock):
        raise NotAllowed(
            f"{lacks}, and {lock.name} was made with one",
            next_step=f"invoke config.pull brings it from the app; or remove {lock.name}",
        )
    if not yes:
        if not workspace.terminal.can_ask:
            what = "it" if found else "a new one"
            raise NotAllowed(lacks, next_step=f"add --yes to append {what}")
        if not is_yes_to(f"{lacks}. {offer}? [y/N]", workspace.terminal):
            raise Declined
    return found or Key(Secret(secrets.token_hex(32)))


def append(sources: Sources, declared: Declaration, key: Key, workspace: Workspace) -> Declaration:
    """What is declared with the key in its topmost file, once that is written and said."""
    top = sources.top
    assert top.path is not None  # noqa: S101  # for the type checker: `key_to_append` looked
    encrypted = workspace.settings.policy.encrypted
    found, is_new = append_key(top.path, key.secret, shown=top.shown, encrypted=encrypted)
    if is_new:
        rest = f"{key.app} has it already" if key.app else "config.sync takes it to the app"
        workspace.terminal.note(f"Appended {LOCK_KEY} to {top.shown}; {rest}.")
    return Declaration((*declared.layers[:-1], Layer(top.shown, found)))


def _app_of(top: Source, workspace: Workspace) -> str | DeployError:
    try:
        return workspace.app_of(top)
    except DeployError as error:
        return error


def _held(apps: Sequence[str], workspace: Workspace) -> dict[str, Held | DeployError]:
    try:
        heroku = workspace.heroku()
    except DeployError as error:
        return dict.fromkeys(apps, error)
    return held(heroku, apps, workspace.settings.workers, workspace.terminal.progress)


def _key_in(answer: Answer, terminal: Terminal) -> Key | None:
    """The key that an app has; whatever stood in the way of asking is said."""
    app, found = answer
    if isinstance(found, NoApp):
        return None
    if isinstance(found, DeployError):
        first = str(found).splitlines()[0]
        terminal.note(f"warning: no app was asked whether it has a {LOCK_KEY} already: {first}")
        return None
    if LOCK_KEY in found.unreadable:
        other = f"a lock that is made with another key does not fit {app}"
        terminal.note(f"warning: the {LOCK_KEY} of {app} cannot be read: {other}")
    key = found.vars.get(LOCK_KEY)
    return Key(key, app) if key and key.is_lock_key else None
