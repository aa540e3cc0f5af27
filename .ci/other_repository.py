"""Use the installed wheel as another repository would: a one-line `tasks.py`, a list, a diff."""

import os
import subprocess
import sys
from pathlib import Path

from deploy.emulator import Emulator

folder = Path(sys.argv[1])
invoke = folder / ".venv" / "bin" / "invoke"
(folder / "tasks.py").write_text("from deploy.tasks import ns\n")
(folder / ".env.production").write_text("LOG_LEVEL=debug\n")

with Emulator() as heroku:
    heroku.add_app("myapp", {"LOG_LEVEL": "info"})
    env = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    env |= {"HEROKU_HOST": heroku.url, "HEROKU_API_KEY": "any-key"}
    listed = subprocess.check_output([invoke, "--list"], cwd=folder, env=env, text=True)
    diff = subprocess.check_output(
        [invoke, "config.diff", "--app", "myapp"], cwd=folder, env=env, text=True
    )

sys.stdout.write(listed + diff)
if (
    "config.sync" not in listed
    or "demo" in listed
    or "~ LOG_LEVEL  ******** -> ********" not in diff
):
    sys.exit("the installed wheel does not work as the README says")
