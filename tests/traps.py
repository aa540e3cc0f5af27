"""A program that nobody may start, and files that make git start it."""

import subprocess
from pathlib import Path


class Trap:
    """Leaves a mark, with its environment, where it was started."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark
        self.command = str(self.program(mark.with_name("trap")))

    @property
    def is_sprung(self) -> bool:
        return self.mark.exists()

    def program(self, path: Path) -> Path:
        """Put the program at another place, too."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\nenv >> {self.mark}\n")
        path.chmod(0o755)
        return path

    def repository(self, folder: Path) -> None:
        """Make a folder look like a repository, with nothing but what a branch can bring."""
        for name, text in {
            "HEAD": "ref: refs/heads/main\n",
            "config": "[core]\n\trepositoryFormatVersion = 0\n\tworktree = .\n"
            f"\tfsmonitor = {self.command}\n",
            "objects/.keep": "",
            "refs/.keep": "",
        }.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def is_set(self, folder: Path) -> bool:
        """Whether git, asked carelessly in this folder, starts it; the mark is taken away."""
        subprocess.run(["git", "ls-files"], cwd=folder, check=False, capture_output=True)
        was = self.is_sprung
        self.mark.unlink(missing_ok=True)
        return was
