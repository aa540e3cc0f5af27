"""Which values are to be kept secret, and where one stands in a text.

Its name says it, or its form; and both can say that it is none. What public repositories hold in
their env files decided the words below: `PASSWORD_HASHER` is no password, `KEY_PATH` no key, and
`NEXT_PRIVATE_UPLOAD_BUCKET` is private to nobody.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from enum import Enum, auto
from urllib.parse import quote, quote_plus

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
"""Of a name in capitals, or in camel case; digits part words."""
_SECRET_ENDINGS = ("CREDENTIAL", "PASSPHRASE", "PASSWD", "PASSWORD", "SECRET", "TOKEN")
"""Of a word: PGPASSWORD is one."""
_SECRET_WORDS = {"AUTH", "KEY", "PASS", "PWD", "SALT"}
_SECRET_WORDS |= {f"{kind}KEY" for kind in ("ACCESS", "API", "MASTER", "PRIVATE", "SECRET")}
_HARMLESS_LAST = {
    # Where something is,
    *("BUCKET", "COLUMN", "DIR", "DIRECTORY", "DOMAIN", "ENDPOINT", "FIELD", "FILE", "FILENAME"),
    *("FOLDER", "HEADER", "HOST", "HOSTNAME", "LOCATION", "PARAM", "PATH", "PORT", "REGION", "URI"),
    *("URL", "ZONE"),
    # how long, how large and how many,
    *("AGE", "ATTEMPT", "BIT", "BYTE", "COST", "COUNT", "DAY", "DURATION", "EXPIRATION", "EXPIRE"),
    *("EXPIRY", "HOUR", "INTERVAL", "ITERATION", "LENGTH", "LIFETIME", "LIMIT", "MAX", "MIN"),
    *("MINUTE", "MS", "RATE", "RETRY", "ROUND", "SECOND", "SIZE", "TIMEOUT", "TTL"),
    # of which kind,
    *("ALG", "ALGO", "ALGORITHM", "AUDIENCE", "BACKEND", "CLASS", "DRIVER", "FORMAT", "HASHER"),
    *("ISSUER", "KIND", "METHOD", "MODE", "POLICY", "PREFIX", "PROVIDER", "SCHEME", "SCOPE"),
    *("STORE", "SUFFIX", "TEMPLATE", "TYPE", "VALIDATOR", "VERSION"),
    # whether, and whose.
    *("ALLOWED", "DISABLED", "ENABLE", "ENABLED", "EMAIL", "LABEL", "NAME", "REQUIRED"),
    *("ROTATION", "SUBJECT", "USER", "USERNAME"),
}
"""What a name is about that ends so, whatever stands before."""
_PUBLIC_WORDS = {"PUBLIC", "PUBLISHABLE"}
_PUBLIC_PREFIXES = ("EXPO_PUBLIC_", "GATSBY_", "NG_APP_", "REACT_APP_", "VITE_", "VUE_APP_")
"""Put into what a browser loads (Vite, "Env Variables"; Create React App, "Adding Custom
Environment Variables"; Gatsby, "Environment Variables"; Vue CLI, "Modes and Variables")."""
_COMMIT_WORDS = {"COMMIT", "REVISION", "VERSION"}
_DIGEST = re.compile(r"(?:sha[0-9]+[-:])?(?:[0-9a-fA-F]{7,}|[A-Za-z0-9+/]{27,}={1,2})")
"""What a name with `SHA` has; one of a commit, too."""
_PLAIN = re.compile(r"true|false|yes|no|on|off|none|null|[0-9]{1,5}", re.IGNORECASE)
"""What is masked nowhere: it stands in any text."""
_HARMLESS = re.compile(
    rf"{_PLAIN.pattern}"
    r"|[0-9.]{1,9} ?(?:ms|[smhdwy]|[kmg]i?b?|sec|min|(?:second|minute|hour|day|week|year)s?|%)"
    r"|[0-9]{1,9} ?/ ?[0-9]{0,6} ?[a-z]{1,7}",
    re.IGNORECASE,
)
"""What is no secret whatever its name: TOKEN_TTL=3600, PASSWORD_LOGIN=on, 15m, 60/minute."""
_URL_PASSWORD = re.compile(r"://([^\s/@:]*):([^\s/@]+)@([^\s/:?#,]*)")
_EXAMPLE_HOST = re.compile(
    r"(?:.*\.)?(?:example|invalid|test|localhost)|(?:.*\.)?example\.(?:com|net|org)|host(?:name)?"
    r"|127\.0\.0\.1|0\.0\.0\.0",
    re.IGNORECASE,
)
"""This machine, and the names that are nobody's (RFC 2606, RFC 6761)."""
_FILLED_IN_LATER = re.compile(r"\$\{[^}]*\}|\$\([^)]*\)|\{\{.*?\}\}|%\([^)]*\)s|<[^>]*>")
_ORDINARY = re.compile(
    r"([^\W\d_]+)(?:[-_. ]([^\W\d_]+))?(?:[-_. ]([^\W\d_]+))?(?:0?1234[0-9]*|[0-9!@#$.*?]{0,4})"
)
_DEFAULT = re.compile(r"(?:admin|changeme|default|letmein|password|secret|welcome)[0-9!.?]{0,4}")
_DISGUISED = str.maketrans("@4310$57", "aaeiosst")
"""`P@ssw0rd` and `Ch4ngeme`."""
_CONSONANTS = re.compile(r"[bcdfghjklmnpqrstvwxz]{5}")
_SPELLED = re.compile(r"css|ftp|https?|html|jwt|ldap|mqtt|mssql|mysql|nginx|smtps?|ssh|ssl|tls|xml")
"""What is spoken letter by letter."""
_TYPED = re.compile(r"([A-Za-z]{2,6})\1\1")
"""What fingers do that have nothing to say: `jkljkljkl`; and the row where they lie."""
_MIDDLE_ROW = set("asdfghjkl")
_WORDS_FOR_IT = re.compile(
    r"(?:(?:[^\W\d_]+[0-9]{0,2}|[0-9]{1,3})[-_. ])*"
    r"(?:key|passphrase|passw(?:or)?[dt]|secret|token|chave|clave|contrase|geheim|senha|segredo)"
    r"[^\W\d_]*(?:[-_. ](?:[^\W\d_]+|[0-9]{1,3}))*[0-9!?.]{0,4}",
    re.IGNORECASE,
)
"""Words of which one says what should stand there: `get_the_key_from_the_console`."""
_CAPITALS = re.compile(r"[A-Z](?![a-z]{2})")
"""What begins no word; in a word of capitals alone they say nothing."""
_SELDOM = re.compile(r"[jxz]|(?<!s)q")
"""Letters of which long words have one at most; all words with `sql` have its q."""
_KIND_CHANGES = re.compile(r"[a-z](?=[A-Z0-9])|[A-Z](?=[0-9])|[0-9](?=[A-Za-z])|[^\w/\\-]")
"""Where a run goes over from one kind of character to another; a capital begins a word."""
_WORD = 8
_KEY = 16
"""Characters; keys have as many, and few words."""
_TELLING = 4
"""Characters; what is shorter stands in any text by chance."""
_LONG = 12
"""Characters; what is as long is looked for inside of words too."""


_MANY = 300
"""Characters of a value in which a password is looked for as an ordinary word."""


class Secrecy(Enum):
    """Whether a value is to be kept secret, as far as its name and its form tell."""

    NONE = auto()
    WEAK = auto()
    """It should be one, and is an ordinary word that stands in any code by chance."""
    SECRET = auto()


def judged(value: str, name: str) -> Secrecy:
    """Words in the name, a URL with a password, or 16 and more characters of mixed kinds."""
    value = value.strip()
    if not value or _HARMLESS.fullmatch(value):
        return Secrecy.NONE
    passwords = list(_URL_PASSWORD.finditer(value))
    if passwords:
        return max((_of_url(*each.groups()) for each in passwords), key=lambda each: each.value)
    words = [_singular(word.upper()) for word in _WORDS.findall(name)]
    if not _PUBLIC_WORDS.isdisjoint(words) or name.upper().startswith(_PUBLIC_PREFIXES):
        return Secrecy.NONE
    if _says_secret(words):
        said = _FILLED_IN_LATER.sub("", value)  # nothing is left where single quotes mean it
        return Secrecy.WEAK if said and is_ordinary(said) else Secrecy.SECRET
    is_digest = "SHA" in words and _DIGEST.fullmatch(value)
    if is_digest or not _COMMIT_WORDS.isdisjoint(words) or words[-1:] == ["ID"]:
        return Secrecy.NONE
    parts = r"[\s/.:,;@?&=]+" if "://" in value else r"[\s.:,;@]+"
    is_mixed = any(_is_mixed(run) for run in re.split(parts, value))
    return Secrecy.SECRET if is_mixed else Secrecy.NONE


def is_ordinary(value: str) -> bool:
    """Whether this is what people type, and code holds by chance: words, or a number.

    What cannot be spoken is no word: five consonants in a row, or capitals all over it.
    """
    if not value or value.isdigit() or len(set(value)) <= 2:
        return True
    if len(value) > _MANY:
        return False
    user, colon, password = value.partition(":")
    if colon and user and password:
        return is_ordinary(user) and is_ordinary(password)
    if _DEFAULT.fullmatch(value.lower().translate(_DISGUISED)):
        return True
    match = _ORDINARY.fullmatch(value)
    words = [word for word in match.groups() if word] if match else []
    if not match and _WORDS_FOR_IT.fullmatch(value):
        words = re.findall(r"[^\W\d_]+", value)
    return bool(words) and not any(_is_unspoken(word) for word in words)


def _is_unspoken(word: str) -> bool:
    low = word.lower()
    if _TYPED.search(word) or 5 * sum(letter in _MIDDLE_ROW for letter in low) > 4 * len(low):
        return False
    spoken = _SPELLED.sub("a", low)
    return _CONSONANTS.search(spoken) is not None or _is_scrambled(word)


def _is_scrambled(word: str) -> bool:
    """Whether letters, or those of both cases, are mixed as no word has them."""
    capitals = 0 if word.isupper() else len(_CAPITALS.findall(word))
    if len(word) < _KEY:
        return 3 * capitals > len(word) >= _WORD
    return 6 * capitals >= len(word) or len(_SELDOM.findall(word.lower())) > 1


def _of_url(user: str, password: str, host: str) -> Secrecy:
    if _EXAMPLE_HOST.fullmatch(host) or _FILLED_IN_LATER.search(password):
        return Secrecy.NONE
    is_weak = password == user or is_ordinary(password)
    return Secrecy.WEAK if is_weak else Secrecy.SECRET


def _singular(word: str) -> str:
    if word.endswith("IES"):
        return word[:-3] + "Y"
    return word[:-1] if word.endswith("S") and not word.endswith("SS") else word


def _says_secret(words: list[str]) -> bool:
    """Whether a word does, and the last one does not say that something else is meant."""
    if words[-1:] == ["ID"] and words[-2:-1] != ["SECRET"] and words[-3:-1] != ["ACCESS", "KEY"]:
        return False
    is_named = any(word in _SECRET_WORDS or word.endswith(_SECRET_ENDINGS) for word in words)
    is_named |= {"PRIVATE", "PEM"} <= {*words}
    return is_named and words[-1] not in _HARMLESS_LAST


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
    if len(run) < _KEY:
        return False
    lower, upper, digit, other = (
        bool(re.search(kind, run)) for kind in ("[a-z]", "[A-Z]", "[0-9]", r"[^\w/\\-]")
    )
    is_one_word = digit and run.isalnum() and not run.isdigit()
    is_varied = lower + upper + digit + other >= 3 or is_one_word
    return is_varied and 5 * len(_KIND_CHANGES.findall(run)) >= len(run)
