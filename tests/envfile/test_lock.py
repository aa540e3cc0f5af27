"""The lock file: its exact text, and what is refused."""

import hashlib
import hmac
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.envfile.encoding import MAX_BYTES
from deploy.envfile.lock import Lock, is_lock, make, parse
from deploy.errors import BadEnvFile, BadLock
from deploy.names import LOCK_KEY
from deploy.secret import Secret

from ..support import said_by

HEX = "00112233445566778899aabbccddeeff" * 2
OTHER_HEX = "f" * 64
CANARY = "c4nary"
HEADER = (
    "# Made by `invoke config.lock`, to be committed. Says that a value changed, not which it is."
)
FINGERPRINT = "510528339e851520"

NAMES = st.text("ABC_x1", min_size=1, max_size=4).filter(lambda name: not name[0].isdigit())
DECLARED = st.dictionaries(NAMES, st.sampled_from(["", "1", "2", "é\n"]), max_size=6)


def digest(name: str, value: str, key: str = HEX) -> str:
    """As the README describes it, and not as the program computes it."""
    text = b"config-lock/1" + b"\x00" + name.encode() + b"\x00" + value.encode()
    return hmac.HMAC(bytes.fromhex(key), text, hashlib.sha256).hexdigest()


def secrets(vars: dict[str, str]) -> dict[str, Secret]:  # noqa: A002  # the word is "vars"
    return {name: Secret(value) for name, value in vars.items()}


def locked(vars: dict[str, str], key: str = HEX) -> Lock:  # noqa: A002
    return make(secrets({**vars, LOCK_KEY: key}), source=".env.production")


def text(*lines: str) -> bytes:
    return "\n".join([f"config-lock/1 {FINGERPRINT}", *lines, ""]).encode()


def complaints(data: bytes) -> list[str]:
    with pytest.raises(BadLock) as caught:
        parse(data, source=".env.production.lock")
    assert caught.value.exit_code == 1
    assert caught.value.next_step == "make it anew: invoke config.lock"
    assert CANARY not in said_by(caught.value)
    return [str(complaint) for complaint in caught.value.complaints]


# What is written.


def test_a_lock_is_this_text() -> None:
    """Computed with `openssl dgst -sha256 -mac HMAC`, so that no line of ours has a part in it."""
    found = locked({"LOG_LEVEL": "info", "EMPTY": "", "NAME": "é\n", "A": "info"})
    assert found.text() == (
        f"{HEADER}\n"
        f"config-lock/1 {FINGERPRINT}\n"
        "A ac0bf02c7d25104035b6249605d9db23501b3fe722c657ddb9cf60ceab20a574\n"
        "EMPTY d08ddb476c1ce5cef622c5524ec0bcc6d0b815acacfc3ed4e14fdbde730de7cd\n"
        "LOG_LEVEL ee1c5673982cf6e008ecb32b07d0a3b12c64027a60504911c8f565cf3c12c0af\n"
        "NAME 57ff4ff698685ca264100b28e58ef022bd7120e2152632262301e816acf2c1d5\n"
    )


@given(declared=DECLARED)
def test_a_line_is_the_digest_of_the_name_and_the_value(declared: dict[str, str]) -> None:
    lines = locked(declared).text().splitlines()
    assert lines[2:] == [f"{name} {digest(name, declared[name])}" for name in sorted(declared)]


def test_a_lock_is_the_same_whatever_the_order_of_the_file() -> None:
    assert locked({"A": "1", "B": "2"}).text() == locked({"B": "2", "A": "1"}).text()


def test_the_key_has_no_line_and_is_not_in_the_text() -> None:
    found = locked({"A": "1"})
    assert LOCK_KEY not in found.text()
    assert LOCK_KEY not in found.digests
    assert HEX not in found.text()
    assert HEX not in repr(found)


def test_a_file_of_the_key_alone_makes_a_lock_without_names() -> None:
    assert locked({}).text() == f"{HEADER}\nconfig-lock/1 {FINGERPRINT}\n"


def test_no_value_is_in_a_lock() -> None:
    found = locked({"A": CANARY, "B": f"x{CANARY}"})
    assert CANARY not in found.text() + repr(found)


def test_equal_values_under_different_names_have_unrelated_digests() -> None:
    found = locked({"A": "same", "B": "same", "AB": "same"}).digests
    assert len({line[:8] for line in found.values()}) == 3
    assert len({line[-8:] for line in found.values()}) == 3


def test_the_same_value_under_another_key_has_an_unrelated_digest() -> None:
    one, other = locked({"A": "same"}), locked({"A": "same"}, OTHER_HEX)
    assert one.digests["A"][:8] != other.digests["A"][:8]
    assert one.fingerprint != other.fingerprint


@given(one=DECLARED, other=DECLARED)
def test_no_two_lines_are_alike_unless_name_and_value_are(
    one: dict[str, str], other: dict[str, str]
) -> None:
    same = one.items() & other.items()
    lines = set(locked(one).text().splitlines()[2:]) & set(locked(other).text().splitlines()[2:])
    assert len(lines) == len(same)


