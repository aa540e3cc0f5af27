"""Private keys: with which bodies a header is one, and how those are written in files."""

from collections.abc import Callable

import pytest

from deploy.secret.forms.private_keys import CLUE, private_keys

from .drawn import body, folded

SPKI = b"\2\1\0\x30\x13\6\7\x2a\x86\x48\xce\x3d\2\1"
BODIES = {
    "": body(b"\x30\x82\x04\xbd\2\1\0\x30\x0d\6\x09", 1217),
    "RSA ": body(b"\x30\x82\x04\xa4\2\1\0\2\x82\1\1\0", 1192),
    "DSA ": body(b"\x30\x82\x01\xbb\2\1\0\2\x81\x81\0", 447),
    "EC ": body(b"\x30\x77\2\1\1\4\x20", 121),
    "OPENSSH ": body(b"openssh-key-v1\0\0\0\0\4none\0\0\0\4none\0\0\0\0\0\0\0\1\0\0\0", 399),
    "PGP ": body(b"\x95\x03\x98\x04", 940),
}
ED25519 = body(b"\x30\x2e\2\1\0\x30\5\6\3\x2b\x65\x70\4\x22\4\x20", 48)
P256 = body(b"\x30\x81\x87" + SPKI, 138)
RSA = folded(BODIES["RSA "])


def begin(kind: str = "RSA ") -> str:
    return f"-----BEGIN {kind}PRIVATE KEY{' BLOCK' if kind == 'PGP ' else ''}-----"


def is_key(line: str, *after: str) -> bool:
    found = list(private_keys(line.encode(), "\n".join(after).encode()))
    assert CLUE in line.encode() or not found
    return bool(found)


def lines(text: str) -> list[str]:
    return [*folded(text), "-----END PRIVATE KEY-----"]


# Kinds.


@pytest.mark.parametrize("kind", BODIES)
def test_each_kind_is_one_with_its_body(kind: str) -> None:
    assert is_key(begin(kind), *lines(BODIES[kind]))


@pytest.mark.parametrize("text", [ED25519, P256], ids=["Ed25519", "P-256"])
def test_a_short_key_is_one(text: str) -> None:
    assert is_key(begin(""), *lines(text))


@pytest.mark.parametrize(("size", "is_whole"), [(64, True), (63, False)])
def test_a_short_key_is_one_only_as_a_whole(size: int, *, is_whole: bool) -> None:
    assert is_key(begin(""), ED25519[:size]) is is_whole


def test_the_first_line_of_a_key_is_none_whatever_its_length_ends_in() -> None:
    first, second, *_ = folded(body(b"\x30\x82\x04\x10\2\1\0\x30", 1044))
    assert not is_key(begin(""), first)
    assert is_key(begin(""), first, second)


def test_new_packets_of_pgp_are_as_good_as_old_ones() -> None:
    assert is_key(begin("PGP "), "", *lines(body(b"\xc5\x58\4", 300)))


@pytest.mark.parametrize(
    "armor",
    [
        pytest.param([""], id="a blank line"),
        pytest.param(["Version: GnuPG v2", ""], id="a version"),
        pytest.param(["Version: GnuPG v2", "Comment: https://gnupg.org", ""], id="a comment"),
    ],
)
def test_the_headers_of_pgp_may_stand_before_its_body(armor: list[str]) -> None:
    assert is_key(begin("PGP "), *armor, *lines(BODIES["PGP "]))


@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize("other", BODIES)
def test_a_body_of_another_kind_is_none(kind: str, other: str) -> None:
    der = {"", "RSA ", "DSA ", "EC "}
    assert is_key(begin(kind), *lines(BODIES[other])) is (kind == other or {kind, other} <= der)


# Ways to write one.


@pytest.mark.parametrize(
    "write",
    [
        pytest.param("\n".join, id="a file"),
        pytest.param("\r\n".join, id="a file of Windows"),
        pytest.param(r"\n".join, id="JSON"),
        pytest.param(r"\r\n".join, id="JSON of Windows"),
        pytest.param(r"\\n".join, id="JSON in JSON"),
        pytest.param(lambda text: "key: |\n  " + "\n  ".join(text), id="YAML"),
        pytest.param(lambda text: 'key: "' + "\n\n  ".join(text), id="YAML in quotes"),
        pytest.param(lambda text: "KEY='" + " ".join(text), id="one line with blanks"),
        pytest.param(lambda text: '"' + '\\n" +\n    "'.join(text), id="strings of Java"),
        pytest.param(lambda text: "'" + "\\n'\n    '".join(text), id="strings of Python"),
        pytest.param(lambda text: '"' + '\\n" .\n    "'.join(text), id="strings of PHP"),
        pytest.param(lambda text: "[\n'" + "',\n'".join(text), id="a list"),
        pytest.param(lambda text: "# " + "\n# ".join(text), id="a comment"),
        pytest.param(lambda text: "// " + "\n// ".join(text), id="a comment of C"),
        pytest.param(lambda text: text[0] + "\n" + "".join(text[1:]), id="not folded"),
        pytest.param("".join, id="nothing between"),
    ],
)
@pytest.mark.parametrize("kind", BODIES)
def test_a_key_is_one_however_its_lines_are_joined(
    kind: str, write: Callable[[list[str]], str]
) -> None:
    *before, line, after = write([begin(kind), *folded(BODIES[kind])]).rpartition(begin(kind))
    first, _, rest = after.partition("\n")
    assert is_key(f"{before[0]}{line}{first}", *rest.split("\n")[:6])


