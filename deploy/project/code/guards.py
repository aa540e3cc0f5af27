"""What code does about a read: it asks first, catches the failure, or ends where nothing is set."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_CAUGHT = {"BaseException", "Exception", "KeyError", "LookupError"}
_CAUGHT |= {"EnvError", "ImproperlyConfigured", "UndefinedValueError"}
"""What a read raises where nothing is set (see `libraries`), and what that is derived from."""
_ENDS = {"_exit", "abort", "exit", "fail", "quit"}


class Guards:
    """What a file says besides its reads; nodes are known by their `id`, as long as they live."""

    def __init__(self) -> None:
        self._caught: list[range] = []
        self._tested: set[int] = set()
        self._demanded: set[int] = set()

    def see(self, node: ast.AST) -> None:
        match node:
            case (
                ast.Module(body=body) | ast.FunctionDef(body=body) | ast.AsyncFunctionDef(body=body)
            ):
                self._demanded.update(map(id, _demanded(body)))
            case ast.Try(body=[first, *_] as body) if _goes_on(node):
                self._caught.append(range(first.lineno, (body[-1].end_lineno or 0) + 1))
            case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
                self._tested.update(map(id, ast.walk(test)))
            case ast.BoolOp(op=ast.And(), values=[*tests, _]):
                self._tested.update(id(each) for test in tests for each in ast.walk(test))

    def is_caught(self, line: int) -> bool:
        """Whether the failure of what stands there is caught, and nothing fails for it."""
        return any(line in lines for lines in self._caught)

    def is_demanded(self, node: ast.AST) -> bool:
        """Whether the code ends where this is empty: `x = getenv("X")`, `if not x: raise …`."""
        return id(node) in self._demanded and not (isinstance(node, ast.Call) and _brings(node))

    def is_tested(self, node: ast.AST) -> bool:
        """Whether the code goes on without what this asks for."""
        return id(node) in self._tested


def _brings(call: ast.Call) -> bool:
    """Whether it brings a default that is not empty."""
    given = [*call.args[1:], *(each.value for each in call.keywords)]
    return any(not isinstance(each, ast.Constant) or each.value for each in given)


def _demanded(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """What is asked, or was kept by a name, where the code ends without it; on no condition."""
    kept: dict[str, ast.expr] = {}
    for line in body:
        match line:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ):
                kept[name] = value
            case ast.If(test=test, body=[*_, last]) if _is_negative(test) and _is_end(last):
                for each in ast.walk(test):
                    yield each
                    if isinstance(each, ast.Name) and each.id in kept:
                        yield kept[each.id]


def _is_negative(test: ast.expr) -> bool:
    """Whether it is true wherever something is not there."""
    match test:
        case ast.BoolOp(op=ast.Or(), values=values):
            return any(_is_negative(each) for each in values)
        case ast.BoolOp(values=values):
            return all(_is_negative(each) for each in values)
        case ast.UnaryOp(op=ast.Not()) | ast.Compare(ops=[ast.NotIn()]):
            return True
        case ast.Compare(ops=[ast.Is() | ast.Eq()], comparators=[ast.Constant(value=value)]):
            return not value
    return False


def _goes_on(node: ast.Try) -> bool:
    """Whether a failed read is caught, and no handler that catches it ends the code."""
    for handler in node.handlers:
        if handler.type is None or not _CAUGHT.isdisjoint(_names(handler.type)):
            return not any(_is_end(each) for line in handler.body for each in ast.walk(line))
    return False


def _names(node: ast.expr) -> Iterator[str]:
    for each in ast.walk(node):
        match each:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                yield name


def _is_end(node: ast.AST) -> bool:
    match node:
        case ast.Raise():
            return True
        case ast.Expr(value=ast.Call() as call):
            return _is_end(call)
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name in _ENDS
    return False
