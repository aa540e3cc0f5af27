import copy
import dataclasses
import hashlib
import hmac
import io
import json
import logging
import pickle
import pprint
import traceback
from collections.abc import Callable
from string import Template

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deploy.secret import MASK, Hint, Secret
from deploy.secret.secretlike import Secrecy

CANARY = "c4nary-5ecret"

any_text = st.text(st.characters(), max_size=12)  # lone surrogates included


@dataclasses.dataclass
class Holder:
    name: str
    value: Secret


def raised(act: Callable[[], object]) -> str:
    with pytest.raises(TypeError) as caught:
        act()
    return str(caught.value)


# What can be seen of it.


@pytest.mark.parametrize(
    "show",
    [
        pytest.param(str, id="str"),
        pytest.param(lambda secret: f"{secret}", id="f-string"),
        pytest.param(lambda secret: "%s" % secret, id="percent"),  # noqa: UP031
        pytest.param("{}".format, id="str-format"),
        pytest.param(lambda secret: format(secret, "s"), id="format-spec"),
        pytest.param(lambda secret: Template("$a").substitute(a=secret), id="template"),
    ],
)
def test_as_text_a_secret_is_a_mask(show: Callable[[Secret], str]) -> None:
    assert show(Secret(CANARY)) == "********"


def test_a_mask_is_padded_as_a_table_asks() -> None:
    assert f"{Secret(CANARY):>10}|{Secret(CANARY):<10}|" == "  ********|********  |"


@pytest.mark.parametrize("value", ["", "x", CANARY, "x" * 10_000, MASK], ids=len)
def test_every_mask_has_the_same_length(value: str) -> None:
    assert (str(Secret(value)), repr(Secret(value))) == ("********", "Secret(********)")


@pytest.mark.parametrize(
    "show",
    [
        pytest.param(repr, id="repr"),
        pytest.param(ascii, id="ascii"),
        pytest.param(lambda secret: f"{secret!r:>40}", id="padded"),
        pytest.param(lambda secret: str([secret]), id="in-a-list"),
        pytest.param(lambda secret: str({"A": secret}), id="in-a-mapping"),
        pytest.param(lambda secret: repr(Holder("A", secret)), id="in-a-dataclass"),
        pytest.param(lambda secret: pprint.pformat({"A": [secret]}), id="pprint"),
        pytest.param(lambda secret: json.dumps({"A": secret}, default=str), id="json-default-str"),
        pytest.param(lambda secret: json.dumps({"A": secret}, default=repr), id="json-default"),
        pytest.param(lambda secret: str(ValueError(secret)), id="in-an-exception"),
        pytest.param(lambda secret: repr(ValueError("no", secret)), id="in-an-exception's-repr"),
    ],
)
def test_no_way_of_showing_a_secret_shows_its_value(show: Callable[[Secret], str]) -> None:
    shown = show(Secret(CANARY))
    assert "********" in shown
    assert CANARY not in shown


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda secret: json.dumps({"A": secret}), id="json"),
        pytest.param(copy.copy, id="copy"),
        pytest.param(copy.deepcopy, id="deepcopy"),
        pytest.param(lambda secret: copy.deepcopy({"A": [secret]}), id="deepcopy-of-a-holder"),
        pytest.param(lambda secret: dataclasses.asdict(Holder("A", secret)), id="asdict"),
        pytest.param(lambda secret: dataclasses.astuple(Holder("A", secret)), id="astuple"),
        pytest.param(vars, id="vars"),
        pytest.param(len, id="len"),
        pytest.param(iter, id="iter"),
        pytest.param(bytes, id="bytes"),
        pytest.param(hash, id="hash"),
        pytest.param(lambda secret: {secret}, id="set"),
        pytest.param(lambda secret: "".join([secret]), id="join"),
        pytest.param(lambda secret: "a" + secret, id="after-text"),
        pytest.param(lambda secret: secret + "a", id="before-text"),
        pytest.param(lambda secret: secret[0], id="index"),
        pytest.param(lambda secret: secret < Secret("a"), id="order"),
        pytest.param(lambda secret: "a" in secret, id="contains"),
    ],
)
def test_what_would_open_a_secret_is_refused_without_its_value(
    act: Callable[[Secret], object],
) -> None:
    assert CANARY not in raised(lambda: act(Secret(CANARY)))


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_secret_is_not_pickled(protocol: int) -> None:
    stream = io.BytesIO()
    with pytest.raises(TypeError, match=r"^a Secret is neither pickled nor copied$"):
        pickle.dump({"A": Secret(CANARY)}, stream, protocol)
    assert CANARY.encode() not in stream.getvalue()