def test_a_key_in_one_line_with_its_end_is_one() -> None:
    assert is_key(rf"'{begin()}\n{RSA[0]}\n{RSA[1]}\n-----END RSA PRIVATE KEY-----\n'")


def test_where_the_header_stands_is_told() -> None:
    line = f"  key: {begin()}\\n{RSA[0]}\\n{RSA[1]}"
    assert list(private_keys(line.encode(), b"")) == [(7, 7 + len(begin()))]


def test_two_keys_of_a_line_are_two() -> None:
    key = rf"{begin()}\n{RSA[0]}\n{RSA[1]}\n-----END RSA PRIVATE KEY-----\n"
    assert len(list(private_keys((key + key).encode(), b""))) == 2


# What is none.


@pytest.mark.parametrize(
    "after",
    [
        pytest.param([], id="nothing"),
        pytest.param(["", "", ""], id="blank lines"),
        pytest.param(["-----END RSA PRIVATE KEY-----"], id="its end"),
        pytest.param(["..."], id="dots"),
        pytest.param(["MIIEpAIBAAKCAQEA..."], id="the first characters and dots"),
        pytest.param([RSA[0], "..."], id="the first line and dots"),
        pytest.param([RSA[0], "-----END RSA PRIVATE KEY-----"], id="the first line"),
        pytest.param([RSA[0] + "..."], id="the first line, and dots behind it"),
        pytest.param([RSA[0], "x" * 64, "x" * 64], id="the first line, and a placeholder"),
        pytest.param([RSA[0], "your private key goes here"], id="the first line, and words"),
        pytest.param(["M" + "I" * 63, "I" * 64], id="one character"),
        pytest.param([RSA[1], RSA[2], RSA[3]], id="a body without its beginning"),
        pytest.param(
            ["Proc-Type: 4,ENCRYPTED", "DEK-Info: AES-128-CBC,0123", "", *RSA], id="encrypted"
        ),
        pytest.param(["some text that stands in a manual", "and goes on"], id="text"),
        pytest.param([body(b"\x30\x82\x04\xa4\2\1\7", 1192)], id="no version"),
        pytest.param([body(b"\x31\x82\x04\xa4\2\1\0", 1192)], id="no sequence"),
        pytest.param(folded(body(b"\x30\x82\x03\x20\x30\x82", 800)), id="a certificate"),
    ],
)
def test_a_header_is_none_before(after: list[str]) -> None:
    assert not is_key(begin(), *after)


@pytest.mark.parametrize(
    "header",
    [
        "-----BEGIN ENCRYPTED PRIVATE KEY-----",
        "-----BEGIN PUBLIC KEY-----",
        "-----END RSA PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY",
        "BEGIN RSA PRIVATE KEY",
        "-----BEGIN (RSA |EC )?PRIVATE KEY-----",
        "-----BEGIN %s PRIVATE KEY-----",
        "---- BEGIN SSH2 PUBLIC KEY ----",
    ],
)
def test_no_key_begins_with(header: str) -> None:
    assert not is_key(header, *RSA)


def test_an_openssh_key_with_a_cipher_is_none() -> None:
    text = body(b"openssh-key-v1\0\0\0\0\x0aaes256-ctr\0\0\0\6bcrypt\0\0\0", 464)
    assert not is_key(begin("OPENSSH "), *folded(text, 70))


def test_an_openssh_key_that_a_manual_cut_is_none() -> None:
    # Of its first line every character is the same in each key of a kind.
    first, *_ = folded(BODIES["OPENSSH "], 70)
    assert not is_key(begin("OPENSSH "), first, "-----END OPENSSH PRIVATE KEY-----")


def test_a_public_pgp_block_is_none() -> None:
    assert not is_key(begin("PGP "), "", *lines(body(b"\x99\x01\x0d\4", 400)))


def test_a_body_far_behind_is_another_text() -> None:
    assert not is_key(begin() + " " * 100, *RSA)
