"""The texts that an app is declared by, as the settings name them: files, and programs.

`{file: .env.production}`, `{file: [.env.shared, .env.production]}`, `{from: [sops, decrypt, …]}`,
and `{file: [.env.shared, {from: [sops, decrypt, …]}]}`.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import NamedTuple

from ..errors import Complaint
from ..secret import MASK

DEFAULT_FILE = ".env.production"


class Program(NamedTuple):
    """A program whose standard output is a layer: its name, and its arguments; never a shell's."""

    argv: tuple[str, ...]

    @property
    def shown(self) -> str:
        """What messages call it: its name, and what is most likely to tell it from another.

        That is its last argument, unless that is an option, or could be a secret.
        """
        from .program_words import is_shown  # noqa: PLC0415  # most are files

        name, *arguments = self.argv
        last, place = arguments[-1] if arguments else "-", len(arguments)
        told = f" {last}" if not last.startswith("-") and is_shown(self.argv, place) else ""
        called = name.rpartition("/")[2] if is_shown(self.argv, 0) else MASK
        return called + (" ..." if len(arguments) > bool(told) else "") + told


Layer = str | Program
"""A file's path, or what prints a text."""

_PROGRAM = "must be a list of a program and its arguments, such as [sops, decrypt, secrets.env]"


def read(options: object, where: str) -> tuple[Layer, ...] | list[Complaint]:
    """The layers of an app, in the order in which they are read; or what is wrong with them.

    `options` is what stands behind the app's name, and `where` is what messages call that.
    """
    if options is None:  # `myapp:` alone is fine
        return (DEFAULT_FILE,)
    if not isinstance(options, Mapping) or options.keys() - {"file", "from"}:
        return [Complaint(f"{where}: takes file: or from:, and nothing else")]
    if len(options) > 1:
        order = "put both under file:, in their order: file: [.env.shared, {from: [sops, …]}]"
        return [Complaint(f"{where}: has a file: and a from:; {order}")]
    if "from" in options:
        listed: object = [dict(options)]
    else:
        listed = options.get("file", DEFAULT_FILE)
        listed = listed if isinstance(listed, list | tuple) else [listed]
    assert isinstance(listed, list | tuple)  # noqa: S101  # for the type checker
    found = [_layer(each) for each in listed]
    if not found:
        return [Complaint(f"{where}.file: names no file")]
    complaints = [Complaint(f"{where}{each}") for each in found if isinstance(each, _Wrong)]
    complaints += (Complaint(f"{where}.file: names {each} twice") for each in _repeated(found))
    return complaints or tuple(each for each in found if not isinstance(each, _Wrong))


class _Wrong(str):
    """What is wrong with a layer, behind what messages call the app."""

    __slots__ = ()


def _layer(value: object) -> Layer | _Wrong:
    if isinstance(value, Mapping):
        argv = value.get("from")
        if value.keys() != {"from"}:
            return _Wrong(".file: a layer is a path, or takes from: and nothing else")
        if not isinstance(argv, list | tuple) or not argv or not all(map(_is_text, argv)):
            return _Wrong(f".from: {_PROGRAM}")
        return Program(tuple(argv))
    if isinstance(value, str) and _is_text(value):
        return value
    return _Wrong(".file: must be a path, or a list of them")


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != "" and "\0" not in value


def _repeated(found: list[Layer | _Wrong]) -> Iterator[str]:
    """What stands there twice, in words; a path that is no ordinary one is not shown."""
    layers = [
        str(PurePath(each)) if isinstance(each, str) else each
        for each in found
        if not isinstance(each, _Wrong)
    ]
    for each in dict.fromkeys(layers):
        if layers.count(each) > 1:
            is_plain = isinstance(each, str) and re.fullmatch(r"[\w./~-]{1,60}", each, re.ASCII)
            yield str(each) if is_plain else "a layer"
