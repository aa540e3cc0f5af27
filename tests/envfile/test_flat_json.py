"""What a program prints in an env file's place."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.envfile.flat_json import ESCAPED, TWO_BACKSLASHES, parse_output
from deploy.envfile.parser import EnvFile
from deploy.envfile.warnings import joined
from deploy.errors import BadEnvFile

from ..support import said_by

DECRYPT = "let the program print it decrypted"
OR_EXPECT = "; or name what the app decrypts itself under encrypted: in the settings"
NO_NAME = "a name must be letters, digits and underscores, and not begin with a digit"
FLAT = "only a flat JSON object is taken"


def read(text: str, *, encrypted: tuple[str, ...] = ()) -> EnvFile:
    return parse_output(text.encode(), source="prog", encrypted=encrypted)


def values(text: str) -> dict[str, str]:
    return {name: value.reveal() for name, value in read(text).vars.items()}


def refusal(data: str | bytes) -> BadEnvFile:
    with pytest.raises(BadEnvFile) as caught:
        parse_output(data.encode() if isinstance(data, str) else data, source="prog")
    return caught.value


def complaints(data: str | bytes) -> list[str]:
    return [str(complaint) for complaint in refusal(data).complaints]


def warnings(text: str) -> list[str]:
    return [str(warning) for warning in read(text).warnings]


# Which of the two it is.


def test_an_env_file_is_read_as_one() -> None:
    assert values("# a comment\nA=1\nexport B='two words'\n") == {"A": "1", "B": "two words"}


def test_a_json_object_is_read_as_names_and_values() -> None:
    text = '{"A":"1","B":"two\\nlines","C":"","D":"quo\\"te \\u00e9"}'
    assert values(text) == {"A": "1", "B": "two\nlines", "C": "", "D": 'quo"te é'}


@pytest.mark.parametrize("before", ["", "\n\n  ", "\ufeff"], ids=["none", "blanks", "BOM"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_json_is_known_by_its_first_character(before: str, end: str) -> None:
    assert values(f'{before}{{{end}  "A": "1"{end}}}{end}') == {"A": "1"}


def test_entries_of_json_stand_on_no_line() -> None:
    [entry] = read('{\n"A": "1"}').entries
    assert (entry.line, entry.last_line) == (0, 0)


@given(
    st.dictionaries(
        st.from_regex(r"[A-Z_][A-Z0-9_]{0,9}", fullmatch=True),
        st.text(
            st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from("\n\t"), max_size=30
        ),
        min_size=1,
    )
)
def test_every_value_of_json_comes_back_as_it_is(declared: dict[str, str]) -> None:
    for ascii_alone in (True, False):
        text = json.dumps(declared, ensure_ascii=ascii_alone)
        try:
            assert values(text) == declared
        except BadEnvFile as error:
            reasons = {complaint.reason for complaint in error.complaints}
            assert all("encrypted" in reason or "mask" in reason for reason in reasons)


# What is refused.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}", ["is an empty object: it declares nothing"]),
        (' \n{ }\n', ["is an empty object: it declares nothing"]),
        ("", ["is empty: it declares nothing"]),
        (" \n\t\n", ["is empty: it declares nothing"]),
        ('{"A":"1"', ["line 1: does not parse as JSON, from column 9 on"]),
        ('{"A":"1",}', None),
        ('{"A":"x\ny"}', ["line 1: does not parse as JSON, from column 8 on"]),
        ("{'A': 'sekret'}", ["line 1: does not parse as JSON, from column 2 on"]),
        ('{\n"A":"1"}\nB=2', ["line 3: other text follows the JSON object, from column 1 on"]),
        ('{"A":"1"}{"B":"2"}', ["line 1: other text follows the JSON object, from column 10 on"]),
        ('{"A":' * 100_000, ["is nested too deeply, and no flat JSON object"]),
        ('{"A":12}', ["A: is a number, and not a string"]),
        ('{"A":-1.5e9}', ["A: is a number, and not a string"]),
        ('{"A":' + "1" * 9_000 + "}", ["A: is a number, and not a string"]),
        ('{"A":NaN,"B":-Infinity}', [
            "A: is a number, and not a string", "B: is a number, and not a string",
        ]),
        ('{"A":true}', ["A: is true or false, and not a string"]),
        ('{"A":null}', ["A: is null, which would delete it, and not a string"]),
        ('{"db":{"url":"sekret"}}', [f"db.url: stands in an object of its own: {FLAT}"]),
        ('{"db":{"a":{"b":["sekret"]}}}', [f"db.a.b.0: stands in an object of its own: {FLAT}"]),
        ('{"l":["sekret"]}', [f"l.0: stands in a list of its own: {FLAT}"]),
        ('{"A":{}}', ["A: is an object, and not a string"]),
        ('{"A":[]}', ["A: is a list, and not a string"]),
        ('{"A":"sekret","A":"other"}', ["A: is declared again, with another value"]),
        ('{"A":"sekret","A":null}', ["A: is null, which would delete it, and not a string"]),
        ('{"A":"sekret\\u0000"}', ["A: holds a control character"]),
        ('{"A":"\\u001b[31msekret"}', ["A: holds a control character"]),
        ('{"A":"sekret\\ud83d"}', ["A: holds half a character (a surrogate without the other)"]),
        ('{"A":"********"}', ["A: is a mask, as this program prints it, and not a value"]),
        ('{"A":"encrypted:sekret"}', ["A: is encrypted by dotenvx"]),
        ('{"db-url":"sekret"}', [
            f"db-url: {NO_NAME}",
        ]),
        ('{"":"sekret"}', [
            f'"": {NO_NAME}',
        ]),
        ('{"A\\u001b[2J":1}', [
            rf'"A\u001b[2J": {NO_NAME}',
            r'"A\u001b[2J": is a number, and not a string',
        ]),
        ('[{"key":"A","value":"sekret"}]', ["is a list in JSON, and no object"]),
        ('"sekret"', None),
    ],
)  # fmt: skip
def test_what_is_no_flat_object_of_strings_is_refused_and_no_value_is_told(
    text: str, expected: list[str] | None
) -> None:
    error = refusal(text)
    found = [str(complaint) for complaint in error.complaints]
    assert found == expected if expected else len(found) == 1
    assert "sekret" not in said_by(error)


def test_all_complaints_are_told_at_once_and_of_many_the_first() -> None:
    many = json.dumps({f"N{number:02}": number for number in range(30)})
    found = complaints(many)
    assert found[0] == "N00: is a number, and not a string"
    assert found[-1] == "and 10 more complaints"
    assert len(found) == 21


def test_a_list_of_objects_says_which_format_to_ask_for() -> None:
    error = refusal('[{"key":"A","workspace":"w","value":"sekret","type":"shared"}]')
    assert error.next_step == "let it print an env file: infisical export --format=dotenv"


def test_a_name_that_looks_like_a_secret_is_masked() -> None:
    assert complaints('{"sk_live_4eC39HqLyjWDarjtT1zdp7dc":1}')[-1] == (
        "********: is a number, and not a string"
    )


@pytest.mark.parametrize("text", ['{"A":"encrypted:abc"}', "A=encrypted:abc\n"])
def test_ciphertext_is_refused_without_naming_a_file_to_decrypt(text: str) -> None:
    assert refusal(text).next_step == DECRYPT + OR_EXPECT
    assert [*read(text, encrypted=("A",)).vars] == ["A"]


def test_a_file_that_is_encrypted_as_a_whole_is_refused() -> None:
    error = refusal("age-encryption.org/v1\n-> X25519 abc\n")
    assert [str(complaint) for complaint in error.complaints] == ["is encrypted by age, as a whole"]
    assert error.next_step == DECRYPT


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"A=1\nB=\xff\n", "line 2: is not UTF-8"),
        (b'{"A":"\xff"}', "line 1: is not UTF-8"),
        ('{"A":"1"}'.encode("utf-16"), "is UTF-16 or UTF-32: save it as UTF-8"),
        (b"\xef\xbb\xbf\xef\xbb\xbf{}", "line 1: begins with two byte-order marks"),
        (b"A=" + b"x" * (1 << 20), "is larger than 1,048,576 bytes"),
    ],
    ids=["dotenv", "JSON", "UTF-16", "two BOMs", "too large"],
)
def test_bytes_that_are_no_text_are_refused(data: bytes, expected: str) -> None:
    assert complaints(data) == [expected]


@pytest.mark.parametrize(
    "banner",
    [
        "[dotenvx@1.51.0] injecting env (4) from .env.production",
        "◇ injected env (4) from .env",
        "Using project shop",
    ],
)
@pytest.mark.parametrize("text", ["A=sekret\n", '{"A":"sekret"}\n'])
def test_a_banner_before_the_text_is_refused(banner: str, text: str) -> None:
    error = refusal(f"{banner}\n{text}")
    assert str(error.complaints[0]) == "line 1: does not parse as NAME=value"
    assert "sekret" not in said_by(error)


def test_a_banner_that_is_a_comment_is_none() -> None:
    banner = "#/-------------------[DOTENV_PUBLIC_KEY]--------------------/\n"
    assert values(f"{banner}A=1\n") == {"A": "1"}


# What is warned of.


def test_the_warnings_of_json_are_those_of_an_env_file_that_make_sense_there() -> None:
    declared = {
        "A": "changeme",
        "B": "op://vault/item/field",
        "C": "http://${HOST}/",
        "D": "\u201cquoted\u201d",
        "PATH": "/bin",
        "E": "no # comment `here",
    }
    assert warnings(json.dumps(declared)) == [
        "A: looks like a placeholder that nobody filled in",
        "B: looks like a reference or a template that nobody resolved",
        "C: ${…} is sent as it stands: nothing is filled in",
        "D: curly quotes are no quotes: they are part of the value",
        "PATH: decides which programs and libraries start on a dyno",
    ]


def test_a_name_that_is_declared_again_with_the_same_value_is_warned_of() -> None:
    assert warnings('{"A":"1","A":"1"}') == ["A: is declared again, with the same value"]


def test_more_than_an_app_may_have_is_warned_of() -> None:
    reason = "all names and values together are above Heroku's limit of 64 kB"
    assert warnings(json.dumps({"A": "x" * 65_536})) == [reason]
    assert warnings(json.dumps({"A": "x" * 65_535})) == []


def test_a_warning_of_json_is_about_its_name_alone() -> None:
    found = read('{"A":"changeme","B":"x","C":"todo"}')
    assert [warning.name for warning in found.warnings_about({"A"})] == ["A"]
    assert found.warnings_about({"B"}) == ()
    assert found.warnings_about(set()) == ()


def test_many_values_that_nothing_is_filled_into_are_one_line_of_their_names() -> None:
    found = joined(read('{"A":"http://${X}/","B":"http://${Y}/"}').warnings)
    reason = "${…} is sent as it stands: nothing is filled in"
    assert [str(warning) for warning in found] == [f"A, B: {reason}"]


@pytest.mark.parametrize("value", [r'"pa\$s"', r'"a\!"', r'"a\`b"', r'"\\\$"'])
def test_an_escape_that_is_none_here_is_warned_of(value: str) -> None:
    assert warnings(f"OK=1\nA={value}\n") == [f"line 2: A: {ESCAPED}"]


def test_two_backslashes_in_single_quotes_are_warned_of() -> None:
    assert warnings("A='C:\\\\new'\n") == [f"line 1: A: {TWO_BACKSLASHES}"]


@pytest.mark.parametrize("value", [r'"a\\$b"', r'"a\"b\n"', r"'pa\$s'", r"pa\$s", '"$5"', r"a\\b"])
def test_what_is_read_as_it_was_meant_is_not(value: str) -> None:
    assert warnings(f"A={value}\n") == []
