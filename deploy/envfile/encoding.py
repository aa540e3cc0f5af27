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
    if len(data) > MAX_BYTES:
        raise BadEnvFile(source, [Complaint(f"is larger than {MAX_BYTES:,} bytes")])
    if tool := ciphertext.of_file(data):
        step = ciphertext.way_out([tool], source, as_a_whole=True)
        complaint = Complaint(f"is encrypted by {tool.name}, as a whole")
        raise BadEnvFile(source, [complaint], next_step=step)
    if data.startswith(_UTF_16_OR_32) or b"\0" in data[:2]:
        raise BadEnvFile(source, [Complaint("is UTF-16 or UTF-32: save it as UTF-8")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as odd:
        # Not `from error`: the exception holds the whole file.
        # What it holds has no byte-order mark any more, and `start` counts without it.
        above = odd.object[: odd.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        line = above.count(b"\n") + 1
        raise BadEnvFile(source, [Complaint("is not UTF-8", line=line)]) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.startswith("\ufeff"):  # the parser would take it away, too
        raise BadEnvFile(source, [Complaint("begins with two byte-order marks", line=1)])
    if blanks := LONG_BLANKS.search(text):
        line = text.count("\n", 0, blanks.start()) + 1
        raise BadEnvFile(
            source, [Complaint(f"has more than {MAX_BLANKS:,} blanks in a row", line=line)]
        )
    return text