def test_a_value_that_returned_is_seen_to_have_returned() -> None:
    assert locked({"A": "1"}).text() == locked({"A": "1"}).text() != locked({"A": "2"}).text()


def test_a_name_cannot_take_a_part_of_the_value_over() -> None:
    assert len({digest("A", "B\0C"), *locked({"A": "BC", "AB": "C"}).digests.values()}) == 3


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("", id="empty"),
        pytest.param(HEX[:-1], id="63"),
        pytest.param(HEX + "0", id="65"),
        pytest.param(HEX[:32], id="128 bits"),
        pytest.param(HEX.upper(), id="capitals"),
        pytest.param(HEX[:-1] + "g", id="no hex"),
        pytest.param(HEX + "\n", id="newline"),
        pytest.param(" " + HEX, id="blank"),
        pytest.param("0x" + HEX[2:], id="0x"),
        pytest.param("correct horse battery staple", id="words"),
        pytest.param("\u0661" * 64, id="digits of another script"),
        pytest.param("\uff41" * 64, id="wide letters"),
        pytest.param(HEX[:62] + "  ", id="fromhex skips blanks"),
    ],
)
def test_a_weak_key_is_refused_and_not_repeated(key: str) -> None:
    with pytest.raises(BadEnvFile) as caught:
        locked({"A": "1"}, key)
    assert str(caught.value) == (
        ".env.production: CONFIG_LOCK_KEY: must be 64 lowercase hex digits:"
        " openssl rand -hex 32 makes them"
    )
    assert not key or key not in said_by(caught.value)


def test_without_a_key_there_is_no_lock() -> None:
    with pytest.raises(BadEnvFile) as caught:
        make(secrets({"A": CANARY}), source=".env.production")
    assert str(caught.value) == ".env.production: CONFIG_LOCK_KEY: is not declared"


# What is read.


@given(declared=DECLARED)
def test_what_was_written_is_read_back(declared: dict[str, str]) -> None:
    found = locked(declared)
    assert parse(found.text().encode(), source="x") == found
    assert parse(found.text().encode(), source="x").text() == found.text()


def test_comments_and_blank_lines_say_nothing() -> None:
    line = f"A {digest('A', '1')}"
    assert parse(b"\n# x\n\n" + text("", "#", line, "# y", ""), source="x") == locked({"A": "1"})


def test_a_lock_that_git_checked_out_with_crlf_is_read() -> None:
    data = locked({"A": "1", "B": "2"}).text().replace("\n", "\r\n").encode()
    assert parse(data, source="x") == locked({"A": "1", "B": "2"})


def test_a_lock_without_a_last_line_end_is_read() -> None:
    assert parse(locked({"A": "1"}).text().encode().rstrip(), source="x") == locked({"A": "1"})


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b"# Made by\n", b"   ".strip()], ids=["empty", "blank", "comment", "0"]
)
def test_a_file_without_a_lock_in_it_is_told(data: bytes) -> None:
    assert complaints(data) == ["is empty"]


@pytest.mark.parametrize(
    ("data", "line"),
    [
        pytest.param(f"A={CANARY}\n".encode(), 1, id="an env file"),
        pytest.param(f"\n# x\nA={CANARY}\n".encode(), 3, id="an env file, further down"),
        pytest.param(f"config-lock/2 {FINGERPRINT}\n".encode(), 1, id="another version"),
        pytest.param(f"config-lock/1 {FINGERPRINT[:-1]}\n".encode(), 1, id="a short fingerprint"),
        pytest.param(f"config-lock/1 {FINGERPRINT}0\n".encode(), 1, id="a long fingerprint"),
        pytest.param(f"config-lock/1 {FINGERPRINT.upper()}\n".encode(), 1, id="capitals"),
        pytest.param(f"config-lock/1  {FINGERPRINT}\n".encode(), 1, id="two blanks"),
        pytest.param(f" config-lock/1 {FINGERPRINT}\n".encode(), 1, id="indented"),
        pytest.param(b"config-lock/1\n", 1, id="no fingerprint"),
        pytest.param(f"A {digest('A', '1')}\n".encode(), 1, id="no head"),
        pytest.param(f"<<<<<<< HEAD {CANARY}\n".encode(), 1, id="a merge conflict"),
        pytest.param(b"\xff\xfe\x00", 1, id="no UTF-8"),
        pytest.param(f"\x00{CANARY}".encode(), 1, id="binary"),
    ],
)
def test_what_is_no_lock_is_told_by_its_line(data: bytes, line: int) -> None:
    assert complaints(data) == [f"line {line}: is no config-lock/1 lock"]


GOOD = digest("A", "1")


