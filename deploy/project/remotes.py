"""The Heroku apps that the git remotes of a checkout point to."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from ..names import APP_NAME
from . import files, git

_HEROKU_URL = re.compile(
    r"(?:git@heroku\.com:|ssh://git@heroku\.com/|https://(?:[^/@]*@)?git\.heroku\.com/)"
    r"(?P<app>[a-z0-9-]+)\.git"
)


class Remotes(NamedTuple):
    """The Heroku apps that git remotes of a checkout point to, by the name of the remote."""

    apps: Mapping[str, str]
    default: str = "heroku"
    """The remote that counts: `git config heroku.remote`, as in Heroku's own CLI."""


def remotes(root: Path) -> Remotes:
    """Ask git for the remotes; none outside a checkout, or without git."""
    words = ("config", "--null", "--get-regexp", r"^(remote\..*\.url|heroku\.remote)$")
    if not (found := files.checkout(root)):
        return Remotes({})
    try:
        told = git.Checkout(*found).ask(*words, exit_codes=(0, 1))
    except git.CannotSearch:
        return Remotes({})
    apps, default = {}, "heroku"
    for line in told.decode("utf-8", "replace").split("\0"):
        key, _, value = line.partition("\n")
        if key == "heroku.remote":
            default = value
        elif (match := _HEROKU_URL.fullmatch(value)) and APP_NAME.fullmatch(match["app"]):
            apps[key.removeprefix("remote.").removesuffix(".url")] = match["app"]
    return Remotes(apps, default)
