"""`ETag` and `If-None-Match`: who has an answer already is not sent it again.

See https://devcenter.heroku.com/articles/platform-api-reference#caching
"""

import hashlib
from dataclasses import replace

from .answers import Answer
from .call import Incoming


def conditional(answer: Answer, incoming: Incoming) -> Answer:
    """The answer with its tag; 304 in its place where a read comes with that tag."""
    if answer.status >= 300:
        return answer
    tag = f'"{hashlib.sha256(answer.body).hexdigest()[:32]}"'
    tagged = replace(answer, headers={**answer.headers, "ETag": tag})
    if incoming.method != "GET" or not _holds(incoming.headers.get("if-none-match", ""), tag):
        return tagged
    return replace(tagged, status=304, body=b"")


def _holds(header: str, tag: str) -> bool:
    """Whether a list of tags holds this one; a weak one is as good, and `*` is every one."""
    given = {each.strip().removeprefix("W/") for each in header.split(",")}
    return not given.isdisjoint({tag, "*"})
