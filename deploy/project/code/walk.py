"""One Python file, walked: what its names are bound to, and what would read if they mean that."""

from __future__ import annotations

import ast
from collections import ChainMap
from typing import TYPE_CHECKING, NamedTuple

from .guards import Guards
from .libraries import MODULES, Thing
from .scopes import Bound, Scope, What, below, thing_of
from .settings_classes import Field, derived, fields

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .libraries import Settings


class Asked(NamedTuple):
    """What would read, if `of` has a meaning that does."""

    line: int
    of: ast.expr
    key: ast.expr | None
    scope: Scope
    call: ast.Call | None = None
    is_in: bool = False
    is_idle: bool = False
    """Nobody takes the answer of the call."""

    @property
    def node(self) -> ast.AST:
        """What stands in the code, or a part of it."""
        return self.call or self.of


class Walk:
    """One file, walked without recursion: code that parses may be deeper than calls may go."""

    def __init__(self, things: Mapping[str, Thing]) -> None:
        self._things = things
        self.names: Scope = ChainMap()
        """What the file itself has names for."""
        self._from_elsewhere: set[str] = set()
        self.asked: list[Asked] = []
        self.fields: set[Field] = set()
        self.defaulted: set[str] = set()
        """Names that have a default where the environment's object is made."""
        self.guards = Guards()
        self.is_prefixed = False
        """Names are not what they are called by."""

    def over(self, tree: ast.Module) -> None:
        waiting: list[tuple[ast.AST, Scope]] = [(tree, self.names)]
        idle: set[ast.AST] = set()
        while waiting:
            node, scope = waiting.pop()
            if isinstance(node, ast.Expr):
                idle.add(node.value)
            elif isinstance(node, ast.Global | ast.Nonlocal):
                home = scope.maps[-1] if isinstance(node, ast.Global) else scope.parents
                scope.maps[0].update({name: home.setdefault(name, Bound()) for name in node.names})
            for name, what in self._bindings(node, scope):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    self._from_elsewhere.add(name)
                scope.maps[0].setdefault(name, Bound()).to(what)
            self._note(node, scope)
            self.guards.see(node)
            self.asked += _asked(node, scope, is_idle=node in idle)
            waiting += reversed(list(below(node, scope)))

    def exports(self) -> dict[str, Thing]:
        """What another file can import of this one, that reads or is derived from."""
        return {
            name: bound.thing
            for name, bound in self.names.items()
            if bound.thing and name not in self._from_elsewhere
            if not (self.is_prefixed and bound.thing.members)
        }

    def _note(self, node: ast.AST, scope: Scope) -> None:
        """What is known of a node besides its names."""
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                scope[name].function = node
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda() as function):
                scope.maps[0].setdefault(name, Bound()).function = function
            case ast.Assign(targets=[ast.Attribute(value=of, attr="prefix")]):
                self.is_prefixed |= thing_of(of, scope) is not None
            case ast.ClassDef() if (how := _settings(node, scope)) is not None:
                self.fields.update(fields(node, how))
            case ast.Call():
                self._note_call(node, scope)

    def _note_call(self, call: ast.Call, scope: Scope) -> None:
        """What a call says of the names that are read of what it returns."""
        thing = thing_of(call.func, scope)
        for each in call.keywords if thing and thing.makes else ():
            self.is_prefixed |= each.arg == "env_prefix"
            if each.arg and isinstance(each.value, ast.Tuple) and len(each.value.elts) > 1:
                self.defaulted.add(each.arg)
        if isinstance(call.func, ast.Attribute) and call.func.attr == "prefixed":
            self.is_prefixed |= thing_of(call.func.value, scope) is not None

    def _bindings(self, node: ast.AST, scope: Scope) -> Iterator[tuple[str, What]]:
        match node:
            case ast.Import() | ast.ImportFrom():
                yield from self._imported(node)
            case ast.Assign() | ast.AnnAssign() | ast.NamedExpr():
                value = node.value
                what = value if isinstance(value, ast.Constant) else thing_of(value, scope)
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    if what and isinstance(target, ast.Name):
                        yield target.id, what
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                yield name, None
            case ast.ClassDef(name=name) if (how := _settings(node, scope)) is not None:
                yield name, Thing(settings=how)
            case ast.alias():
                pass
            case _ if isinstance(given := getattr(node, "name", None), str):
                yield given, None  # a function, a class, a handler or a pattern

    def _imported(self, node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, What]]:
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            if isinstance(node, ast.Import):
                whole = alias.name if alias.asname else name
                yield name, MODULES.get(whole)
                continue
            members = MODULES[node.module].members if _is_known(node) and node.module else {}
            thing = members.get(alias.name)
            if thing is None and node.level == 0:
                thing = MODULES.get(f"{node.module}.{alias.name}")
            others = {} if _is_known(node) else self._things
            if alias.name == "*":
                yield from others.items()
            else:
                yield name, thing or others.get(alias.name)


def _settings(node: ast.ClassDef, scope: Scope) -> Settings | None:
    """How this class reads its fields, if it is one of settings."""
    things = (thing_of(base, scope) for base in node.bases)
    base = next((thing.settings for thing in things if thing and thing.settings), None)
    return derived(node, base) if base else None


def _is_known(node: ast.ImportFrom) -> bool:
    return node.level == 0 and node.module in MODULES


def _asked(node: ast.AST, scope: Scope, *, is_idle: bool) -> Iterator[Asked]:
    match node:
        case (
            ast.Subscript(value=of, slice=key, ctx=ast.Load())
            | ast.AugAssign(target=ast.Subscript(value=of, slice=key))
        ):
            yield Asked(node.lineno, of, key, scope)
        case ast.Compare(left=key, ops=[ast.In() | ast.NotIn()], comparators=[of]):
            yield Asked(node.lineno, of, key, scope, is_in=True)
        case ast.Call(func=of, args=args, keywords=keywords):
            first = next(iter([*args, *(each.value for each in keywords)]), None)
            yield Asked(node.lineno, of, first, scope, call=node, is_idle=is_idle)