def test_a_traceback_with_local_variables_does_not_show_a_secret() -> None:
    def fail(secret: Secret) -> None:
        raise ValueError(f"no good: {secret!r}")

    try:
        fail(Secret(CANARY))
    except ValueError as error:
        shown = "".join(
            traceback.TracebackException.from_exception(error, capture_locals=True).format()
        )
    assert "Secret(********)" in shown
    assert CANARY not in shown


def test_a_log_record_does_not_show_a_secret(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("any").warning("value %s, %r", Secret(CANARY), Secret(CANARY))
    assert caplog.messages == ["value ********, Secret(********)"]


def test_a_secret_takes_no_other_attribute() -> None:
    with pytest.raises(AttributeError) as caught:
        Secret(CANARY).note = "x"  # type: ignore[attr-defined]
    assert CANARY not in str(caught.value)


@given(value=st.text(min_size=1))
def test_no_value_has_a_repr_of_its_own(value: str) -> None:
    assert f"{Secret(value)} {Secret(value)!r}" == "******** Secret(********)"


# Comparing.


@given(one=any_text, other=any_text)
@example(one="\ud83d\ude00", other="\U0001f600")
@example(one="\ud800", other="\udc00")
@example(one="\ud800", other="\ud800")
@example(one="\ud800", other="?")
@example(one="é", other="e\u0301")
@example(one="a", other="a\0")
def test_secrets_are_equal_exactly_where_their_values_are(one: str, other: str) -> None:
    assert (Secret(one) == Secret(other)) is (one == other)
    assert (Secret(one) != Secret(other)) is (one != other)
    assert Secret(one) == Secret(one)


@pytest.mark.parametrize("other", [CANARY, None, CANARY.encode(), 1], ids=repr)
def test_a_secret_equals_nothing_but_a_secret(other: object) -> None:
    assert Secret(CANARY) != other
    assert not (Secret(CANARY) == other)  # noqa: SIM201  # both operators


def test_reveal_gives_the_value_as_it_was_given() -> None:
    assert Secret("\ud800 a\r\n").reveal() == "\ud800 a\r\n"


# What a mask hides about a difference.


@pytest.mark.parametrize(
    ("declared", "live", "hint"),
    [
        ("a", "a", None),
        ("", "", None),
        ("a", "b", None),
        ("a", "", "empty on Heroku"),
        ("", "a", "not empty on Heroku"),
        (" ", "", "empty on Heroku"),
        ("a", "a\n", "differs only in a trailing newline"),
        ("a\n", "a", "differs only in a trailing newline"),
        ("a", "a\r\n", "differs only in a trailing newline"),
        ("a", " a", "differs only in surrounding white space"),
        ("a\t", "a", "differs only in surrounding white space"),
        ("a", " a\n", "differs only in surrounding white space"),
        ("a", '"a"', "differs only in wrapping quotes"),
        ("'a'", "a", "differs only in wrapping quotes"),
        ("'a'", '"a"', "differs only in wrapping quotes"),
        ("''", '""', "differs only in wrapping quotes"),
        ("a\r\nb", "a\nb", "differs only in its line ends, CRLF or LF"),
        ("a\nb\n", "a\r\nb\r\n", "differs only in its line ends, CRLF or LF"),
        ("a\\nb", "a\nb", "differs only in newlines written as a literal \\n"),
        ("a\nb", "a\\nb", "differs only in newlines written as a literal \\n"),
        ("True", "true", "differs only in letter case"),
        ("É", "é", "differs only in letter case"),
        ("a", "A ", None),
        ("a", '"a', None),
        ("a", "'a\"", None),
        ("'", '"', None),
        ("a", "XaX", None),
        ('"', "", "empty on Heroku"),
        ("a\rb", "a\nb", None),
        ("a b", "ab", None),
        ("a", "aa", None),
    ],
)
def test_a_hint_names_the_only_difference(declared: str, live: str, hint: str | None) -> None:
    found = Secret(declared).difference(Secret(live))
    assert (found.value if found else None) == hint


@given(value=any_text)
def test_there_is_no_hint_where_nothing_differs(value: str) -> None:
    assert Secret(value).difference(Secret(value)) is None


@given(one=st.text("aA\"' \r\n\\n", max_size=6), other=st.text("aA\"' \r\n\\n", max_size=6))
def test_a_hint_is_the_same_seen_from_the_other_side(one: str, other: str) -> None:
    turned = {Hint.EMPTY_HERE: Hint.EMPTY_THERE, Hint.EMPTY_THERE: Hint.EMPTY_HERE}
    hint = Secret(one).difference(Secret(other))
    back = Secret(other).difference(Secret(one))
    assert back == (turned.get(hint, hint) if hint else None)


@given(one=st.text("ab0", min_size=1, max_size=6), other=st.text("ab0", min_size=1, max_size=6))
def test_values_that_share_some_letters_get_no_hint(one: str, other: str) -> None:
    assert Secret(one).difference(Secret(other)) is None


# Questions that need no opening.


@pytest.mark.parametrize(
    "value",
    [
        *("your_api_key_here", "your-secret", "YOUR_KEY", "my-token-here", "insert_key_here"),
        *("changeme", "change-me", "CHANGE_ME", "ChangeMe!", "changeme123", "replace_me"),
        *("<your key>", "<API_KEY>", "<>", "xxx", "XXXXXXXX", "***", "********", "..."),
        *("todo", "TO-DO", "tbd", "FIXME", "placeholder", "fill-it-in", "  changeme\n"),
        "replace-with-your-key",
    ],
)
def test_text_that_nobody_filled_in_looks_like_a_placeholder(value: str) -> None:
    assert Secret(value).is_placeholder


@pytest.mark.parametrize(
    "value",
    [
        *("", " ", "x", "xx", "..", "info", "true", "0", "https://example.com/<id>", "a<b>"),
        *("yourself", "changes", "changement", "todos", "here", "my-bucket", "exchange"),
        *("postgres://u:p@h/d", "sk_live_xxxx1234", "xxxa", "toad", "myhere", "<a><b>"),
    ],
)
def test_an_ordinary_value_is_no_placeholder(value: str) -> None:
    assert not Secret(value).is_placeholder


@pytest.mark.parametrize(
    ("value", "is_mask"),
    [("********", True), ("*******", False), ("*********", False), ("", False)],
)
def test_only_our_own_mask_is_a_mask(value: str, *, is_mask: bool) -> None:
    assert Secret(value).is_mask is is_mask


def test_what_a_secret_prints_as_is_known_as_a_mask() -> None:
    assert Secret(str(Secret(CANARY))).is_mask


@pytest.mark.parametrize(("value", "is_empty"), [("", True), (" ", False), ("\n", False)], ids=repr)
def test_only_the_empty_value_is_empty(value: str, *, is_empty: bool) -> None:
    assert Secret(value).is_empty is is_empty


@pytest.mark.parametrize(
    ("value", "is_token"),
    [
        ("HRKU-0123_abc~", True),
        ("", False),
        ("a b", False),
        ("a\n", False),
        ("\na", False),
        ("a\r\nX-Evil: 1", False),
        ("clé", False),
        ("a\x7f", False),
    ],
    ids=repr,
)
def test_only_printable_ascii_without_blanks_can_stand_in_a_header(
    value: str, *, is_token: bool
) -> None:
    assert Secret(value).is_token is is_token


@pytest.mark.parametrize(
    ("value", "is_foreign"),
    [
        *(("***", True), ("\u2022" * 3, True), ("\u25cf" * 9, True), ("\u2217" * 3, True)),
        *(("\u25aa" * 3, True), (MASK, True), ("[masked]", True), ("<REDACTED>", True)),
        *(("(Hidden)", True), ("{protected}", True)),
        # Too short, of two kinds, with more around, another word.
        *(("**", False), ("\u2022" * 2, False), ("**\u2022", False), ("***x", False)),
        *(("x***", False), ("[masked]x", False), ("masked", False), ("[secret]", False)),
        *(("xxx", False), ("", False), ("*/5 * * * *", False)),
    ],
    ids=ascii,
)
def test_only_what_reads_like_a_mask_is_anyones_mask(value: str, *, is_foreign: bool) -> None:
    assert Secret(value).is_foreign_mask is is_foreign


@pytest.mark.parametrize(
    ("value", "is_hex"),
    [
        ("0123456789-abcdef-ABCDEF", True),
        (" 0f\n", True),
        ("-", True),
        ("0g", False),
        ("g0", False),
        ("0g0", False),
        ("0 f", False),
        ("x", False),
        ("", False),
        (" ", False),
    ],
    ids=repr,
)
def test_only_hex_digits_and_dashes_are_what_a_request_id_is_made_of(
    value: str, *, is_hex: bool
) -> None:
    assert Secret(value).is_hex is is_hex


@pytest.mark.parametrize(
    ("value", "expected", "is_encrypted"),
    [
        ("encrypted:BMOl", [], True),
        ("encrypted:BMOl", ["TOKENS", "X_*"], True),
        ("encrypted:BMOl", ["X_*", "TOK*"], False),
        ("h9-Xq7v", [], False),
    ],
)
def test_a_value_is_encrypted_where_nobody_expects_it(
    value: str, expected: list[str], *, is_encrypted: bool
) -> None:
    assert Secret(value).is_encrypted("TOKEN", expected=expected) is is_encrypted


def test_a_name_tells_that_a_value_is_encrypted_too() -> None:
    assert Secret("2").is_encrypted("sops_version", expected=[])


# A text from outside.


@pytest.mark.parametrize(
    ("value", "text", "stands"),
    [
        ("s3cr", "id-S3CR-0", True),
        ("S3CR", "id-s3cr-0", True),
        (" s3cr\n", "s3cr", True),
        ("s3c", "id-s3c-0", False),
        (" s3c ", "id s3c 0", False),
        ("s3cr", "id-s3-cr", False),
    ],
    ids=repr,
)
def test_a_value_of_four_characters_stands_in_a_text_in_either_case(
    value: str, text: str, *, stands: bool
) -> None:
    assert Secret(value).stands_in(text) is stands


def test_a_text_is_shown_with_a_mask_in_a_values_place() -> None:
    assert Secret(CANARY).masked_in(f"about {CANARY} now") == "about ******** now"


# What a lock says.

HEX = "00112233445566778899aabbccddeeff" * 2


def mac(text: bytes, key: str = HEX) -> str:
    return hmac.HMAC(bytes.fromhex(key), text, hashlib.sha256).hexdigest()


@given(name=st.text("ABC_1", min_size=1, max_size=6), value=st.text(max_size=12))
@example(name="A", value="")
@example(name="A", value="a\0b")
def test_a_digest_is_an_hmac_over_version_name_and_value(name: str, value: str) -> None:
    wanted = mac(b"config-lock/1\0" + name.encode("utf-8") + b"\0" + value.encode("utf-8"))
    assert Secret(value).digest(Secret(HEX), name) == wanted


def test_a_fingerprint_is_half_of_half_an_hmac_over_a_text_of_its_own() -> None:
    assert Secret(HEX).fingerprint == mac(b"config-lock/1 fingerprint")[:16] == "510528339e851520"


@given(
    st.tuples(any_text, st.text("AB", max_size=2)), st.tuples(any_text, st.text("AB", max_size=2))
)
@example(("\ud800", "A"), ("?", "A"))
@example(("", "A"), ("\0", "A"))
def test_digests_are_equal_exactly_where_value_and_name_are(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    first, second = (Secret(value).digest(Secret(HEX), name) for value, name in (one, other))
    assert (first == second) is (one == other)


@pytest.mark.parametrize(
    ("value", "is_lock_key"),
    [
        (HEX, True),
        ("0123456789abcdef" * 4, True),
        (HEX[:-1], False),
        (HEX + "0", False),
        (HEX + "\n", False),
        ("\n" + HEX[1:], False),
        (HEX.upper(), False),
        ("g" * 64, False),
        ("\u0661" * 64, False),
        ("", False),
    ],
    ids=ascii,
)
def test_only_64_lowercase_hex_digits_can_be_a_locks_key(value: str, *, is_lock_key: bool) -> None:
    assert Secret(value).is_lock_key is is_lock_key


@pytest.mark.parametrize("key", [None, HEX], ids=["SHA-256", "HMAC"])
def test_a_document_has_one_digest_however_it_is_ordered(key: str | None) -> None:
    wanted = b'{"A":["\\u00e9",1],"B":null}'
    digest = mac(wanted, key) if key else hashlib.sha256(wanted).hexdigest()
    lock_key = Secret(key) if key else None
    assert Secret.digest_of({"B": None, "A": [Secret("é"), 1]}, lock_key) == digest
    assert Secret.digest_of({"A": [Secret("é"), 1], "B": None}, lock_key) == digest


def test_neither_digest_nor_fingerprint_holds_the_key_or_the_value() -> None:
    shown = Secret(HEX).digest(Secret(HEX), "A") + Secret(HEX).fingerprint
    assert not any(HEX[start : start + 8] in shown for start in range(len(HEX) - 8))


# What is to be kept secret, as far as its name and its form tell.

HEX_40 = "9fceb02d0ae598e95dc970b74767f19372d61af8"
PEM = "\n".join(
    ["-----BEGIN PRIVATE KEY-----", "MIIEpAIBAAKCAQEA75fGzQ2mM1v9Y8kQ", "-----END PRIVATE KEY-----"]
)
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
BROWSER = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " HeadlessChrome/120.0.6099.109 Safari/537.36"
)


@pytest.mark.parametrize(
    "name",
    [
        *("KEY", "API_KEY", "api_key", "API_KEYS", "APIKEY", "ACCESSKEY", "KEY2", "SECRET_ID"),
        *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "SECRET_KEY_BASE", "RAILS_MASTER_KEY"),
        *("STRIPE_SECRET", "CLIENT_SECRETS", "DJANGOSECRET", "GOOGLE_CREDENTIALS", "CREDENTIAL"),
        *("DB_PASSWORD", "PGPASSWORD", "DB_PASS", "MYSQL_PWD", "PASSWORDS", "SSH_PASSPHRASE"),
        *("FTP_PASSWD", "SESSION_TOKEN", "AUTHTOKEN", "TOKENS", "PRIVATE_PEM", "PASSWORD_SALT"),
    ],
)
def test_a_word_in_the_name_makes_a_secret_of_any_value_but_an_ordinary_word(name: str) -> None:
    assert Secret("h9-Xq7v").secrecy(name) is Secrecy.SECRET
    assert Secret("hunter2").secrecy(name) is Secrecy.WEAK


