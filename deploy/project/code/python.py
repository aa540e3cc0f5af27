"""The names of environment variables that Python code reads.

Code is read as a tree and never run. What is seen are `os.environ` and `os.getenv`, the libraries
in `libraries`, and the names that an import or an assignment gives to them; functions around them
(`def env(name): return os.environ[name]`), in this file or another; and classes of settings. What
is not: an attribute (`self.env`), a copy. A name that is computed is said to be so, never guessed.
"""

from __future__ import annotations

import ast
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from ...names import VAR_NAME
from .libraries import How, Thing
from .parsing import tree_of
from .scopes import default_place, defaults, owner, place, raises, thing_of
from .walk import Walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .scopes import Scope
    from .walk import Asked


class PythonFile(NamedTuple):
    """A Python file that may read the environment; without a text where it is too large."""

    path: str
    text: str | None


class Read(NamedTuple):
    """A place that reads the environment, or why (`obstacle`) nothing can be said of it."""

    line: int
    """0 where the whole file is meant."""
    name: str | None
    obstacle: str = ""
    is_required: bool = False
    """Whether the code fails there, where nothing is set."""
    instead: tuple[str, ...] = ()
    """Other names, of which one will do."""


class Reading(NamedTuple):
    """What a file reads, sorted by line, and what of it reads where another file imports it.

    That are functions that read what they are told, objects of libraries, and classes of settings.
    """

    reads: tuple[Read, ...]
    exports: Mapping[str, Thing]
    brings: frozenset[str] = frozenset()
    """Names that it sets where they are not there: every manage.py has one."""
    defaulted: frozenset[str] = frozenset()
    """Names that have a default where such an object is made."""


_COMPUTED = "reads a name that is computed: not checked"
_ODD = "reads a name that is no var's: not checked"


def reads(
    source: PythonFile,
    things: Mapping[str, Thing] = MappingProxyType({}),
    defaulted: Iterable[str] = (),
) -> Reading:
    """What one Python file reads, each name once a line; never raises.

    `"X" in os.environ` reads, and so does `pop`; a store and `del` do not, nor does a `setdefault`
    whose value nobody takes (every manage.py has one): that brings its own value. `things` are
    what reads of other files, as far as this one imports it.
    """
    tree = tree_of(source.text)
    if not isinstance(tree, ast.Module):
        line, reason = tree
        return Reading((Read(line, None, reason),), {})
    walk = Walk(things)
    walk.defaulted.update(defaulted)
    walk.over(tree)
    judge = _Judge(walk)
    order = sorted(judge.judged(), key=lambda read: (read.line, read.name or "", read.obstacle))
    brings, given = frozenset(judge.brings()), frozenset(walk.defaulted)
    return Reading(tuple(order), walk.exports(), brings, given)


