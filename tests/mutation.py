"""Change the code in small ways, and see whether a test notices: `python -m tests.mutation`.

It runs mutmut (`pip install -e '.[mutation]'`) in a clone of what is committed, for the modules
where an error would cost most: what a plan is, who must agree to it, how a file and a lock are
read, what is sent and what an answer means, what is secret. Each part is tried by the tests of its
own modules. It takes hours; nothing here passes or fails. What no test noticed is listed, and stays
in the clone to be looked at.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]


class Part(NamedTuple):
    modules: tuple[str, ...]
    tests: tuple[str, ...]


PARTS = {
    "plan": Part(("deploy/plan/*.py",), ("tests/plan",)),
    "envfile": Part(("deploy/envfile/*.py",), ("tests/envfile",)),
    "heroku": Part(
        ("deploy/heroku/api.py", "deploy/heroku/refusals.py"),
        ("tests/heroku/test_api.py", "tests/heroku/test_refusals.py"),
    ),
    "secret": Part(("deploy/secret/*.py",), ("tests/secret",)),
    "sync": Part(("deploy/stories/sync.py",), ("tests/stories/test_sync.py",)),
    "fleet": Part(("deploy/stories/fleet.py",), ("tests/stories/test_fleet.py",)),
}
SETTINGS = """
[tool.mutmut]
source_paths = ["deploy"]
only_mutate = {modules}
pytest_add_cli_args = ["-q", "--no-header", "-p", "no:xdist"]
pytest_add_cli_args_test_selection = {tests}
also_copy = ["README.md", ".github"]
timeout_multiplier = 2.0
timeout_constant = 5.0
"""


def run(part: Part, folder: Path, *, children: int) -> dict[str, int]:
    """How many mutants came to which end; the run's own output goes to standard error."""
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)
    with (folder / "pyproject.toml").open("a") as file:
        file.write(SETTINGS.format(modules=list(part.modules), tests=list(part.tests)))
    mutmut = [sys.executable, "-m", "mutmut"]
    subprocess.run(
        [*mutmut, "run", "--max-children", str(children)], cwd=folder, stdout=2, check=True
    )
    subprocess.run([*mutmut, "export-cicd-stats"], cwd=folder, stdout=2, check=True)
    found: dict[str, int] = json.loads((folder / "mutants/mutmut-cicd-stats.json").read_text())
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--children", type=int, default=2, help="processes at once; 2 unless told")
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    scratch = Path(tempfile.mkdtemp(prefix="mutation-"))
    for name in given.parts or PARTS:
        found = run(PARTS[name], scratch / name, children=given.children)
        print(f"{name}: {found} in {scratch / name}", flush=True)
        subprocess.run([sys.executable, "-m", "mutmut", "results"], cwd=scratch / name, check=True)


if __name__ == "__main__":
    main()
