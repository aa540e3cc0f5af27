"""Which values are to be kept secret, and where one stands in a text; asked by `Secret` alone."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from urllib.parse import quote, quote_plus

_SECRET_NAME = re.compile(
    r"(?:CREDENTIAL|PASS(?:PHRASE|WD|WORD)|SECRET|TOKEN)S?(?![A-Z])"
    r"|(?<![A-Z])(?:(?:ACCESS|API|MASTER|PRIVATE|SECRET)?KEYS?|PASS|PRIVATE|PWD|SALT)(?![A-Z])"
)
"""Words whole, or (PGPASSWORD) behind others, where no other word ends so."""
_PUBLIC_NAME = re.compile(r"(?<![A-Z])PUBLI(?:C|SHABLE)(?![A-Z])")
_COMMIT_NAME = re.compile(r"(?<![A-Z])(?:COMMIT|REVISION|SHA|VERSION)(?![A-Z])")
_PLAIN = re.compile(r"true|false|yes|no|on|off|none|null|[0-9]{1,5}", re.IGNORECASE)
"""What is no secret whatever its name: TOKEN_TTL=3600, PASSWORD_LOGIN=on."""
_URL_PASSWORD = re.compile(r"://[^\s/@:]*:[^\s/@]+@")
_KIND_CHANGES = re.compile(r"[a-z](?=[A-Z0-9])|[A-Z](?=[0-9])|[0-9](?=[A-Za-z])|[^\w/\\-]")
"""Where a run goes over from one kind of character to another; a capital begins a word."""
_TELLING = 4
"""Characters; what is shorter stands in any text by chance."""
_LONG = 12
"""Characters; what is as long is looked for inside of words too."""


def is_secret(value: str, name: str) -> bool:
    """Whether its name, or its form, says so: see `Secret.is_secretlike`."""
    value, words = value.strip(), name.upper()
    if not value or _PLAIN.fullmatch(value):
        return False
    if _URL_PASSWORD.search(value):
        return True
    if _PUBLIC_NAME.search(words):
        return False
    if _SECRET_NAME.search(words):
        return True
    if _COMMIT_NAME.search(words):
        return False
    parts = r"[\s/.:,;@?&=]+" if "://" in value else r"[\s.:,;@]+"
    return any(_is_mixed(run) for run in re.split(parts, value))


def masked(text: str, value: str, mask: str) -> str:
    """A text with a mask wherever the value stands: as it is, JSON-escaped, URL-quoted, in base64.

    Case is no difference; a short value is one only where it is a word of its own.
    """
    value = value.strip()
    if len(value) < _TELLING or _PLAIN.fullmatch(value):
        return text
    spellings = {value, json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}
    data = value.encode("utf-8", "surrogatepass")
    spellings |= {quote(data), quote(data, safe=""), quote_plus(data)}
    spellings.add(b64encode(data).decode().rstrip("="))
    for spelling in sorted(spellings, key=len, reverse=True):
        if spelling.lower() in text.lower():
            form = re.escape(spelling)
            form = form if len(spelling) >= _LONG else rf"(?<!\w){form}(?!\w)"
            text = re.sub(form, mask, text, flags=re.IGNORECASE)
    return text


def _is_mixed(run: str) -> bool:
    """Whether this reads as a key: 16 and more characters of which no word and no path is made.

    Three kinds of characters, or one word with digits (hex), which change every five at the least.
    """
    if len(run) < 16:
        return False
    lower, upper, digit, other = (
        bool(re.search(kind, run)) for kind in ("[a-z]", "[A-Z]", "[0-9]", r"[^\w/\\-]")
    )
    is_one_word = digit and run.isalnum() and not run.isdigit()
    is_varied = lower + upper + digit + other >= 3 or is_one_word
    return is_varied and 5 * len(_KIND_CHANGES.findall(run)) >= len(run)
