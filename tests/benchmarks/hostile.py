"""How time grows with hostile input.

Each input is judged at 10,000 lines (or as many repetitions), and at twice as many; the ratio is 2
where the time grows with the input and 4 where it grows with its square. What the interpreter's own
steps show is held in tests (`tests/growth.py`); this is for what C code does in one of them.
"""

import time
from collections.abc import Callable, Iterator

from deploy.envfile import parser
from deploy.envfile.warnings import joined
from deploy.errors import BadEnvFile
from deploy.project.code.python import PythonFile, reads
from deploy.secret import Secret

from .ground import Ground
from .row import Goal, Row

LINES = 10_000


def lines(form: str) -> Callable[[int], str]:
    return lambda count: "".join(form.replace("#", str(number)) for number in range(count))


def times(text: str, *, before: str = "", behind: str = "") -> Callable[[int], str]:
    return lambda count: before + text * count + behind


ENV_FILES = {
    "interpolated": lines("A#=${X}\n"),
    "placeholders": lines("A#=changeme\n"),
    "declared twice": lines("A=#\n"),
    "bare words": lines("a#\n"),
    "open quotes": lines("A#='x\n"),
    "control characters": lines("A#=x\x01\n"),
    "encrypted": lines("A#=encrypted:xx\n"),
    "keys without quotes": lines("A#=-----BEGIN X-----\nabc\n-----END X-----\n"),
    "JSON without quotes": lines('A#={\n"x"\n}\n'),
    "backticks": lines("A#=`x\n"),
    "one open quote": times("B=x\n", before='A="'),
    "swallowed in quotes": times("B_C=x\n", before="A='", behind="'\n"),
    "swallowed in a line": times(" B_C=x", before="A=x", behind="\n"),
    "blank lines": times("\n", behind="A=1\n"),
    "blanks": times(" " * 900 + "y", before="A=x", behind="\n"),
    "backslashes": times("\\\\", before="A='", behind="'\n"),
    "YAML": lines("a#: b\n"),
}
VALUES = {
    "addresses": times("://a:b"),
    "schemes": times("a://"),
    "one address": times("a", before="://x:"),
    "colons": times("a:"),
    "words": times("test-"),
    "digits": times("0123"),
    "mixed": times("aB3$"),
}
PROGRAMS = {
    "bound again": times("e = 1\ne['A']\n"),
    "attributes": times("a = a.b.c\n"),
    "star imports": times("from os import *\nenviron['A']\n"),
    "f-strings": times("f'{x}'\n"),
    "one f-string": times("{x}", before="f'", behind="'"),
}


def judge_file(text: str) -> None:
    try:
        found = parser.parse(text.encode(), source="benchmark")
    except BadEnvFile as error:
        str(error)
    else:
        list(joined(found.warnings_about(found.vars)))


def judge_value(text: str) -> None:
    value = Secret(text)
    value.is_secretlike("A")
    _ = value.is_local_url, value.may_be_sample
    value.difference(Secret(f"{text}x"))
    Secret("another value").masked_in(text)


def judge_program(text: str) -> None:
    reads(PythonFile("benchmark.py", text))


def seconds(work: Callable[[str], None], text: str) -> float:
    start = time.process_time()
    work(text)
    return time.process_time() - start


def rows(ground: Ground, count: int) -> Iterator[Row]:
    del ground  # it is done in this process
    for word, judge, inputs in JUDGES:
        for name, make in inputs.items():
            small, large = make(LINES), make(2 * LINES)
            once, twice = (
                min(seconds(judge, text) for _ in range(count)) for text in (small, large)
            )
            yield Row(
                name=f"hostile/{name}",
                what=f"{word}, {2 * LINES:,} / {LINES:,} lines or repetitions",
                figures=(twice / once,),
                goal=Goal(2.5),
                beside=f"{twice:.3f} s / {once:.3f} s",
            )


JUDGES = (
    ("an env file", judge_file, ENV_FILES),
    ("a value", judge_value, VALUES),
    ("a Python file", judge_program, PROGRAMS),
)
