"""What the endpoints of pipelines do and answer: pipelines, couplings, and the vars of a stage."""

import re

from . import shapes
from .answers import Answer, as_json, invalid, not_found
from .call import Call
from .changes import changed
from .paging import page
from .pipelines import STAGES, Coupling, Pipeline

_NAME = re.compile(r"[\w.:\[\]]+", re.ASCII)
"""As the published schema has it, which is wider than that of an app's var."""


def list_pipelines(call: Call) -> Answer:
    wanted = call.equal("name")
    found = [each for each in call.platform.pipelines if wanted in {None, each.name}]
    keys = {"id": lambda each: each.id, "name": lambda each: each.name}
    return page(found, call.range, keys).answer(shapes.pipeline)


def show_pipeline(call: Call) -> Answer:
    return as_json(shapes.pipeline(_pipeline(call)))


def list_couplings(call: Call) -> Answer:
    return _couplings(call, call.platform.pipelines)


def list_couplings_of_pipeline(call: Call) -> Answer:
    return _couplings(call, [_pipeline(call)])


def show_coupling_of_app(call: Call) -> Answer:
    app = call.app
    for pipeline, coupling in _pairs(call.platform.pipelines):
        if coupling.app is app:
            return as_json(shapes.coupling(coupling, pipeline))
    raise not_found("pipeline coupling")


def show_stage(call: Call) -> Answer:
    pipeline, stage = _stage(call)
    return as_json(pipeline.hidden.shown(pipeline.vars[stage]))


def change_stage(call: Call) -> Answer:
    """Apply all of a PATCH or nothing; None removes. There is no release."""
    pipeline, stage = _stage(call)
    changes: dict[str, str | None] = {}
    for name, value in call.data().items():
        if not _NAME.fullmatch(name):
            raise invalid(f"Config var key {name} is invalid.")
        if not isinstance(value, str | None):
            raise invalid(f"Config var {name} must be a string or null.")
        changes[name] = value
    pipeline.vars[stage] = changed(pipeline.vars[stage], changes)
    return show_stage(call)


def _pipeline(call: Call) -> Pipeline:
    for each in call.platform.pipelines:
        if call.parts[0] in {each.id, each.name}:
            return each
    raise not_found("pipeline")


def _stage(call: Call) -> tuple[Pipeline, str]:
    """Whose vars are meant; raises 403 and 404.

    What Heroku answers for a stage that has none is not known.
    """
    pipeline, stage = _pipeline(call), call.parts[1]
    if stage not in STAGES or (stage == "development" and not call.platform.development_vars):
        raise not_found("stage")
    call.platform.check_stage(call.key, pipeline.id)
    return pipeline, stage


def _pairs(pipelines: list[Pipeline]) -> list[tuple[Pipeline, Coupling]]:
    return [(pipeline, each) for pipeline in pipelines for each in pipeline.couplings]


def _couplings(call: Call, pipelines: list[Pipeline]) -> Answer:
    keys = {"id": lambda pair: pair[1].id}
    found = page(_pairs(pipelines), call.range, keys)
    return found.answer(lambda pair: shapes.coupling(pair[1], pair[0]))
