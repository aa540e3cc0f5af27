"""`python -m tests.picture`: the picture at the top of the README, made from a real terminal.

The commands run in a pseudo-terminal against the emulator, with a question that is answered; what
they write, colours included, becomes an SVG. The same run draws the same picture: `--check` says
whether the one in the repository is it.
"""

import argparse
import fcntl
import os
import re
import struct
import subprocess
import sys
import tempfile
import termios
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import NamedTuple

from deploy.emulator import Emulator

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / ".github" / "terminal.svg"
COLUMNS = 84
PROMPT = "$ "
TITLE = "A terminal: a diff with every value masked, a sync that asks, and the way back"

LIVE = {
    "API_KEY": "made-up-4f9Kq2Zx7LmW",
    "DATABASE_URL": "postgres://u:made-up@db.dev/shop",
    "LOG_LEVEL": "INFO",
    "PAPERTRAIL_TOKEN": "made-up-7c1",
    "SMTP_PASSWORD": "made-up-8hT",
    "WEB_CONCURRENCY": "2",
}
DECLARED = """\
API_KEY=made-up-9sWq1Rt5YbNd
LOG_LEVEL=info
MAIL_FROM=shop@example.com
SMTP_PASSWORD=made-up-8hT
WEB_CONCURRENCY=2
"""
SETTINGS = "heroku: {apps: {shop: {file: .env.production}}, ignore: ['PAPERTRAIL_*']}\n"
SCENES = (
    ("invoke config.diff --reveal LOG_LEVEL", ()),
    ("invoke config.sync", (("[y/N] ", "y\n"),)),
    ("invoke config.diff --exit-code && echo in sync", ()),
)
"""A command, and what is typed once a question stands there."""

_COLORS = {"31": "remove", "32": "set", "33": "change", "0": ""}
_SGR = re.compile(r"\x1b\[([0-9;]*)m")
_TAKE_TERMINAL = """\
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execvp(sys.argv[1], sys.argv[1:])
"""
"""Makes the terminal on standard input the one that /dev/tty means."""
_LINE, _LEFT, _TOP, _CHARACTER = 19, 20, 58, 8.05
STYLE = """\
.screen { fill: #0d1117 } .bar { fill: #161b22 } .a { fill: #ff5f57 } .b { fill: #febc2e }
.c { fill: #28c840 }
text { font: 13.4px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #e6edf3;
  white-space: pre }
.prompt { fill: #7d8590 } .command { fill: #fff; font-weight: 600 }
.set { fill: #3fb950 } .change { fill: #d29922 } .remove { fill: #f85149 }
"""


class Span(NamedTuple):
    """Characters of one look; `kind` is the class of the picture's style, if any."""

    text: str
    kind: str = ""


def run(command: str, answers: tuple[tuple[str, str], ...], folder: Path, url: str) -> str:
    """What stands on a terminal of its own, after a command that is asked and answered."""
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, COLUMNS, 0, 0))
    env = {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.defpath]),
        "PYTHONPATH": str(ROOT),
        "HOME": str(folder),
        "HEROKU_HOST": url,
        "HEROKU_API_KEY": "any-key",
        "TERM": "xterm-256color",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CEILING_DIRECTORIES": str(folder.parent),
    }
    words = [sys.executable, "-c", _TAKE_TERMINAL, "sh", "-c", command]
    with subprocess.Popen(
        words,
        cwd=folder,
        env=env,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    ) as process:
        os.close(theirs)
        text, left = "", list(answers)
        for part in _parts(ours):
            text += part
            if left and text.endswith(left[0][0]):
                os.write(ours, left.pop(0)[1].encode())
    os.close(ours)
    if process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode}: {text}")
    return text.replace("\r\n", "\n")


def _parts(terminal: int) -> Iterator[str]:
    while True:
        try:
            found = os.read(terminal, 65536)
        except OSError:  # Linux: the other side was closed
            return
        if not found:
            return
        yield found.decode()


def shown(text: str) -> list[list[Span]]:
    """The lines that are left on a terminal: what a carriage return takes away is gone."""
    return [_spans(line) for line in text.rstrip("\n").split("\n")]


def _spans(line: str) -> list[Span]:
    spans: list[Span] = []
    kind = ""
    for number, part in enumerate(_SGR.split(_without_progress(line))):
        if number % 2:
            kind = _COLORS[part]
        elif part:
            spans.append(Span(part, kind))
    return spans


def _without_progress(line: str) -> str:
    """A line of progress is taken away by blanks between two carriage returns."""
    return re.sub(r"^.*\r *\r", "", line)


def scenes() -> list[list[Span]]:
    """All lines of the picture."""
    lines: list[list[Span]] = []
    with tempfile.TemporaryDirectory() as name, Emulator() as emulator:
        folder = Path(name) / "shop"
        folder.mkdir()
        (folder / "tasks.py").write_text("from deploy.tasks import ns\n")
        (folder / "invoke.yaml").write_text(SETTINGS)
        env = folder / ".env.production"
        env.write_text(DECLARED)
        env.chmod(0o600)
        app = emulator.add_app("shop", {n: v for n, v in LIVE.items() if n != "DATABASE_URL"})
        url = {"DATABASE_URL": LIVE["DATABASE_URL"]}
        app.add_addon("heroku-postgresql:essential-0", "curved", url, attachment="DATABASE")
        for command, answers in SCENES:
            text = run(command, answers, folder, emulator.url)
            lines += [[Span(PROMPT, "prompt"), Span(command, "command")], *shown(text), []]
    return lines[:-1]


def picture(lines: list[list[Span]]) -> str:
    """The SVG; a reader that draws none is told the commands."""
    width = round(2 * _LEFT + COLUMNS * _CHARACTER)
    height = _TOP + _LINE * len(lines)
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    rows = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" xml:space="preserve" {size}>',
        f"<title>{TITLE}</title>",
        f"<style>{STYLE}</style>",
        f'<rect class="screen" width="{width}" height="{height}" rx="10"/>',
        f'<path class="bar" d="M0 34V10a10 10 0 0 1 10-10h{width - 20}a10 10 0 0 1 10 10v24z"/>',
    ]
    rows += (
        f'<circle class="{kind}" cx="{x}" cy="17" r="6"/>'
        for kind, x in (("a", 20), ("b", 40), ("c", 60))
    )
    for number, spans in enumerate(lines):
        if spans:
            row = "".join(
                f'<tspan class="{span.kind}">{escape(span.text)}</tspan>'
                if span.kind
                else escape(span.text)
                for span in spans
            )
            rows.append(f'<text x="{_LEFT}" y="{_TOP + _LINE * number}">{row}</text>')
    return "\n".join([*rows, "</svg>"]) + "\n"


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.picture", description=__doc__)
    asked.add_argument("--check", action="store_true", help="write nothing; fail where it differs")
    made = picture(scenes())
    if not asked.parse_args().check:
        PICTURE.write_text(made, encoding="utf-8")
        return 0
    is_same = PICTURE.exists() and PICTURE.read_text(encoding="utf-8") == made
    if not is_same:
        print(f"{PICTURE.relative_to(ROOT)} is another: python -m tests.picture makes it anew")
    return 0 if is_same else 1


if __name__ == "__main__":
    sys.exit(main())
