"""Histories of a repository with locks in it, made with the real git."""

import subprocess
from collections.abc import Mapping
from itertools import count
from pathlib import Path

from deploy.envfile.lock import make
from deploy.secret import Secret

KEY = "0123456789abcdef" * 4
OTHER_KEY = "fedcba9876543210" * 4
LOCK = ".env.production.lock"
_NUMBERS = count()


def lock_text(values: Mapping[str, str], key: str = KEY) -> str:
    """The lock of a declaration."""
    declared = {name: Secret(value) for name, value in values.items()}
    return make({**declared, "CONFIG_LOCK_KEY": Secret(key)}, source="made up").text()


class Repo:
    """A checkout, of which `folder` is the top."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        if not (folder / ".git").exists():
            self.git("init", "-q", "-b", "main")
            config = folder / ".git" / "config"
            with config.open("a") as file:
                file.write(
                    "[user]\n name = a\n email = a@example.com\n[commit]\n gpgsign = false\n"
                )

    def git(self, *words: str) -> str:
        done = subprocess.run(
            ["git", *words], cwd=self.folder, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def write(self, path: str, text: str | bytes) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())

    def lock(self, path: str = LOCK, key: str = KEY, **values: str) -> None:
        self.write(path, lock_text(values, key))

    def settings(self, path: str = "invoke.yaml", **apps: str) -> None:
        """Each app with its file, or with a list of files in YAML."""
        rows = "".join(f"    {app}: {{file: {file}}}\n" for app, file in apps.items())
        self.write(path, f"heroku:\n  apps:\n{rows}")

    def commit(self) -> str:
        """Commit all there is; its hash."""
        self.git("add", "--all")
        # Within a second two commits that are alike would be one.
        self.git("commit", "-q", "--allow-empty", "-m", f"{next(_NUMBERS)}")
        return self.git("rev-parse", "HEAD")

    def branch(self) -> None:
        """Commit, and begin the branch that is reviewed."""
        self.commit()
        self.git("checkout", "-q", "-b", "topic")

    def on_main(self) -> None:
        """Commit, and go back to the base."""
        self.commit()
        self.git("checkout", "-q", "main")

    def on_topic(self) -> None:
        self.commit()
        self.git("checkout", "-q", "topic")
