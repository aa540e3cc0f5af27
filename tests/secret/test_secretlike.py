"""Where a value stands in a text that others wrote, and which words are ordinary."""

import json
from base64 import b64encode
from urllib.parse import quote, quote_plus

import pytest

from deploy.secret.secretlike import Secrecy, is_ordinary, judged, masked

ODD = 'p@ss/w"rd&ü 7f3b9d'


def shown(text: str, value: str) -> str:
    return masked(text, value, "***")


# Where a value stands.


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(ODD, id="as it is"),
        pytest.param(ODD.upper(), id="in the other case"),
        pytest.param(json.dumps(ODD)[1:-1], id="JSON"),
        pytest.param(json.dumps(ODD, ensure_ascii=False)[1:-1], id="JSON that is not ASCII"),
        pytest.param(quote(ODD), id="URL"),
        pytest.param(quote(ODD, safe=""), id="part of a URL"),
        pytest.param(quote(ODD, safe="").lower(), id="part of a URL in small letters"),
        pytest.param(quote_plus(ODD), id="form"),
        pytest.param(b64encode(ODD.encode()).decode().rstrip("="), id="base64"),
    ],
)
def test_a_value_is_masked_however_it_is_written(written: str) -> None:
    assert shown(f"see {written}, {written}.", ODD) == "see ***, ***."


@pytest.mark.parametrize(
    ("text", "value", "wanted"),
    [
        ("is \ud800-7f3b9d so", "\ud800-7f3b9d", "is *** so"),
        ("blank 7f3b9d", " 7f3b9d\n", "blank ***"),
        ("a.b*c[d]e+f is, axbbcdeef is not", "a.b*c[d]e+f", "*** is, axbbcdeef is not"),
        ("in cGFzc3cwcmQtMWFX now", "passw0rd-1aW", "in *** now"),
        ("in cGFzc3cwcmQtMQ== and cGFzc3cwcmQtMQ", "passw0rd-1", "in ***== and ***"),
    ],
    ids=["half a surrogate pair", "blanks", "a pattern", "base64", "base64 without its end"],
)
def test_a_value_is_a_text_like_any_other(text: str, value: str, wanted: str) -> None:
    assert shown(text, value) == wanted


@pytest.mark.parametrize("value", ["pass-of-mine-1\\", "\\pass-of-mine-1"])
def test_nothing_is_left_of_a_spelling_that_holds_the_value(value: str) -> None:
    assert shown(f"x {json.dumps(value)[1:-1]} y", value) == "x *** y"


@pytest.mark.parametrize(
    ("value", "is_masked"),
    [
        *(("7f3b", True), ("7f3", False), (" 7f3 ", False)),
        *(("123456", True), ("12345", False), ("true", False), ("NULL", False), ("truer", True)),
    ],
)
def test_what_stands_in_any_text_by_chance_is_left(value: str, *, is_masked: bool) -> None:
    text = f"it is {value.strip()} here"
    assert shown(text, value) == ("it is *** here" if is_masked else text)


@pytest.mark.parametrize(
    ("value", "is_masked"), [("s3cr3t-of-mi", True), ("s3cr3t-of-m", False)], ids=["12", "11"]
)
def test_what_is_long_is_masked_inside_of_a_word_too(value: str, *, is_masked: bool) -> None:
    for before, after in (("x", ""), ("", "x"), ("_", "_"), ("", "5")):
        text = f"a {before}{value}{after} b"
        assert shown(text, value) == (f"a {before}***{after} b" if is_masked else text)
    assert shown(f"a ({value}) b", value) == "a (***) b"


# Which words are ordinary: each pair lies on both sides of one border.


@pytest.mark.parametrize(
    ("ordinary", "other"),
    [
        pytest.param("x1x1x1x1x1", "x1y1x1y1x1", id="two characters, or three"),
        pytest.param("banana" * 50, "banana" * 50 + "s", id="300 characters, or 301"),
        pytest.param("admin:password", ":password", id="a name and a password, or no name"),
        pytest.param("admin:password", "password:", id="a name and a password, or no password"),
        pytest.param("admin:password", "h9-Xq7v:password", id="two words, or one"),
        pytest.param("asdfghjklq", "sdfghjklqw", id="nine letters of ten, or eight, of a row"),
        pytest.param("aeiouaBCD", "aeioaBCD", id="a third of a word in capitals, or more"),
        pytest.param("aeioaCD", "aeioaBCD", id="capitals in what is too short, or not"),
        pytest.param("lemonadebanaBCD", "lemonadebananBCD", id="as long as a word, or as a key"),
        pytest.param(
            "lemonadebananaioBCD", "lemonadebananaiBCD", id="under a sixth in capitals, or a sixth"
        ),
        pytest.param("lemonadexbananai", "lemonadexbanjanai", id="one seldom letter, or two"),
        pytest.param("LEMONADEBANANAIO", "LEMONaDEBANANAIO", id="capitals alone, or nearly"),
    ],
)
def test_words_are_ordinary_up_to_a_border(ordinary: str, other: str) -> None:
    assert is_ordinary(ordinary)
    assert not is_ordinary(other)


# What a name says.


@pytest.mark.parametrize(
    ("name", "secrecy"),
    [
        *(("ID", Secrecy.NONE), ("CLIENT_ID", Secrecy.NONE), ("GOOGLE_CLIENT_ID", Secrecy.NONE)),
        *(("CLIENT", Secrecy.SECRET), ("ID_CLIENT", Secrecy.SECRET), ("IDS_OF", Secrecy.SECRET)),
    ],
)
def test_an_id_is_none_whatever_its_form(name: str, secrecy: Secrecy) -> None:
    assert judged("h9Xq7vLw2Kd8sPz4", name) is secrecy


@pytest.mark.parametrize(
    ("name", "secrecy"),
    [
        *(("VAULT_SECRET_ID", Secrecy.SECRET), ("MY_ACCESS_KEY_ID", Secrecy.SECRET)),
        *(("VAULT_KEY_ID", Secrecy.NONE), ("SECRET_ACCESS_ID", Secrecy.NONE)),
        *(("TOKEN_RETRIES", Secrecy.NONE), ("PASSWORD_POLICIES", Secrecy.NONE)),
        ("TOKEN_SERIES", Secrecy.SECRET),
    ],
)
def test_the_last_words_say_what_a_name_is_about(name: str, secrecy: Secrecy) -> None:
    assert judged("h9-Xq7v", name) is secrecy


@pytest.mark.parametrize(
    ("value", "secrecy"),
    [
        ("h9-xq7-vlw2kd8sp", Secrecy.NONE),
        ("h9-Xq7-vlw2kd8sp", Secrecy.SECRET),
        ("h9Xq7vLw2Kd8sPz", Secrecy.NONE),
        ("h9Xq7vLw2Kd8sPz4", Secrecy.SECRET),
    ],
    ids=["two kinds", "three", "15 characters", "16"],
)
def test_a_form_tells_from_three_kinds_and_sixteen_characters_on(
    value: str, secrecy: Secrecy
) -> None:
    assert judged(value, "X") is secrecy
