"""The wrapper around each task: what escapes it, and what does not."""

import json
import os
import signal
import subprocess
from contextlib import suppress

import pytest

from deploy.emulator import Emulator, Fault, Latency, Writer

from .face import KEY, Face, settings


@pytest.mark.parametrize(
    ("by", "code", "word"),
    [
        (signal.SIGINT, 130, "interrupted (Ctrl-C)"),
        (signal.SIGTERM, 143, "terminated (SIGTERM)"),
    ],
    ids=["ctrl-c", "sigterm"],
)
@pytest.mark.parametrize("path", ["config-vars", "addon-attachments"])
def test_a_stop_while_reading_ends_at_once(
    path: str, by: signal.Signals, code: int, word: str, face: Face, emulator: Emulator
) -> None:
    emulator.inject(Fault(path=f"/apps/*/{path}", what=Writer(lambda: process.send_signal(by))))
    emulator.inject(Fault(path=f"/apps/*/{path}", what=Latency(60.0)))
    with face.started("config.sync --app myapp --yes") as process:
        out, err = process.communicate(timeout=20)
    assert process.returncode == code
    assert (out, err.decode()) == (b"", f"error: {word}; nothing was written\n")


@pytest.mark.parametrize(
    ("line", "content", "code"),
    [
        ("config.diff", "LOG_LEVEL=debug\n", 0),
        ("config.diff --exit-code", "LOG_LEVEL=debug\n", 2),
        ("config.diff --exit-code", "LOG_LEVEL=info\n", 0),
        ("config.diff --nosuch", "LOG_LEVEL=info\n", 1),
        ("config.sync", "LOG_LEVEL=debug\n", 1),
        ("config.sync --yes", "LOG_LEVEL=debug\n", 0),
        ("config.sync", "LOG_LEVEL=info\n", 0),
        ("config.sync", "LOG_LEVEL\n", 1),
        ("config.sync --prune", "LOG_LEVEL=debug\n", 1),
        (f"config.sync --expect {'0' * 32}", "LOG_LEVEL=debug\n", 1),
        ("config.pull", "LOG_LEVEL=debug\n", 1),
        ("config.rollback --to v1", "LOG_LEVEL=debug\n", 1),
        ("config.history", "LOG_LEVEL=debug\n", 0),
        ("config.compare", "LOG_LEVEL=debug\n", 1),
    ],
)
def test_a_process_ends_with_the_exit_code_of_the_manual(
    line: str, content: str, code: int, face: Face
) -> None:
    face.write(".env.production", content)
    task, _, options = line.partition(" ")
    assert face.run(f"{task} --app myapp {options}").code == code


def test_a_key_is_never_read_from_invokes_configuration(face: Face) -> None:
    face.env["INVOKE_HEROKU_API_KEY"] = face.env.pop("HEROKU_API_KEY")
    done = face.run("--debug config.diff --app myapp")
    assert done.code == 1
    assert "error: no Heroku API key in HEROKU_API_KEY in the environment\n" in done.err
    assert KEY not in done.out + done.err


def test_a_key_in_the_settings_is_refused(face: Face) -> None:
    face.write("invoke.yaml", settings({}, api_key=["c4n4ry"]))
    done = face.run("config.diff --app myapp")
    assert done.code == 1
    assert done.err.startswith("error: settings: heroku: unknown setting api_key")
    assert "c4n4ry" not in done.out + done.err


def test_debug_tells_no_value_and_no_length(face: Face) -> None:
    face.write(".env.production", "LOG_LEVEL=c4n4ry\n")
    done = face.run("--debug config.sync --app myapp --yes")
    assert done.code == 0
    assert not any(text in done.out + done.err for text in ("c4n4ry", "t0ken", KEY))
    assert "urllib3" not in done.err


def test_two_tasks_in_one_line_run_one_after_the_other(face: Face) -> None:
    face.write(".env.production", "LOG_LEVEL=debug\n")
    done = face.run("config.sync --app myapp --yes config.diff --app myapp --exit-code")
    assert done.code == 0
    assert "myapp is in sync with .env.production: 1 equal.\n" in done.out


def test_a_task_after_one_that_failed_does_not_run(face: Face) -> None:
    done = face.run("config.diff --app nosuchapp config.sync --app myapp")
    assert (done.code, done.out) == (1, "")


def in_shell(face: Face, line: str, streams: str) -> "subprocess.CompletedProcess[bytes]":
    command = " ".join(face._command(line))
    return subprocess.run(
        ["/bin/sh", "-c", f"{command} {streams}"],
        cwd=face.folder,
        env=face.env,
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize("stream", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_stream_that_is_closed_from_the_start_is_no_bug(stream: str, face: Face) -> None:
    done = in_shell(face, "config.diff --app myapp --exit-code", stream)
    assert (done.returncode, done.stderr) == (0, b"")


def test_where_standard_error_is_closed_no_note_is_part_of_the_document(
    face: Face, emulator: Emulator
) -> None:
    emulator.warn = "mind the gap"
    done = in_shell(face, "config.diff --app myapp --format json", "2>&-")
    assert done.returncode == 0
    assert json.loads(done.stdout)["app"] == "myapp"


def test_where_standard_output_is_closed_what_was_written_is_still_told(face: Face) -> None:
    face.write(".env.production", "LOG_LEVEL=debug\n")
    done = in_shell(face, "config.sync --app myapp --yes", ">&-")
    assert done.returncode == 0
    assert done.stderr.startswith(b"Set 0, changed 1, removed 0 on myapp (v")


def test_an_output_that_takes_nothing_is_told_before_anything_is_written(
    face: Face, emulator: Emulator
) -> None:
    face.write(".env.production", "LOG_LEVEL=debug\n")
    reader, full = os.pipe()
    os.set_blocking(full, False)
    with suppress(BlockingIOError):
        while True:
            os.write(full, bytes(1024))
    done = subprocess.run(
        face._command("config.sync --app myapp --yes"),
        cwd=face.folder,
        env=face.env,
        stdout=full,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(reader)
    os.close(full)
    assert done.returncode == 1
    assert done.stderr.startswith(b"error: standard output cannot be written (")
    assert not any(request.method == "PATCH" for request in emulator.requests)


@pytest.mark.parametrize("task", ["config.diff", "config.sync"])
def test_help_fits_a_terminal_and_shows_an_example(task: str, face: Face) -> None:
    done = face.run(f"--help {task}")
    assert done.code == 0
    assert f"invoke {task} --app myapp\n" in done.out
    assert max(map(len, done.out.splitlines())) <= 80
