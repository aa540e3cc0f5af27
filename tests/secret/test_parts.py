"""The parts of values that are looked for, too."""

import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable

import pytest

from deploy.secret.parts import lines_in_base64, lines_of, pieces
from tests.growth import growth


def told(value: str) -> dict[str, str]:
    found = pieces(value, is_secret=lambda text, _: not text.replace("_", "").isalpha())
    return {each.text: each.word for each in found}


def asked(value: str) -> list[tuple[str, str]]:
    """What is asked of the parts of a value: whether that is a secret, under such a name."""
    questions: list[tuple[str, str]] = []

    def is_secret(text: str, name: str) -> bool:
        questions.append((text, name))
        return True

    pieces(value, is_secret=is_secret)
    return questions


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


@pytest.mark.parametrize(
    ("value", "questions"),
    [
        ("redis://:h9-Xq7vL@r:6379", [("h9-Xq7vL", "PASSWORD")]),
        ("https://h9Xq7vLw@o1.ingest.acme.io/4", [("h9Xq7vLw", "PASSWORD")]),
        ("host=db password=h9-Xq7vL", [("h9-Xq7vL", "PASSWORD")]),
        ("admin:h9-Xq7vL", [("h9-Xq7vL", "KEY")]),
        ("h9-Xq7vL,a1-b2c3d", [("h9-Xq7vL", ""), ("a1-b2c3d", "")]),
        ('{"KEYS": ["h9-Xq7vL"], "n": "short"}', [("h9-Xq7vL", "KEYS")]),
        (' ["h9-Xq7vL"]', [("h9-Xq7vL", "")]),
        (b64encode(b"h9-Xq7vL-a1-b2c3d4").decode(), [("h9-Xq7vL-a1-b2c3d4", "KEY")]),
    ],
)
def test_a_part_is_judged_by_what_the_value_calls_it(
    value: str, questions: list[tuple[str, str]]
) -> None:
    assert asked(value) == questions


def test_of_the_key_in_a_service_account_its_lines_are_looked_for() -> None:
    lines = [f"MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwgg{n}" for n in "abcd"]
    pem = "\n".join(["-----BEGIN PRIVATE KEY-----", *lines, "-----END PRIVATE KEY-----", ""])
    account = json.dumps({"type": "service_account", "private_key": pem})
    assert told(account) == {account: "", **dict.fromkeys(lines[:3], "a part of it")}


def test_of_a_value_of_several_lines_the_longest_are_looked_for_without_its_frame() -> None:
    value = "-----BEGIN X-----\nshort\n" + "\n".join(str(n) * 20 for n in range(5)) + "\n"
    assert list(told(value)) == ["0" * 20, "1" * 20, "2" * 20]


def test_the_longest_lines_come_first_and_a_short_one_is_none() -> None:
    lines = ["b" * 17, "a" * 18, "short" * 3, "e" * 20, "c" * 19, "d" * 16]
    assert list(told("\n".join(lines))) == ["e" * 20, "c" * 19, "a" * 18]
    assert list(told("\n".join(["short" * 3, "d" * 16]))) == ["d" * 16]


PEM = [
    "-----BEGIN PRIVATE KEY-----",
    *(f"MIIEvQIBADANBgkqh{n}9" for n in "abcd"),
    "-----END X-----",
]


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("app:h9-Xq7vL@tcp(db.acme.io:3306)/app", {"h9-Xq7vL": PASSWORD}),
        ("h9-Xq7vL:", {"h9-Xq7vL": KEY}),
        ("Bearer h9-Xq7vL", {"h9-Xq7vL": "a part of it"}),
        ("h9-Xq7vL,a1-b2c3d", dict.fromkeys(("h9-Xq7vL", "a1-b2c3d"), "a part of it")),
        ("one:h9-Xq7vL,two:a1-b2c3d", dict.fromkeys(("h9-Xq7vL", "a1-b2c3d"), "a part of it")),
    ],
)
def test_one_of_several_keys_is_looked_for_too(value: str, parts: dict[str, str]) -> None:
    assert told(value) == {value: "", **parts}


def test_lines_that_are_written_out_are_looked_for_as_lines() -> None:
    assert list(told("\\n".join(PEM))) == PEM[1:4]
    assert list(told("\\r\\n".join(PEM))) == PEM[1:4]


def test_what_a_value_decodes_to_is_looked_for_too() -> None:
    for text, found in (("h9-Xq7vL-a1-b2c3d4", ["h9-Xq7vL-a1-b2c3d4"]), ("\n".join(PEM), PEM[1:4])):
        value = b64encode(text.encode()).decode()
        assert told(value) == {value: "", **dict.fromkeys(found, "decoded")}


@pytest.mark.parametrize("size", [18, 19, 20])
@pytest.mark.parametrize("code", [b64encode, urlsafe_b64encode])
@pytest.mark.parametrize("padding", ["", "="])
def test_base64_is_known_in_both_alphabets_with_padding_or_without(
    size: int, code: Callable[[bytes], bytes], padding: str
) -> None:
    text = "h9>>>~~~?Xq7vL-a1-b2c3d4"[:size]
    value = code(text.encode()).decode()
    assert set(value) & set("+/-_")
    value = value if padding else value.rstrip("=")
    assert told(f" {value}\n")[text] == "decoded"


def test_of_what_a_value_decodes_to_the_parts_are_looked_for_too() -> None:
    value = b64encode(b"admin:h9-Xq7vL-a1-b2").decode()
    assert told(value) == {
        value: "",
        "admin:h9-Xq7vL-a1-b2": "decoded",
        "h9-Xq7vL-a1-b2": "a part of it, decoded",
    }


