"""Which files are apart from what an app is made of: tests, examples, documentation, templates.

What looks like a secret there is made up in most cases; a finding is worth a note and no more.
A folder `templates` is not among them, for web frameworks keep what they serve in one.
"""

from __future__ import annotations

import re

_FOLDER = re.compile(
    r"t|(?:unit|integration|e2e)?[-_]?tests?|unit|testing|test[-_]?(?:data|fixtures?|resources)"
    r"|__(?:tests|mocks|fixtures|snapshots)__|specs?|e2e|fixtures?|mocks?|(?:vcr_)?cassettes"
    r"|snapshots|examples?|samples?|demos?|tutorials?|quickstarts?"
    r"|docs?|documentation|man|wiki|guides?"
)
_FIRST = re.compile(r"tests?|spec|mocks?|examples?|samples?|demo|dummy|fixtures?|conftest|readme")
_LAST = re.compile(rf"{_FIRST.pattern}|testing|template|tmpl|tpl|dist")
"""What a part of a file's name says; a part ends where a dot, a dash or an underscore stands.

`template.yaml` is what CloudFormation deploys, and `.env.template` is what people copy.
"""
_DOCUMENT = re.compile(r".+\.(?:mdx?|markdown|rst|a(?:scii)?doc|textile|org|pod|rdoc)")
_PAGE = re.compile(r"(?:changelog|changes|history|news|contributing|security|licen[cs]e)(?:\.txt)?")
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?:Tests?|Spec|Fixtures?|Mock)$")
"""`AccountTest.java`, `LoginSpec.scala`."""


def is_apart(path: str) -> bool:
    """Whether what a file says is for people or for tests; `path` has slashes, and is relative."""
    *folders, name = path.split("/")
    if any(_FOLDER.fullmatch(folder.lower()) for folder in folders):
        return True
    low = name.lower()
    first, *others = re.split(r"[._-]+", low.strip("._-"))
    return (
        _FIRST.fullmatch(first) is not None
        # `app_test.go`, `settings-test`, `.env.example`
        or any(_LAST.fullmatch(part) for part in others[-2:])
        or any(each.fullmatch(low) for each in (_DOCUMENT, _PAGE))
        or _CAPITAL.search(name.partition(".")[0]) is not None
    )