@pytest.mark.parametrize(
    "name",
    [
        *("MONKEY_NAME", "KEYBOARD", "TURKEY_URL", "HOCKEY", "KEYNOTE", "TOKENIZER", "PASSENGERS"),
        *("COMPASS", "PASSWORDLESS_LOGIN", "BYPASS", "SECRETARY", "BASALT", "SALTED", "PRIVATELY"),
        *(
            "CREDIT",
            "LOG_LEVEL",
            "STRIPE_PUBLISHABLE_KEY",
            "PUBLIC_KEY",
            "NEXT_PUBLIC_TOKEN",
            "É",
            "",
        ),
    ],
)
def test_a_name_without_such_a_word_or_one_that_says_public_makes_none(name: str) -> None:
    assert Secret("hunter2").secrecy(name) is Secrecy.NONE
    assert Secret("h9-Xq7v").secrecy(name) is Secrecy.NONE


@pytest.mark.parametrize(
    "value",
    [
        *("true", "FALSE", "yes", "off", "none", "null", "0", "3600", "86400", " 1\n", "", " \n"),
        *("changeme", "your_api_key_here", "<your key>", "xxx", "todo", "********"),
    ],
)
def test_a_plain_value_is_no_secret_whatever_its_name(value: str) -> None:
    assert not Secret(value).is_secretlike("API_KEY")


