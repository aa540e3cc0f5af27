"""Use what is installed as another repository would: a one-line `tasks.py`, a list, a diff.

The repository has a `deploy` of its own, as a folder and then as a module; and then a `tasks.py`
with a task of its own, as the README has it.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from heroku_config_tasks.emulator import Emulator

folder = Path(sys.argv[1])
invoke = folder / ".venv" / "bin" / "invoke"


def run(*words: str, **env: str) -> str:
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.check_output([invoke, *words], cwd=folder, env=inherited | env, text=True)


def works(heroku: Emulator) -> bool:
    listed = run("--list")
    diff = run(*("config.diff", "--app", "myapp"), HEROKU_HOST=heroku.url, HEROKU_API_KEY="any-key")
    sys.stdout.write(listed + diff)
    is_listed = "config.sync" in listed and "demo" not in listed
    return is_listed and "~ LOG_LEVEL  ******** -> ********" in diff


(folder / "tasks.py").write_text("import deploy\nfrom heroku_config_tasks import ns\n")
(folder / ".env.production").write_text("LOG_LEVEL=debug\n")
package = folder / "deploy"
package.mkdir(exist_ok=True)
(package / "__init__.py").write_text("OURS = True\n")
with Emulator() as emulator:
    emulator.add_app("myapp", {"LOG_LEVEL": "info"})
    is_fine = works(emulator)
    (package / "__init__.py").unlink()
    package.rmdir()
    (folder / "deploy.py").write_text("OURS = True\n")
    is_fine = works(emulator) and is_fine
    (folder / "deploy.py").unlink()
readme = (Path(__file__).parents[1] / "README.md").read_text()
[theirs] = re.findall(
    r"^```python\n(from invoke import .*?)^```$", readme, re.DOTALL | re.MULTILINE
)
(folder / "tasks.py").write_text(theirs)
listed = run("--list")
is_fine = is_fine and "  build " in listed and "  config.sync " in listed
schema = "files('heroku_config_tasks.report').joinpath('schemas/diff.json').read_bytes()"
program = f"from importlib.resources import files; {schema}"
subprocess.run([invoke.with_name("python"), "-c", program], cwd=folder, check=True)
if not is_fine:
    sys.exit("what is installed does not work as the README says")
