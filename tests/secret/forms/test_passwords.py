"""Passwords in URLs: which read as nobody's choice, and at which hosts."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.secret.forms.passwords import URL, passwords

from .drawn import BASE62, DIGITS, HEX, URL_SAFE, drawn

REAL = drawn(BASE62, 24)
HOST = "db.tinyshop.io"
ELSEWHERE = f"@{HOST}:5432/app"


def found(line: str) -> list[str]:
    data = line.encode()
    told = [data[start:end].decode() for start, end in passwords(data)]
    assert is_searched(line) or not told
    return told


def is_searched(line: str) -> bool:
    """Whether `git grep -E` tells this line; Python writes a class of characters in another way."""
    return re.search(URL.replace(b"[:space:]", rb"\s"), line.encode()) is not None


# The password.


@pytest.mark.parametrize(
    "password",
    [
        pytest.param(drawn(HEX, 64), id="of Heroku Postgres"),
        pytest.param("p" + drawn(HEX, 64), id="of Heroku Redis"),
        pytest.param(drawn(HEX, 32), id="32 hex digits"),
        pytest.param(drawn(HEX, 32).upper(), id="32 hex digits in capitals"),
        pytest.param(drawn(URL_SAFE, 32), id="of CloudAMQP"),
        pytest.param("npg_" + drawn(BASE62, 12, 4), id="of Neon"),
        pytest.param(drawn(BASE62[10:], 32), id="letters alone"),
        pytest.param(drawn(BASE62[36:] + DIGITS, 26), id="of mLab"),
        pytest.param(drawn(BASE62, 16), id="of Atlas"),
        pytest.param(drawn(BASE62, 10), id="ten characters"),
        pytest.param("k7Qz9Wb2", id="eight characters"),
        pytest.param("k7Qz%239Wb2", id="a quoted character"),
        pytest.param("k7Qz!9Wb2~x", id="other characters"),
        pytest.param("kxqzrwbntmpd", id="letters without a vowel"),
    ],
)
@pytest.mark.parametrize(
    "url",
    [
        f"postgres://jxkqhwmzyv:{{}}{ELSEWHERE}",
        f"rediss://:{{}}{ELSEWHERE}",
        f"https://{{user}}:{{}}@{HOST}".replace("{user}", "deploy%40tinyshop.io"),
        f"x = 'mongodb+srv://shop:{{}}@{HOST}/?w=majority'",
        f"DATABASE_URL=mysql2://shop:{{}}@{HOST}",
        f"<a href='ftp://shop:{{}}@{HOST}'>",
        f"\x00amqps://shop:{{}}@{HOST}\x00",
    ],
    ids=ascii,
)
def test_a_password_that_nobody_chose_is_found(url: str, password: str) -> None:
    assert found(url.replace("{}", password)) == [password]


@pytest.mark.parametrize(
    "password",
    [
        "password", "secret", "hunter2", "changeme", "my_secret_password", "PASSWORD", "pass1234",
        "p4ssw0rd", "P@ssw0rd", "S3cr3tP4ss", "supersecret", "sup3r-s3cret", "admin123",
        "Admin2024", "rootroot", "test1234", "guest123", "postgres", "redis-password",
        "your-password",
        "YOUR_PASSWORD", "yourpassword", "your_password_here", "TU_PASSWORD", "contraseña",
        "passwort", "motdepasse1", "letmein99", "welcome1", "qwerty123", "asdfghjkl", "12345678",
        "1234567890", "abcdefgh", "abc123xyz", "xxxxxxxx", "xxxxxxxxxxxx", "aaaaaaaa",
        "placeholder", "examplepass", "dummy-value", "foobar12", "correct-horse-battery-staple",
        "Bluebird7",
        "Bluebird@2026", "sunflower", "postgis_valuation_2024", "20240131", "development",
        "s3kr3t12", "localdev", "docker12", "mysecretpassword", "strongPassw0rd",
        "some-random-string", "thepasswordofthedatabase2", "fill-in-K7mQ2xW9zT4vR8pL",
        "__DB1_PW2_X3__",
    ],
)  # fmt: skip
def test_a_password_of_words_is_none(password: str) -> None:
    assert found(f"postgres://jxkqhwmzyv:{password}{ELSEWHERE}") == []


@pytest.mark.parametrize(
    "password",
    [
        "${PASSWORD}", "$PASSWORD", "$(cat secret)", "{password}", "{{ password }}", "<password>",
        "%s", "%(password)s", "%{password}", "#{password}", "[password]", "[YOUR-PASSWORD]",
        "(password)", "********", "…", "...", "' + password + '", '" . $password . "', "`pwd`",
        "{os.environ['PASSWORD']}", "${encodeURIComponent(pw)}", "%PASSWORD%", "@password@",
        "&lt;password&gt;", "\\(password)", "|password|", "^[^@]+", "[^:]+", "%-20s12345x9Z",
    ],
)  # fmt: skip
def test_what_somebody_fills_in_is_none(password: str) -> None:
    assert found(f"postgres://jxkqhwmzyv:{password}{ELSEWHERE}") == []


@pytest.mark.parametrize(
    "form", ["${A}", "$A", "{a}", "{{a}}", "<a>", "%s", "#{a}", "[a]", "%(a)s"]
)
def test_a_password_with_something_filled_in_is_none(form: str) -> None:
    for text in (f"{form}{REAL}", f"{REAL}{form}", f"{REAL[:9]}{form}{REAL[9:]}"):
        assert found(f"postgres://jxkqhwmzyv:{text}{ELSEWHERE}") == []


@pytest.mark.parametrize(
    ("words", "real"),
    [
        pytest.param("velvet7marble", "velvet7marbl", id="two changes in 13 characters, or in 12"),
        pytest.param(
            "velvet7marble7forestriver",
            "velvet7marble7forestrive",
            id="four changes in 25 characters, or in 24",
        ),
        pytest.param("k7Qz9Wb2foo4Xn8Tc3V", "k7Qz9Wb2foo4Xn8Tc3Vm", id="a stem in 19, or in 20"),
        pytest.param("kazobelimutarone", "kaZoBeLiMuTaRoNe", id="letters of one case, or of two"),
    ],
)
def test_words_end_at_a_border(words: str, real: str) -> None:
    assert found(f"postgres://jxkqhwmzyv:{words}{ELSEWHERE}") == []
    assert found(f"postgres://jxkqhwmzyv:{real}{ELSEWHERE}") == [real]


@pytest.mark.parametrize(
    ("user", "password"),
    [
        ("k7Qz9Wb2", "k7Qz9Wb2"),
        ("K7QZ9WB2", "k7qz9wb2"),
        ("kzw", "kzw1947x8"),
        ("app-k7Qz9Wb2", "k7Qz9Wb2"),
        ("k7%20Qz9Wb2", "k7%20Qz9Wb2"),
    ],
)
def test_a_password_that_is_its_user_s_name_is_none(user: str, password: str) -> None:
    assert found(f"postgres://other:{password}{ELSEWHERE}") == [password]
    assert found(f"postgres://{user}:{password}{ELSEWHERE}") == []


def test_a_name_of_two_letters_stands_in_a_password_by_chance() -> None:
    assert found(f"postgres://kz:kz1947x8{ELSEWHERE}") == ["kz1947x8"]


def test_a_password_in_no_encoding_is_found() -> None:
    line = b"postgres://sh\xffop:k7Qz\xff9Wb2x@" + HOST.encode()
    assert [line[start:end] for start, end in passwords(line)] == [b"k7Qz\xff9Wb2x"]


@pytest.mark.parametrize("password", ["", "k", "k7Qz9Wb", "%6b7Qz9Wb"])
def test_a_short_password_is_none(password: str) -> None:
    assert found(f"postgres://jxkqhwmzyv:{password}{ELSEWHERE}") == []


# The host.


@pytest.mark.parametrize(
    "host",
    [
        "db.tinyshop.io",
        "DB.TINYSHOP.IO",
        "tinyshop.io",
        "ec2-3-91-127-228.compute-1.amazonaws.com",
        "cluster0.k3x9q.mongodb.net",
        "93.184.216.34",
        "contest.io",
        "myst.io",
        "my-shop.io",
        "server.tinyshop.io",
        "db-host.tinyshop.io",
        "theapp.tinyshop.io",
        "corporate.io",
        "db.xn--tnyshop-9za.io",
    ],
)
def test_a_host_that_anyone_reaches_is_one(host: str) -> None:
    assert found(f"postgres://shop:{REAL}@{host}:5432/app") == [REAL]
    assert found(f"postgres://shop:{REAL}@{host}") == [REAL]


@pytest.mark.parametrize(
    "host",
    [
        pytest.param("localhost", id="this machine"),
        pytest.param("127.0.0.1", id="this machine's address"),
        pytest.param("0.0.0.0", id="each of its addresses"),  # noqa: S104  # not bound
        pytest.param("[::1]", id="its address in IPv6"),
        pytest.param("db", id="a service of a compose file"),
        pytest.param("rabbitmq-1", id="another service"),
        pytest.param("host.docker.internal", id="the host of a container"),
        pytest.param("db.default.svc", id="a service of Kubernetes"),
        pytest.param("db.default.svc.cluster.local", id="its long name"),
        pytest.param("raspberry.local", id="a name of the house"),
        pytest.param("10.0.0.5", id="a private address"),
        pytest.param("172.17.0.1", id="a private address of Docker"),
        pytest.param("192.168.1.20", id="a private address of a house"),
        pytest.param("169.254.1.1", id="an address of a link"),
        pytest.param("192.0.2.10", id="an address of documentation"),
        pytest.param("1.2.3.4", id="an address that counts on"),
        pytest.param("1.1.1.1", id="an address of one number"),
        pytest.param("999.1.2.3", id="no address"),
        pytest.param("1.2.3", id="no whole address"),
        pytest.param("example.com", id="a name of documentation"),
        pytest.param("db.example.org", id="below one"),
        pytest.param("db.example-shop.com", id="a name like one"),
        pytest.param("db.test", id="a reserved name"),
        pytest.param("db.invalid", id="another"),
        pytest.param("shop.example", id="a third"),
        pytest.param("host.com", id="host"),
        pytest.param("hostname.com", id="hostname"),
        pytest.param("your-host.io", id="your"),
        pytest.param("yourserver.io", id="your, in one word"),
        pytest.param("my-db.io", id="my"),
        pytest.param("myserver.com", id="my, in one word"),
        pytest.param("db.xxx.supabase.co", id="x"),
        pytest.param("smtp.company.com", id="a company"),
        pytest.param("db.acme.io", id="the company of all examples"),
        pytest.param("o1.ingest.sentry.io", id="Sentry, whose URLs are public"),
        pytest.param("${HOST}", id="a variable"),
        pytest.param("db.${DOMAIN}", id="with a variable in it"),
        pytest.param("db.<region>.rds.amazonaws.com", id="with a placeholder in it"),
        pytest.param("db.%s", id="with a format in it"),
        pytest.param("sha256:0123", id="the digest of an image"),
    ],
)
def test_another_host_is_none(host: str) -> None:
    assert found(f"postgres://shop:{REAL}@{host}:5432/app") == []
    assert found(f"postgres://shop:{REAL}@{host}") == []


# What is no password.


@pytest.mark.parametrize(
    "line",
    [
        "https://tinyshop.io/",
        f"https://{REAL}@tinyshop.io/",
        f"https://tinyshop.io:8080/a:{REAL}@tinyshop.io",
        f"https://tinyshop.io/?q=a:{REAL}@tinyshop.io",
        f"ssh://git@tinyshop.io:{REAL}/app@v1.tinyshop.io",
        f"docker://tinyshop.io/app:{REAL}@sha256:{drawn(HEX, 64)}",
        "a://b:c2345678@",
        "://:@",
    ],
)
def test_a_url_without_a_password_has_none(line: str) -> None:
    assert found(line) == []


@pytest.mark.parametrize(
    "line",
    [
        "https://tinyshop.io/",
        "https://tinyshop.io:8080/a@b",
        "git@tinyshop.io:app",
        "[mail](mailto:me@tinyshop.io), https://tinyshop.io",
        "https://me@tinyshop.io",
        "see https://tinyshop.io: it is at 8:15 @ home",
    ],
)
def test_a_line_with_a_link_alone_is_not_searched_for(line: str) -> None:
    assert not is_searched(line)


def test_each_password_of_a_line_is_found() -> None:
    other = drawn(BASE62, 24, 2)
    line = f"a://b:{REAL}@{HOST},c://d:{other}@{HOST} e://f:secret12@{HOST}"
    assert found(line) == [REAL, other]


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=30))
def test_any_text_in_place_of_a_password_is_looked_at(text: str) -> None:
    assert len(found(f"postgres://shop:{text}@{HOST}")) <= 1
