"""What may be shown of a program: its command, and what it said where it failed.

What it said can hold anything, the secrets that it was to print first of all. So a word is shown
only where it is known before: the name of a var, a word of the command, or one of a short list that
says why such programs fail. All else is a mask, a run of it a single one, and punctuation is gone.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from shlex import quote, split

from ..secret import MASK, Secret
from .secret_options import is_secret_name, options_of

MOST_LINES = 3
MOST_CHARACTERS = 200
"""Of a line."""

_ESCAPE_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)")
"""For a terminal (ECMA-48): a colour, or the title of a window."""
_PASSWORD = re.compile(r"://[^\s/@]*:[^\s/@]+@")
_HEADER = re.compile(r"([A-Za-z][\w-]*):\s+(.+)")
_FLAG = r"-{0,2}[A-Za-z][\w-]{0,40}"
_PUNCTUATION = ".,:;!?()[]{}<>\"'`*"
_VOCABULARY = re.compile(
    "a|access|account|aws|cannot|command|config|connect|connection|could|credentials|daemon"
    "|data|decrypt|decrypted|denied|directory|does|encrypted|environment|error|exist|expired"
    "|failed|fatal|file|find|for|forbidden|format|found|get|host|identity|in|installed|internet"
    "|invalid|is|key|keys|locked|log|logged|login|matched|missing|must|network|no|not|of|open"
    "|or|passphrase|password|permission|please|profile|project|read|reading|recipients|refused"
    "|region|request|required|secret|secrets|server|service|session|sign|signed|such|terminal"
    "|the|timed|timeout|to|token|unable|unauthorized|unavailable|unknown|unreachable|usage"
    "|valid|vault|version|with|wrong|you"
)


def command(argv: Sequence[str]) -> str:
    """The command as it can be pasted, but for what looks like a secret, or cannot be printed."""
    return " ".join(_argument(argv, place) for place in range(len(argv)))


def is_shown(argv: Sequence[str], place: int) -> bool:
    """Whether a word of a command is no secret, by its form and by what it stands behind.

    `--token=`, `TOKEN=`, `X-Token: `, or `mysql -p`. Of a URL with a password nothing is shown, nor
    of a command within a word that has one.
    """
    word, before = argv[place], argv[place - 1] if place else ""
    options = options_of(argv[:place])
    if options.is_plain_behind(before, word):
        return word.isprintable()
    if options.joined_in(word) or options.is_behind(before, word):
        return False
    flag, equals, value = word.partition("=")
    header = _HEADER.fullmatch(value if equals else word)
    is_option = before.startswith("-") and "=" not in before and not options.joined_in(before)
    is_secret = bool(equals) and _is_named(flag, value)
    is_secret |= is_option and not word.startswith("-") and not equals and _is_named(before, word)
    is_secret |= header is not None and _is_named(header[1], header[2])
    is_secret |= Secret(flag).is_secretlike("") or Secret(value).is_secretlike("")
    is_secret |= _PASSWORD.search(word) is not None
    return word.isprintable() and not is_secret and _is_shown_within(word)


def _is_named(name: str, value: str) -> bool:
    """Whether what has this name is a secret."""
    bare = name.strip("-")
    return is_secret_name(bare) or Secret(value).secrecy(bare).name != "NONE"


def _is_shown_within(word: str) -> bool:
    """Whether each word in a word is shown: `sh -c "mysql -p…"`, `psql "host=h password=…"`."""
    try:
        words = split(word)
    except ValueError:  # a quotation that does not end
        words = word.split()
    return len(words) < 2 or all(is_shown(words, place) for place in range(len(words)))


def legible(said: bytes, argv: Sequence[str], names: Collection[str]) -> list[str]:
    """The last lines that show anything, with a mask for every word that is not known."""
    known = {*names, *_words_of(argv)} - {""}
    text = _ESCAPE_SEQUENCE.sub("", said.decode("utf-8", "replace"))
    lines = (_masked(line, known) for line in re.split(r"[\n\r]", text))
    return [line[:MOST_CHARACTERS] for line in lines if line not in ("", MASK)][-MOST_LINES:]


def _masked(line: str, known: Collection[str]) -> str:
    words = (_known(word, known) for word in re.split(r"[\s=\0-\x1f\x7f-\x9f]+", line) if word)
    return " ".join(MASK if word is None else word for word in _one_of_a_run(words))


def _one_of_a_run(words: Iterator[str | None]) -> Iterator[str | None]:
    for word, run in groupby(words):
        yield from [None] if word is None else run


def _known(word: str, known: Collection[str]) -> str | None:
    """The word, if it tells nothing: a letter in another case would be somebody's."""
    bare = word.strip(_PUNCTUATION)
    if bare in known:
        return bare
    return bare.lower() if _VOCABULARY.fullmatch(bare.lower()) else None


def _words_of(argv: Sequence[str]) -> Iterator[str]:
    for place, word in enumerate(argv):
        if is_shown(argv, place):
            yield from (word, word.rpartition("/")[2], *word.split("=", 1))


def _argument(argv: Sequence[str], place: int) -> str:
    word = argv[place]
    if is_shown(argv, place):
        return quote(word)
    if option := options_of(argv[:place]).joined_in(word):
        return f"{option}{MASK}"
    flag, equals, _ = word.partition("=")
    is_flag = equals and re.fullmatch(_FLAG, flag) and not Secret(flag).is_secretlike("")
    return f"{flag}={MASK}" if is_flag else MASK
