"""Secrets by their form: which are found, where, and what is said of them."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deploy.secret.forms import known as forms
from deploy.secret.forms.known import CLUES, FORMS, URL, Found, found, needs_more

from .drawn import BASE32, BASE62, BECH32, DIGITS, HEX, URL_SAFE, body, checked, drawn, folded

UUID = "-".join(drawn(HEX, size, seed) for seed, size in enumerate((8, 4, 4, 4, 12)))
OPENAI = "T3Blbk" + "FJ"
KEYS = {
    "sk_live_" + drawn(BASE62, 24): "a live secret key",
    "sk_live_" + drawn(BASE62, 99): "a live secret key",
    "rk_live_" + drawn(BASE62, 99): "a live secret key",
    "whsec_" + drawn(BASE62, 32): "a webhook signing secret",
    "whsec_" + body(b"", 40): "a webhook signing secret",
    "AKIA" + drawn(BASE32, 16): "an AWS access key id",
    "ASIA" + drawn(BASE32, 16): "an AWS access key id",
    "ghp_" + checked(36): "a GitHub token",
    "gho_" + checked(36): "a GitHub token",
    "ghu_" + checked(36): "a GitHub token",
    "ghs_" + checked(36): "a GitHub token",
    "ghr_" + checked(76): "a GitHub token",
    "github_pat_" + drawn(BASE62, 22) + "_" + drawn(BASE62, 59): "a GitHub token",
    "glpat-" + drawn(URL_SAFE, 20): "a GitLab token",
    "glpat-" + drawn(URL_SAFE, 40) + ".01." + drawn(HEX, 9): "a GitLab token",
    "gldt-" + drawn(URL_SAFE, 20): "a GitLab token",
    "glrt-" + drawn(URL_SAFE, 20): "a GitLab token",
    "glsoat-" + drawn(URL_SAFE, 20): "a GitLab token",
    f"xoxb-{drawn(DIGITS, 12)}-{drawn(DIGITS, 13)}-{drawn(BASE62, 24)}": "a Slack token",
    f"xoxp-{drawn(DIGITS, 12)}-{drawn(DIGITS, 12)}-{drawn(DIGITS, 13)}-{drawn(HEX, 32)}": (
        "a Slack token"
    ),
    f"xapp-1-A{drawn(BASE32, 10)}-{drawn(DIGITS, 13)}-{drawn(HEX, 64)}": "a Slack token",
    f"hooks.slack.com/services/T{drawn(BASE32, 8)}/B{drawn(BASE32, 10)}/{drawn(BASE62, 24)}": (
        "a Slack webhook"
    ),
    f"discord.com/api/webhooks/{drawn(DIGITS, 19)}/{drawn(URL_SAFE, 68)}": "a Discord webhook",
    f"discordapp.com/api/v10/webhooks/{drawn(DIGITS, 18)}/{drawn(URL_SAFE, 68)}": (
        "a Discord webhook"
    ),
    f"{drawn(DIGITS, 10)}:AA{drawn(URL_SAFE, 33)}": "a Telegram bot token",
    f"HRKU-{UUID}": "a Heroku API key",
    "HRKU-AA" + drawn(URL_SAFE, 52) + "_____w": "a Heroku API key",
    f"SG.{drawn(URL_SAFE, 22)}.{drawn(URL_SAFE, 43)}": "a SendGrid API key",
    f"xkeysib-{drawn(HEX, 64)}-{drawn(BASE62, 16)}": "a Brevo API key",
    "npm_" + checked(36): "an npm token",
    "pypi-AgEIcHlwaS5vcmc" + drawn(URL_SAFE, 140): "a PyPI token",
    f"sk-{drawn(BASE62, 20)}{OPENAI}{drawn(BASE62, 20, 2)}": "an OpenAI API key",
    f"sk-proj-{drawn(URL_SAFE, 74)}{OPENAI}{drawn(URL_SAFE, 74, 2)}": "an OpenAI API key",
    f"sk-ant-api03-{drawn(URL_SAFE, 93)}AA": "an Anthropic API key",
    f"sk-or-v1-{drawn(HEX, 64)}": "an OpenRouter API key",
    f"hf_{drawn(BASE62[10:], 34)}": "a Hugging Face token",
    f"shpat_{drawn(HEX, 32)}": "a Shopify token",
    f"shpca_{drawn(HEX, 32)}": "a Shopify token",
    f"shppa_{drawn(HEX, 32)}": "a Shopify token",
    f"shpss_{drawn(HEX, 32)}": "a Shopify token",
    f"dop_v1_{drawn(HEX, 64)}": "a DigitalOcean token",
    f"doo_v1_{drawn(HEX, 64)}": "a DigitalOcean token",
    f"dor_v1_{drawn(HEX, 64)}": "a DigitalOcean token",
    f"GOCSPX-{drawn(URL_SAFE, 28)}": "a Google client secret",
    f"cloudinary://{drawn(DIGITS, 15)}:{drawn(URL_SAFE, 27)}@app": "a Cloudinary URL",
    f"NRAK-{drawn(BASE32, 27)}": "a New Relic key",
    f"sntryu_{drawn(HEX, 64)}": "a Sentry token",
    f"lin_api_{drawn(BASE62, 40)}": "a Linear API key",
    f"dp.pt.{drawn(BASE62, 43)}": "a Doppler token",
    f"{drawn(BASE62, 14)}.atlasv1.{drawn(BASE62, 67)}": "a Terraform token",
    f"rubygems_{drawn(HEX, 48)}": "a RubyGems API key",
    f"AGE-SECRET-KEY-1{drawn(BECH32, 58)}": "an age secret key",
}
LONG = 300
ids = [f"{words} {number}" for number, words in enumerate(KEYS.values())]


def told(line: str, after: str = "") -> list[str]:
    return [each.words for each in found(line.encode(), after.encode())]


def pem() -> tuple[str, str]:
    """The header of a private key, and what stands behind it."""
    lines = folded(body(b"\x30\x82\x04\xbd\2\1\0\x30", 1217))
    return "-----BEGIN PRIVATE KEY-----", "\n".join([*lines, "-----END PRIVATE KEY-----"])


# One key.


@pytest.mark.parametrize(("key", "words"), KEYS.items(), ids=ids)
@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "API_KEY={}",
        "key = '{}'  # live",
        '{{"key": "{}"}}',
        "é{}é",
        "\x00\x01{}\x00",
        "\t{}\r",
        r"\n{}\n",
        "?key%3D{}%26",
        "<key>{}</key>",
        "curl -u {}: https://api.example.com",
    ],
    ids=ascii,
)
def test_a_key_is_found_where_it_stands(key: str, words: str, around: str) -> None:
    line = around.replace("{}", key).encode()
    start = line.index(key.encode())
    [each] = found(line)
    assert each.words == words
    # Padding, and the app that a Cloudinary URL names, may be left out.
    assert each.start == start
    assert start + len(key) - 2 <= each.end <= start + len(key)


@pytest.mark.parametrize("key", KEYS, ids=ids)
def test_a_key_with_a_letter_before_it_is_another_word(key: str) -> None:
    assert told(f"risk{key}") == []


@pytest.mark.parametrize("key", KEYS, ids=ids)
def test_what_is_much_too_long_is_no_key(key: str) -> None:
    if not key.startswith(("cloudinary", "pypi-")):
        assert told(key.rstrip("=") + drawn(BASE62, LONG)) == []


@pytest.mark.parametrize("key", KEYS, ids=ids)
@pytest.mark.parametrize("sign", ["...", "\N{HORIZONTAL ELLIPSIS}", "****"], ids=ascii)
def test_a_key_of_which_some_is_left_out_is_none(key: str, sign: str) -> None:
    form = key.removesuffix("@app").rstrip("=")
    assert told(f"{form[: len(form) // 2]}{sign}") == []
    assert told(f"{form[:-4]}{sign}") == []


@pytest.mark.parametrize("key", KEYS, ids=ids)
def test_a_key_with_a_word_in_place_of_its_last_characters_is_made_up(key: str) -> None:
    form = key.removesuffix("@app").rstrip("=")
    assert told(form[:-7] + "EXAMPLE") == []


@pytest.mark.parametrize("key", KEYS, ids=ids)
def test_no_part_of_a_key_is_in_what_is_told(key: str) -> None:
    shown = repr(list(found(key.encode()))).replace(KEYS[key], "")
    parts = {key[at : at + 4] for at in range(len(key) - 3)}
    assert {part for part in parts if part in shown} == set()


def test_what_is_told_is_a_place_and_words() -> None:
    assert list(found(f"x = {'glpat-' + drawn(URL_SAFE, 20)}".encode())) == [
        Found(4, 30, "a GitLab token")
    ]


# Forms.


def test_each_form_is_tried_here() -> None:
    assert {form.words for form in FORMS} == set(KEYS.values())


def test_each_clue_of_a_form_stands_in_a_key_that_is_tried_here() -> None:
    unused = {clue for form in FORMS for clue in form.clues}
    for key in KEYS:
        unused -= {clue for clue in unused if clue in key.encode()}
    assert unused == set()


@pytest.mark.parametrize("clue", CLUES, ids=ascii)
def test_a_clue_is_of_one_line_and_searched_for_once(clue: bytes) -> None:
    assert b"\n" not in clue
    assert clue.strip() == clue
    assert CLUES.count(clue) == 1


@pytest.mark.parametrize("place", [0, 7, 29, 30, 35])
@pytest.mark.parametrize("prefix", ["ghp_", "gho_", "ghu_", "ghs_", "npm_"])
def test_a_token_whose_checksum_is_another_is_none(prefix: str, place: int) -> None:
    token = checked(36)
    other = BASE62[(BASE62.index(token[place]) + 31) % 62]
    assert told(prefix + token)
    assert told(prefix + token[:place] + other + token[place + 1 :]) == []


@pytest.mark.parametrize("seed", range(60))
def test_a_checksum_is_padded_with_zeros(seed: int) -> None:
    assert told("npm_" + checked(36, seed)) == ["an npm token"]


def test_the_seeds_above_reach_a_checksum_with_a_zero_in_front() -> None:
    assert any(checked(36, seed)[30] == "0" for seed in range(60))


@pytest.mark.parametrize(
    "line",
    [
        "https://s3.amazonaws.com/a?X-Amz-Credential={}%2F20260102%2Fus-east-1%2Fs3",
        "Authorization: AWS4-HMAC-SHA256 Credential={}/20260102/us-east-1/s3/aws4_request",
        "https://s3.amazonaws.com/a?Expires=1&AWSAccessKeyId={}&Signature=x",
        "https://s3.amazonaws.com/a?AWSAccessKeyId={}&Signature=x",
    ],
)
def test_the_name_of_who_signed_a_request_is_no_secret(line: str) -> None:
    assert told(line.replace("{}", "AKIA" + drawn(BASE32, 16))) == []


def test_a_file_that_aws_gives_with_a_new_key_is_found() -> None:
    assert told("AWSAccessKeyId=AKIA" + drawn(BASE32, 16)) == ["an AWS access key id"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("sk_test_" + drawn(BASE62, 24), id="a test key of Stripe's"),
        pytest.param("pk_live_" + drawn(BASE62, 24), id="a key that Stripe has in pages"),
        pytest.param("AIza" + drawn(URL_SAFE, 35), id="Google's, which Firebase has in pages"),
        pytest.param("xoxb-" + drawn(DIGITS, 12), id="a part of a token"),
        pytest.param("AGE-SECRET-KEY-1" + "B" + drawn(BECH32, 57), id="no bech32"),
        pytest.param("AKIA" + "01" + drawn(BASE32, 14), id="no base32"),
        pytest.param("HRKU-" + UUID.upper(), id="no UUID of Heroku's"),
        pytest.param("0" * 9 + ":AA" + drawn(URL_SAFE, 32), id="short"),
    ],
)
def test_what_only_looks_like_a_key_is_none(text: str) -> None:
    assert told(f"x = '{text}'") == []


@pytest.mark.parametrize(
    "text",
    [
        "AKIA" + "IOSFODNN7" + "EXAMPLE",
        "AKIA" + "I44QH8DHB" + "EXAMPLE",
        "AKIA" + "1234567890ABCDEF",
        "AKIA" + "X" * 16,
        "HRKU-" + "01234567-89ab-cdef-0123-456789abcdef",
        "HRKU-" + "x" * 60,
        "sk_live_" + "x9" * 12,
        "sk_live_" + "1234567890" * 3,
        "sk_live_" + "abcdefghijklmnopqrstuvwx",
        "sk_live_" + "51AbCdEfGhIjKlMnOpQrStUvWx",
        "whsec_" + "yourwebhooksecretfromthedashboard",
        "ghp_" + "A" * 36,
        "glpat-" + "your-token-goes-here"[:20],
        "SG." + "x" * 22 + "." + "x" * 43,
        "xoxb-" + "123456789012-1234567890123-" + "AbCdEfGhIjKlMnOpQrStUvWx",
        "hooks.slack.com/services/T00000000/B00000000/" + "X" * 24,
        "123456789:AA" + "BBCCDDEEFFGGHHIIJJKKLLMMNNOOPPQQR",
        "sk-ant-api03-" + "A1b2C3d4E5" * 9 + "abcAA",
        "shpat_" + "0123456789abcdef" * 2,
        "dop_v1_" + "deadbeef" * 8,
        "AGE-SECRET-KEY-1" + "Q" * 58,
    ],
)
def test_what_documentation_shows_is_none(text: str) -> None:
    assert told(f"KEY={text}") == []


# Many, and other things.


def test_two_keys_of_a_line_are_told_from_the_left() -> None:
    first, second = "npm_" + checked(36), "glpat-" + drawn(URL_SAFE, 20)
    assert told(f"{first} {second} {first}") == ["an npm token", "a GitLab token", "an npm token"]


@pytest.mark.parametrize(
    "url",
    [
        "https://ci:{}@gitlab.com/team/app.git",
        "https://{}@gitlab.com/team/app.git",
        "https://ci:x{}@gitlab.com/team/app.git",
    ],
)
def test_a_key_in_a_url_is_told_as_a_key(url: str) -> None:
    key = "glpat-" + drawn(URL_SAFE, 20)
    [words] = told(url.replace("x{}", f"x-{key}").replace("{}", key))
    assert words == "a GitLab token"


def test_a_password_in_a_url_is_found_beside_a_key() -> None:
    key, password = "npm_" + checked(36), drawn(BASE62, 24)
    line = f"{key} postgres://app:{password}@db.tinyshop.io/app {key}"
    assert told(line) == ["an npm token", "a password in a URL", "an npm token"]
    each = list(found(line.encode()))[1]
    assert line[each.start : each.end] == password


def test_a_private_key_is_found_with_the_lines_behind_it() -> None:
    header, rest = pem()
    assert told(header) == []
    assert told(header, rest) == ["a private key"]
    assert told(f'  "private_key": "{header}\\n' + rest.replace("\n", "\\n") + '"') == [
        "a private key"
    ]


def test_of_a_private_key_its_header_is_told() -> None:
    header, rest = pem()
    line = f"  key: {header}".encode()
    assert list(found(line, rest.encode())) == [Found(7, 7 + len(header), "a private key")]


def test_only_the_header_of_a_key_asks_for_more() -> None:
    header, rest = pem()
    assert needs_more(header.encode())
    asked = [line for line in rest.split("\n") if needs_more(line.encode())]
    assert asked == []


def test_so_many_lines_behind_a_header_are_enough() -> None:
    header, rest = pem()
    armor = "Version: GnuPG v2\nComment: none\nComment: none\n\n"
    after = "\n".join(f"{armor}{rest}".split("\n")[: forms.LINES_AFTER])
    assert told(header, rest[:200]) == ["a private key"]
    packet = "\n".join(folded(body(b"\x95\x03\x98\x04", 600)))
    after = "\n".join(f"{armor}{packet}".split("\n")[: forms.LINES_AFTER])
    assert told("-----BEGIN PGP PRIVATE KEY BLOCK-----", after) == ["a private key"]


# Whatever the line.


def pieces() -> Iterator[str]:
    yield from KEYS
    yield from ("://", ":", "@", "db.tinyshop.io", "10.0.0.1", "%2F", "\\n", "\n", "%zz", "=")
    yield from pem()
    yield from (form.clues[0].decode() for form in FORMS)


LINE = st.lists(st.one_of(st.sampled_from(sorted(pieces())), st.text(max_size=8)), max_size=6).map(
    "".join
)


@given(LINE.map(str.encode) | st.binary(max_size=60), LINE.map(str.encode))
@example(b"-----BEGIN PRIVATE KEY-----", b"MI" + b"A" * 200)
@example(b"a://b:c2345678@999.999.999.999/", b"")
@example(b"a://b:%ff%fe3456@a.com", b"")
def test_what_is_found_lies_in_the_line_and_has_a_clue(line: bytes, after: bytes) -> None:
    each = list(found(line, after))
    assert each == sorted(each)
    for start, end, _ in each:
        assert 0 <= start < end <= len(line)
    url = re.search(URL.replace(b"[:space:]", rb"\s"), line)
    assert not each or url or any(clue in line for clue in CLUES)
