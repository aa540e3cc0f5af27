r"""How the name of a var is shown, which may come from outside and be anything.

Heroku's schema has `\w+` for one, and apps have names with a dot or a dash. Any other is shown in
quotes, escaped and cut, and stands in no command that could be pasted: a runner of a CI job obeys a
line that begins with `::`, a name that begins with a dash is an option, and one that is cut or
cleaned is another name.
"""

from __future__ import annotations

import json
import re

_PLAIN = re.compile(r"(?!-|.*::)[\w.:-]{1,256}")
_CUT = 80
"""Characters that are shown of another one."""


def is_plain(name: str) -> bool:
    return _PLAIN.fullmatch(name) is not None


def shown(name: str) -> str:
    """The name, or in quotes what can be shown of it."""
    if is_plain(name):
        return name
    quoted = json.dumps(name[:_CUT], ensure_ascii=False)
    text = "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in quoted)
    return text if len(name) <= _CUT else f'{text[:-1]}…"'
