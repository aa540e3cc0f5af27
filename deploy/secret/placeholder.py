"""Texts that stand for a value: nobody filled them in, or nobody resolved them.

To be right matters more than to find all: some real value reads like most words. The forms are
those of `.env.example` files in public repositories, and of what resolves references: 1Password
(`op://`, "Secret reference syntax"), vals (`ref+`, README), bank-vaults (`vault:path#key`), berglas
(`berglas://`, `sm://`), shells, Docker Compose, GitHub Actions, Jinja, Helm, ERB, Octopus Deploy.

No pattern is compiled before a value holds its clue: most runs meet none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 300
"""Characters; what stands for a value is short, and some of the patterns go back and forth."""

_VENDOR = r"""(?:(?:[spr]k|whsec|price|prod|acct|gh[opsu]|glpat|xox[abprs]|ac|sg|re|phc|hf|gsk|pcsk
    |rzp|nvapi|npm|pat)(?:[-_](?:live|test|prod|ant|proj|or|api03|svcacct|v1))*[-_.])"""
_NOUN = r"""(?:account|api|app|backend|bucket|cluster|company|database|db|deployment|domain|endpoint
    |frontend|host|instance|org|organization|project|proxy|resource|server|service|site|store|subdomain|team
    |tenant|username|vercel|website|workspace)"""
_WORD = r"(?:key|passw(?:or)?d|passphrase|secret|string|token|username|value)"
_SCHEME = r"[a-z][a-z0-9+.-]*://"
_FORMS = (
    ("?", r"\?+"),
    ("*", r"\*{3,}"),
    ("<", rf"<[^<>]*> | {_SCHEME}[^\s/]*<[a-z][^<>]*>.*"),
    ("...", r"\.{3,} | (?:[a-z0-9]{1,10}[-_]){1,4}\.{3,} | (?:aiza(?:sy)?|eyj|akia|sg\.)\.{3,}"),
    ("…", r"(?:[a-z0-9]{1,10}[-_]){0,4}…"),
    (
        "xxx",
        rf"""x{{3,}} | (?!x)[a-z]{{1,10}}(?:[-_][a-z0-9]{{1,10}}){{0,3}}[-_]x{{4,}}(?:[-_]x+)*
        | x{{8}}(?:-x{{4}}){{3}}-x{{12}} | (?:aizasy|ac|akia|sg\.)x{{4,}}
        | {_SCHEME}(?:\S*@)?x{{3,}}(?:\.[a-z0-9-]{{4,}}\.|(?:\.[a-z0-9-]+){{3}}).*""",
    ),
    (
        "your",
        rf"""your[-_ ].* | {_VENDOR}your[-_].*
        | your[a-z]{{0,12}}(?:passw(?:or)?d|secret|token|apikey|secretkey|username)\d*
        | (?:{_SCHEME})?(?:[^\s/@]*@)?(?:[a-z0-9-]+\.)*
          (?:your[-_]{_NOUN}(?:[-_][a-z0-9_-]+)? (?=[.:/?]|$)
          |your(?:app|company|domain|project|site|website)\.[a-z])\S*
        | {_SCHEME}(?:\S*[:/])?\[?your[-_][^\s/@:]*\]?[:@].* | {_SCHEME}\S*\[your[-_ ][^\]]*\].*""",
    ),
    (
        "change",
        r"""change[-_ ]?(?:me|it|in|this|with)(?:[^a-z].*)?
        | \S*[-_]change[-_]?(?:me|it|this)(?:[-_]\S*)?
        | (?:\S*[-_])?change[-_](?:in|for|before|on)[-_](?:prod|deploy|live)[a-z]*
        | [a-z]+://[^\s/:@]*:change[-_]?me@.*""",
    ),
    ("replace", r"replace[-_ ]?(?:me|it|in|this|with)(?:[^a-z].*)?"),
    ("fill", r"fill[-_ ]?(?:me|it|in|this|with)(?:[^a-z].*)?"),
    (
        "here",
        rf"""(?:my|insert|enter|put|paste)[-_ ].*[-_ ]here | [a-z0-9_ -]*goes[-_ ]?here
        | (?:[a-z0-9]+[-_])*(?:your|strong|secure|random|some|super|api|the)?
          (?:strong|secure|random|secret)?{_WORD}[-_]?here[0-9!]*""",
    ),
    (
        "generate",
        rf"generate[-_](?:an?|your|one|me|with)[-_]\S*(?:random|openssl|{_WORD})\S*",
    ),
    ("random", rf"(?:(?:an?|some|very|long|secure|strong)[-_ ])+random[-_ ]{_WORD}"),
    ("password@host", rf"{_SCHEME}user(?:name)?:password@host(?:name)?(?:[:/].*)?"),
    ("do", r"to[-_ ]?do"),
    ("tbd", "tbd"),
    ("fixme", "fixme"),
    ("placeholder", "placeholder"),
)
"""A clue, and the pattern of the whole text, in lower case."""

