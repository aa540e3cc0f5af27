"""What a run knows and must not show: text from outside is held against it before it is shown.

Heroku's warnings are shown, and its Request-Id; either could repeat what it was sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deploy.secret import Secret


class Known:
    """The values and keys that this run has met; safe to use from several threads."""

    def __init__(self, *secrets: Secret) -> None:
        self._secrets = [*secrets]

    def learn(self, secrets: Iterable[Secret | None]) -> None:
        self._secrets += (secret for secret in secrets if secret is not None)

    def masked(self, text: str) -> str:
        """The text with a mask in place of each that stands in it."""
        for secret in [*self._secrets]:
            text = secret.masked_in(text)
        return text

    def repeats(self, text: str) -> bool:
        """Whether one of them stands in a text, as it is."""
        return any(secret.stands_in(text) for secret in [*self._secrets])
