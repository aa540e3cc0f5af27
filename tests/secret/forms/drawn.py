"""Keys for the tests of what finds keys: drawn here, by a seed, and so nobody's.

None stands in a file as it is, where whoever looks through repositories would take it for real.
"""

import random
import string
import zlib
from base64 import b64encode

DIGITS = string.digits
HEX = DIGITS + "abcdef"
BASE62 = DIGITS + string.ascii_uppercase + string.ascii_lowercase
URL_SAFE = BASE62 + "-_"
BASE32 = string.ascii_uppercase + "234567"
BECH32 = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"


def drawn(alphabet: str, size: int, seed: int = 1) -> str:
    return "".join(random.Random(f"{alphabet} {size} {seed}").choices(alphabet, k=size))


def checked(size: int, seed: int = 1) -> str:
    """Base62 whose last six characters are the checksum of the others."""
    text = drawn(BASE62, size - 6, seed)
    left, places = zlib.crc32(text.encode()), []
    for _ in range(6):
        left, place = divmod(left, 62)
        places.append(BASE62[place])
    return text + "".join(reversed(places))


def body(start: bytes, size: int, seed: int = 1) -> str:
    """The base64 of so many bytes that begin so."""
    return b64encode(start + random.Random(seed).randbytes(size - len(start))).decode()


def folded(text: str, width: int = 64) -> list[str]:
    return [text[at : at + width] for at in range(0, len(text), width)]
