"""Private keys in their text form: the header, and a body that nobody but their owner may read.

The forms are those of RFC 7468 (PKCS#8), OpenSSL (PKCS#1, EC and DSA), OpenSSH (PROTOCOL.key) and
RFC 9580, 6.2 (PGP). A header alone is what code and manuals hold, and the first line of a body
what they cut it to. A body that a pass phrase protects is none either: `ENCRYPTED PRIVATE KEY`,
`Proc-Type: 4,ENCRYPTED`, OpenSSH with a cipher; of PGP nothing tells. A Google service account
holds a PKCS#8 key as a string of JSON.
"""

from __future__ import annotations

import re
from base64 import b64decode
from typing import TYPE_CHECKING

from .made_up import is_made_up

if TYPE_CHECKING:
    from collections.abc import Iterator

CLUE = b"PRIVATE KEY"
LINES_AFTER = 6
"""How many lines behind a header can be needed: PGP has headers of its own, and a blank line."""

_HEADER = re.compile(rb"-----BEGIN ((?:RSA |DSA |EC |OPENSSH |PGP )?)PRIVATE KEY(?: BLOCK)?-----")
_NEAR = 1000
"""Bytes behind a header that are looked at."""
_ENOUGH = 108
"""Characters of a body: of the first 84 nearly all can be the same in every key of a kind."""
_GAP = rb"(?:\\[nr]|\\(?![nr])|[^A-Za-z0-9\\]){0,80}"
"""Line ends, as they are and as they are escaped, indentation, quotes, and what joins strings."""
_MORE = rb"[A-Za-z0-9+/]{28,})(?:" + _GAP + rb"([A-Za-z0-9+/]{16,}))?"
_ARMOR_LINE = rb"(?:Version|Comment|Charset|Hash): (?:[^\n\\]|\\(?!n)){0,200}(?:\n|\\n)"
"""To its end and no further: what reads on, and back, takes for ever over many of these."""
_ARMOR = rb"(?:" + _ARMOR_LINE + _GAP + rb"){0,4}"
_DER = re.compile(_GAP + rb"(M[A-I]" + _MORE)
_BODIES = {
    b"": _DER,
    b"RSA ": _DER,
    b"DSA ": _DER,
    b"EC ": _DER,
    # The magic word, and `none` for the cipher.
    b"OPENSSH ": re.compile(_GAP + rb"(b3BlbnNzaC1rZXktdjEAAAAABG5vbmU" + _MORE),
    # A packet with tag 5, old or new.
    b"PGP ": re.compile(_GAP + _ARMOR + rb"([lx][A-Za-f]" + _MORE),
}


def private_keys(line: bytes, after: bytes) -> Iterator[tuple[int, int]]:
    """Where the header of a private key begins and ends that has a body, here or in `after`."""
    for match in _HEADER.finditer(line):
        near = line[match.end() : match.end() + _NEAR]
        rest = (near + b"\n" + after)[:_NEAR]
        if body := _BODIES[match[1]].match(rest):
            text = (body[1] + (body[2] or b""))[:_ENOUGH]
            size = _size(text) if text.startswith(b"M") else _ENOUGH
            if size and len(text) >= min(size, _ENOUGH) and not is_made_up(text[-24:]):
                yield match.span()


def _size(text: bytes) -> int:
    """How many characters a key in DER has; 0 for what is no sequence with a version in front."""
    data = b64decode(text[:16])
    length, start = data[1], 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(data[2:start], "big")
    if data[0] != 0x30 or data[start : start + 3] not in (b"\2\1\0", b"\2\1\1"):
        return 0
    return (start + length) * 4 // 3