@pytest.mark.parametrize(
    "value",
    [
        *("123456", "no!", "a", "é", "nullable", "password", "postgres", "developer", "minioadmin"),
        *("smtpPassword", "get_the_secret_of_above_key", "uma-chave-bem-segura", "asdjkljkljklasd"),
        *("fghhgjjhgkjhkl0", "admin:password", "data key with 32 char"),
        *("MyAppIsTheBestApp", "postgresqlmysqlpassword", "MYSUPERSECRETPASSWORD"),
        *("my-app-staging", "Password123!", "supersecretkey", "aaaaaaaaaaaaaaaaaaaa", "letmein"),
        *("${PREFIX}password", "Ch4ngeme", "P@ssw0rd", "s3cret!", "adm1n", "admin12345"),
        *("auth0-client-secret", "oauth2_token"),
    ],
)
def test_an_ordinary_word_is_a_weak_secret(value: str) -> None:
    assert Secret(value).secrecy("DB_PASSWORD") is Secrecy.WEAK
    assert Secret(value).secrecy("LABEL") is Secrecy.NONE
    assert not Secret(value).is_secretlike("DB_PASSWORD")


@pytest.mark.parametrize(
    "value",
    [
        *("qkzwvbtr", "abcdefgqxkzwvrtb", "correct-horse-battery-staple", "h9-Xq7v", "x1y2z3"),
        *("pa55w0rd-Kf", "s3cr3t#Kq", "Tr0ub4dor&3", "P@ssw0rd-x9Q", "admin12743"),
        # Letters alone, as every seventieth random text of 24 has them, and Google's of 16.
        *("bQsuKcYAnHABLSEdvYkOxmwU", "wojezutaxibemoqa"),
    ],
)
def test_what_nobody_would_write_in_code_is_no_ordinary_word(value: str) -> None:
    assert Secret(value).secrecy("DB_PASSWORD") is Secrecy.SECRET


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NEXT_PRIVATE_UPLOAD_BUCKET", "acme"),
        ("PRIVATE_REGISTRY", "ghcr.io/acme"),
        ("SSL_KEY_PATH", "/etc/ssl/private/key.pem"),
        ("OAUTH_TOKEN_URL", "https://login.acme.io/oauth/token"),
        ("CACHE_KEY_PREFIX", "acme:v1:"),
        ("PASSWORD_HASHER", "django.contrib.auth.hashers.Argon2PasswordHasher"),
        ("PASSWORD_HASHERS", "argon2"),
        ("API_KEY_RATE_LIMIT", "60/minute"),
        ("JWT_SECRET_EXPIRES", "30d"),
        ("JWT_TOKEN_LIFETIME", "7 days"),
        ("TOKEN_ISSUER", "https://acme.eu.auth0.com/"),
        ("KEY_SIZE", "1024k"),
        ("API_KEY_HEADER", "X-Api-Key"),
        ("passwordMinLength", "twelve"),
        ("VITE_API_KEY", "9fceb02d0ae598e95dc970b74767f193"),
        ("REACT_APP_TOKEN", "h9-Xq7v"),
        ("GOOGLE_CLIENT_ID", "263594206564-fgqddmf8t08v8n7oq4i57vs1.apps.acme.io"),
        ("DATABASE_URL", "postgres://postgres:postgres@localhost:5432/app"),
        ("DATABASE_URL", "postgres://app:h9-Xq7v@127.0.0.1/app"),
        ("DATABASE_URL", "postgres://user:h9-Xq7v@db.example.com/app"),
        ("DATABASE_URL", "postgresql://${DB_USER}:${DB_PASSWORD}@db.acme.io/app"),
        ("DATABASE_URL", "postgres://<user>:<password>@db.acme.io/app"),
        ("DATABASE_URL", "postgres://%(user)s:%(password)s@db.acme.io/app"),
        ("SECRET_KEY", "?"),
        ("AUTH0_TENANT_ID", "7f3c2b1a-90de-4c5f-8a6b-1234567890ab"),
        ("KMS_KEY_ID", "arn:aws:kms:eu-central-1:402938475610:key/7f3c2b1a-90de-4c5f-8a6b"),
    ],
)
def test_what_public_repositories_hold_under_such_names_is_no_secret(name: str, value: str) -> None:
    assert Secret(value).secrecy(name) is Secrecy.NONE


