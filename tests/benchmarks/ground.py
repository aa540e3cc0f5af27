"""What benchmarks stand on: one temporary folder, the projects in it, and foreign tools.

Each of these is made once, where a benchmark first asks for it.
"""

import json
import os
import shutil
import subprocess
import sys
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from .api import ROOT, values
from .pairs import Command
from .row import NotMeasured

TASKS = "from deploy import ns\n"
_NOWHERE = "http://127.0.0.1:9"
"""The discard port: what Heroku's CLI would tell others is refused there."""


class Tool(NamedTuple):
    """A program of somebody else's, and which version of it."""

    path: Path
    version: str


class Ground:
    def __init__(self, root: Path) -> None:
        self._root = root
        self.home = self.folder("home")

    def folder(self, name: str) -> Path:
        path = self._root / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def project(self, name: str, env_file: str = "", settings: str = "") -> Path:
        """A folder with our tasks, and an env file where there is a text for one."""
        folder = self.folder(name)
        (folder / "tasks.py").write_text(TASKS)
        if settings:
            (folder / "invoke.yaml").write_text(settings)
        if env_file:
            (folder / ".env.production").write_text(env_file)
            (folder / ".env.production").chmod(0o600)
        return folder

    def invoke(
        self, line: str, folder: Path, url: str = _NOWHERE, codes: tuple[int, ...] = (0,)
    ) -> Command:
        """As a user would start it, with an environment that points at one API."""
        program = str(Path(sys.executable).parent / "invoke")
        return Command(
            words=[program, *line.split()], folder=folder, env=self.env(url), codes=codes
        )

    def env(self, url: str) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "HOME": str(self.home),
            "HEROKU_HOST": url,
            "HEROKU_API_KEY": "any-key",
            "GIT_CONFIG_NOSYSTEM": "1",
            **({"REQUESTS_CA_BUNDLE": str(self.certificate)} if url.startswith("https") else {}),
        }

    @cached_property
    def certificate(self) -> Path:
        """For localhost, signed by itself; the key stands in the same file."""
        path = self.folder("tls") / "localhost.pem"
        line = f"req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout {path}"
        line += f" -out {path}.crt -addext subjectAltName=DNS:localhost"
        _run("openssl", *line.split())
        path.write_bytes(path.read_bytes() + path.with_name(f"{path.name}.crt").read_bytes())
        return path

    @cached_property
    def heroku(self) -> Tool:
        """Heroku's own CLI, from npm."""
        prefix = self.folder("cli")
        _run("npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", prefix, "heroku")
        package = prefix / "node_modules" / "heroku" / "package.json"
        version = json.loads(package.read_text())["version"]
        return Tool(prefix / "node_modules" / ".bin" / "heroku", f"heroku {version}")

    def heroku_command(self, line: str, url: str) -> Command:
        """Without its looks for a newer one, and its telemetry."""
        quiet = {
            "HEROKU_SKIP_NEW_VERSION_CHECK": "true",
            "HEROKU_DISABLE_AUTOUPDATE": "1",
            "DISABLE_TELEMETRY": "true",
            "HTTP_PROXY": _NOWHERE,
            "HTTPS_PROXY": _NOWHERE,
            "NO_PROXY": "127.0.0.1",
        }
        words = [str(self.heroku.path), *line.split()]
        return Command(words=words, folder=self.home, env={**self.env(url), **quiet})

    @cached_property
    def ripgrep(self) -> Tool:
        """The one that is installed; otherwise Debian's package, unpacked."""
        path = shutil.which("rg")
        if path is None:
            folder = self.folder("rg")
            _run("apt-get", "download", "ripgrep", cwd=folder)
            _run("dpkg", "-x", *folder.glob("ripgrep_*.deb"), folder)
            path = str(folder / "usr" / "bin" / "rg")
        return Tool(Path(path), " ".join(_run(path, "--version").split()[:2]))


def env_file(count: int) -> str:
    """What an app `vars-…` of the API holds."""
    return "".join(f"{name}='{value}'\n" for name, value in values(count).items())


def _run(*words: str | Path, cwd: Path | None = None) -> str:
    """What it prints; raises NotMeasured where it fails, with its own words."""
    env = {name: text for name, text in os.environ.items() if not name.startswith("HEROKU_")}
    try:
        done = subprocess.run(words, cwd=cwd, env=env, capture_output=True, check=True, timeout=300)
    except FileNotFoundError:
        raise NotMeasured(f"there is no {words[0]}") from None
    except subprocess.TimeoutExpired:
        raise NotMeasured(f"{words[0]} did not end in 5 minutes") from None
    except subprocess.CalledProcessError as error:
        said = " ".join(error.stderr.decode(errors="replace").split())
        raise NotMeasured(f"{words[0]} failed: {said[-300:]}") from None
    return done.stdout.decode()
