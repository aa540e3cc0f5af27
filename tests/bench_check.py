"""Measure `config.check` on a large tree: `.venv/bin/python tests/bench_check.py [RUNS]`.

A checkout of 4,000 text files and 50 MB, 60 secrets in the env file, and one of them planted. The
search for hard-coded values is timed beside reading each file once, in one process and in turn;
what counts is the ratio of the medians. Then come the whole command beside `invoke --list`, and the
peak of memory, git's included. Nothing here passes or fails.
"""

import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from deploy.checks.hardcoded import needles, values
from deploy.envfile import parser
from deploy.project.facts import Env, Project
from deploy.project.tree import Tree

ROOT = Path(__file__).parents[1]
FILES, BYTES, SECRETS = 4_000, 50_000_000, 60
WORDS = ("def", "import", "return", "self", "value", "config", "name", "for", "print", "data")
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def build(root: Path, choose: random.Random) -> str:
    """The tree; the text of its env file."""
    for number in range(FILES):
        path = root / f"d{number // 100}" / f"f{number}.txt"
        path.parent.mkdir(exist_ok=True)
        size, lines = 0, []
        while size < BYTES // FILES:
            lines.append(" ".join(choose.choices(WORDS, k=9)) + f" {choose.randrange(1000)}")
            size += len(lines[-1]) + 1
        path.write_text("\n".join(lines))
    values = ["".join(choose.choices(LETTERS, k=32)) for _ in range(SECRETS)]
    (root / "d7" / "planted.py").write_text(f'key = "{values[7]}"\n')
    (root / ".gitignore").write_text(".env*\n")
    (root / "tasks.py").write_text("from heroku_config_tasks import ns\n")
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    subprocess.run(["git", "add", "-A"], cwd=root, check=True)
    return "".join(f"SECRET_KEY_{number}={value}\n" for number, value in enumerate(values))


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        text = build(root, random.Random(1))
        (root / ".env.production").write_text(text)
        (root / ".env.production").chmod(0o600)
        env = Env(".env.production", parser.parse(text.encode(), source="bench"))
        project = Project((env,))

        def read() -> None:
            for path in Tree(root).files:
                (root / path).read_bytes()

        def search() -> None:
            asked = needles.needles(project)
            held = values.confirm(asked, Tree(root).search(asked.searched), project)
            found = list(values.find(held))
            assert [each.path for each in found] == ["d7/planted.py"]

        times = [(seconds(search), seconds(read)) for _ in range(runs)]
        ours, once = (statistics.median(side) for side in zip(*times, strict=True))
        print(f"search / read once: {ours / once:.2f} (bound 2.5; {ours:.3f} s, {once:.3f} s)")
        command(root, "config.check", runs)
        whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        unit = 1e6 if sys.platform == "darwin" else 1e3
        peak = max(resource.getrusage(who).ru_maxrss for who in whose) / unit
        print(f"peak of the largest process: {peak:.0f} MB")
    command(ROOT, "config.check", runs)


def command(folder: Path, words: str, runs: int) -> None:
    invoke = str(Path(sys.executable).parent / "invoke")
    env = {**os.environ, "HOME": tempfile.gettempdir()}

    def run(*words: str) -> None:
        subprocess.run([invoke, *words], cwd=folder, env=env, capture_output=True, check=False)

    times = [(seconds(lambda: run(words)), seconds(lambda: run("--list"))) for _ in range(runs)]
    ours, listed = (statistics.median(side) for side in zip(*times, strict=True))
    print(f"invoke {words} in {folder.name}: {ours:.3f} s, {ours - listed:.3f} s over --list")


if __name__ == "__main__":
    main()
