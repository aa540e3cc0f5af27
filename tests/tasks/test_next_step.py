"""What comes next, from an app with vars to a nightly job: each step names the one behind it."""

import subprocess

import pytest

from deploy.emulator import App, Emulator

from ..test_readme import blocks, section
from .face import Face

JOB = "Next: a nightly config.drift in CI; the manual has it for GitHub, GitLab and cron\n"
MOVING = section("Moving over")
ASKING = ("invoke config.pull", "invoke config.lock", "invoke config.sync")
LOCK = "Next: invoke config.lock: with its lock, a job in CI finds drift without the secrets\n"


@pytest.fixture
def repository(face: Face, app: App, monkeypatch: pytest.MonkeyPatch) -> Face:
    """A checkout in which nothing was done yet."""
    (face.folder / ".env.production").unlink()
    face.write(".gitignore", ".env*\n!.env.example\n!*.lock\n")
    git(face, "init", "-q")
    return face


def git(face: Face, *words: str) -> None:
    subprocess.run(["git", *words], cwd=face.folder, check=True, capture_output=True)


def typed(face: Face, line: str, *answers: str) -> str:
    """What stands on a terminal at the end."""
    with face.at_terminal(line) as screen:
        for answer in answers:
            screen.wait_for("[y/N] ")
            screen.type(f"{answer}\n")
        assert screen.end() == 0, screen.plain
    return screen.plain


def test_each_step_names_the_next_one_until_it_was_taken(repository: Face) -> None:
    face = repository
    face.env["HEROKU_APP"] = "myapp"
    with face.at_terminal("config.diff") as screen:
        assert screen.end() == 1
    assert screen.plain.endswith("make it: invoke config.pull --app myapp\n")
    assert typed(face, "config.pull", "y").endswith("\nNext: invoke config.check\n")
    assert typed(face, "config.check").endswith(f"\n{LOCK}")
    step = "Next: invoke config.sync, which takes CONFIG_LOCK_KEY to the app\n"
    assert typed(face, "config.lock", "y").endswith(f"\n{step}")
    step = "Next: git add .env.production.lock, and commit it\n"
    assert typed(face, "config.sync", "y").endswith(f"\n{step}")
    git(face, "add", ".env.production.lock")
    assert typed(face, "config.sync").endswith(f"\n{JOB}")
    face.write(".github/workflows/nightly.yml", "run: invoke config.drift\n")
    assert "Next" not in typed(face, "config.sync")
    assert "Next" not in typed(face, "config.check")
    assert "Next" not in typed(face, "config.lock")


@pytest.mark.parametrize(
    "path", [".gitlab-ci.yml", ".circleci/config.yml", ".github/workflows/a.yaml"]
)
def test_a_job_is_known_wherever_ci_looks_for_it(repository: Face, path: str) -> None:
    repository.env["HEROKU_APP"] = "myapp"
    repository.write(".env.production", f"LOG_LEVEL=info\nCONFIG_LOCK_KEY={'0f' * 32}\n")
    assert repository.run("config.lock").code == 0
    git(repository, "add", "-f", ".env.production.lock")
    assert JOB in typed(repository, "config.sync --only LOG_LEVEL")
    repository.write(path, "script: [invoke config.drift]\n")
    assert JOB not in typed(repository, "config.sync --only LOG_LEVEL")


def test_the_steps_of_the_manual_lead_from_an_app_to_a_lock(repository: Face) -> None:
    """And a clone of it, which has no more than CI has, finds the app and its lock."""
    for name in ("GIT_AUTHOR", "GIT_COMMITTER"):
        repository.env |= {f"{name}_NAME": "a", f"{name}_EMAIL": "a@b"}
    repository.write(".venv/pyvenv.cfg", "home = /usr/bin\n")
    repository.write(".venv/lib/a.py", "import os\nos.environ['NOT_OURS']\n")
    [block] = [block for block in blocks("sh") if "config.pull --example" in block]
    told = []
    for step in (line.partition("#")[0].strip() for line in block.splitlines()):
        if step.startswith("invoke "):
            is_asked = step.startswith(ASKING) and not step.endswith("--example")
            shown = typed(repository, step.removeprefix("invoke "), *["y"] * is_asked)
            told.append(shown.splitlines()[-1])
        else:
            assert repository.shell(["sh", "-c", step]).code == 0, step
    assert told == [
        "Next: invoke config.check",
        LOCK.strip(),
        LOCK.strip(),
        "Next: invoke config.sync, which takes CONFIG_LOCK_KEY to the app",
        "Next: git add .env.production.lock, and commit it",
    ]
    assert "myapp is in sync with .env.production: 4 equal.\n" in repository.run("config.diff").out
    git(repository, "clone", "--quiet", ".", "elsewhere")
    clone = repository.folder / "elsewhere"
    found = repository.run("config.drift", cwd=clone)
    assert found.out == "myapp is in sync with .env.production.lock: 3 equal.\n"
    assert repository.run("config.check", cwd=clone).code == 0


