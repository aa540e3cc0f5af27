"""Measure how time grows with hostile input: `.venv/bin/python tests/bench_growth.py [LINES]`.

Each input is judged at LINES lines (or as many repetitions), and at twice as many; what counts is
the ratio, which is 2 where the time grows with the input and 4 where it grows with its square. What
the interpreter's own steps show is held in tests (`growth`); this is for what C code does in one of
them. Nothing here passes or fails.
"""

import sys
import time
from collections.abc import Callable

from deploy.envfile import parser
from deploy.envfile.warnings import joined
from deploy.errors import BadEnvFile
from deploy.project.code.python import PythonFile, reads
from deploy.secret import Secret


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
        found = parser.parse(text.encode(), source="bench")
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
    reads.cache_clear()
    reads(PythonFile("bench.py", text))


def seconds(work: Callable[[str], None], text: str) -> float:
    start = time.process_time()
    work(text)
    return time.process_time() - start


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    for work, inputs in (
        (judge_file, ENV_FILES),
        (judge_value, VALUES),
        (judge_program, PROGRAMS),
    ):
        for name, make in inputs.items():
            once, twice = (
                min(seconds(work, make(n)) for _ in range(3)) for n in (count, 2 * count)
            )
            print(f"{work.__name__} {name}: {twice / once:.1f} ({once:.3f} s, {twice:.3f} s)")


if __name__ == "__main__":
    main()
