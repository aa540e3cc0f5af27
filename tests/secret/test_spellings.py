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


BASE64, FOR_URLS = "kX9+/vLw2Kd8sPz4MX==", "kX9-_vLw2Kd8sPz4MX"
ALPHABET, CASE = "in the other alphabet of base64", "in the other case"


@pytest.mark.parametrize(
    ("value", "text", "word"),
    [
        ('\u00e9"', '\u00e9\\"', "JSON-escaped"),
        ('\u00e9"', '\\u00e9\\"', "JSON-escaped"),
        (BASE64, FOR_URLS, ALPHABET),
        (FOR_URLS, BASE64.rstrip("="), ALPHABET),
        ("0123456789abcdef", "0123456789ABCDEF", CASE),
        ("0123456789ABCDEF", "0123456789abcdef", CASE),
    ],
)
def test_another_way_to_write_it_is_known_too(value: str, text: str, word: str) -> None:
    assert {each.text.decode(): each.word for each in spelled(value)}[text] == word


@pytest.mark.parametrize(
    "value",
    [
        *("kX9+/vLw2Kd8sPz", "kX9-_vLw2Kd8sPz", f".{BASE64}", f".{FOR_URLS}", "=" + FOR_URLS),
        *("0123456789abcde", "0123456789ABCDE", "0123456789abcdEF", "0123456789abcdefg"),
    ],
)
def test_what_is_short_or_no_such_code_has_no_other_alphabet_or_case(value: str) -> None:
    assert not {ALPHABET, CASE} & {each.word for each in spelled(value)}


VALUE = "".join(chr(ord("!") + number * 7 % 90) for number in range(100))


def at_each_place(value: str) -> list[str]:
    """Of its base64, what no bytes before it or behind it change."""
    found = []
    for before in range(3):
        one, other = (
            b64encode(side[:before] + value.encode() + side).decode().rstrip("=")
            for side in (b"\0\0\0", b"\xff\xff\xff")
        )
        found.append("".join(char for char, same in zip(one, other, strict=True) if char == same))
    return found


@pytest.mark.parametrize("length", [8, 9, 10, 23, 24, 25, 26, 100])
def test_all_of_base64_is_known_that_depends_on_nothing_else(length: int) -> None:
    assert list(in_base64(VALUE[:length])) == at_each_place(VALUE[:length])


def test_base64_of_seven_characters_stands_anywhere_by_chance() -> None:
    whole, *others = at_each_place(VALUE[:6])
    assert (len(whole), [len(each) for each in others]) == (8, [7, 7])
    assert list(in_base64(VALUE[:6])) == [whole]


@pytest.mark.parametrize(
    ("value", "looked_for"),
    [
        pytest.param(VALUE[:24], VALUE[:24], id="all of what is short"),
        pytest.param(VALUE, VALUE[:45], id="the beginning"),
        pytest.param(f"eyJh{VALUE}", VALUE[-45:], id="the end, where all begin alike"),
    ],
)
def test_what_is_random_is_looked_for_in_halves(value: str, looked_for: str) -> None:
    found = list(in_base64(value, is_random=True))
    halves = list(zip(found[::2], found[1::2], strict=True))
    assert [one + other for one, other in halves] == at_each_place(looked_for)
    assert all(abs(len(one) - len(other)) < 3 for one, other in halves)


def test_what_is_random_and_short_is_looked_for_as_a_whole() -> None:
    assert list(in_base64(VALUE[:23], is_random=True)) == at_each_place(VALUE[:23])


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
