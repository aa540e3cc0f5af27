"""What the names in Python code stand for, scope by scope."""

from __future__ import annotations

import ast
from collections import ChainMap
from typing import TYPE_CHECKING

from .libraries import MODULES, Thing

if TYPE_CHECKING:
    from collections.abc import Iterator

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_AROUND = {"decorator_list", "defaults", "kw_defaults", "returns"}
"""The fields of a function that belong to what is around it."""

What = Thing | ast.Constant | None


class Bound:
    """What a name is bound to: what is known, then None, each time; of many no more than counts."""

    def __init__(self) -> None:
        self.first: list[What] = []
        self.thing: Thing | None = None
        """One that is known is enough."""
        self.function: Function | None = None
        """The one that is defined by this name."""

    def to(self, what: What) -> None:
        if len(self.first) <= 2:
            self.first.append(what)
        if isinstance(what, Thing):
            self.thing = self.thing or what


Scope = ChainMap[str, Bound]
"""The names of a function and around it; those of classes and comprehensions are around them."""


def below(node: ast.AST, scope: Scope) -> Iterator[tuple[ast.AST, Scope]]:
    inner = scope.new_child() if isinstance(node, FUNCTIONS) else scope
    if isinstance(node, FUNCTIONS):
        inner.maps[0][""] = Bound()  # no name of anybody's
        inner.maps[0][""].function = node
    outer = scope.parents if isinstance(node, ast.arguments) else scope
    for field, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield child, outer if field in _AROUND else inner


def thing_of(of: ast.AST | None, scope: Scope) -> Thing | None:
    """What an expression stands for; an `os` that nobody binds came with a star import."""
    steps: list[str | None] = []
    while isinstance(of, ast.Attribute | ast.Call):
        steps.append(of.attr if isinstance(of, ast.Attribute) else None)
        of = of.value if isinstance(of, ast.Attribute) else of.func
    if not isinstance(of, ast.Name):
        return None
    bound = scope.get(of.id)
    is_known = bound is not None and bound.first
    found = bound.thing if bound and is_known else MODULES["os"] if of.id == "os" else None
    for step in reversed(steps):
        if found is None:
            return None
        found = found.makes if step is None else found.members.get(step)
    return found


# A function that reads what it is told.


def owner(scope: Scope, bound: Bound | None) -> tuple[str, Function] | None:
    """The function whose parameter a name is, and what that function is called around it."""
    home = scope.maps[0].get("")
    function = home.function if home else None
    if bound is None or function is None:
        return None
    around = scope.parents.items() if len(scope.maps) > 1 else ()
    named = (name for name, each in around if name and each.function is function)
    name = next(named, None)
    return (name, function) if name else None


def place(function: Function, name: str) -> int | None:
    names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    if name in names:
        return names.index(name)
    return 99 if name in {each.arg for each in function.args.kwonlyargs} else None


def default_place(function: Function, at: int) -> int | None:
    """A second argument stands in for what is not set, if there may be one."""
    return at + 1 if len(function.args.posonlyargs) + len(function.args.args) > at + 1 else None


def defaults(function: Function, key: str) -> Iterator[str]:
    every = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    yield from (each.arg for each in every if each.arg != key)


def raises(function: Function) -> bool:
    """Whether it fails by itself, but for what it does only where a switch that is off says so."""
    waiting: list[ast.AST] = [function]
    switches = _switches(function)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Raise):
            return True
        names = (
            {each.id for each in ast.walk(node.test) if isinstance(each, ast.Name)}
            if (isinstance(node, ast.If))
            else set()
        )
        if not names & switches:
            waiting += ast.iter_child_nodes(node)
    return False


def _switches(function: Function) -> set[str]:
    """Parameters that are False where a call does not say otherwise."""
    args = function.args
    every = [*args.posonlyargs, *args.args]
    with_default = [*every[len(every) - len(args.defaults) :], *args.kwonlyargs]
    pairs = zip(with_default, [*args.defaults, *args.kw_defaults], strict=True)
    return {
        each.arg for each, told in pairs if isinstance(told, ast.Constant) and told.value is False
    }
