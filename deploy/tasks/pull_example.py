"""config.pull --example: the names of what is declared, for version control."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..envfile.example import example_of
from ..errors import NotAllowed
from ..project import files, safe_write
from ..project.settings import EXAMPLE
from .missing import pull_command
from .next_step import LOCK, tell

if TYPE_CHECKING:
    from ..envfile.declaration import Layer
    from .workspace import Workspace


def write_example(workspace: Workspace, app: str, file: str | None, *, is_dry: bool) -> int:
    """Write `.env.example`, where there is none; the exit code. Asks nothing of Heroku."""
    terminal, path = workspace.terminal, workspace.root / EXAMPLE
    if files.is_there(path):
        raise NotAllowed(
            f"there is a {EXAMPLE} already",
            next_step="config.check --only parity says which names it lacks, or an env file does",
        )
    sources = workspace.sources(file, app)
    declared = workspace.declared(
        sources, lambda _: f"bring the values first: {pull_command(app, file)}"
    )
    layers: list[tuple[Layer, bytes | None]] = []
    for layer, source in zip(declared.layers, sources.layers, strict=True):
        data = files.read_file(source.path, shown=source.shown) if source.path else None
        layers.append((layer, data))
    made = example_of(layers)
    if is_dry:
        terminal.result(f"Dry run: {EXAMPLE} was not written; it would have {made.names} names.")
        return 0
    safe_write.check_within(path, workspace.root)
    safe_write.write_whole(path, made.text.encode(), mode=0o644)
    terminal.result(
        f"Wrote {EXAMPLE}: {made.names} names of {sources.shown}, and no value."
        " Look through its comments, and commit it."
    )
    if made.left_out:
        what = "1 comment" if made.left_out == 1 else f"{made.left_out} comments"
        terminal.note(f"{what} could hold a value: left out")
    lock = workspace.lock(sources, app)
    tell(terminal, LOCK if lock and not files.is_there(lock) else None)
    return 0
