"""Text from outside is shown without what the run knows, however it is spelt there."""

import json
from socket import socket
from urllib.parse import quote

import pytest

from deploy.emulator import Emulator, Fault, Reset, When
from deploy.errors import AnswerLost, ApiError, BadResponse
from deploy.heroku.masking import SecretMasker
from deploy.secret import Secret

from ..support import CANARY, KEY, FakeClock, answering, heroku_at, http, listening, read_request

ODD = 'p@ss/w"rd&ü 7f3b9d'


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("about s3cr3t-of-mine now", "s3cr3t-of-mine", "about ******** now"),
        ("about S3CR3T-OF-MINE now", "s3cr3t-of-mine", "about ******** now"),
        (f"see {quote(ODD, safe='')}", ODD, "see ********"),
        ('see p@ss/w\\"rd&\\u00fc 7f3b9d.', ODD, "see ********."),
        ("in czNjcjN0LW9mLW1pbmU=", "s3cr3t-of-mine", "in ********="),
        ("xs3cr3t-of-minex", "s3cr3t-of-mine", "x********x"),
        ("blank s3cr3t-of-mine", " s3cr3t-of-mine\n", "blank ********"),
        ("the info of information", "info", "the ******** of information"),
    ],
    ids=["plain", "case", "url", "json", "base64", "inside", "blanks", "short"],
)
def test_a_value_is_masked_in_every_spelling(text: str, value: str, shown: str) -> None:
    assert SecretMasker(Secret(value)).masked(text) == shown


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("the app is on", "on"),
        ("it is true that 12 of 5280 went", "true"),
        ("it is true that 12 of 5280 went", "5280"),
        ("nothing of it", ""),
        ("nothing of it", "   "),
        ("information", "info"),
        ("HEROKU_X is reserved", "another-value"),
    ],
)
def test_what_stands_in_any_text_by_chance_is_left(text: str, value: str) -> None:
    assert SecretMasker(Secret(value)).masked(text) == text


def test_what_is_learnt_on_the_way_is_known_too_and_nothing_is_none() -> None:
    masker = SecretMasker()
    masker.add([Secret("s3cr3t-of-mine"), None])
    assert masker.masked("s3cr3t-of-mine") == "********"
    assert masker.is_repeated_in("id-S3CR3T-of-mine-0")
    assert not masker.is_repeated_in("01234567-89ab-cdef-0123-456789abcdef")


def test_a_warning_that_quotes_a_value_or_the_key_is_told_without_it(emulator: Emulator) -> None:
    app = emulator.add_app("demo", {"TOKEN": CANARY})
    emulator.warn = f"TOKEN={CANARY}, key {KEY}, new {quote('brand new/value')}: the stack is old"
    told: list[str] = []
    with heroku_at(emulator.url, FakeClock(), notice=told.append) as heroku:
        heroku.vars("demo")
        heroku.write("demo", {"NEW": Secret("brand new/value")})
    assert told[-1] == "Heroku says: TOKEN=********, key ********, new ********: the stack is old"
    assert not any(CANARY in text or KEY in text for text in told)
    assert app.vars["NEW"] == "brand new/value"


def test_a_warning_that_quotes_what_was_sent_with_a_lost_answer_is_told_without_it(
    emulator: Emulator,
) -> None:
    emulator.add_app("demo", {})
    emulator.inject(Fault(method="PATCH", what=Reset(When.AFTER)))
    told: list[str] = []
    with heroku_at(emulator.url, FakeClock(), notice=told.append) as heroku:
        with pytest.raises(AnswerLost):
            heroku.write("demo", {"NEW": Secret(CANARY)})
        emulator.warn = f"NEW={CANARY} is odd"
        heroku.newest_releases("demo")
    assert told == ["Heroku says: NEW=******** is odd"]


def test_a_warning_that_quotes_what_only_the_answer_to_a_change_held_is_told_without_it(
    emulator: Emulator,
) -> None:
    """A colleague's var, set just before the change: Heroku answers with the whole set."""
    emulator.add_app("demo", {"THEIRS": CANARY})
    told: list[str] = []
    with heroku_at(emulator.url, FakeClock(), notice=told.append) as heroku:
        heroku.write("demo", {"NEW": Secret("brand new/value")})
        emulator.warn = f"THEIRS={CANARY} is odd"
        heroku.newest_releases("demo")
    assert told == ["Heroku says: THEIRS=******** is odd"]


def test_a_warning_that_quotes_vars_that_cannot_be_read_is_told_without_them() -> None:
    told: list[str] = []
    body = json.dumps({"TOKEN": CANARY, "ODD": 7}).encode()
    with (
        answering(http(body, f"Warning-Message: {CANARY} is odd")) as server,
        heroku_at(server.url, FakeClock(), notice=told.append) as heroku,
        pytest.raises(BadResponse),
    ):
        heroku.vars("demo")
    assert told == ["Heroku says: ******** is odd"]


def test_a_reference_that_repeats_a_value_is_none_though_the_answer_is_a_yes() -> None:
    token = "0123456789abcdef0123"
    answers = [
        http(json.dumps({"TOKEN": token}).encode()),
        http(b"<html>", f"Request-Id: {token}"),
    ]

    def serve(connection: socket, number: int) -> None:
        read_request(connection)
        connection.sendall(answers[number - 1])

    with listening(serve) as server, heroku_at(server.url, FakeClock()) as heroku:
        heroku.vars("demo")
        with pytest.raises(BadResponse) as caught:
            heroku.vars("demo")
    assert token not in str(caught.value)
    assert caught.value.request_id is None


def test_a_reference_that_repeats_the_key_is_none() -> None:
    key = "01234567-89ab-cdef-0123-456789abcdef"
    answer = http(b"{}", f"Request-Id: {key}", status="500 Oh")
    clock = FakeClock()
    with (
        answering(answer) as server,
        heroku_at(server.url, clock, key=key) as heroku,
        pytest.raises(ApiError) as caught,
    ):
        heroku.vars("demo")
    assert key not in str(caught.value)
    assert caught.value.request_id is None