_PAIRS = (("__", "__"), ("[", "]"), ("{", "}"))


def is_placeholder(text: str) -> bool:
    """Whether nobody filled this in: `changeme`, `sk-...`, `postgres://u:your_password@host`."""
    if len(text) > _LONGEST:
        return False
    low = text.strip().lower()
    for start, end in _PAIRS:
        if low.startswith(start) and low.endswith(end):
            low = low[len(start) : -len(end)]
    return _is_one_of(_FORMS, low)


_SCHEMES = ("op://", "ref+", "berglas://", "sm://")
_WHOLE = (
    ("$", r"\$[A-Z_][A-Z0-9_]+ | \$\{[A-Za-z_]\w*(?::?[-=+?][^{}]*)?\} | \$\{\{.*\}\}"),
    ("$(", r"\$\([^()]+\) | .*\$\([a-z][\w./-]*[ ][^()]+\).*"),
    ("`", r"`[^`]+`"),
    ("{{", r"\{\{.*\}\} | [a-z][a-z0-9+.-]*://[^/\s{]*\{\{.*"),
    ("{%", r"\{%.*%\}"),
    ("#{", r"\#\{[\w.]+\}"),
    ("%", r"%[A-Z_][A-Z0-9_]+%"),
    ("__", r"__[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*__"),
    ("vault:", r"vault:[\w/.-]+\#[\w.-]+"),
)


def is_reference(text: str) -> bool:
    """Whether this is a reference or a template that should have been resolved."""
    if len(text) > _LONGEST:
        return False
    text = text.strip()
    if text in ("undefined", "[object Object]"):
        return True
    if text.startswith(_SCHEMES):
        return "://" in text
    return _is_one_of(_WHOLE, text)


def _is_one_of(forms: Iterable[tuple[str, str]], text: str) -> bool:
    return any(
        clue in text and re.fullmatch(form, text, re.VERBOSE | re.DOTALL) for clue, form in forms
    )


_SAMPLE_WORD = (
    r"(?<![a-z])(?:example|sample|dummy|fake|test|foo|bar|baz|none|abc|x{3,}|0?123[0-9]*)(?![a-z])"
)
_WHAT_IT_IS = r"(?<![a-z])(?:secret|password|passwd|user|token|key|here|value)(?![a-z])"
_NAMES_IT = r"(?:[A-Z][A-Za-z0-9]*-)+[A-Z][A-Za-z0-9]*|[\w.@:-]*(?:/[\w.@-]+)+/?"
"""The name of a header (`X-Api-Key`) or a path may well end in a word for a secret."""
_URL_PATH = r"(://[^\s/?#]*)[/?#]\S*"
_LOCAL_URL = r"[a-z0-9+.-]://(?:[^\s/@]*@)?(?:localhost|127\.0\.0\.1|\[::1\])(?=[:/?#,\s]|$)"
"""Of a scheme its last letter is enough: more would be looked for at each place of a long word."""


def has_sample_word(text: str) -> bool:
    """Whether a word says so, but for one in a path: OAUTH_TOKEN_URL=https://…/token."""
    text = re.sub(_URL_PATH, r"\1", text)
    words = (_SAMPLE_WORD,) if re.fullmatch(_NAMES_IT, text) else (_SAMPLE_WORD, _WHAT_IT_IS)
    return any(re.search(word, text, re.IGNORECASE) for word in words)


def has_local_url(text: str) -> bool:
    return re.search(_LOCAL_URL, text, re.IGNORECASE) is not None