@pytest.mark.parametrize(
    "value",
    ["postgres://postgres:postgres@db/app", "amqp://guest:guest@rabbit.acme.io", "redis://:pass@r"],
)
def test_a_url_with_an_ordinary_password_is_weak(value: str) -> None:
    assert Secret(value).secrecy("DATABASE_URL") is Secrecy.WEAK


def test_of_several_urls_the_most_secret_one_counts() -> None:
    two = "amqp://guest:guest@a.acme.io,amqp://acme:h9-Xq7v@b.acme.io"
    assert Secret(two).secrecy("BROKER_URL") is Secrecy.SECRET


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("postgres://user:w9-Xq7v@db.acme.io/app", id="url"),
        pytest.param("redis://:w9-Xq7v@db.acme.io:6379", id="url-without-user"),
        pytest.param("  mongodb+srv://u:p%40@h/d ", id="url-in-blanks"),
        pytest.param("redis://one:6379,redis://u:p4-X@two:6379", id="second-url"),
        pytest.param("jdbc:postgresql://user:w9-Xq7v@db.acme.io/db", id="jdbc"),
        pytest.param("https://0123abc9f8e7d6c5b4a3f2e1d0c9b8a7@o1.ingest.sentry.io/42", id="dsn"),
        pytest.param(
            "https://hooks.example.com/services/T0B/B0F/aB3dE5gH7jK9mN1pQ3sT5vW7", id="hook"
        ),
        pytest.param("https://example.com/a?sig=5f4dcc3b5aa765d61d8327deb882cf99", id="signed-url"),
        pytest.param("AccountName=a;AccountKey=3q2+7wAbCdEfGh1Jk2Lm3No4Pq5Rs6Tu==;", id="pairs"),
        pytest.param('{"key": "5f4dcc3b5aa765d61d8327deb882cf99"}', id="json"),
        pytest.param(JWT, id="jwt"),
        pytest.param("ghx_16C7e42F292c6912E7710c838347Ae178B4a", id="prefixed"),
        pytest.param("xoxz-263594206564-FGqddMF8t08v8N7Oq4i57vs1", id="numbered"),
        pytest.param(
            "SX.ngeVfQFYQlKU0ufo8x5d1A.TwL2iGABf9DHoTf-09kqeF8tAmbihYzrnopKc-1s5cr", id="dotted"
        ),
        pytest.param("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", id="aws"),
        pytest.param("5f4dcc3b5aa765d61d8327deb882cf99", id="hex"),
        pytest.param("5F4DCC3B5AA765D61D8327DEB882CF99", id="upper-hex"),
        pytest.param("3q2+7wAbCdEfGh1Jk2Lm3No4Pq5Rs6Tu", id="base64"),
        pytest.param("k7f3m9q2x8d1w5z4", id="sixteen"),
        pytest.param("tR7!kq9$Zm2#vX4&", id="password"),
        pytest.param(PEM, id="pem"),
        pytest.param(HEX_40, id="hex-40"),
    ],
)
def test_the_form_of_a_value_can_make_a_secret_of_it_whatever_its_name(value: str) -> None:
    assert Secret(value).is_secretlike("X")
    assert Secret(value).is_secretlike("API_KEY")


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("info", id="word"),
        pytest.param("k7f3m9q2x8d1w5z", id="fifteen"),
        pytest.param("1234567890123456", id="number"),
        pytest.param("550e8400-e29b-41d4-a716-446655440000", id="uuid"),
        pytest.param("postgres://user@db.example.com/app", id="url-with-user"),
        pytest.param("https://example.com:8443/v1/Orders2", id="url"),
        pytest.param("https://example.com/p?a=1&b=2&c=3&d=4&e=5&utm_source=x", id="query"),
        pytest.param("jdbc:postgresql://db.example.com:5432/mydb?ssl=true&x=y", id="jdbc"),
        pytest.param("git@github.com:example/Project2.git", id="git"),
        pytest.param("/usr/share/GeoIP/GeoLite2-City", id="path"),
        pytest.param("/app/.heroku/python/lib/python3.11/site-packages:/app", id="paths"),
        pytest.param(r"C:\Users\App2\AppData\Local\Programs", id="windows-path"),
        pytest.param("myproject.settings.production", id="module"),
        pytest.param("django.core.cache.backends.redis.RedisCache2", id="class"),
        pytest.param("2024-01-01T12:00:00.123456Z", id="time"),
        pytest.param("20240101T120000Z", id="compact-time"),
        pytest.param("first.last@example.com", id="e-mail"),
        pytest.param("alerts+production-2024@example.com", id="tagged-e-mail"),
        pytest.param("v1.22.333-rc.1+build.20240101", id="version"),
        pytest.param("mycompany-production-assets-2024", id="bucket"),
        pytest.param("mycompanyproductionassets2024", id="bucket-in-one-word"),
        pytest.param("ec2-12-34-56-78.compute-1.amazonaws.com", id="host"),
        pytest.param("kafka1.example.com:9092,kafka2.example.com:9092", id="hosts"),
        pytest.param("0,30 9-17 * * MON-FRI", id="cron"),
        pytest.param(BROWSER, id="browser"),
        pytest.param("America/Argentina/Buenos_Aires", id="time-zone"),
        pytest.param("newCheckoutFlow2024,useV2Api,darkMode", id="flags"),
        pytest.param(
            "In 2024 the quick brown fox jumped over 13 lazy dogs; did it?", id="sentence"
        ),
        pytest.param("en-US,en;q=0.9,de-DE;q=0.8", id="languages"),
        pytest.param("Donaudampfschifffahrtsgesellschaft", id="long-word"),
        pytest.param("ключ-к-успеху-это-терпение-2024", id="cyrillic"),
    ],
)
def test_a_value_that_reads_as_something_else_is_no_secret(value: str) -> None:
    assert not Secret(value).is_secretlike("X")


