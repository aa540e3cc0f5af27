"""Any way to write a text: each character in one of its own."""

import json
import re
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.secret.escapes import pattern_of

TEXT = "h9Xq7vLw$a'b\"c&d/e=f\\g`h<i%j\u00e9"


def matches(text: str, written: str) -> bool:
    pattern = pattern_of(text)
    return pattern is not None and re.search(pattern, f"x {written} y".encode()) is not None


@pytest.mark.parametrize(
    ("marks", "written"),
    [
        ("$", r"\$"),
        ("$", "$$"),
        ("$", "`$"),
        ("%", "%%"),
        ("%", r"\%"),
        ("&", "^&"),
        ("&", r"\u0026"),
        ("&", "&amp;"),
        ("+", r"\u002B"),
        ("+", r"\x2b"),
        ("+", "%2B"),
        ("+", "%252b"),
        ("=", "&#x3D;"),
        ("=", "&#61;"),
        ("'", "'\\''"),
        ("'", "'\"'\"'"),
        ("'", "&#x27;"),
        ('"', r"\\\""),
        ('"', "&quot;"),
        ("<", r"\\u003c"),
        ("\\", "\\" * 4),
        (" ", "+"),
        ("\t", r"\t"),
        ("~", r"\u007e"),
        ("\x7f", r"\u007f"),
        ("\u00ff", r"\xff"),
        ("\u0100", r"\u0100"),
        ("\u00e9", r"\u00e9"),
        ("\u00e9", "%c3%a9"),
        ("\U0001f511", r"\ud83d\udd11"),
    ],
)
def test_a_character_is_known_in_each_way(marks: str, written: str) -> None:
    assert matches(f"h9{marks}Xq", f"h9{written}Xq")
    assert matches(f"h9{marks}Xq", f"h9{marks}Xq")
    assert not matches(f"h9{marks}Xq", "h9Xq")
    assert not matches(f"h9{marks}Xq", f"h9{written}Xr")


def test_two_ways_in_one_text_are_known() -> None:
    assert matches("a&b'c\"d", r"a\u0026b&#39;c\\\"d")


def test_json_in_json_in_json_is_known() -> None:
    text = TEXT
    for _ in range(3):
        assert matches(TEXT, text)
        text = json.dumps(text)[1:-1]


def test_what_no_language_escapes_has_no_pattern() -> None:
    assert pattern_of("h9Xq7vLw_a_b") is None


@pytest.mark.parametrize(
    ("text", "written"),
    [
        pytest.param("h9$Xq", "h9$xq", id="in another case"),
        pytest.param("h9$Xq", "h9$%58q", id="a letter by its number"),
        pytest.param("h9\u0100Xq", r"h9\x100Xq", id="three digits where two are read"),
    ],
)
def test_what_no_language_reads_as_the_text_is_another(text: str, written: str) -> None:
    assert not matches(text, written)


def test_a_document_has_no_pattern() -> None:
    assert pattern_of("a/" * 250) is not None
    assert pattern_of("a/" * 251) is None


@given(st.text(min_size=1, max_size=20))
def test_any_text_is_known_as_it_is_and_quoted(text: str) -> None:
    pattern = pattern_of(text)
    data = text.encode("utf-8", "surrogatepass")
    assert pattern is None or re.fullmatch(pattern, data)
    assert pattern is None or re.fullmatch(pattern, quote(data, safe="").encode())
