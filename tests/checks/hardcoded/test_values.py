"""Rule hardcoded, its pure halves: what is looked for, and which lines hold it."""

import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from deploy.checks.finding import Finding
from deploy.checks.hardcoded.needles import Needle, needles
from deploy.checks.hardcoded.values import confirm, find, notes
from deploy.envfile.parser import Entry, EnvFile
from deploy.project.facts import Env, Project
from deploy.project.lines import Line
from deploy.secret import Secret
from deploy.secret.spellings import Spelling
from tests.growth import growth

from ..build import CANARY, PRODUCTION, dotenv, env, project

STAGING = ".env.staging"
SPICY = 'c4n/ary+é"z k'
"""Each way of writing writes it in another way."""
PEM = [
    "-----BEGIN PRIVATE KEY-----",
    "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC",
    "c4naryBKcwggSjAgEAAoIBAQC7VJTUt9",
    "Us8cKjMzEfYyjiWA4R4ypbHqGC0H0+tG",
    "rq2bMq1fHqXwyV==",
    "-----END PRIVATE KEY-----",
]


def holding(path: str = PRODUCTION, **values: str) -> Env:
    """An env file of these values, whatever is in them."""
    entries = (
        Entry(name, Secret(value), line, line)
        for line, (name, value) in enumerate(values.items(), start=1)
    )
    return Env(path, EnvFile(tuple(entries)))


def lines(text: str | bytes, path: str = "app.py") -> list[Line]:
    data = text if isinstance(text, bytes) else text.encode()
    return [Line(path, number, line) for number, line in enumerate(data.split(b"\n"), start=1)]


def found(judged: Project, text: str | bytes, path: str = "app.py") -> list[Finding]:
    """What is found in a file of this text, of which the lines come as a search gives them."""
    asked = needles(judged)
    searched = [
        line for line in lines(text, path) if any(each in line.text for each in asked.searched)
    ]
    return list(find(confirm(asked, searched, judged)))


def named(judged: Project, text: str | bytes) -> list[str]:
    """Each finding as `line: name of env`, and in which spelling."""
    start, end = "holds the value of ", ": write os.environ"
    told = found(judged, text)
    assert all(each.message.startswith(start) for each in told)
    return [f"{each.line}: {each.message.removeprefix(start).partition(end)[0]}" for each in told]


def noted(judged: Project) -> list[tuple[str, int, str, bool]]:
    return [(each.path, each.line, each.message, each.is_note) for each in notes(needles(judged))]


# One value.


def test_a_finding_names_the_place_and_the_var_and_what_to_do() -> None:
    judged = project(env(f"API_KEY={CANARY}-value\n"))
    assert found(judged, f"\nkey = '{CANARY}-value'\n", "src/my app.py") == [
        Finding(
            path="src/my app.py",
            line=2,
            rule="hardcoded",
            message=(
                "holds the value of API_KEY of .env.production:"
                ' write os.environ["API_KEY"], and change the value'
            ),
        )
    ]


def test_what_to_do_is_told_in_the_words_of_the_file() -> None:
    judged = project(env(f"API_KEY={CANARY}-value\n"))
    advice = {
        path: found(judged, f"{CANARY}-value", path)[0].message.partition(": ")[2]
        for path in ("a.py", "a.ipynb", "run.sh", "Dockerfile")
    }
    python, other = 'write os.environ["API_KEY"]', "read API_KEY from the environment"
    assert advice == {
        path: f"{words}, and change the value"
        for path, words in zip(advice, (python, python, other, other), strict=True)
    }


