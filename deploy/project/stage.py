"""A stage of a pipeline as a target, `my-pipeline/review`: its name, from options and settings.

The config vars of a stage are those of review apps and test runs that do not exist yet. Heroku's
`staging` and `production` have none: the apps that are in them have their own.
"""

import re
from collections.abc import Mapping

from ..errors import BadOption, Complaint
from ..names import APP_ID, STAGES
from ..secret import Secret
from . import layers

NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,62}[A-Za-z0-9._-])?")
"""Wider than the schema (`[a-z][a-z0-9-]{2,29}`): there are older pipelines, with blanks and
capitals. Any other can be named by its id. Match it whole."""

_WITHOUT_VARS = ("staging", "production")
_KNOWN = f"{', '.join(STAGES[:-1])} or {STAGES[-1]}"


def target_of(pipeline: str | None, stage: str | None, *, option: str = "") -> str:
    """The stage that two options name, or one `option`; raises BadOption for what can be none."""
    if pipeline is None:
        raise BadOption("--stage needs --pipeline", next_step="name the pipeline with --pipeline")
    if stage is None:
        raise BadOption("--pipeline needs --stage", next_step=f"name it with --stage {_KNOWN}")
    # What they hold is not repeated: a value may have landed there.
    if not _can_be_pipeline(pipeline):
        swallowed = " but an option" if pipeline.startswith("-") else ""
        raise BadOption(
            f"{option or '--pipeline'} holds no pipeline's name{swallowed}",
            next_step="name one by its id if it has more than letters, digits, blanks, . _ and -",
        )
    if stage in _WITHOUT_VARS:
        raise BadOption(
            f"a pipeline's {stage} stage holds no config vars: the apps in it do",
            next_step="name one of them with --app; heroku pipelines:info lists them",
        )
    if stage not in STAGES:
        raise BadOption(f"{option or '--stage'} names no stage", next_step=f"use {_KNOWN}")
    return f"{pipeline}/{stage}"


def read(value: object, where: str) -> tuple[dict[str, tuple[layers.Layer, ...]], list[Complaint]]:
    """The layers of each stage that the settings list, and what is wrong with them.

    `where` is what messages call the setting. A stage has no file unless one is named: that of
    production is not for everybody who may open a pull request.
    """
    if not isinstance(value, Mapping):
        return {}, [Complaint(f"{where}: must map stages, such as my-pipeline/review, to files")]
    found: dict[str, tuple[layers.Layer, ...]] = {}
    complaints: list[Complaint] = []
    for target, options in value.items():
        if problem := _problem(target):
            is_shown = isinstance(target, str) and re.fullmatch(r"[A-Za-z_./-]{1,60}", target)
            complaints.append(
                Complaint(f"{where}.{target if is_shown else '(not shown)'}: {problem}")
            )
            continue
        read = layers.read(options, f"{where}.{target}")
        if not options:
            complaints.append(Complaint(f"{where}.{target}: needs file: or from:"))
        elif isinstance(read, list):
            complaints += read
        else:
            found[target] = read
    return found, complaints


def _can_be_pipeline(text: str) -> bool:
    """Whether it is a name or an id, and no secret, which would be shown wherever a name is."""
    is_name = NAME.fullmatch(text) and not Secret(text).is_secretlike("")
    return bool(is_name or APP_ID.fullmatch(text))


def _problem(target: object) -> str:
    """What is wrong with the name of a stage in the settings; empty where nothing is."""
    pipeline, slash, stage = target.rpartition("/") if isinstance(target, str) else ("", "", "")
    if not slash or not _can_be_pipeline(pipeline):
        return "not a pipeline and its stage, such as my-pipeline/review"
    if stage in _WITHOUT_VARS:
        return f"a pipeline's {stage} stage holds no config vars; list its apps under apps:"
    return "" if stage in STAGES else f"no stage; there are {_KNOWN}"
