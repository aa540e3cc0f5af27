"""The vars that the fields of a pydantic settings class read.

Names and precedence are pydantic-settings' own (docs, "Environment variable names"), and version
1's ("Settings management"): a field's name in capitals behind `env_prefix`, or its alias, without.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from ...names import VAR_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .libraries import Settings

Field = tuple[int, str, bool, tuple[str, ...]]
"""The line, the name, whether it is required, and what will do instead."""


def derived(node: ast.ClassDef, base: Settings) -> Settings:
    """How a class of settings reads, which may say otherwise than the one that it is made of."""
    told: dict[str, ast.expr] = {}
    for each in node.body:
        match each:
            case (
                ast.Assign(targets=[ast.Name(id="model_config")], value=value)
                | ast.AnnAssign(target=ast.Name(id="model_config"), value=value)
            ):
                told |= _keywords(value)
            case ast.ClassDef(name="Config", body=body):
                for line in body:
                    match line:
                        case ast.Assign(targets=[ast.Name(id=name)], value=value):
                            told[name] = value
    told |= {each.arg: each.value for each in node.keywords if each.arg}
    match told.get("env_prefix"):
        case None:
            pass
        case ast.Constant(value=str(prefix)):
            base = base._replace(prefix=prefix)
        case _:
            base = base._replace(prefix=None)
    match told.get("case_sensitive"):
        case ast.Constant(value=bool(is_exact)):
            base = base._replace(is_exact=is_exact)
    return base


def fields(node: ast.ClassDef, how: Settings) -> Iterator[Field]:
    for each in node.body:
        if not isinstance(each, ast.AnnAssign) or not isinstance(each.target, ast.Name):
            continue
        name, annotation = each.target.id, ast.unparse(each.annotation)
        if name.startswith("_") or name == "model_config" or "ClassVar" in annotation:
            continue
        names = _aliases(each)
        if not names and how.prefix is not None:
            names = [how.prefix + name if how.is_exact else (how.prefix + name).upper()]
        first, *rest = [name for name in names if VAR_NAME.fullmatch(name)] or [""]
        if first:
            is_required = _is_required(each, how.version, annotation)
            yield each.lineno, first, is_required, tuple(rest)


def _keywords(value: ast.expr | None) -> dict[str, ast.expr]:
    match value:
        case ast.Call(keywords=keywords):
            return {each.arg: each.value for each in keywords if each.arg}
        case ast.Dict(keys=keys, values=values):
            pairs = zip(keys, values, strict=True)
            return {str(k.value): v for k, v in pairs if isinstance(k, ast.Constant)}
    return {}


def _field_calls(node: ast.AnnAssign) -> list[ast.Call]:
    """`Field(…)` as the value, or in `Annotated[…]`."""
    inside = [node.value, *ast.walk(node.annotation)]
    return [
        each
        for each in inside
        if isinstance(each, ast.Call) and ast.unparse(each.func).rpartition(".")[2] == "Field"
    ]


def _aliases(node: ast.AnnAssign) -> list[str]:
    for call in _field_calls(node):
        told = {each.arg: each.value for each in call.keywords}
        for key in ("validation_alias", "alias", "env"):
            if key in told:
                inside = (each for each in ast.walk(told[key]) if isinstance(each, ast.Constant))
                return [each.value for each in inside if isinstance(each.value, str)]
    return []


def _is_required(node: ast.AnnAssign, version: int, annotation: str) -> bool:
    """Whether there is no default; version 1 gives what may be None that one."""
    calls = _field_calls(node)
    for call in calls:
        told = {each.arg for each in call.keywords}
        first = call.args[0] if call.args else None
        is_open = first is None or (isinstance(first, ast.Constant) and first.value is ...)
        if {"default", "default_factory"} & told or not is_open:
            return False
    if node.value is not None and node.value not in calls:
        return isinstance(node.value, ast.Constant) and node.value.value is ...
    may_be_none = "Optional" in annotation or "None" in annotation
    return not (version == 1 and may_be_none)
