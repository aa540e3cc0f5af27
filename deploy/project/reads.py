"""The names of environment variables that Python code reads.

Code is read as a tree and never run. What is seen is `os.environ` and `os.getenv`, their bytes
forms, and the names that an import or an assignment gives to them. What is not: an attribute
(`self.env`), a function's argument, a copy, `expandvars`, a library that reads for the code
(`decouple`). A name that is computed is said to be so, and never guessed.
"""

import ast
import io
import token
import tokenize
import warnings
from collections import ChainMap
from collections.abc import Iterator
from contextlib import suppress
from enum import Enum, auto
from functools import cache
from typing import NamedTuple

from ..names import VAR_NAME
from .facts import PythonFile


class Read(NamedTuple):
    """A place that reads the environment, or why (`obstacle`) nothing can be said of it."""

    line: int
    """0 where the whole file is meant."""
    name: str | None
    obstacle: str = ""


_UNPARSED = "does not parse as Python: not checked"
_TOO_LARGE = "is too large a program: not checked"
_LONG = 16 << 10
_COMPUTED = "reads a name that is computed: not checked"
_ODD = "reads a name that is no var's: not checked"


@cache  # asked once for what is mentioned, and once for what is declared
def reads(file: PythonFile) -> tuple[Read, ...]:
    """What one Python file reads, sorted by line, each name once a line; never raises.

    `"X" in os.environ` reads, and so does `pop`; a store and `del` do not, nor does a `setdefault`
    whose value nobody takes (every manage.py has one): that brings its own value.
    """
    if file.text is None or _would_take_long(file.text):
        return (Read(0, None, _TOO_LARGE),)
    try:
        with warnings.catch_warnings():  # a warning quotes the code
            warnings.simplefilter("ignore")
            tree = ast.parse(file.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        # The last two: nested too deep for the parser, or for the tree.
        return (Read(getattr(error, "lineno", None) or 0, None, _UNPARSED),)
    found = set(_read(tree))
    return tuple(sorted(found, key=lambda read: (read.line, read.name or "", read.obstacle)))


def _would_take_long(text: str) -> bool:
    """Whether it holds a long f-string, for which Python before 3.12 takes that long, squared."""
    if hasattr(token, "FSTRING_START") or len(text) <= _LONG:
        return False
    with suppress(tokenize.TokenError, SyntaxError):  # the parser says so
        words = (each.string for each in tokenize.generate_tokens(io.StringIO(text).readline))
        return any(len(word) > _LONG and "f" in word[:2].lower() for word in words)
    return False


class _Meaning(Enum):
    """What a name in the code stands for; the last two are called with the name of a var."""

    OS = auto()
    ENVIRON = auto()
    READ = auto()
    DEFAULT = auto()


_OS = {"environ": _Meaning.ENVIRON, "environb": _Meaning.ENVIRON}
_OS |= {"getenv": _Meaning.READ, "getenvb": _Meaning.READ}
_ENVIRON = {"get": _Meaning.READ, "pop": _Meaning.READ, "setdefault": _Meaning.DEFAULT}
_MEMBERS = {_Meaning.OS: _OS, _Meaning.ENVIRON: _ENVIRON}
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_AROUND = {"decorator_list", "defaults", "kw_defaults", "returns"}
"""The fields of a function that belong to what is around it."""

_Binding = _Meaning | ast.Constant | None
_Scope = ChainMap[str, list[_Binding]]
"""What the names of a function, and of what is around it, are bound to: see `_bind`.

The names of classes and comprehensions are those of what is around them.
"""
_Candidate = tuple[int, _Meaning, ast.expr, ast.expr]
"""The line of what reads if an expression has a meaning, and the key that it then reads."""


def _read(tree: ast.Module) -> Iterator[Read]:
    """Walk without recursion, for code that parses may be deeper than calls may go; then judge."""
    waiting: list[tuple[ast.AST, _Scope]] = [(tree, ChainMap())]
    candidates: list[tuple[_Candidate, _Scope]] = []
    unused: set[ast.AST] = set()
    while waiting:
        node, scope = waiting.pop()
        if isinstance(node, ast.Expr):
            unused.add(node.value)
        elif isinstance(node, ast.Global | ast.Nonlocal):
            outer = scope.maps[-1] if isinstance(node, ast.Global) else scope.parents
            scope.maps[0].update({name: outer.setdefault(name, []) for name in node.names})
        for name, what in _bindings(node, scope):
            _bind(scope.maps[0].setdefault(name, []), what)
        candidates += ((each, scope) for each in _candidates(node, is_unused=node in unused))
        waiting += reversed(list(_below(node, scope)))
    for (line, kind, of, key), scope in candidates:
        if _meaning(of, scope) is kind:
            yield _named(line, key, scope)


def _below(node: ast.AST, scope: _Scope) -> Iterator[tuple[ast.AST, _Scope]]:
    inner = scope.new_child() if isinstance(node, _FUNCTIONS) else scope
    outer = scope.parents if isinstance(node, ast.arguments) else scope
    for field, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield child, outer if field in _AROUND else inner


def _candidates(node: ast.AST, *, is_unused: bool) -> Iterator[_Candidate]:
    """What may read the environment; `is_unused` where nobody takes the value of the node."""
    match node:
        case (
            ast.Subscript(value=of, slice=key, ctx=ast.Load())
            | ast.AugAssign(target=ast.Subscript(value=of, slice=key))
            | ast.Compare(left=key, ops=[ast.In() | ast.NotIn()], comparators=[of])
        ):
            yield node.lineno, _Meaning.ENVIRON, of, key
        case ast.Call(func=of, args=args, keywords=keywords):
            key = next(iter([*args, *(each.value for each in keywords if each.arg == "key")]), node)
            yield node.lineno, _Meaning.READ, of, key
            if not is_unused:
                yield node.lineno, _Meaning.DEFAULT, of, key


def _bind(bound: list[_Binding], what: _Binding) -> None:
    """Add to what a name is bound to; of many bindings no more than counts.

    An assignment adds what is known of its value, then None. A meaning counts wherever it stands.
    """
    if len(bound) <= 2 or (isinstance(what, _Meaning) and not _first_meaning(bound)):
        bound.append(what)


def _first_meaning(bound: list[_Binding]) -> _Meaning | None:
    return next((what for what in bound if isinstance(what, _Meaning)), None)


def _bindings(node: ast.AST, scope: _Scope) -> Iterator[tuple[str, _Binding]]:
    match node:
        case ast.Import() | ast.ImportFrom():
            yield from _imported(node)
        case ast.Assign() | ast.AnnAssign() | ast.NamedExpr():
            value = node.value
            what = value if isinstance(value, ast.Constant) else _meaning(value, scope)
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if what and isinstance(target, ast.Name):
                    yield target.id, what
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
            yield name, None
        case ast.alias():
            pass
        case _ if isinstance(given := getattr(node, "name", None), str):
            yield given, None  # a function, a class, a handler or a pattern


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, _Binding]]:
    is_of_os = isinstance(node, ast.ImportFrom) and (node.module, node.level) == ("os", 0)
    for alias in node.names:
        name = alias.asname or alias.name.partition(".")[0]
        is_os = isinstance(node, ast.Import) and "os" in {alias.name, name}
        yield name, _Meaning.OS if is_os else _OS.get(alias.name) if is_of_os else None


def _meaning(of: ast.AST | None, scope: _Scope) -> _Meaning | None:
    """What an expression stands for; an `os` that nobody binds came with a star import."""
    attributes: list[str] = []
    while isinstance(of, ast.Attribute):
        attributes.append(of.attr)
        of = of.value
    if not isinstance(of, ast.Name):
        return None
    bound = scope.get(of.id)
    found = _first_meaning(bound) if bound else _Meaning.OS if of.id == "os" else None
    for attribute in reversed(attributes):
        found = _MEMBERS.get(found, {}).get(attribute) if found else None
    return found


def _named(line: int, key: ast.expr, scope: _Scope) -> Read:
    """The read of what a literal names, or a name that is bound to one and to nothing else."""
    match scope.get(key.id) if isinstance(key, ast.Name) else None:
        case [ast.Constant() as only, None]:
            key = only
    if not isinstance(key, ast.Constant):
        return Read(line, None, _COMPUTED)
    name = key.value.decode("latin-1") if isinstance(key.value, bytes) else key.value
    if isinstance(name, str) and VAR_NAME.fullmatch(name):
        return Read(line, name)
    return Read(line, None, _ODD)
