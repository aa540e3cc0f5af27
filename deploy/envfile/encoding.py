"""The bytes of an env file as text, or why they are none that can be read.

What would hurt the parser is refused here: it takes seconds for a long run of blanks, and more
than one byte-order mark away.
"""

from __future__ import annotations

import codecs
import re

from ..errors import BadEnvFile, Complaint
from ..secret import ciphertext

MAX_BYTES = 1 << 20
MAX_BLANKS = 1_000

_UTF_16_OR_32 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
LONG_BLANKS = re.compile(rf"(?<![^\S\n])[^\S\n]{{{MAX_BLANKS + 1}}}")


def decode(data: bytes, source: str) -> str:
    """Without a byte-order mark, every line end a line feed; raises BadEnvFile."""

    def refused(reason: str, line: int | None = None) -> BadEnvFile:
        return BadEnvFile(source, [Complaint(reason, line)])

    if len(data) > MAX_BYTES:
        raise refused(f"is larger than {MAX_BYTES:,} bytes")
    if tool := ciphertext.of_file(data):
        complaint = Complaint(f"is encrypted by {tool.name}, as a whole")
        step = ciphertext.how_to_decrypt([tool], source, as_a_whole=True)
        raise BadEnvFile(source, [complaint], next_step=step)
    if data.startswith(_UTF_16_OR_32) or b"\0" in data[:2]:
        raise refused("is UTF-16 or UTF-32: save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as odd:
        # What it holds has no byte-order mark any more, and `start` counts without it.
        above = odd.object[: odd.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        # Not `from odd`: the exception holds the whole file.
        raise refused("is not UTF-8", above.count(b"\n") + 1) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.startswith("\ufeff"):  # the parser would take it away, too
        raise refused("begins with two byte-order marks", 1)
    if blanks := LONG_BLANKS.search(text):
        line = text.count("\n", 0, blanks.start()) + 1
        raise refused(f"has more than {MAX_BLANKS:,} blanks in a row", line)
    return text