@pytest.mark.parametrize(
    ("text", "word"),
    [
        pytest.param('c4n/ary+é"z k', "", id="as it is"),
        pytest.param("c4n%2Fary%2B%C3%A9%22z%20k", "URL-quoted", id="URL-quoted"),
        pytest.param("c4n%2fary%2b%c3%a9%22z%20k", "URL-quoted", id="URL-quoted in small letters"),
        pytest.param("c4n/ary%2B%C3%A9%22z%20k", "URL-quoted", id="URL-quoted but for slashes"),
        pytest.param("c4n%2Fary%2B%C3%A9%22z+k", "URL-quoted", id="of a form"),
        pytest.param("c4n%2fary%2b%c3%a9%22z+k", "URL-quoted", id="of a form in small letters"),
        pytest.param(r"c4n/ary+\u00e9\"z k", "JSON-escaped", id="JSON in ASCII"),
        pytest.param(r"c4n/ary+é\"z k", "JSON-escaped", id="JSON"),
        pytest.param(r"c4n\/ary+\u00e9\"z k", "JSON-escaped", id="JSON in ASCII for HTML"),
        pytest.param(r"c4n\/ary+é\"z k", "JSON-escaped", id="JSON for HTML"),
        pytest.param("YzRuL2FyeSvDqSJ6IGs=", "base64", id="base64"),
        pytest.param("YzRuL2FyeSvDqSJ6IGs", "base64", id="base64 without padding"),
        pytest.param("eGM0bi9hcnkrw6kieiBr", "base64", id="base64 behind a byte"),
        pytest.param("eHljNG4vYXJ5K8OpInogaw==", "base64", id="base64 behind two bytes"),
        pytest.param("dXNlcjpjNG4vYXJ5K8OpInogaw==", "base64", id="base64 of user:password"),
        pytest.param("YzRuL2FyeSvDqSJ6IGtAaG9zdA==", "base64", id="base64 before a host"),
    ],
)
@pytest.mark.parametrize(
    "around", ["{}", "x = '{}' # y", "{{}}é{}é", "\x00\x01{}\x00", "\t{}\r"], ids=ascii
)
def test_a_value_is_found_in_each_spelling(text: str, word: str, around: str) -> None:
    shown = f" ({word})" if word else ""
    judged = project(holding(API_KEY=SPICY))
    line = around.replace("{}", text)
    assert named(judged, f"one\n{line}\n") == [f"2: API_KEY of .env.production{shown}"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("YzRuYXJ5Pz5+Pz5+YzRuISE=", id="of a mail"),
        pytest.param("YzRuYXJ5Pz5-Pz5-YzRuISE=", id="of a URL"),
        pytest.param("eGM0bmFyeT8+fj8+fmM0biEh", id="of a mail, behind a byte"),
        pytest.param("eGM0bmFyeT8-fj8-fmM0biEh", id="of a URL, behind a byte"),
        pytest.param("eHljNG5hcnk/Pn4/Pn5jNG4hIQ==", id="of a mail, behind two bytes"),
        pytest.param("eHljNG5hcnk_Pn4_Pn5jNG4hIQ==", id="of a URL, behind two bytes"),
    ],
)
def test_both_alphabets_of_base64_are_found(text: str) -> None:
    judged = project(holding(API_KEY="c4nary?>~?>~c4n"))
    assert named(judged, text) == ["1: API_KEY of .env.production (base64)"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param('C4N/ARY+É"Z K', id="another case"),
        pytest.param('c4n/ary+é"z', id="the beginning"),
        pytest.param('4n/ary+é"z k', id="the end"),
        pytest.param('c4n/ary+é"z  k', id="another blank"),
        pytest.param('c4n/ary\n+é"z k', id="two lines"),
        pytest.param("c4n%2Fary%2B%E9%22z%20k", id="URL-quoted Latin-1"),
        pytest.param("YzRuL2FyeSvDqSJ6", id="a part in base64"),
        pytest.param("yzRuL2FyeSvDqSJ6IGs=", id="base64 in another case"),
        pytest.param('os.environ["API_KEY"]', id="its name"),
    ],
)
def test_what_is_not_the_whole_value_is_not_found(text: str) -> None:
    assert named(project(holding(API_KEY=SPICY)), text) == []


