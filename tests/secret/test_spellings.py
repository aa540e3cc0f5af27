"""How values stand in files: each way is written here as its language has it."""

from base64 import b64encode, encodebytes
from textwrap import wrap

import pytest

from deploy.secret.spellings import in_base64, spelled

SECRET = "pa$s'w\"o&r/d:x=`"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        pytest.param(SECRET, "", id="as it is"),
        pytest.param(r"pa$s'w\"o&r/d:x=`", "JSON-escaped", id="JSON"),
        pytest.param(r"pa$s'w\"o&r\/d:x=`", "JSON-escaped", id="JSON of PHP"),
        pytest.param(r"pa$s\u0027w\"o\u0026r/d:x=`", "JSON-escaped", id="JSON of Rails"),
        pytest.param(r"pa$s'w\\\"o&r/d:x=`", "JSON-escaped", id="a notebook"),
        pytest.param("pa%24s%27w%22o%26r%2Fd%3Ax%3D%60", "URL-quoted", id="URL"),
        pytest.param("pa%24s%27w%22o%26r%2fd%3ax%3d%60", "URL-quoted", id="URL in small letters"),
        pytest.param("pa%24s'w%22o%26r%2Fd%3Ax%3D%60", "URL-quoted", id="encodeURIComponent"),
        pytest.param("pa$s'w%22o&r/d:x=%60", "URL-quoted", id="encodeURI"),
        pytest.param("pa$s&#x27;w&quot;o&amp;r/d:x=`", "HTML-escaped", id="HTML"),
        pytest.param("pa$s'w\"o&amp;r/d:x=`", "HTML-escaped", id="HTML, text alone"),
        pytest.param("pa$s&#39;w&#34;o&amp;r/d:x=`", "HTML-escaped", id="HTML of Go"),
        pytest.param("pa$s&apos;w&quot;o&amp;r/d:x=`", "HTML-escaped", id="XML"),
        pytest.param(r"pa\$s'w\"o&r/d:x=\`", "escaped", id="a shell's double quotes"),
        pytest.param("pa\\$s'w\"o&r/d:x=`", "escaped", id="Dockerfile"),
        pytest.param(r"pa\$s'w" + '"' + r"o&r/d:x=\`", "escaped", id="a template of JavaScript"),
        pytest.param(r"pa$s\'w" + '"' + "o&r/d:x=`", "escaped", id="single quotes"),
        pytest.param("pa$s''w\"o&r/d:x=`", "escaped", id="YAML and SQL"),
        pytest.param("pa$s'\\''w\"o&r/d:x=`", "escaped", id="a shell's single quotes"),
        pytest.param('pa$s\'w""o&r/d:x=`', "escaped", id="CSV"),
        pytest.param("pa$$s'w\"o&r/d:x=`", "escaped", id="compose"),
        pytest.param("pa$s'w\"o&r/d\\:x\\=`", "escaped", id="properties"),
    ],
)
def test_a_value_is_known_in_each_spelling(text: str, word: str) -> None:
    assert {each.text.decode(): each.word for each in spelled(SECRET)}.get(text) == word


def test_what_no_language_escapes_has_one_spelling() -> None:
    assert [each.text for each in spelled("h9Xq7v-Lw_2.~")] == [b"h9Xq7v-Lw_2.~"]


@pytest.mark.parametrize("before", ["", "a", "ab", "user:"])
@pytest.mark.parametrize("length", [12, 45, 48, 100])
def test_base64_is_known_wherever_it_begins(before: str, length: int) -> None:
    value = "h9-Xq7v+" * 20
    coded = encodebytes(f"{before}{value[:length]}?".encode()).decode().replace("\n", "")
    assert any(each in coded for each in in_base64(value[:length]))


@pytest.mark.parametrize("width", [64, 76])
def test_base64_that_is_wrapped_is_known_by_its_first_line(width: int) -> None:
    value = "h9-Xq7v+" * 20
    coded = encodebytes(value.encode()).decode().replace("\n", "")
    assert any(each in wrap(coded, width)[0] for each in in_base64(value, is_random=True))


def test_what_is_random_and_long_is_known_in_base64_that_is_wrapped_anywhere() -> None:
    value = "".join(chr(ord("!") + number * 7 % 90) for number in range(60))
    for before in range(80):
        lines = wrap(b64encode(f"{'x' * before}{value}".encode()).decode(), 76)
        halves = list(in_base64(value, is_random=True))
        assert any(half in line for half in halves for line in lines)


def test_how_all_keys_of_a_kind_begin_is_known_in_no_base64() -> None:
    head = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC"
    other = b64encode(f"{head}{'Zq' * 40}".encode()).decode()
    assert not any(each in other for each in in_base64(head + "xY9" * 20, is_random=True))


def test_no_spelling_shows_what_it_is() -> None:
    assert "h9" not in repr(list(spelled("h9-Xq7vL")))