@pytest.mark.parametrize("control", ["\0", "\x1b", "\x7f"])
def test_what_decodes_to_more_than_a_text_is_left_as_it_is(control: str) -> None:
    value = b64encode(f"h9-Xq7vL\ta1-b2{control}c3d4".encode()).decode()
    assert list(told(value)) == [value]


def test_what_decodes_to_no_text_is_left_as_it_is() -> None:
    value = b64encode(bytes(range(128, 160))).decode()
    assert list(told(value)) == [value]


def test_of_a_document_of_several_lines_only_its_secrets_are_looked_for() -> None:
    value = json.dumps({"key": "h9-Xq7vL", "token_uri": "all_accounts_have_it"}, indent=2)
    assert told(value) == {"h9-Xq7vL": "a part of it"}


def test_of_a_list_of_several_lines_only_its_secrets_are_looked_for() -> None:
    value = '\n [\n  "h9-Xq7vL",\n  "all_accounts_have_it"\n ]\n'
    assert told(value) == {"h9-Xq7vL": "a part of it"}


def test_what_begins_like_a_document_and_is_none_is_looked_for_in_lines() -> None:
    assert told("{\nno JSON h9-Xq7vL\n}") == {"no JSON h9-Xq7vL": ""}


def test_two_lines_are_two() -> None:
    assert told("the first h9-Xq7vL\nthe second a1-b2c3d") == {
        "the first h9-Xq7vL": "",
        "the second a1-b2c3d": "",
    }
    value = json.dumps({"k": "\n".join(PEM[1:3])})
    assert told(value) == {value: "", **dict.fromkeys(PEM[1:3], "a part of it")}


def test_blanks_around_a_value_are_a_part_of_it_and_line_ends_are_none() -> None:
    assert told(" h9-Xq7vLX \r\n") == {" h9-Xq7vLX ": "", "h9-Xq7vLX": "a part of it"}
    assert told("Xh9-Xq7vLX\n") == {"Xh9-Xq7vLX": ""}


def test_lines_that_are_written_out_are_told_apart_in_a_key_alone() -> None:
    value = "h9-Xq7vL-a1-b2c3d\\na1-b2c3d-h9-Xq7vL"
    assert told(value) == {value: ""}
    found = pieces("  " + "\\n".join(PEM), is_secret=lambda *_: False)
    assert [each.text for each in found] == PEM[1:4]


@pytest.mark.parametrize("value", ["", "x", "h9-Xq7v", " h9-Xq7v\n"])
def test_what_is_shorter_than_eight_characters_is_not_looked_for(value: str) -> None:
    assert pieces(value, is_secret=lambda *_: True) == []


@pytest.mark.parametrize(
    ("value", "is_random"),
    [
        ("h9-Xq7vL", [True]),
        ("Xh9-Xq7vL", [True]),
        ("h{9-Xq7vL", [True]),
        ("admin:h9-Xq7vL", [True, True]),
        ("{h9-Xq7vL}", [False]),
        ("[h9-Xq7vL]", [False]),
        ("h9-Xq7vL a1-b2c3d", [False, True, True]),
        ('{"k": "h9-Xq7vL"}', [False, True]),
        ('{"k": "h9-Xq7vL a1"}', [False, False]),
    ],
)
def test_half_of_what_is_one_word_tells(value: str, is_random: list[bool]) -> None:
    found = pieces(value, is_secret=lambda *_: True)
    assert [each.is_random for each in found] == is_random


def test_the_first_line_of_a_key_is_not_random_for_all_keys_begin_alike() -> None:
    found = pieces("\n".join(PEM), is_secret=lambda *_: True)
    assert [each.is_random for each in found] == [False, True, True]


@pytest.mark.parametrize("value", ["postgres://app:h9-Xq7vL@db.acme.io/app", '{"a": "h9-Xq7vL"}'])
def test_half_of_a_url_or_a_document_tells_nothing(value: str) -> None:
    whole, *_ = pieces(value, is_secret=lambda text, _: text == "h9-Xq7vL")
    assert not whole.is_random


@pytest.mark.parametrize(
    ("value", "lines", "in_base64"),
    [
        ("h9-Xq7vL", 1, 1),
        ("a\nb\n", 2, 1),
        ("a\\nb", 2, 1),
        ('{"a": 1, "b": 2}', 4, 1),
        ('{"a": 1, "b": {"c": 2}}', 6, 1),
        (' {"a": 1}', 3, 1),
        ("a,b,{c}", 1, 1),
        ("\na\r\nb\r\n", 2, 1),
        ("x-" * 11 + "x", 1, 1),
        ("x-" * 12, 1, 2),
        ("x-" * 47 + "x", 1, 3),
        ("x-" * 48, 1, 4),
    ],
)
def test_how_many_lines_a_value_can_have(value: str, lines: int, in_base64: int) -> None:
    assert (lines_of(value), lines_in_base64(value)) == (lines, in_base64)


@pytest.mark.parametrize("text", ["aB3", "a:", "a-", "a@b:", "{", "key=", "a,b:c ", "%41"])
def test_a_long_value_is_taken_apart_in_time_that_grows_with_it(text: str) -> None:
    assert growth(lambda times: pieces(text * times, is_secret=lambda *_: False), 2_000) < 2.5


def test_no_piece_shows_what_it_is() -> None:
    [piece, *_] = pieces("h9-Xq7vL", is_secret=lambda *_: True)
    assert "h9" not in repr(piece)