@pytest.mark.parametrize(
    ("value", "text", "count"),
    [
        pytest.param("c4n.ry.*", "c4n.ry.*", 1, id="itself"),
        pytest.param("c4n.ry.*", "c4nary-value", 0, id="a dot is a dot"),
        pytest.param("c4n[a-z]+(", "x c4n[a-z]+( y", 1, id="an open group"),
        pytest.param("^c4nary$|", "^c4nary$|", 1, id="anchors"),
        pytest.param(r"c4n\d\w\b", r"c4n\d\w\b", 1, id="classes"),
        pytest.param(r"c4n\d\w\b", "c4n1x", 0, id="a class is two letters"),
        pytest.param("c4nary{3}", "c4naryyy", 0, id="a number is a number"),
    ],
)
def test_no_character_of_a_value_is_a_pattern(value: str, text: str, count: int) -> None:
    assert len(named(project(holding(API_KEY=value)), text)) == count


@pytest.mark.parametrize(
    "value",
    [
        "pässw7örd-ñ9x",
        "密7码8密9码1密2码3",
        "\U0001f511\U0001f511c4nary",
        "e\u0301c4nary-x",
        "ß1ßö2ä3ü4",
    ],
    ids=ascii,
)
def test_a_value_in_any_script_is_found(value: str) -> None:
    judged = project(holding(PASSWORD=value))
    texts = [value, quote(value), json.dumps(value), b64encode(value.encode()).decode()]
    assert [line.partition(" (")[0] for line in named(judged, "\n".join(texts))] == [
        f"{number}: PASSWORD of .env.production" for number in range(1, 5)
    ]


TWO = project(holding(A_KEY="c4nary-91", B_KEY="c4nary-912"))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("c4nary-912 ", ["B_KEY"]),
        ("c4nary-91 c4nary-912 ", ["A_KEY", "B_KEY"]),
        ("c4nary-912 c4nary-91 ", ["B_KEY", "A_KEY"]),
    ],
)
@pytest.mark.parametrize("times", [1, 2, 50])
def test_a_line_that_holds_values_many_times_is_found_once_for_each(
    text: str, names: list[str], times: int
) -> None:
    assert sorted(named(TWO, text * times)) == [
        f"1: {name} of {PRODUCTION}" for name in sorted(names)
    ]


def test_a_line_that_holds_a_value_many_times_is_judged_in_time_that_grows_with_it() -> None:
    asked = needles(TWO)

    def judge(times: int) -> object:
        return list(confirm(asked, lines("c4nary-912 c4nary-91 " * times), TWO))

    assert growth(judge, 200) < 2.2


def test_many_secrets_are_not_held_against_each_other() -> None:
    """A table of them, in memory, is no digest that is written anywhere."""

    def ask(count: int) -> object:
        return needles(project(holding(**{f"K{n}_KEY": f"c4nary{n:08}" for n in range(count)})))

    assert growth(ask, 50) < 2.2


def test_each_line_that_holds_a_value_is_found_once() -> None:
    judged = project(holding(API_KEY="c4nary-value-1"))
    text = "c4nary-value-1 c4nary-value-1\n\nc4nary-value-1\nc4nary-value-1"
    assert named(judged, text) == [
        "1: API_KEY of .env.production",
        "3: API_KEY of .env.production",
        "4: API_KEY of .env.production",
    ]


def test_lines_that_end_in_a_newline_of_the_value_are_found_each() -> None:
    judged = project(holding(API_KEY="c4nary-value-1\n"))
    assert named(judged, "c4nary-value-1\nc4nary-value-1\n") == [
        "1: API_KEY of .env.production",
        "2: API_KEY of .env.production",
    ]


def test_findings_are_in_the_order_of_places_however_the_lines_come() -> None:
    judged = project(holding(API_KEY="c4nary-value-1"))
    mixed = [Line("b", 2, b"c4nary-value-1"), Line("b", 1, b"c4nary-value-1")]
    mixed += [Line("a", 10, b"c4nary-value-1"), Line("a", 9, b"c4nary-value-1")]
    told = find(confirm(needles(judged), mixed, judged))
    assert [(each.path, each.line) for each in told] == [("a", 9), ("a", 10), ("b", 1), ("b", 2)]


