"""How values stand in files: each way is written here as its language has it."""

import json
from base64 import encodebytes
from textwrap import wrap

import pytest

from deploy.secret.spellings import in_base64, pieces, spelled

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
    assert any(each in coded for each in in_base64([value[:length]]))


@pytest.mark.parametrize("width", [64, 76])
def test_base64_that_is_wrapped_is_known_by_its_first_line(width: int) -> None:
    value = "h9-Xq7v+" * 20
    coded = encodebytes(value.encode()).decode().replace("\n", "")
    assert any(each in wrap(coded, width)[0] for each in in_base64([value]))


def told(value: str) -> dict[str, str]:
    found = pieces(value, is_secret=lambda text, _: not text.replace("_", "").isalpha())
    return {each.text: each.word for each in found}


PASSWORD, KEY = "the password in it", "the key in it"


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("postgres://app:h9-Xq7vL@db.acme.io/app", {"h9-Xq7vL": PASSWORD}),
        ("redis://:h9-Xq7vL@r:6379", {"h9-Xq7vL": PASSWORD}),
        ("amqp://a:h9%2BXq7vL@r", {"h9%2BXq7vL": PASSWORD, "h9+Xq7vL": PASSWORD}),
        ("https://h9Xq7vLw@o1.ingest.acme.io/4", {"h9Xq7vLw": KEY}),
        ("host=db password=h9-Xq7vL user=app", {"h9-Xq7vL": PASSWORD}),
        ("Server=db;Pwd='h9-Xq7vL';", {"h9-Xq7vL": PASSWORD}),
        ("admin:h9-Xq7vL", {"h9-Xq7vL": KEY}),
        ("postgres://app:postgres@db.acme.io/app", {}),
        ("postgres://app:short1@db.acme.io/app", {}),
        ("12:30:45-07:00", {}),
        (
            '{"id": "h9-Xq7vL", "sub": [{"k": "a1b2c3d4"}], "n": 5}',
            dict.fromkeys(("h9-Xq7vL", "a1b2c3d4"), "a part of it"),
        ),
        ("{not JSON h9-Xq7vL}", {}),
    ],
)
def test_the_parts_that_are_secrets_by_themselves_are_looked_for_too(
    value: str, parts: dict[str, str]
) -> None:
    assert told(value) == {value: "", **parts}


def test_of_the_key_in_a_service_account_its_lines_are_looked_for() -> None:
    lines = [f"MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwgg{n}" for n in "abcd"]
    pem = "\n".join(["-----BEGIN PRIVATE KEY-----", *lines, "-----END PRIVATE KEY-----", ""])
    account = json.dumps({"type": "service_account", "private_key": pem})
    assert told(account) == {account: "", **dict.fromkeys(lines[:3], "a part of it")}


def test_of_a_value_of_several_lines_the_longest_are_looked_for_without_its_frame() -> None:
    value = "-----BEGIN X-----\nshort\n" + "\n".join(str(n) * 20 for n in range(5)) + "\n"
    assert list(told(value)) == ["0" * 20, "1" * 20, "2" * 20]


def test_no_piece_and_no_spelling_shows_what_it_is() -> None:
    [piece, *_] = pieces("h9-Xq7vL", is_secret=lambda *_: True)
    assert "h9" not in repr(piece) + repr(list(spelled("h9-Xq7vL")))