class _Judge:
    """What a file reads, once all its names are known."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._helpers: dict[str, How] = {}
        self._first: set[tuple[int, str]] = set()
        """What a function asks first of its own arguments, by its scope."""

    def judged(self) -> set[Read]:
        """What reads; functions that read what they are told are found first."""
        asked = self._walk.asked
        self._first = {
            (id(each.scope.maps[0]), key.id)
            for each in asked
            if isinstance(key := self._key(each), ast.Name) and self._is_asked_first(each)
        }
        for _ in range(3):  # one around another, around another
            asked = [each for each in asked if not self._is_helpers(each)]
        found = {Read(line, name, "", need, rest) for line, name, need, rest in self._walk.fields}
        found = found.union(*(self._read(each) for each in asked))
        # Who asks first does not fail.
        guarded = {
            _named(each.line, self._key(each), each.scope, is_required=False).name
            for each in asked
            if self._is_asked_first(each)
        } - {None}
        return {
            each._replace(is_required=False)
            if each.name in guarded or self._walk.guards.is_caught(each.line)
            else each
            for each in found
        }

    def _is_asked_first(self, asked: Asked) -> bool:
        how, guards = self._how(asked), self._walk.guards
        if how is None or guards.is_demanded(asked.node):
            return False
        return asked.is_in or (how.is_asked and guards.is_tested(asked.node))

    def _is_helpers(self, asked: Asked) -> bool:
        """Whether a function reads its own argument here; then calls of it read."""
        key, how = self._key(asked), self._how(asked)
        if how is None or not isinstance(key, ast.Name):
            return False
        bound = asked.scope.maps[0].get(key.id)
        found = owner(asked.scope, bound)
        if bound is None or bound.first != [None] or found is None:
            return False
        name, function = found
        at = place(function, key.id)
        if at is None:
            return False
        told = How(
            default_at=default_place(function, at),
            is_asked=not raises(function)
            and (
                self._is_optional(asked, how)
                or self._walk.guards.is_caught(asked.line)
                or (id(asked.scope.maps[0]), key.id) in self._first
            ),
            name_at=at,
            names=(key.id,),
            defaults=tuple(defaults(function, key.id)),
        )
        before = self._helpers.get(name)
        if before is None or (before.is_asked and not told.is_asked):
            self._helpers[name] = told
            asked.scope[name].thing = Thing(reads=told)
            asked.scope[name].first.append(Thing(reads=told))
        return True

    def brings(self) -> Iterator[str]:
        for asked in self._walk.asked:
            thing = thing_of(asked.of, asked.scope)
            if thing and thing.sets_if_absent and asked.is_idle:
                read = _named(asked.line, asked.key, asked.scope, is_required=False)
                yield from (read.name,) if read.name else ()

    def _how(self, asked: Asked) -> How | None:
        thing = thing_of(asked.of, asked.scope)
        if thing is None:
            return None
        if asked.call is None:
            return How(is_asked=asked.is_in) if thing.item else None
        if thing.sets_if_absent and asked.is_idle:
            return None
        return How(is_asked=True) if thing.expands else thing.reads

    def _key(self, asked: Asked) -> ast.expr | None:
        """What names the var, wherever the function takes it."""
        how = self._how(asked) if asked.call else None
        return _argument(asked.call, how) if asked.call and how else asked.key

    def _is_optional(self, asked: Asked, how: How) -> bool:
        if self._walk.guards.is_demanded(asked.node):
            return False
        if how.is_asked or asked.call is None:
            return how.is_asked
        args, keywords = asked.call.args, asked.call.keywords
        has_place = how.default_at is not None and len(args) > how.default_at
        return has_place or any(each.arg is None or each.arg in how.defaults for each in keywords)

    def _read(self, asked: Asked) -> Iterator[Read]:
        how = self._how(asked)
        if how is None:
            return
        is_required = not self._is_optional(asked, how)
        if asked.call is None:
            yield _named(asked.line, asked.key, asked.scope, is_required=is_required)
            return
        thing = thing_of(asked.of, asked.scope)
        key = self._key(asked)
        if thing and thing.expands:
            yield from _expanded(asked.line, key)
        elif key is None and how.own:
            is_required = is_required and how.own not in self._walk.defaulted
            yield Read(asked.line, how.own, "", is_required)
        elif how.is_of_class and self._walk.is_prefixed:
            yield Read(asked.line, None, _COMPUTED)
        else:
            read = _named(asked.line, key, asked.scope, is_required=is_required)
            is_defaulted = how.is_of_class and read.name in self._walk.defaulted
            yield read._replace(is_required=False) if is_defaulted else read


def _argument(call: ast.Call, how: How) -> ast.expr | None:
    """What names the var in a call; a star, which may, counts as it."""
    if how.name_at is None:
        return None
    for at, each in enumerate(call.args):
        if at == how.name_at or isinstance(each, ast.Starred):
            return each
    named = [each.value for each in call.keywords if each.arg is None or each.arg in how.names]
    return named[0] if named else (None if how.own else call)


def _named(line: int, key: ast.expr | None, scope: Scope, *, is_required: bool) -> Read:
    """The read of what a literal names, or a name that is bound to one and to nothing else."""
    bound = scope.get(key.id) if isinstance(key, ast.Name) else None
    match bound.first if bound else None:
        case [ast.Constant() as only, None]:
            key = only
    if not isinstance(key, ast.Constant):
        return Read(line, None, _COMPUTED)
    name = key.value.decode("latin-1") if isinstance(key.value, bytes) else key.value
    if isinstance(name, str) and VAR_NAME.fullmatch(name):
        return Read(line, name, "", is_required)
    return Read(line, None, _ODD)


def _expanded(line: int, key: ast.expr | None) -> Iterator[Read]:
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        for match in re.finditer(
            rf"\$(?:({VAR_NAME.pattern})|\{{({VAR_NAME.pattern})\}})", key.value
        ):
            yield Read(line, match[1] or match[2])