# A value of several lines.


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=ascii)
@pytest.mark.parametrize("indent", ["", "    "], ids=["flush", "indented"])
def test_a_key_of_many_lines_is_found_once_at_its_first_telling_line(end: str, indent: str) -> None:
    judged = project(holding(PRIVATE_KEY="\n".join(PEM) + "\n"))
    text = end.join(indent + line for line in ["x = '''", *PEM, "'''"])
    assert named(judged, text) == ["3: PRIVATE_KEY of .env.production"]


def test_a_key_on_one_line_of_json_is_found() -> None:
    judged = project(holding(PRIVATE_KEY="\n".join(PEM) + "\n"))
    text = json.dumps({"type": "x", "private_key": "\n".join(PEM)})
    assert named(judged, text) == ["1: PRIVATE_KEY of .env.production"]


def test_a_key_in_base64_is_found() -> None:
    whole = "\n".join(PEM) + "\n"
    judged = project(holding(PRIVATE_KEY=whole))
    text = b64encode(b"{" + whole.encode() + b"}").decode()
    assert named(judged, text) == ["1: PRIVATE_KEY of .env.production (base64)"]


def test_a_key_that_stands_in_two_places_is_found_in_both() -> None:
    judged = project(holding(PRIVATE_KEY="\n".join(PEM)))
    assert named(judged, "\n".join([*PEM, *PEM, "", *PEM])) == [
        "2: PRIVATE_KEY of .env.production",
        "8: PRIVATE_KEY of .env.production",
        "15: PRIVATE_KEY of .env.production",
    ]


def test_two_keys_of_one_name_are_found_both() -> None:
    other = [line if line.startswith("-----") else line.swapcase() for line in PEM]
    judged = project(
        holding(PRIVATE_KEY="\n".join(PEM)), holding(STAGING, PRIVATE_KEY="\n".join(other))
    )
    assert named(judged, "\n".join([*PEM[:4], *other[1:]])) == [
        "2: PRIVATE_KEY of .env.production",
        "5: PRIVATE_KEY of .env.staging",
    ]


def test_another_key_with_the_same_frame_is_not_found() -> None:
    judged = project(holding(PRIVATE_KEY="\n".join(PEM)))
    other = [line if line.startswith("-----") else line.swapcase() for line in PEM]
    assert named(judged, "\n".join(other)) == []


def test_the_frame_of_a_key_is_not_looked_for() -> None:
    asked = needles(project(holding(PRIVATE_KEY="\n".join(PEM))))
    assert [text for text in asked.searched if b"-----" in text] == []


def test_of_a_key_the_longest_lines_are_looked_for() -> None:
    """The last one is often short, and any other key may end so."""
    judged = project(holding(PRIVATE_KEY="\n".join(PEM)))
    assert named(judged, "\n".join(PEM[4:])) == []
    for line in PEM[1:4]:
        assert named(judged, line) == ["1: PRIVATE_KEY of .env.production"]


def test_a_value_of_short_lines_alone_is_left_out() -> None:
    judged = project(holding(PRIVATE_KEY="c4nary-1\nc4nary-2\nc4nary-3"))
    assert needles(judged).searched == []
    assert len(noted(judged)) == 1


