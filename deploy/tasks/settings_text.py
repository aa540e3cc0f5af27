"""The settings in a text that Invoke did not load: those of another commit."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from invoke.config import Config
from invoke.vendor import yaml

from ..errors import BadSettings, Complaint
from ..project import settings

if TYPE_CHECKING:
    from ..project.settings import Settings


def parse(name: str, data: bytes) -> Settings:
    """The settings in a file of this name; raises BadSettings, which holds nothing of the text.

    It is read with the loader that Invoke itself has for it, but for a program, which is not run.
    """
    if name.endswith(".py"):
        raise BadSettings(name, [Complaint("is a program, and not run")])
    try:
        found = json.loads(data) if name.endswith(".json") else _yaml(data)
    except Exception:  # whatever it is, it may hold some of the text
        raise BadSettings(name, [Complaint("does not parse")]) from None
    if not isinstance(found, dict) and found is not None:
        raise BadSettings(name, [Complaint("must be a mapping of settings, at its top level")])
    return settings.read(found or {}, known=Config.global_defaults().keys())


def _yaml(data: bytes) -> object:
    return yaml.safe_load(data)  # type: ignore[no-untyped-call]  # Invoke's copy has no types