@pytest.mark.parametrize("tool", ["heroku-config", "Terraform", "config:set"])
def test_what_moves_over_is_run_as_the_manual_has_it(repository: Face, app: App, tool: str) -> None:
    """What other programs are asked there is left to them."""
    app.set_vars({"API_KEY": "w8rD2kQz7RfT0pLw"})
    repository.write("bin/set-config.sh", "heroku config:set API_KEY=w8rD2kQz7RfT0pLw\n")
    git(repository, "add", "bin")
    block = next(text for text in MOVING.split("```sh\n") if tool in text.rpartition("**From")[2])
    commands = MOVING.split("```sh\n")[MOVING.split("```sh\n").index(block) + 1].split("```")[0]
    lines = [line.partition("#")[0].strip() for line in commands.splitlines()]
    codes = {}
    for line in lines:
        if line.startswith("invoke"):
            asks = ["y"] if line.endswith("config.pull --app myapp") else []
            with repository.at_terminal(line.removeprefix("invoke ")) as screen:
                for answer in asks:
                    screen.wait_for("[y/N] ")
                    screen.type(f"{answer}\n")
                codes[line] = screen.end()
        else:
            assert line.startswith(("git rm", "terraform")), line
    found = {line for line, code in codes.items() if code}
    assert len(lines) <= 10
    assert found <= {line for line in codes if "config.check" in line}, codes
    assert all(code in (0, 2) for code in codes.values()), codes


def test_several_services_share_a_tasks_py_as_the_manual_has_it(
    repository: Face, emulator: Emulator
) -> None:
    [settings] = [block for block in blocks("yaml") if "services/web" in block]
    repository.write("invoke.yaml", settings)
    for name in ("web", "api"):
        emulator.add_app(f"shop-{name}", {"LOG_LEVEL": "info"})
        repository.write(f"services/{name}/.env.production", "LOG_LEVEL=info\n")
    below = repository.folder / "services" / "api"
    done = repository.run("config.diff --app shop-api", cwd=below)
    assert done.out == "shop-api is in sync with services/api/.env.production: 1 equal.\n"
    assert "2 apps: 2 in sync" in repository.run("config.drift", cwd=below).out
    repository.write("services/web/app.py", "import os\nos.environ['MAIL_TO']\n")
    assert "services/web/app.py:2" in repository.run("config.check", cwd=below).out


def test_a_lock_in_a_folder_is_named_by_the_way_to_it(repository: Face, emulator: Emulator) -> None:
    for name in ("shop-web", "shop-api"):
        emulator.add_app(name, {"LOG_LEVEL": "info", "CONFIG_LOCK_KEY": "0f" * 32})
    [block] = [block for block in blocks("yaml") if "services/web" in block]
    repository.write("invoke.yaml", block)
    for name in ("web", "api"):
        text = f"LOG_LEVEL=info\nCONFIG_LOCK_KEY={'0f' * 32}\n"
        repository.write(f"services/{name}/.env.production", text)
    assert repository.run("config.lock").code == 0
    step = "Next: git add services/api/.env.production.lock, and commit it\n"
    assert typed(repository, "config.sync --app shop-api").endswith(step)
    for name in ("web", "api"):
        text = f"LOG_LEVEL=debug\nCONFIG_LOCK_KEY={'0f' * 32}\n"
        repository.write(f"services/{name}/.env.production", text)
    told = repository.run("config.sync --app shop-web --yes").err
    again = "is stale: run config.lock, and commit it"
    assert told == f"warning: services/web/.env.production.lock {again}\n"
    shown = typed(repository, "config.sync --all", "y")
    for name in ("web", "api"):
        assert f"Wrote services/{name}/.env.production.lock: 1 names. Commit it.\n" in shown


def test_nothing_is_named_where_nobody_reads_it(repository: Face) -> None:
    repository.env["HEROKU_APP"] = "myapp"
    for line in ("config.pull --yes", "config.check", "config.lock --yes", "config.sync --yes"):
        done = repository.run(line)
        assert (done.code, "Next" in done.out + done.err) == (0, False), line


def test_nothing_is_named_beside_a_finding_or_a_document(repository: Face) -> None:
    repository.env["HEROKU_APP"] = "myapp"
    repository.write(".env.production", "LOG_LEVEL=info\nTOKEN=changeme\n")
    with repository.at_terminal("config.check") as screen:
        assert screen.end() == 2
    assert "Next" not in screen.plain
    assert "Next" not in typed(repository, "config.sync --format json --only LOG_LEVEL")