@pytest.mark.parametrize("name", ["GIT_SHA", "HEROKU_SLUG_COMMIT", "REVISION", "SOURCE_VERSION"])
def test_a_commit_is_told_by_its_name(name: str) -> None:
    assert not Secret(HEX_40).is_secretlike(name)
    assert Secret(f"https://u:{HEX_40}@h").is_secretlike(name)
    assert Secret(HEX_40).is_secretlike(f"{name}_KEY")


@pytest.mark.parametrize(
    ("value", "is_secret"),
    [
        (HEX_40, False),
        (HEX_40.upper(), False),
        (f"sha256:{HEX_40}", False),
        ("sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", False),
        ("h9Xq7vLw2Kd8sPz4Mf6tRb1Yc3Gj5Nn0Va7Ue9Wi", True),
    ],
)
def test_a_name_with_sha_speaks_of_a_digest_where_there_is_one(
    value: str, *, is_secret: bool
) -> None:
    assert Secret(value).is_secretlike("CROSSPOST_SHA256") is is_secret


@pytest.mark.parametrize(
    "value", ["pk_made_51H8xYzA3bC4dE5fG6hI7jK8", PEM.replace("PRIVATE", "PUBLIC"), HEX_40]
)
def test_what_its_name_calls_public_is_no_secret_whatever_its_form(value: str) -> None:
    assert not Secret(value).is_secretlike("STRIPE_PUBLISHABLE_KEY")
    assert not Secret(value).is_secretlike("PUBLIC_KEY")


