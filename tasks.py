"""This repository's own tasks: the config tasks, and two to try them with."""

from invoke.collection import Collection
from invoke.context import Context
from invoke.exceptions import Exit
from invoke.tasks import task

from deploy.tasks import config


@task(auto_shortflags=False, help={"port": "The port to listen on; 0 takes a free one."})
def emulator(c: Context, port: int = 5280) -> None:
    """Serve a local Heroku API with two apps, `demo` and `demo-staging`, until Ctrl-C.

    Prints the export lines that point the tasks, and Heroku's own CLI, at it; then a line for
    each request.

      invoke emulator --port 5280
    """
    from deploy.emulator.serve import serve  # noqa: PLC0415  # `invoke --list` needs no server

    if code := serve(port):
        raise Exit(code=code)


@task(auto_shortflags=False)
def demo(c: Context) -> None:
    """Show the tasks at work on a local Heroku API, in under ten seconds.

    Needs no account and no network, and leaves nothing behind.

      invoke demo
    """
    from deploy.emulator.demo import demo as run  # noqa: PLC0415  # `invoke --list` needs no server

    if code := run():
        raise Exit(code=code)


ns = Collection(config, demo, emulator)