# Several values.


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("c4nary-value-longer", ["LONG_KEY"], id="the longer one"),
        pytest.param("c4nary-value", ["SHORT_KEY"], id="the shorter one"),
        pytest.param("c4nary-value c4nary-value-longer", ["SHORT_KEY", "LONG_KEY"], id="both"),
        pytest.param("c4nary-value-longer c4nary-value", ["SHORT_KEY", "LONG_KEY"], id="turned"),
        pytest.param("c4nary-value-longe", ["SHORT_KEY"], id="not quite the longer one"),
        pytest.param("YzRuYXJ5LXZhbHVlLWxvbmdlcg==", ["LONG_KEY"], id="the longer one in base64"),
    ],
)
@pytest.mark.parametrize("is_turned", [False, True], ids=["short first", "long first"])
def test_a_part_of_another_value_is_found_only_where_it_stands_alone(
    text: str, names: list[str], *, is_turned: bool
) -> None:
    values = {"SHORT_KEY": "c4nary-value", "LONG_KEY": "c4nary-value-longer"}
    judged = project(holding(**dict(sorted(values.items(), reverse=is_turned))))
    assert sorted(line.split()[1] for line in named(judged, text)) == sorted(names)


@pytest.mark.parametrize("short", ["y-value-l", "longer-c4nary"], ids=["middle", "end"])
def test_a_part_in_the_middle_or_at_the_end_is_a_part(short: str) -> None:
    judged = project(holding(A_KEY=short, B_KEY="c4nary-value-longer-c4nary"))
    assert named(judged, "c4nary-value-longer-c4nary") == ["1: B_KEY of .env.production"]


def test_a_password_in_a_url_that_is_a_value_too_is_found_once() -> None:
    url = "postgres://u:c4nary-word@db.acme.io/app"
    judged = project(holding(DATABASE_URL=url, PGPASSWORD="c4nary-word"))
    assert named(judged, f"x = '{url}'") == ["1: DATABASE_URL of .env.production"]


def test_values_that_overlap_are_found_both() -> None:
    judged = project(holding(A_KEY="c4nary-value", B_KEY="value-c4nary"))
    assert named(judged, "c4nary-value-c4nary") == [
        "1: A_KEY of .env.production",
        "1: B_KEY of .env.production",
    ]


def test_two_values_of_one_name_are_found_both_in_one_line() -> None:
    judged = project(holding(API_KEY="c4nary-live"), holding(STAGING, API_KEY="c4nary-test"))
    assert named(judged, "{'c4nary-live', 'c4nary-test'}") == [
        "1: API_KEY of .env.production",
        "1: API_KEY of .env.staging",
    ]


def test_equal_values_are_looked_for_once_under_the_first_name() -> None:
    judged = project(
        holding(A_KEY="c4nary-value", B_KEY="c4nary-value"),
        holding(STAGING, C_KEY="c4nary-value", D_KEY="c4nary-other"),
    )
    assert [(each.name, each.env) for each in needles(judged).needles] == [
        ("A_KEY", PRODUCTION),
        ("D_KEY", STAGING),
    ]
    assert named(judged, "c4nary-value") == ["1: A_KEY of .env.production"]
    assert noted(judged) == []


def test_a_value_that_is_public_by_one_name_is_found_by_the_other() -> None:
    judged = project(holding(PUBLIC_ID="c4naryvalue", API_KEY="c4naryvalue"))
    assert named(judged, "c4naryvalue") == ["1: API_KEY of .env.production"]


def test_development_has_secrets_too() -> None:
    assert named(project(dotenv("API_KEY=c4nary-value\n")), "c4nary-value") == [
        "1: API_KEY of .env"
    ]


# What is not looked for, and where not.


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("API_KEY", "c4nary7", id="short"),
        pytest.param("API_KEY", " c4nary \n", id="short but for blanks"),
        pytest.param("API_KEY", "", id="empty"),
        pytest.param("API_KEY", "changeme", id="placeholder"),
        pytest.param("API_KEY", "your_api_key_here", id="longer placeholder"),
        pytest.param("LOG_LEVEL", "c4naryvalue", id="no secret"),
        pytest.param("PUBLIC_KEY", "c4naryvalue", id="public"),
    ],
)
def test_what_is_short_or_no_secret_is_counted_and_not_looked_for(name: str, value: str) -> None:
    judged = project(holding(**{name: value}))
    assert needles(judged).searched == []
    assert named(judged, f"{value} {value}") == []
    assert noted(judged) == [
        (PRODUCTION, 0, "1 value is not looked for: no secrets, or too short", True)
    ]


