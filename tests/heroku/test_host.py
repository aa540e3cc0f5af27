import re
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from urllib3.util import parse_url

from deploy.heroku.host import BadHost, Host, parse

HEROKU_NAME = re.compile(r"(?:[a-z0-9-]+\.)*heroku\.com")
SAFE_STEP = (
    "unset it, or set it to https://api.heroku.com or to a loopback address"
    " such as http://127.0.0.1:5280"
)


def refusal(text: str) -> str:
    with pytest.raises(BadHost) as caught:
        parse(text)
    return str(caught.value)


def is_loopback(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


# What is accepted.


@pytest.mark.parametrize("text", [None, ""], ids=repr)
def test_no_host_is_heroku(text: str | None) -> None:
    assert parse(text) == Host("https://api.heroku.com")


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://api.heroku.com", "https://api.heroku.com"),
        ("https://api.heroku.com/", "https://api.heroku.com"),
        ("HTTPS://API.Heroku.COM", "https://api.heroku.com"),
        ("https://heroku.com", "https://heroku.com"),
        ("https://api.staging.heroku.com:8443", "https://api.staging.heroku.com:8443"),
        ("https://api.heroku.com:", "https://api.heroku.com"),
        ("heroku.com", "https://api.heroku.com"),
        ("staging.heroku.com", "https://api.staging.heroku.com"),
        ("heroku.com:443", "https://api.heroku.com:443"),
    ],
)
def test_heroku_is_accepted_over_https(text: str, url: str) -> None:
    assert parse(text) == Host(url, is_loopback=False)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://127.0.0.1:5280", "http://127.0.0.1:5280"),
        ("http://127.0.0.1:5280/", "http://127.0.0.1:5280"),
        ("https://127.0.0.1", "https://127.0.0.1"),
        ("http://127.255.255.254", "http://127.255.255.254"),
        ("http://localhost:80", "http://localhost:80"),
        ("http://LOCALHOST", "http://localhost"),
        ("http://[::1]:5280", "http://[::1]:5280"),
        ("http://[0:0:0:0:0:0:0:1]", "http://[0:0:0:0:0:0:0:1]"),
    ],
)
def test_a_loopback_address_is_accepted_as_one(text: str, url: str) -> None:
    assert parse(text) == Host(url, is_loopback=True)


# What is refused.


@pytest.mark.parametrize(
    "text",
    [
        *("https://evil.com", "https://heroku.com.evil.com", "https://evilheroku.com"),
        *("https://heroku.co", "https://heroku.community", "https://heroku-com.evil.com"),
        *("https://api.heroku.com.", "https://127.0.0.1.evil.com", "http://127.0.0.1.evil.com"),
        *("http://localhost.evil.com", "http://evil.localhost", "http://localhost."),
        *("http://127.0.0.1.", "http://0.0.0.0", "http://10.0.0.1", "http://192.168.0.1"),
        *("http://169.254.169.254", "http://128.0.0.1", "http://126.255.255.255"),
        *("http://2130706433", "http://0x7f000001", "http://0177.0.0.1", "http://0x7f.0.0.1"),
        *("http://127.1", "http://127.0.1", "http://0", "http://017700000001", "http://127.0.0.01"),
        *("http://[::]", "http://[::2]", "http://[fe80::1]", "http://[::ffff:10.0.0.1]"),
        *("http://[::127.0.0.1]", "http://[64:ff9b::7f00:1]", "evil.com", "127.0.0.1", "localhost"),
        *("localhost:5280", "127.0.0.1:5280", "com", "evil.com:443", "xheroku.com.evil"),
        "ftp://127.0.0.1",
    ],
)
def test_another_host_is_refused(text: str) -> None:
    assert refusal(text) == "HEROKU_HOST is neither Heroku nor a loopback address"


@pytest.mark.parametrize("scheme", ["http", "HTTP", "ftp", "ws", "file"])
def test_heroku_over_anything_but_https_is_refused(scheme: str) -> None:
    assert refusal(f"{scheme}://api.heroku.com") == (
        "HEROKU_HOST must begin with https://: a key is not sent in clear"
    )


@pytest.mark.parametrize(
    "text",
    [
        *("https://user@api.heroku.com", "https://user:c4nary@api.heroku.com"),
        *("https://api.heroku.com@evil.com", "https://evil.com@api.heroku.com"),
        *("https://api.heroku.com:c4nary@evil.com", "http://127.0.0.1@evil.com"),
        *("https://evil.com\\@api.heroku.com", "https://evil.com\\.heroku.com"),
        *("https://evil.com#.heroku.com", "https://evil.com?.heroku.com", "https://a_b.heroku.com"),
        *("https://evil.com%2f.heroku.com", "https://evil.com%00.heroku.com", "http://[::1%25lo]"),
        *(" https://api.heroku.com", "https://api.heroku.com\n", "https://api.heroku\t.com"),
        *("https://api.heroku.com\r\nX-Evil: 1", "https://api.heroku.com\0"),
        *(
            "https://api.h\u0435roku.com",
            "https://api.heroku\u3002com",
            "https://\u24d0pi.heroku.com",
        ),
        *("http://\uff11\uff12\uff17.0.0.1", "\ufeffheroku.com", "heroku.com "),
        "https://evil.com\uff0f.heroku.com",
        *("https://evil.com;.heroku.com", "https://evil.com,api.heroku.com", "{}", "https://*"),
    ],
    ids=ascii,
)
def test_characters_that_no_plain_address_has_are_refused(text: str) -> None:
    assert refusal(text) == (
        "HEROKU_HOST holds characters that no plain address has, such as a user or a password"
    )


