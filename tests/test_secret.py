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
from hypothesis import example, given, settings
from hypothesis import strategies as st

from deploy.secret import MASK, Hint, Secret

CANARY = "c4nary-5ecret"

few = settings(max_examples=60, deadline=None)
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


@few
@given(value=st.text(min_size=1))
def test_no_value_has_a_repr_of_its_own(value: str) -> None:
    assert f"{Secret(value)} {Secret(value)!r}" == "******** Secret(********)"


# Comparing.


@few
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
        ("", "a", "empty in the file"),
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
        ("a\r\nb", "a\nb", "differs only in its line ends, CRLF or LF"),
        ("a\nb\n", "a\r\nb\r\n", "differs only in its line ends, CRLF or LF"),
        ("a\\nb", "a\nb", "differs only in newlines written as a literal \\n"),
        ("a\nb", "a\\nb", "differs only in newlines written as a literal \\n"),
        ("True", "true", "differs only in letter case"),
        ("É", "é", "differs only in letter case"),
        ("a", "A ", None),
        ("a", '"a', None),
        ("a", "'a\"", None),
        ('"', "", "empty on Heroku"),
        ("a\rb", "a\nb", None),
        ("a b", "ab", None),
        ("a", "aa", None),
    ],
)
def test_a_hint_names_the_only_difference(declared: str, live: str, hint: str | None) -> None:
    found = Secret(declared).difference(Secret(live))
    assert (found.value if found else None) == hint


@few
@given(value=any_text)
def test_there_is_no_hint_where_nothing_differs(value: str) -> None:
    assert Secret(value).difference(Secret(value)) is None


@few
@given(one=st.text("aA\"' \r\n\\n", max_size=6), other=st.text("aA\"' \r\n\\n", max_size=6))
def test_a_hint_is_the_same_seen_from_the_other_side(one: str, other: str) -> None:
    turned = {Hint.EMPTY_HERE: Hint.EMPTY_THERE, Hint.EMPTY_THERE: Hint.EMPTY_HERE}
    hint = Secret(one).difference(Secret(other))
    back = Secret(other).difference(Secret(one))
    assert back == (turned.get(hint, hint) if hint else None)


@few
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
    assert Secret(value).looks_like_placeholder()


@pytest.mark.parametrize(
    "value",
    [
        *("", " ", "x", "xx", "..", "info", "true", "0", "https://example.com/<id>", "a<b>"),
        *("yourself", "changes", "changement", "todos", "here", "my-bucket", "exchange"),
        *("postgres://u:p@h/d", "sk_live_xxxx1234", "xxxa", "toad", "myhere", "<a><b>"),
    ],
)
def test_an_ordinary_value_is_no_placeholder(value: str) -> None:
    assert not Secret(value).looks_like_placeholder()


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


# What a lock says.

HEX = "00112233445566778899aabbccddeeff" * 2


def mac(text: bytes, key: str = HEX) -> str:
    return hmac.HMAC(bytes.fromhex(key), text, hashlib.sha256).hexdigest()


@few
@given(name=st.text("ABC_1", min_size=1, max_size=6), value=st.text(max_size=12))
@example(name="A", value="")
@example(name="A", value="a\0b")
def test_a_digest_is_an_hmac_over_version_name_and_value(name: str, value: str) -> None:
    wanted = mac(b"config-lock/1\0" + name.encode("utf-8") + b"\0" + value.encode("utf-8"))
    assert Secret(value).digest(Secret(HEX), name) == wanted


def test_a_fingerprint_is_half_of_half_an_hmac_over_a_text_of_its_own() -> None:
    assert Secret(HEX).fingerprint == mac(b"config-lock/1 fingerprint")[:16] == "510528339e851520"


@few
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


def test_neither_digest_nor_fingerprint_holds_the_key_or_the_value() -> None:
    shown = Secret(HEX).digest(Secret(HEX), "A") + Secret(HEX).fingerprint
    assert not any(HEX[start : start + 8] in shown for start in range(len(HEX) - 8))
