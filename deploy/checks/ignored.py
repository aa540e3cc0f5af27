"""An env file that a commit holds, or could hold."""

from collections.abc import Iterator
from shlex import quote

from ..project.facts import Project, Tracking
from .finding import Finding

NAME = "ignored"
_ADVICE = "put .env*, !.env.example, !*.lock and !*.enc into .gitignore"


def find(project: Project) -> Iterator[Finding]:
    for env in project.envs:
        if env.tracking:
            for message in _messages(env.path, env.tracking, _ADVICE, is_there=env.is_there):
                yield Finding(env.path, 0, NAME, message)
        if env.linked:
            path, tracking = env.linked
            advice = f"put {path} into .gitignore"  # whatever it is called
            for message in _messages(path, tracking, advice, is_there=True):
                yield Finding(env.path, 0, NAME, f"is a link to {path}: {message}")


def _messages(path: str, tracking: Tracking, advice: str, *, is_there: bool) -> Iterator[str]:
    """One for a tracked file; another one for its history where it is tracked no more."""
    if tracking.is_tracked:
        commit = tracking.commit
        known = f"; it is in a commit ({commit}): change its values" if commit else ""
        yield f"is tracked by git: git rm --cached {quote(path)}, and {advice}{known}"
        return
    if is_there and not tracking.is_ignored:
        yield f"git does not ignore it: {advice}"
    if tracking.commit:
        yield (
            f"is in an earlier commit ({tracking.commit}):"
            " its values are known to whoever has the history; change them"
        )