def test_what_is_left_out_is_counted_for_each_env_file() -> None:
    judged = project(
        env("A_KEY=short\nLOG_LEVEL=debug-level\nB_KEY=c4nary-value\n"),
        env("C_KEY=c4nary-other\n", ".env.review"),
        env("PORT=8000\n", STAGING),
        env(None, ".env.gone"),
    )
    assert noted(judged) == [
        (PRODUCTION, 0, "A_KEY reads as an ordinary word: not looked for", True),
        (PRODUCTION, 0, "1 value is not looked for: no secrets, or too short", True),
        (STAGING, 0, "1 value is not looked for: no secrets, or too short", True),
    ]


def test_ordinary_words_are_one_note_a_file() -> None:
    judged = project(env("B_PASSWORD=postgres\nA_PASSWORD=developer\n"))
    assert noted(judged) == [
        (PRODUCTION, 0, "A_PASSWORD, B_PASSWORD read as ordinary words: not looked for", True),
    ]
    assert named(judged, "postgres developer") == []


def test_a_value_in_more_than_twenty_places_is_found_once_with_their_number() -> None:
    judged = project(holding(API_KEY="c4nary-value"))
    few = found(judged, "\n".join(["c4nary-value"] * 20))
    assert len(few) == 20
    [many] = found(judged, "\n".join(["c4nary-value"] * 21))
    assert many[:2] == ("app.py", 1)
    assert many[3].endswith("change the value; in 21 places, such as app.py:2, app.py:3")


def test_a_value_in_a_comment_of_the_example_is_found_and_an_entry_is_left_to_parity() -> None:
    judged = project(holding(API_KEY="c4nary-value"), example="API_KEY=c4nary-value\n")
    text = "API_KEY=c4nary-value\n# API_KEY=c4nary-value\nURL=https://x/c4nary-value\n"
    said = (
        "holds the value of API_KEY of .env.production: write a placeholder, and change the value"
    )
    told = [(each.line, each.message) for each in found(judged, text, ".env.example")]
    assert told == [(2, said), (3, said)]


def test_a_value_of_eight_characters_is_looked_for() -> None:
    judged = project(holding(API_KEY="c4nary-8"))
    assert named(judged, "c4nary-8") == ["1: API_KEY of .env.production"]
    assert noted(judged) == []


@pytest.mark.parametrize("path", [PRODUCTION, STAGING, ".env"])
def test_env_files_are_passed_over(path: str) -> None:
    judged = project(
        holding(API_KEY="c4nary-value"), env(None, STAGING), dotenv("A=1\n"), example="A=1\n"
    )
    assert found(judged, "API_KEY=c4nary-value", path) == []


@pytest.mark.parametrize(
    "path", ["sub/.env.production", ".env.production.bak", ".env.production.lock", "x.env"]
)
def test_what_is_only_called_like_an_env_file_is_looked_through(path: str) -> None:
    judged = project(holding(API_KEY="c4nary-value"))
    assert [each.path for each in found(judged, "API_KEY=c4nary-value", path)] == [path]


def test_a_project_without_values_looks_for_nothing() -> None:
    judged = project(env(None), env("API_KEY\n", STAGING))
    assert needles(judged).searched == []
    assert found(judged, "anything") == []
    assert noted(judged) == []


# Whatever the value.

CHARACTERS = st.characters(exclude_categories=["Cs", "Cc"])
TEXT = st.text(CHARACTERS, max_size=12)
ONE_LINE = st.text(CHARACTERS | st.sampled_from("/+%\"\\'&=.*~_- \t"), min_size=8, max_size=40)
VALUE = st.one_of(
    ONE_LINE,
    st.lists(st.text(CHARACTERS, max_size=30), min_size=2, max_size=6).map("\n".join),
    st.text(st.sampled_from('aZ09/+é\n\r\t "\\%'), min_size=8, max_size=80),
)


