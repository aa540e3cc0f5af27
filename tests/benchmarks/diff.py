"""`config.diff` of 60 vars, in sync: beside Heroku's own CLI, bare Invoke, and bare HTTP."""

import sys
from collections.abc import Iterator

from .api import serving
from .ground import Ground, env_file
from .pairs import Command, pairs, rows
from .row import Goal, Row

VARS = 60
APP = f"vars-{VARS}"
LINE = f"config.diff --app {APP}"
LATENCY = 0.1
BY_HAND = """\
import http.client, json, os, ssl, threading
from urllib.parse import urlsplit

host = urlsplit(os.environ["HEROKU_HOST"])
context = ssl.create_default_context(cafile=os.environ["REQUESTS_CA_BUNDLE"])
headers = {
    "Accept": "application/vnd.heroku+json; version=3",
    "Authorization": "Bearer " + os.environ["HEROKU_API_KEY"],
    "Range": "version ..; order=desc,max=10",
}
found = {}

def get(path):
    connection = http.client.HTTPSConnection(host.hostname, host.port, context=context)
    connection.request("GET", "/apps/APP/" + path, headers=headers)
    found[path] = json.loads(connection.getresponse().read())

threads = [threading.Thread(target=get, args=(path,))
           for path in ("config-vars", "addon-attachments", "releases")]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
with open(".env.production") as file:
    declared = dict(line.rstrip().split("=", 1) for line in file)
live = found["config-vars"]
assert len(found) == 3 and all(live[name] == value[1:-1] for name, value in declared.items())
""".replace("APP", APP)
"""The same three requests at the same time, and the same question, with nothing to lean on."""


def cli(ground: Ground, count: int) -> Iterator[Row]:
    with serving() as api:
        ours = ground.invoke(LINE, ground.project("diff", env_file(VARS)), api.url)
        theirs = ground.heroku_command(f"config --json --app {APP}", api.url)
        found = pairs(ours, theirs, count)
    what = f"`config.diff`, {VARS} vars / `heroku config --json` ({ground.heroku.version})"
    yield from rows("diff/cli", what, found, time=Goal(0.15), CPU=None, memory=None)


def floor(ground: Ground, count: int) -> Iterator[Row]:
    empty = ground.folder("empty")
    (empty / "tasks.py").write_text("")
    with serving() as api:
        ours = ground.invoke(LINE, ground.project("diff", env_file(VARS)), api.url)
        # Invoke calls it a failure that there is no task.
        found = pairs(ours, ground.invoke("--list", empty, codes=(0, 1)), count)
    what = f"`config.diff`, {VARS} vars / `invoke --list` of an empty `tasks.py`"
    yield from rows("diff/floor", what, found, time=Goal(1.30))


def http(ground: Ground, count: int) -> Iterator[Row]:
    folder = ground.project("diff", env_file(VARS))
    with serving(LATENCY, ground.certificate) as api:
        ours = ground.invoke(LINE, folder, api.url)
        theirs = Command(
            words=[sys.executable, "-c", BY_HAND], folder=folder, env=ground.env(api.url)
        )
        found = pairs(ours, theirs, count)
    what = f"`config.diff` over TLS, {LATENCY * 1000:.0f} ms an answer / `http.client` by hand"
    yield from rows("diff/http", what, found, time=Goal(1.30))
