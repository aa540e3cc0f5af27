"""Whether what has a key's form was made up: by a person at a keyboard, or for a documentation.

Told the random part of a key, it holds that against what a random generator hardly ever writes: a
word, a sequence, a repetition. Each rule takes less than one real key of a thousand for made up.
"""

from __future__ import annotations

import hashlib
import itertools
import re

_WORDS = re.compile(
    rb"example|sample|dummy|fake|mock|notreal|placeholder|redacted|replace|insert|change|your"
    rb"|secret|token|password|test|demo|foobar|qwert|asdfg|deadbeef|x{4}|none",
    re.IGNORECASE,
)
_REPEATED = re.compile(rb"(.)\1{5}|(..)\2{3}|(.{3,7})\3\3|(.{8,40})\4", re.DOTALL)
_FEWEST = 8
"""Different characters; 32 random hex digits have fewer once in ten million times. Of what is
short, half."""
_STEPS = 6
"""Neighbours in a row: `abcdefg`, and with each second one `a1b2c3d4`."""
_LONGEST = 400
"""Bytes that are looked at; more would not tell more."""
PUBLISHED = frozenset(
    {
        "8f8bdb825c441526",  # docs.slack.dev, the answer of oauth.v2.access
        "0c47dd30c7da14ce",  # the key that Svix's and Standard Webhooks' libraries are tried with
        "34eefbded8d87d61",  # python-gitlab, docs/api-usage.rst
        "be18c19d20ea3573",  # hashicorp/vagrant, keys/vagrant: the key of every new box
    }
)
"""Digests of keys that are for all to see and stand in many a repository: none stands here."""


def is_made_up(text: bytes, published: frozenset[str] = PUBLISHED) -> bool:
    """Whether this is nobody's key; `published` has the digests of those that are everybody's."""
    text = text[:_LONGEST]
    return (
        len(set(text)) < min(_FEWEST, len(text) // 2)
        or _WORDS.search(text) is not None
        or _REPEATED.search(text) is not None
        or _counts_on(text.lower())
        or digest(text) in published
    )


def digest(text: bytes) -> str:
    """What stands for a published key in the list of them."""
    return hashlib.sha256(text).hexdigest()[:16]


def _counts_on(text: bytes) -> bool:
    """Whether it goes on as an alphabet or a number does, for long or in half of all places."""
    near = [-1 <= after - before <= 1 for before, after in itertools.pairwise(text)]
    if 2 * sum(near) >= len(near):
        return True
    for apart in (1, 2):
        for step in (1, -1):
            row = 0
            for before, after in zip(text, text[apart:], strict=False):
                row = row + 1 if after - before == step else 0
                if row >= _STEPS - (apart == 1):
                    return True
    return False