@pytest.mark.parametrize(
    "line",
    [
        "A",
        "A ",
        f"A  {GOOD}",
        f"A {GOOD} ",
        f"A {GOOD}\t",
        f" A {GOOD}",
        f"A\t{GOOD}",
        f"A={GOOD}",
        f"A {GOOD[:-1]}",
        f"A {GOOD}0",
        f"A {GOOD.upper()}",
        f"1A {GOOD}",
        f"A-B {GOOD}",
        f"É {GOOD}",
        f"A\0 {GOOD}",
        f"A {CANARY}",
        f"{CANARY}={CANARY}",
        f"config-lock/1 {FINGERPRINT}",
        "=======",
        "\u0661" * 64,
        "A " + "\u0661" * 64,
    ],
    ids=ascii,
)
def test_a_line_that_does_not_hold_up_is_told_by_its_number_alone(line: str) -> None:
    assert complaints(text(f"B {GOOD}", line, f"C {GOOD}")) == [
        "line 3: is not a name and its digest"
    ]


def test_a_name_that_is_locked_twice_is_told() -> None:
    assert complaints(text(f"A {GOOD}", f"B {GOOD}", f"A {GOOD}")) == ["line 4: A: is locked twice"]


def test_of_many_complaints_about_a_lock_the_first_are_told_and_how_many_more() -> None:
    found = complaints(text(*["bad"] * 1_234))
    assert found[19:] == ["line 21: is not a name and its digest", "and 1,214 more complaints"]


def test_every_complaint_is_told_at_once() -> None:
    data = text("x", f"A {GOOD}", "", "y", f"A {GOOD}")
    assert complaints(data) == [
        "line 2: is not a name and its digest",
        "line 5: is not a name and its digest",
        "line 6: A: is locked twice",
    ]


@pytest.mark.parametrize("char", "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", ids=ascii)
def test_only_line_ends_end_a_line(char: str) -> None:
    """No editor and no review shows a second line here, so there is none."""
    hidden = f"# looks like a comment{char}HIDDEN {GOOD}"
    assert parse(text(hidden, f"A {GOOD}"), source="x").digests == {"A": GOOD}
    assert complaints(text(hidden, "bad")) == ["line 3: is not a name and its digest"]


def test_a_lock_that_is_too_long_to_be_read_whole_is_refused() -> None:
    """Who reads a file stops a byte above the limit: what comes after must not count as gone."""
    lines = "".join(f"N{number:07} {GOOD}\n" for number in range(MAX_BYTES // 74 + 1)).encode()
    data = text()[:-1] + b"\n" + lines
    cut = data[: MAX_BYTES + 1]
    cut = cut[: cut.rindex(b"\n") + 1].ljust(MAX_BYTES + 1, b"\n")
    assert complaints(cut) == ["is larger than 1,048,576 bytes"]


def test_the_key_has_no_line_in_a_lock_that_is_read() -> None:
    """A digest of the key under itself is in no lock that we made."""
    assert complaints(text(f"{LOCK_KEY} {GOOD}")) != []


@given(
    head=st.sampled_from([b"", text()]),
    data=st.binary(max_size=40) | st.text("A 0#\nconfig-lock/1\r\u2028", max_size=60),
)
def test_any_bytes_are_a_lock_or_refused_and_nothing_else(head: bytes, data: bytes | str) -> None:
    data = data.encode() if isinstance(data, str) else data
    try:
        found = parse(head + data, source="x")
    except BadLock as error:
        assert error.complaints  # noqa: PT017  # either end is fine
    else:
        assert re.fullmatch("[0-9a-f]{16}", found.fingerprint)


# What is a lock.

MADE = f"{HEADER}\nconfig-lock/1 {FINGERPRINT}\n"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(MADE, id="as it was made"),
        pytest.param(HEADER, id="cut behind its first line"),
        pytest.param(f"config-lock/1 {FINGERPRINT}", id="without its first line"),
        pytest.param(f"# ours\n\nconfig-lock/12 {FINGERPRINT}\nA {GOOD}\n", id="a later version"),
        pytest.param(f"<<<<<<< HEAD\nconfig-lock/1 {FINGERPRINT}\n=======\n", id="in conflict"),
        pytest.param(f"x\r\nconfig-lock/1 {FINGERPRINT}\r\n", id="with CRLF"),
    ],
)
def test_a_lock_is_known_again_whatever_became_of_it(data: str) -> None:
    assert is_lock(data.encode())


@pytest.mark.parametrize(
    "data",
    [
        "",
        f"A={CANARY}\n",
        f"\n{HEADER}\n",
        HEADER[:-1],
        f"A=config-lock/1 {FINGERPRINT}\n",
        f" config-lock/1 {FINGERPRINT}\n",
        f"config-lock/1 {FINGERPRINT} \n",
        f"config-lock/1 {FINGERPRINT[1:]}\n",
        f"config-lock/ {FINGERPRINT}\n",
        f"config-lock/1 {FINGERPRINT.upper().replace('5', 'F')}\n",
    ],
)
def test_what_only_speaks_of_a_lock_is_none(data: str) -> None:
    assert not is_lock(data.encode())
