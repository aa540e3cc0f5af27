"""This repository's own tasks: the demo leaves nothing, the emulator says how to reach it."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from .tasks.face import Face

ROOT = Path(__file__).parents[1]
INVOKE = [sys.executable, "-m", "invoke"]


def test_the_demo_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.setenv("HEROKU_APP", "not-the-demo")
    monkeypatch.setenv("HEROKU_HOST", "https://example.com")
    done = subprocess.run([*INVOKE, "demo"], cwd=ROOT, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert list(scratch.iterdir()) == []
    assert done.stdout.count(b"\n$ invoke ") == 5


def test_the_printed_exports_point_the_tasks_at_the_emulator(face: Face) -> None:
    emulator = subprocess.Popen(
        [*INVOKE, "emulator", "--port", "0"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert emulator.stdout
    try:
        exports: dict[str, str] = {}
        for line in emulator.stdout:
            exports |= re.findall(r"^export (\w+)=(\S+)$", line)
            if line.startswith("Requests appear below"):
                break
        face.env |= exports
        face.write(".env.production", "LOG_LEVEL=info\n")
        assert face.run("config.diff --app demo").out.startswith("demo is in sync with")
    finally:
        emulator.send_signal(signal.SIGINT)
        rest, _ = emulator.communicate(timeout=20)
    assert emulator.returncode == 0
    assert rest.endswith("Stopped.\n")
    assert "GET /apps/demo/config-vars 200" in rest


@pytest.mark.parametrize("theirs", ["deploy/__init__.py", "deploy.py"])
def test_a_repository_with_a_deploy_of_its_own_has_both(theirs: str, face: Face) -> None:
    """As it is installed: the package's own name, and nothing of this repository on the path."""
    del face.env["PYTHONPATH"]
    face.write(theirs, "OURS = 1\n")
    face.write("tasks.py", "from deploy import OURS\nfrom heroku_config_tasks import ns\n")
    done = face.cold("config.diff --app myapp")
    assert (done.code, done.err) == (0, "")
    assert done.out == "myapp is in sync with .env.production: 3 equal.\n"


def test_the_packages_of_the_wheel_are_the_folders_of_the_repository() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    named = set(re.findall(r'^    "heroku_config_tasks\.?([\w.]*)",$', text, re.MULTILINE))
    folders = {path.parent for path in (ROOT / "deploy").rglob("*.py")}
    assert named == {".".join(path.relative_to(ROOT / "deploy").parts) for path in folders}
