"""Python code as a tree, where it can be had in time."""

from __future__ import annotations

import ast
import io
import token
import tokenize
import warnings
from contextlib import suppress

_UNPARSED = "does not parse as Python: not checked"
_TOO_LARGE = "is too large a program: not checked"
UNREAD = {_UNPARSED, _TOO_LARGE}
"""Why nothing at all is known of a file."""
_LONG = 16 << 10


def tree_of(text: str | None) -> ast.Module | tuple[int, str]:
    """The tree of a program; or a line, 0 for the whole of it, and why there is none.

    None is the text of a program that is too large to be read.
    """
    if text is None or _would_take_long(text):
        return 0, _TOO_LARGE
    try:
        with warnings.catch_warnings():  # a warning quotes the code
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        # The last two: nested too deep for the parser, or for the tree.
        return getattr(error, "lineno", None) or 0, _UNPARSED


def _would_take_long(text: str) -> bool:
    """Whether it holds a long f-string, for which Python before 3.12 takes that long, squared."""
    if hasattr(token, "FSTRING_START") or len(text) <= _LONG:
        return False
    with suppress(tokenize.TokenError, SyntaxError):  # the parser says so
        for each in tokenize.generate_tokens(io.StringIO(text).readline):
            if len(each.string) > _LONG and "f" in each.string[:2].lower():
                return True
    return False
