"""A value that cannot be shown by accident.

Everything that may be asked of a value without opening it is asked here, so that `reveal` has few
callers; a test holds the list of them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from enum import Enum
from typing import TYPE_CHECKING, NoReturn

from . import ciphertext, placeholder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .secretlike import Secrecy
    from .shared import Common

MASK = "********"
"""Stands for any value, whatever its length; ASCII, for terminals that know no more."""

_LOCK = b"config-lock/1"
_FOREIGN_MASK = (
    r"([*\u2022\u25cf\u2217\u25aa])\1{2,}|[\[<({](?:masked|redacted|hidden|protected)[\]>)}]"
)
_MASKS_BEGIN = tuple("*\u2022\u25cf\u2217\u25aa[<({")
_HEX_OR_DASH = "0123456789abcdefABCDEF-"


class Hint(Enum):
    """What a mask hides about a difference; never a length, never a character."""

    EMPTY_HERE = "not empty on Heroku"
    EMPTY_THERE = "empty on Heroku"
    TRAILING_NEWLINE = "differs only in a trailing newline"
    WHITESPACE = "differs only in surrounding white space"
    QUOTES = "differs only in wrapping quotes"
    LINE_ENDS = "differs only in its line ends, CRLF or LF"
    LITERAL_NEWLINE = r"differs only in newlines written as a literal \n"
    CASE = "differs only in letter case"


class Secret:
    """Holds one value; prints as a mask, cannot be pickled, and compares in constant time.

    `is_literal` says that it was written in single quotes, where readers of env files resolve
    nothing: what reads like a reference is meant.
    """

    __slots__ = ("__is_literal", "__value")

    def __init__(self, value: str, *, is_literal: bool = False) -> None:
        self.__value = value
        self.__is_literal = is_literal

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self.__bytes(), other.__bytes())

    __hash__ = None  # type: ignore[assignment]  # a hash of a short value gives it away

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a Secret is neither pickled nor copied")

    def __bytes(self) -> bytes:
        # JSON can carry half a surrogate pair; it must still compare.
        return self.__value.encode("utf-8", "surrogatepass")

    def reveal(self) -> str:
        """The value itself. Only where the design names the place."""
        return self.__value

    @property
    def is_empty(self) -> bool:
        return not self.__value

    @property
    def size(self) -> int:
        """Bytes, for the sum that Heroku limits; not to be told of one value alone."""
        return len(self.__bytes())

    @property
    def is_mask(self) -> bool:
        """Whether this is one of our masks, copied into a file as if it were a value."""
        return self.__value == MASK

    @property
    def is_foreign_mask(self) -> bool:
        """Whether this reads like a mask that somebody else put in a value's place.

        What Heroku answers for a var that is masked is not known: so any mask will do.
        """
        if not self.__value.startswith(_MASKS_BEGIN):
            return False
        return re.fullmatch(_FOREIGN_MASK, self.__value, re.IGNORECASE) is not None

    @property
    def is_token(self) -> bool:
        """Whether this is printable ASCII without blanks, and so can stand in an HTTP header."""
        value = self.__value
        return value.isascii() and value.isprintable() and " " not in value and value != ""

    @property
    def is_lock_key(self) -> bool:
        """Whether this can be a lock's key: a weaker one would let anyone test guesses."""
        return re.fullmatch(r"[0-9a-f]{64}", self.__value) is not None

    def is_encrypted(self, name: str, *, expected: Iterable[str]) -> bool:
        """Whether this is ciphertext, in a var that is not expected to hold any."""
        return ciphertext.of_entry(name, self.__value, expected=expected) is not None

    @property
    def is_hex(self) -> bool:
        """Whether this is hex digits and dashes alone, as all of a Request-Id is."""
        text = self.__value.strip()
        return text != "" and not text.strip(_HEX_OR_DASH)

    def stands_in(self, text: str) -> bool:
        """Whether a text from outside holds this as it is; what is short proves nothing."""
        value = self.__value.strip()
        return len(value) >= 4 and value.lower() in text.lower()

    def masked_in(self, text: str) -> str:
        """Text from outside, with a mask wherever this stands in it, in one of its spellings."""
        from . import secretlike  # noqa: PLC0415  # few runs are told anything

        return secretlike.masked(text, self.__value, MASK)

    def digest(self, key: Secret, name: str) -> str:
        """What a lock says of this value: HMAC-SHA256 under the key, 64 hex digits.

        The name is part of it, so that equal values under two names have unrelated digests.
        """
        return key.__hmac(b"\0".join((_LOCK, name.encode(), self.__bytes())))

    @property
    def fingerprint(self) -> str:
        """What tells one lock key from another: 16 hex digits, of which none is the key's."""
        return self.__hmac(_LOCK + b" fingerprint")[:16]

    def __hmac(self, text: bytes) -> str:
        return hmac.new(bytes.fromhex(self.__value), text, hashlib.sha256).hexdigest()

    @classmethod
    def digest_of(cls, document: object, key: Secret | None) -> str:
        """A digest of JSON with Secrets in it: SHA-256, or HMAC under a lock's key; 64 hex digits.

        Canonical: no blanks, keys sorted, ASCII alone. Without a key, whoever knows all of the
        document but one short value can find that value by trying.
        """
        text = json.dumps(document, default=cls.reveal, sort_keys=True, separators=(",", ":"))
        if key is None:
            return hashlib.sha256(text.encode()).hexdigest()
        return key.__hmac(text.encode())  # noqa: SLF001  # its own class

    @classmethod
    def in_common(cls, secrets: Iterable[Secret]) -> Common:
        """What these have in common, by their place."""
        from .shared import Common  # noqa: PLC0415  # few tasks ask

        values = (each.__value for each in secrets)  # noqa: SLF001  # its own class
        return Common(values, is_secret=_is_secret)

    def secrecy(self, name: str) -> Secrecy:
        """Whether this is to be kept secret, as far as its name and its form tell."""
        from .secretlike import Secrecy, judged  # noqa: PLC0415  # a diff does not ask

        is_stand_in = self.is_placeholder or self.is_unresolved
        return Secrecy.NONE if is_stand_in else judged(self.__value, name)

    def is_secretlike(self, name: str) -> bool:
        """Whether this is a secret, and no ordinary word."""
        return self.secrecy(name).name == "SECRET"

    @property
    def is_placeholder(self) -> bool:
        """Whether nobody filled this in yet: `changeme`, `your_api_key_here`, `<…>`, `xxx`."""
        return placeholder.is_placeholder(self.__value)

    @property
    def is_unresolved(self) -> bool:
        """Whether this is a reference or a template that nobody resolved: `op://…`, `$NAME`."""
        return not self.__is_literal and placeholder.is_reference(self.__value)

    @property
    def may_be_sample(self) -> bool:
        """Whether this could be an example's value: `sk-test-1234`, `example`; some are real."""
        return placeholder.has_sample_word(self.__value)

    @property
    def is_local_url(self) -> bool:
        """Whether this is a URL of the machine that it is read on."""
        return placeholder.has_local_url(self.__value)

    def difference(self, live: Secret) -> Hint | None:
        """What alone tells this declared value from the live one; None if more does, or nothing."""
        here, there = self.__value, live.__value
        if here == there:
            return None
        if not there:
            return Hint.EMPTY_THERE
        if not here:
            return Hint.EMPTY_HERE
        alike = (hint for hint, normal in _NORMAL_FORMS if normal(here) == normal(there))
        return next(alike, None)


def _is_secret(text: str, name: str) -> bool:
    return Secret(text).is_secretlike(name)


def _unquoted(value: str) -> str:
    wrapped = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if wrapped else value


_NORMAL_FORMS = (
    (Hint.LINE_ENDS, lambda value: value.replace("\r\n", "\n")),
    (Hint.TRAILING_NEWLINE, lambda value: value.rstrip("\r\n")),
    (Hint.WHITESPACE, str.strip),
    (Hint.QUOTES, _unquoted),
    (Hint.LITERAL_NEWLINE, lambda value: value.replace("\\n", "\n")),
    (Hint.CASE, str.casefold),
)
