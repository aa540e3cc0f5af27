"""A git checkout of generated text, and an env file of random values, one of them planted."""

import random
import subprocess
from pathlib import Path

from .ground import Ground

PLANTED = "d0/planted.py"
_WORDS = ("def", "import", "return", "self", "value", "config", "name", "for", "print", "data")
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def checkout(ground: Ground, name: str, *, files: int, size: int, values: int) -> Path:
    """So many text files of about `size` bytes, a hundred in a folder; all of them tracked."""
    root = ground.folder(name)
    if (root / ".git").exists():
        return root
    choose = random.Random(1)
    lines = [
        " ".join(choose.choices(_WORDS, k=9)) + f" {choose.randrange(1000)}\n" for _ in range(5_000)
    ]
    count = max(1, round(size / (sum(map(len, lines)) / len(lines))))
    for number in range(files):
        path = root / f"d{number // 100}" / f"f{number}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text("".join(choose.choices(lines, k=count)))
    text, first = _secrets(choose, values)
    (root / PLANTED).write_text(f'key = "{first}"\n')
    ground.project(name, text)
    ignoring(root)
    subprocess.run(["git", "add", "-A"], cwd=root, check=True)
    return root


def ignoring(root: Path) -> None:
    """Make a folder a checkout that ignores env files."""
    (root / ".gitignore").write_text(".env*\n")
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)


def secrets(count: int) -> str:
    """An env file of so many values that are secrets."""
    return _secrets(random.Random(1), count)[0]


def _secrets(choose: random.Random, count: int) -> tuple[str, str]:
    made = ["".join(choose.choices(_LETTERS, k=32)) for _ in range(count)]
    text = "".join(f"SECRET_KEY_{number}={value}\n" for number, value in enumerate(made))
    return text, made[0]
