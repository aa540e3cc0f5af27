"""The newcomer's first minute: the real commands, run against an emulator in a temporary folder."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from .app import App
from .emulator import Emulator
from .sample import NAME, add_demo

_TASKS = "from deploy.tasks import ns\n"
ENV_FILE = """\
# What production needs; made up, and kept out of git.
LOG_LEVEL=info
WEB_CONCURRENCY=4
API_KEY=made-up-4f9Kq2Zx7LmW
SMTP_PASSWORD="made-up password, with a # in it"
MAIL_FROM=hello@example.com
"""
_BAD_FILE = """\
LOG_LEVEL=info
API_KEY="the quote is left open
MAIL_FROM
"""


def demo() -> int:
    """Show diff and sync at work; returns 0, or 1 where a command did not end as it should.

    Nothing is left behind: the folder is temporary, and the commands see no settings, key or
    netrc of the person who runs this.
    """
    with tempfile.TemporaryDirectory(prefix="heroku-config-demo-") as folder, Emulator() as heroku:
        app = add_demo(heroku)
        show = _Show(Path(folder), heroku.url)
        show.write("tasks.py", _TASKS)
        show.say("An app `demo` runs on a local Heroku API. This is what it should have:")
        show.write(".env.production", ENV_FILE)
        show.command("cat .env.production")
        show.say("What would change? Every value is masked.")
        show.command("invoke config.diff --app demo")
        show.say("Apply it: one request, one release.")
        show.command("invoke config.sync --app demo --yes")
        show.command("invoke config.diff --app demo --exit-code")
        show.say("Now someone changes a var behind our back, with a stray line end.")
        _meddle(app)
        show.command("invoke config.diff --app demo --exit-code", expect=2)
        show.say("A file that would lose something is refused before anything is sent.")
        show.write(".env.broken", _BAD_FILE)
        show.command("invoke config.sync --app demo --file .env.broken", expect=1)
        show.say(f"{NAME} is at v{app.releases[-1].version}. The folder and the API are gone now.")
        show.say("To try things by hand on another one: invoke emulator")
        return int(show.has_failed)


def _meddle(app: App) -> None:
    app.set_vars({"API_KEY": app.vars["API_KEY"] + "\n"})


class _Show:
    """Prints each command before its output, and remembers whether one went wrong."""

    def __init__(self, folder: Path, url: str) -> None:
        self._folder = folder
        self.has_failed = False
        scripts = str(Path(sys.executable).parent)
        inherited = ("PATH", "LANG", "LC_ALL", "TERM", "NO_COLOR", "TMPDIR", "VIRTUAL_ENV")
        self._environment = {name: os.environ[name] for name in inherited if name in os.environ}
        self._environment |= {
            "PATH": os.pathsep.join([scripts, self._environment.get("PATH", os.defpath)]),
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "HOME": str(folder),
            "HEROKU_HOST": url,
            "HEROKU_API_KEY": "any-key-will-do-for-the-emulator",
        }

    def write(self, name: str, text: str) -> None:
        path = self._folder / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)

    def say(self, text: str) -> None:
        sys.stdout.write(f"\n# {text}\n")
        sys.stdout.flush()

    def command(self, line: str, *, expect: int = 0) -> None:
        sys.stdout.write(f"\n$ {line}\n")
        sys.stdout.flush()
        done = subprocess.run(  # noqa: S603  # our own commands
            line.split(),
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            check=False,
            start_new_session=True,  # nobody is asked, nor told what comes next: it ends here
        )
        if done.returncode != expect:
            self.has_failed = True
            sys.stdout.write(f"# ended with {done.returncode}, not {expect}\n")
