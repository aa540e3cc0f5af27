"""The secrets that this run has met, and the masking of them in text from outside.

Heroku's warnings are shown, and its Request-Id; either could repeat what it was sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..secret import Secret

_HEX = "0123456789abcdefABCDEF,-"


class SecretMasker:
    """The keys and values so far; safe to use from several threads."""

    def __init__(self, *keys: Secret) -> None:
        self._keys = [*keys]
        self._values: list[Secret] = []
        self._hex: list[Secret] = []

    def add(self, values: Iterable[Secret | None]) -> None:
        new = [value for value in values if value is not None]
        self._values += new
        self._hex += (value for value in new if value.is_hex)

    def add_key(self, key: Secret) -> None:
        self._keys.append(key)

    def masked(self, text: str) -> str:
        for secret in [*self._keys, *self._values]:
            text = secret.masked_in(text)
        return text

    def is_repeated_in(self, text: str) -> bool:
        """Whether one of them stands in a text, as it is.

        Many apps have many values; in hex digits few of them can stand.
        """
        values = self._values if text.strip(_HEX) else self._hex
        return any(secret.stands_in(text) for secret in [*self._keys, *values])