def test_a_url_with_a_password_is_a_secret_though_its_name_calls_it_public() -> None:
    assert Secret("https://user:w9-Xq7v@acme.io").is_secretlike("PUBLIC_URL")


@pytest.mark.sampled(5)
@pytest.mark.parametrize(
    "value",
    [
        *("a" * 2**20, "a1" * 2**19, "a" * 15 + " ", "://" * 2**18, "://a:" * 2**17, "a://b:c"),
        *("your-" * 2**17, "my-here" * 2**17, "change" * 2**17, "<" * 2**20, "A-" * 2**19),
        *("://a:" + "b" * 2**20, "!" * 2**20, " " * 2**20 + "x", "x" * 2**20, "é" * 2**20),
    ],
    ids=lambda value: f"{value[:8]!a}-{len(value)}",
)
def test_a_mebibyte_is_judged_as_fast_as_it_is_read(value: str) -> None:
    """Superlinear, any of these would take minutes."""
    long = (value * (2**20 // len(value) + 1))[: 2**20]
    Secret(long).is_secretlike("X")
    Secret("x").is_secretlike(long)


@pytest.mark.parametrize("text", ["$(op read op://v/i/f)", "op://vault/item/field", "$DB_PASSWORD"])
def test_a_reference_that_nobody_resolved_is_no_secret(text: str) -> None:
    assert not Secret(text).is_secretlike("API_KEY")
    assert Secret(text, is_literal=True).is_secretlike("API_KEY")


@pytest.mark.parametrize("value", ["a" * 64_000, "x-" * 32_000, "://" + "a" * 64_000])
def test_a_value_as_long_as_one_may_be_is_judged_as_any(value: str) -> None:
    """In time that grows with the value: a search for a URL's scheme took 20 seconds each."""
    assert not Secret(value).is_local_url
    assert Secret(f"{value} http://localhost").is_local_url
