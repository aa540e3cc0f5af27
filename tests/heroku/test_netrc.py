"""A password is found in whatever people and programs write into a netrc."""

import pytest

from deploy.heroku.netrc import Entry, read
from deploy.secret import Secret

KEY = "canary-key-1d2e"
FOUND = Entry(is_named=True, password=Secret(KEY))
NO_PASSWORD = Entry(is_named=True)
NOT_NAMED = Entry()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"machine api.heroku.com login me password {KEY}", id="one line"),
        pytest.param(f"machine api.heroku.com\n  login me\n  password {KEY}\n", id="lines"),
        pytest.param(f"machine\napi.heroku.com\npassword\n{KEY}\n", id="a word a line"),
        pytest.param(f"machine api.heroku.com\r\n\tpassword {KEY}\r\n", id="CRLF"),
        pytest.param(f"machine api.heroku.com\r  password {KEY}\r", id="CR"),
        pytest.param(
            f"machine api.heroku.com\n  login me\n  password {KEY}\n  method interactive\n"
            f"machine git.heroku.com\n  login me\n  password other\n  method interactive\n",
            id="Heroku's CLI",
        ),
        pytest.param(
            f"machine git.heroku.com\n  password other\n  method sso\n  org acme\n"
            f"machine api.heroku.com\n  method sso\n  org acme\n  login me\n  password {KEY}\n",
            id="method before",
        ),
        pytest.param(f"machine api.heroku.com\ninteractive\npassword {KEY}\n", id="a lone word"),
        pytest.param(
            f"machine api.heroku.com protocol https login me password {KEY}\n", id="protocol"
        ),
        pytest.param(f"machine api.heroku.com port 443 password {KEY}\n", id="port"),
        pytest.param(f"machine api.heroku.com login password {KEY}\n", id="no login"),
        pytest.param(f"machine api.heroku.com\n login\n password {KEY}\n", id="no login in lines"),
        pytest.param(f'machine api.heroku.com login "" password {KEY}\n', id="empty login"),
        pytest.param(
            f"machine api.heroku.com login password password {KEY}\n", id="a login like a keyword"
        ),
        pytest.param(
            f'machine api.heroku.com login "password" password {KEY}\n', id="a quoted keyword"
        ),
        pytest.param(
            f"machine x account\nmachine api.heroku.com password {KEY}\n", id="no account"
        ),
        pytest.param(f'machine api.heroku.com login "a b" password "{KEY}"\n', id="quotes"),
        pytest.param(f'machine api.heroku.com password "{KEY[:3]}\\{KEY[3:]}"\n', id="escape"),
        pytest.param(f"machine API.Heroku.com password {KEY}\n", id="capitals"),
        pytest.param(
            f"# machine api.heroku.com password old\nmachine api.heroku.com password {KEY}\n",
            id="comment",
        ),
        pytest.param(
            f"machine api.heroku.com # login x\n  login me # password y\n  password {KEY} # z\n",
            id="comments behind",
        ),
        pytest.param(
            f"machine x login #me password y\nmachine api.heroku.com password {KEY}\n", id="#"
        ),
        pytest.param(
            "macdef init\nmachine api.heroku.com password old\n\n"
            f"machine api.heroku.com password {KEY}\n",
            id="macro",
        ),
        pytest.param(
            f"machine api.heroku.com password {KEY}\nmacdef x\npassword old\n", id="open macro"
        ),
        pytest.param(
            f"default password old\nmachine api.heroku.com password {KEY}\n", id="default first"
        ),
        pytest.param(
            f"machine api.heroku.com password {KEY}\nmachine api.heroku.com password old\n",
            id="the first of two",
        ),
        pytest.param(
            f"machine api.heroku.com login me\nmachine api.heroku.com password {KEY}\n",
            id="the one with a password",
        ),
    ],
)
def test_the_password_is_found(text: str) -> None:
    assert read(text, "api.heroku.com") == FOUND


@pytest.mark.parametrize("password", ["#abc", "abc#def", "a\\b", "'abc'", 'a"b', "машина"])
def test_a_password_is_taken_as_it_stands(password: str) -> None:
    text = f"machine api.heroku.com\n  login me\n  password {password}\n"
    assert read(text, "api.heroku.com").password == Secret(password)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("machine api.heroku.com", id="alone"),
        pytest.param("machine api.heroku.com login me", id="login alone"),
        pytest.param("machine api.heroku.com login me password", id="cut"),
        pytest.param(f"machine api.heroku.com password\nmachine x password {KEY}", id="next"),
        pytest.param(f"machine api.heroku.com password\ndefault password {KEY}", id="default"),
        pytest.param(f"machine api.heroku.com password # {KEY}", id="comment"),
        pytest.param(f'machine api.heroku.com password "{KEY}\n', id="open quote"),
        pytest.param(f'machine api.heroku.com password ""\nmachine x password {KEY}', id="empty"),
        pytest.param(f"machine api.heroku.com\nmacdef x\npassword {KEY}\n", id="macro"),
        pytest.param(f"machine api.heroku.com Password {KEY}", id="capital"),
    ],
)
def test_a_machine_without_a_password_is_named(text: str) -> None:
    assert read(text, "api.heroku.com") == NO_PASSWORD


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param(f"default login me password {KEY}", id="default"),
        pytest.param(f"machine heroku.com password {KEY}", id="another"),
        pytest.param(f"machine git.heroku.com password {KEY}", id="git"),
        pytest.param(f"machine xapi.heroku.com password {KEY}", id="longer"),
        pytest.param(f"#machine api.heroku.com password {KEY}", id="comment"),
        pytest.param(f"machine x login api.heroku.com password {KEY}", id="login"),
        pytest.param(f"macdef x\nmachine api.heroku.com password {KEY}\n", id="macro"),
        pytest.param(f"{KEY} is no netrc", id="garbage"),
        pytest.param("machine", id="cut"),
    ],
)
def test_another_text_names_no_machine(text: str) -> None:
    assert read(text, "api.heroku.com") == NOT_NAMED


def test_an_entry_does_not_show_its_password() -> None:
    assert KEY not in repr(read(f"machine api.heroku.com password {KEY}", "api.heroku.com"))
