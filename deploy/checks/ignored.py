"""An env file that a commit holds, or could hold."""

from collections.abc import Iterator
from shlex import quote

from ..project.facts import Env, Project, Tracking
from .finding import Finding

NAME = "ignored"
_ADVICE = "put .env*, !.env.example, !*.lock and !*.enc into .gitignore"


def find(project: Project) -> Iterator[Finding]:
    for env in project.envs:
        if env.tracking:
            for message in _messages(env, env.path, env.tracking, _ADVICE):
                yield Finding(env.path, 0, NAME, message)
        if env.linked:
            path, tracking = env.linked
            advice = f"put {path} into .gitignore"  # whatever it is called
            for message in _messages(env, path, tracking, advice):
                yield Finding(env.path, 0, NAME, f"is a link to {path}: {message}")


def _messages(env: Env, path: str, tracking: Tracking, advice: str) -> Iterator[str]:
    """One for a tracked file; another one for its history where it is tracked no more.

    Of a file that has no secret, as far as it can be read, nobody need change the values.
    """
    is_secret = env.parsed is None or any(e.value.is_secretlike(e.name) for e in env.entries)
    commit = tracking.commit
    if tracking.is_tracked:
        known = f"; it is in a commit ({commit}): change its values" if commit else ""
        known = known if is_secret else ""
        yield f"is tracked by git: git rm --cached {quote(path)}, and {advice}{known}"
        return
    if (env.is_there or env.linked) and not tracking.is_ignored:
        yield f"git does not ignore it: {advice}"
    if commit and is_secret:
        known = "its values are known to whoever has the history; change them"
        yield f"is in an earlier commit ({commit}): {known}"
