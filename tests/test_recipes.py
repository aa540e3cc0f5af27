"""The recipe for reviewed plans, run as a CI job runs it: the shell is the promise here."""

import re
from pathlib import Path

import pytest
from invoke.vendor import yaml

from deploy.emulator import App, Emulator, Fault, Status

from .tasks.face import Done, Face
from .test_readme import blocks

[RECIPE] = [yaml.safe_load(block) for block in blocks("yaml") if "--expect" in block]
BASH = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"]
"""What `shell: bash` is; a shell that is not named has no pipefail (github/docs#18933)."""

SOPS = """\
#!/bin/sh
# Stands in for the real one: prints the file, which is not encrypted here.
[ "$*" = "decrypt --input-type dotenv --output-type dotenv .env.production.enc" ] || exit 64
exec cat .env.production.enc
"""


class Job:
    """The steps of the recipe in a checkout."""

    def __init__(self, face: Face) -> None:
        self.face = face
        self.output = face.folder / "output"
        face.write("bin/sops", SOPS).chmod(0o755)
        face.write(".env.production.enc", "LOG_LEVEL=debug\nTOKEN=t0ken\nOLD=old\n")
        face.env["PATH"] = f"{face.folder / 'bin'}:{face.env['PATH']}"
        face.env["GITHUB_OUTPUT"] = str(self.output)

    def run(self, job: str, **env: str) -> Done:
        assert RECIPE["defaults"]["run"]["shell"] == "bash"
        [step] = [step for step in RECIPE["jobs"][job]["steps"] if "run" in step]
        return self.face.shell([*BASH, step["run"]], env=env)

    def digest(self) -> str:
        return self.output.read_text().removeprefix("digest=").removesuffix("\n")


@pytest.fixture
def job(face: Face) -> Job:
    return Job(face)


def test_the_plan_that_is_shown_is_the_one_that_is_applied(job: Job, app: App) -> None:
    planned = job.run("plan")
    assert (planned.code, planned.err) == (0, "")
    assert planned.out.startswith("myapp differs from standard input: 0 to set, 1 to change")
    assert re.fullmatch(r"[0-9a-f]{32}", job.digest())
    assert planned.out.endswith(f"Plan {job.digest()}\n")
    applied = job.run("apply", DIGEST=job.digest())
    assert (applied.code, app.vars["LOG_LEVEL"]) == (0, "debug")


def test_where_nothing_differs_there_is_no_digest_and_no_apply(job: Job) -> None:
    job.face.write(".env.production.enc", "LOG_LEVEL=info\nTOKEN=t0ken\nOLD=old\n")
    assert job.run("plan").code == 0
    assert job.digest() == ""
    assert RECIPE["jobs"]["apply"]["if"] == "needs.plan.outputs.digest != ''"
    assert RECIPE["jobs"]["apply"]["needs"] == "plan"


def test_a_file_that_cannot_be_decrypted_does_not_read_as_nothing_differs(job: Job) -> None:
    job.face.write("bin/sops", "#!/bin/sh\necho no key >&2\nexit 128\n").chmod(0o755)
    assert job.run("plan").code != 0
    assert not job.output.exists()


def test_a_decryption_that_fails_behind_a_whole_file_does_not_either(job: Job) -> None:
    job.face.write("bin/sops", f"{SOPS.replace('exec ', '')}exit 51\n").chmod(0o755)
    assert job.run("plan").code == 51
    assert not job.output.exists()


def test_a_diff_that_fails_does_not_read_as_nothing_differs(job: Job, emulator: Emulator) -> None:
    emulator.inject(Fault(path="/apps/*/config-vars", what=Status(403), times=9))
    assert job.run("plan").code == 1
    assert not job.output.exists()


def test_a_plan_that_moved_is_not_applied(job: Job, app: App) -> None:
    job.run("plan")
    app.set_vars({"LOG_LEVEL": "trace"})
    assert job.run("apply", DIGEST=job.digest()).code == 1
    assert app.vars["LOG_LEVEL"] == "trace"


def test_no_plain_copy_is_left_behind(job: Job) -> None:
    before = {path for path in job.face.folder.rglob("*") if "__pycache__" not in path.parts}
    job.run("plan")
    after = {path for path in job.face.folder.rglob("*") if "__pycache__" not in path.parts}
    assert after - before == {job.output}
    assert "debug" not in Path(job.output).read_text()