@pytest.mark.parametrize(
    "text",
    [
        *("https://api.heroku.com/apps", "https://heroku.com//", "http://127.0.0.1/x"),
        *("//heroku.com", "https:///heroku.com", "https://https://heroku.com", "heroku.com/x"),
        "https://evil.com/.heroku.com",
    ],
)
def test_a_path_is_refused(text: str) -> None:
    assert refusal(text) == "HEROKU_HOST must not have a path"


@pytest.mark.parametrize(
    "text",
    [
        *("https://api.heroku.com:x", "https://api.heroku.com:65536", "https://heroku.com:-1"),
        *("https://heroku.com:443:80", "https:heroku.com", "http://[::1", "http://::1]"),
        *("heroku.com:evil.com", "http://[::1]:x"),
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    assert refusal(text) == "HEROKU_HOST is not an address"


@pytest.mark.parametrize(
    "text",
    [
        *("https://.heroku.com", "https://api..heroku.com", ".heroku.com", "a..heroku.com"),
        f"https://{'a' * 64}.heroku.com",
    ],
)
def test_a_name_with_an_empty_or_endless_label_is_refused(text: str) -> None:
    assert refusal(text).startswith("HEROKU_HOST is ")


@pytest.mark.parametrize(
    "text", ["https://[::1].evil.com", "http://evil.com[::1]", "https://[heroku.com].evil.com"]
)
def test_brackets_never_lead_to_the_host_beside_them(text: str) -> None:
    try:
        found = parse(text)
    except BadHost:
        return
    assert "evil" not in found.url


@pytest.mark.parametrize("text", ["http://[::ffff:127.0.0.1]", "http://[::ffff:7f00:1]"])
def test_a_mapped_loopback_address_is_loopback_or_refused(text: str) -> None:
    # Python 3.13 began to call these loopback.
    try:
        assert parse(text) == Host(text, is_loopback=True)
    except BadHost as error:
        assert str(error) == (  # noqa: PT017  # either end is fine
            "HEROKU_HOST is neither Heroku nor a loopback address"
        )


def test_the_text_is_not_repeated_since_it_may_hold_a_password() -> None:
    with pytest.raises(BadHost) as caught:
        parse("https://user:c4nary@evil.com")
    assert caught.value.next_step == SAFE_STEP
    assert "c4nary" not in f"{caught.value!r} {caught.value.__context__!r}"


# Whatever stands there.

PARTS = st.sampled_from(
    [
        *("http://", "https://", "HTTPS://", "ftp://", "//", "://", "/", "\\", "@", ":", "?", "#"),
        *("heroku.com", "api.heroku.com", ".heroku.com", "evil.com", "127.0.0.1", "localhost"),
        *("[::1]", "[", "]", "[::ffff:127.0.0.1]", "[v1.x]", "::1", "0x7f000001", "2130706433"),
        *(".", "-", "%2e", "%00", ":443", ":0", ":99999", "user", "user:pass@", "\t", "\n", " "),
        *("\u3002", "\uff0f", "\u0435", "\u2100", "api", "a", "%25lo", ";", "&", "_", "\0"),
    ]
)


@given(text=st.lists(PARTS, max_size=7).map("".join) | st.text(max_size=20))
@example(text="https://heroku.com:443/")
@example(text="http://[::1]:0")
@example(text="http://x[::1]y")
@example(text="https://a]b[.heroku.com")
def test_whatever_stands_there_a_key_goes_to_heroku_or_stays_on_this_machine(text: str) -> None:
    try:
        found = parse(text)
    except BadHost:
        return
    parts, again = urlsplit(found.url), parse_url(found.url)
    name, other = parts.hostname or "", (again.host or "").strip("[]")

    if found.is_loopback:
        assert parts.scheme in ("http", "https")
        assert is_loopback(name)
        assert is_loopback(other)
    else:
        assert parts.scheme == "https"
        assert HEROKU_NAME.fullmatch(name)
        assert other == name
    assert again.scheme == parts.scheme
    assert again.port == parts.port
    assert (parts.path, parts.query, parts.fragment, parts.username) == ("", "", "", None)
    assert (again.path, again.query, again.fragment, again.auth) == (None, None, None, None)


@given(label=st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True))
def test_no_neighbour_of_heroku_is_taken_for_it(label: str) -> None:
    assert parse(f"https://{label}.heroku.com") == Host(f"https://{label}.heroku.com")
    for text in (
        f"https://{label}heroku.com",
        f"https://heroku.com{label}",
        f"https://heroku.com.{label}",
        f"https://{label}-heroku.com",
        f"http://127.0.0.1.{label}",
        f"http://{label}.127.0.0.1",
        f"http://localhost.{label}",
    ):
        with pytest.raises(BadHost):
            parse(text)


@given(address=st.ip_addresses(v=4))
@example(address=ip_address("127.0.0.0"))
@example(address=ip_address("128.0.0.0"))
def test_an_ipv4_address_is_accepted_exactly_where_it_is_loopback(address: object) -> None:
    try:
        assert parse(f"http://{address}").is_loopback
        accepted = True
    except BadHost:
        accepted = False
    assert accepted is str(address).startswith("127.")