def needle(value: str) -> Needle:
    made = needles(project(holding(API_KEY=value))).needles
    assume(made)
    return made[0]


@given(VALUE)
@example("/" * 8)
@example("é" * 8)
@example("a" * 7 + "\r" + "b" * 20)
@example("c4nary-value\u2028\u0085x")
@example("\n".join(PEM))
def test_a_search_for_what_is_searched_finds_every_spelling(value: str) -> None:
    made = needle(value)
    assert made.spellings
    for spelling in made.spellings:
        assert any(text in spelling.text for text in made.searched)


@given(VALUE)
@example("\na\r\n" + "b" * 20)
@example("\n".join(PEM))
def test_what_is_searched_is_of_one_line_and_not_short(value: str) -> None:
    for text in needle(value).searched:
        is_word = text.isalpha() or text.isdigit()
        assert len(text) >= (8 if is_word else 5)
        assert b"\n" not in text
        assert b"\0" not in text


def base64_of(text: str) -> str:
    return b64encode(text.encode()).decode()


def url_safe_base64_of(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


@given(value=ONE_LINE, before=TEXT, after=TEXT)
@pytest.mark.parametrize(
    "write",
    [
        pytest.param(str, id="as it is"),
        pytest.param(quote, id="URL-quoted"),
        pytest.param(quote_plus, id="of a form"),
        pytest.param(json.dumps, id="JSON"),
        pytest.param(lambda text: json.dumps(text).replace("/", r"\/"), id="JSON for HTML"),
        pytest.param(base64_of, id="base64"),
        pytest.param(url_safe_base64_of, id="URL-safe base64"),
    ],
)
def test_any_value_is_found_within_any_text(
    value: str, before: str, after: str, write: Callable[[str], str]
) -> None:
    needle(value)
    text = write(f"{before}{value}{after}")
    told = found(project(holding(API_KEY=value)), text)
    assert [each.line for each in told] == [1]


# What is said.

PARTS = ["Zq7!Zq8/Zq9+", "\n".join(["QZXJ0QZXJ1QZXJ2QZXJ3", "QZXJ4QZXJ5QZXJ6QZXJ7"]), "ÄÖ7ÜßÄ9ÖÜß"]


@pytest.mark.parametrize("value", PARTS, ids=ascii)
def test_no_part_of_a_value_is_in_what_is_said_or_logged(value: str) -> None:
    judged = project(holding(API_KEY=value, B_KEY=value[:3]))
    asked = needles(judged)
    text = "\n".join([value, quote(value), json.dumps(value), b64encode(value.encode()).decode()])
    told = found(judged, text)
    assert told
    shown = repr([told, list(notes(asked)), asked, asked.needles, *lines(text)])
    spellings = [value, *(each.text.decode() for each in asked.needles[0].spellings)]
    parts = {text[at : at + 4] for text in spellings for at in range(len(text) - 3)}
    assert {part for part in parts if part in shown} == set()


def test_a_needle_is_shown_by_its_name_alone() -> None:
    [made] = needles(project(holding(API_KEY="c4nary-value"))).needles
    assert repr(made) == "Needle(API_KEY of .env.production)"


@pytest.mark.parametrize("word", ["", "base64"])
def test_a_spelling_does_not_show_its_text(word: str) -> None:
    assert CANARY not in repr(Spelling(b"c4nary-value", word))


def test_the_example_is_told_from_all_values_in_time_that_grows_with_both() -> None:
    judged = {}
    for count in (1, 100, 200):
        text = "".join(f"A{number}_KEY={CANARY}{number}\n" for number in range(count))
        judged[count] = project(env(text), example=text)
    asked = needles(judged[1])
    assert growth(lambda count: confirm(asked, [], judged[count]), 100) < 2.5
