"""What is taken for made up, and how seldom a real key is."""

import re

import pytest

from deploy.secret.forms.made_up import PUBLISHED, digest, is_made_up

from .drawn import BASE32, BASE62, HEX, URL_SAFE, drawn


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x" * 24, id="one character"),
        pytest.param("x9" * 12, id="two characters"),
        pytest.param("a1b2c3d" * 5, id="a few characters, again and again"),
        pytest.param("K7mQ2xW9" + "zT4vR8pL" * 2, id="a run that stands twice"),
        pytest.param("K7mQ2xW9zT4vR8pLaaaaaaB", id="six times the same"),
        pytest.param("abcdefghijklmnopqrstuvwx", id="the alphabet"),
        pytest.param("AbCdEfGhIjKlMnOpQrStUvWx", id="the alphabet in two cases"),
        pytest.param("zyxwvutsrqponmlkjihgfedc", id="the alphabet from its end"),
        pytest.param("012345678901234567890123", id="numbers"),
        pytest.param("K7mQ2xW9zT4vR8pL123456Bw", id="numbers at the end"),
        pytest.param("a1b2c3d4e5f6g7h8i9j0k1l2", id="letters and numbers by turns"),
        pytest.param("abc123def456ghi789jkl012", id="letters and numbers in threes"),
        pytest.param("K7mQ2xW9zT4vR8pLExample", id="example"),
        pytest.param("thisisnotarealkeyFAKE9Zq", id="fake"),
        pytest.param("your-api-key-goes-here-9Z", id="your"),
        pytest.param("K7mQ2xW9zT4vR8pLxxxxBwQ", id="xxxx"),
        pytest.param("deadbeef4c71a90e52b6d8f3", id="a word in hex"),
        pytest.param("MySuperSecretValue93Zq7", id="secret"),
        pytest.param("qwertyuiop7mQ2xW9zT4vR8p", id="keys side by side"),
    ],
)
def test_this_is_made_up(text: str) -> None:
    assert is_made_up(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(drawn(BASE62, 24), id="base62"),
        pytest.param(drawn(HEX, 32), id="hex"),
        pytest.param(drawn(BASE32, 16), id="base32"),
        pytest.param(drawn(URL_SAFE, 20), id="base64 for URLs"),
        pytest.param(drawn(URL_SAFE, 20) + "_____", id="five times the same"),
        pytest.param(drawn(BASE62, 20) + "abcde", id="five letters of the alphabet"),
    ],
)
def test_this_is_not(text: str) -> None:
    assert not is_made_up(text.encode())


@pytest.mark.parametrize(
    ("made_up", "real"),
    [
        pytest.param(
            "Kxx7QQ2xKKxQxKQx7WWKKQWm", "7WWmQQxWKKWQWKQx799KK29Q", id="seven characters, or eight"
        ),
        pytest.param("KQQ777mQKK", "K2Q7mmQQKK", id="of ten four, or five"),
        pytest.param("KQQ777mQKKm", "K2Q7mmQQKK2", id="of eleven four, or five"),
        pytest.param(
            "eejiazyrarrrghghgwavhiijx",
            "mcdsyxwvvdtstnottggiyoopnz",
            id="half of all places go on, or fewer",
        ),
        pytest.param("K7mQ2xW9zT4vR654321w", "K7mQ2xW9zT4vRw65432w", id="six count back, or five"),
        pytest.param("K7mQ2xW9zT4vRabcdef", "abcdeK7mQ2xW9zT4vR", id="six count on, or five"),
        pytest.param("K7mQ2xW9zT4vd4c3b2a1", "K7mQ2xW9zT4vd4c3b2a", id="eight by turns, or seven"),
        pytest.param("a1b2c3d4K7mQ2xW9zT4v", "a1b2c3dK7mQ2xW9zT4v", id="the same at the start"),
    ],
)
def test_chance_makes_up_what_lies_behind_a_border(made_up: str, real: str) -> None:
    assert is_made_up(made_up.encode())
    assert not is_made_up(real.encode())


@pytest.mark.parametrize(
    ("alphabet", "size"),
    [(HEX, 32), (HEX, 64), (BASE32, 16), (BASE62, 24), (BASE62, 36), (URL_SAFE, 95)],
)
def test_of_a_thousand_real_keys_at_most_two_are_taken_for_made_up(
    alphabet: str, size: int
) -> None:
    keys = [drawn(alphabet, size, seed).encode() for seed in range(5_000)]
    assert sum(is_made_up(key) for key in keys) <= 10


def test_what_is_behind_the_first_of_a_long_text_does_not_tell() -> None:
    text = drawn(URL_SAFE, 400).encode()
    assert not is_made_up(text + b"x" * 1_000)


def test_a_key_that_is_for_all_to_see_is_known_by_its_digest() -> None:
    key, other = drawn(BASE62, 24).encode(), drawn(BASE62, 24, 2).encode()
    published = frozenset({digest(key)})
    assert is_made_up(key, published)
    assert not is_made_up(other, published)
    assert not is_made_up(key)


@pytest.mark.parametrize("text", sorted(PUBLISHED))
def test_the_list_of_those_has_digests_alone(text: str) -> None:
    assert re.fullmatch("[0-9a-f]{16}", text)
    assert len(digest(b"any key")) == len(text)
