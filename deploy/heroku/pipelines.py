"""Pipelines and the config vars of their stages: requests, and what answers mean; no network.

A stage is reached by the id of its pipeline. Its vars belong to no app: nobody owns one, and there
is no release of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from ..errors import NoPipeline
from ..names import APP_ID
from ..project.stage import NAME
from . import api

if TYPE_CHECKING:
    from collections.abc import Iterable

_LIST = "heroku pipelines lists what a key can see"


def find(name: str) -> api.Request:
    """As Heroku's CLI looks for a pipeline by its name."""
    return _get(f"/pipelines?eq[name]={quote(name)}", name)


def show(pipeline_id: str) -> api.Request:
    return _get(f"/pipelines/{pipeline_id}", pipeline_id)


def couplings(target: str, pipeline_id: str) -> api.Request:
    """Which apps are in which stage of the pipeline."""
    return _get(f"/pipelines/{pipeline_id}/pipeline-couplings", target)


def get_vars(target: str, pipeline_id: str) -> api.Request:
    """The vars of a stage, which is called `target`."""
    stage = target.rpartition("/")[2]
    return _get(f"/pipelines/{pipeline_id}/stage/{stage}/config-vars", target)


def read_pipelines(response: api.Response) -> list[tuple[str, str]]:
    """The id and the name of each."""
    return api.read_list(response, "pipelines", _pipeline)


def read_name(response: api.Response) -> str | None:
    """The name of a pipeline, where it is one that is taken from people too."""
    _, name = _pipeline(api.parsed(response), response)
    return name if NAME.fullmatch(name) else None


def read_couplings(response: api.Response) -> list[tuple[str, str]]:
    """The id of each app, and its stage."""
    return api.read_list(response, "couplings", _coupling)


def only(name: str, found: Iterable[tuple[str, str]]) -> str:
    """The id of the one pipeline that has this name; raises NoPipeline for none and for several.

    The name is compared once more: what Heroku takes for equal is not known.
    """
    ids = sorted({each for each, called in found if called == name})
    if not ids:
        reason = f"Heroku knows no pipeline {name}, or this API key may not see it"
        raise NoPipeline(reason, next_step=f"check the name: {_LIST}")
    if len(ids) > 1:
        reason = f"{len(ids)} pipelines are called {name}: {', '.join(ids)}"
        raise NoPipeline(reason, next_step="name the one that is meant by its id")
    return ids[0]


def _get(path: str, about: str) -> api.Request:
    return api.Request("GET", path, {"Accept": api.ACCEPT}, app=about)


def _pipeline(item: object, response: api.Response) -> tuple[str, str]:
    match item:
        case {"id": str(id_), "name": str(name)} if APP_ID.fullmatch(id_):
            return id_, name
    raise api.unreadable(response, "a pipeline")


def _coupling(item: object, response: api.Response) -> tuple[str, str]:
    match item:
        case {"app": {"id": str(id_)}, "stage": str(stage)} if APP_ID.fullmatch(id_):
            return id_, stage
    raise api.unreadable(response, "a coupling")
