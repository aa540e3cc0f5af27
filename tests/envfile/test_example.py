"""An example for version control: names and comments, and nothing that can be a value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.envfile import parser
from deploy.envfile.declaration import Layer
from deploy.envfile.example import Example, example_of

SECRET = "w8rD2kQz7RfT0pLw"


def made(*texts: str) -> Example:
    return example_of(
        [
            (Layer("f", parser.parse(text.encode(), source="f", may_be_empty=True)), text.encode())
            for text in texts
        ]
    )


def test_names_and_comments_stay_and_values_do_not() -> None:
    text = f"# Of all.\n\nLOG_LEVEL=info # of three\nexport API_KEY='{SECRET}'\n\n\n\n# Mail.\nA=\n"
    assert made(text) == Example("# Of all.\n\nLOG_LEVEL=\nAPI_KEY=\n\n# Mail.\nA=\n", 3, 0)


def test_the_lines_of_a_value_are_not_taken_for_comments() -> None:
    text = f'PEM="-----BEGIN\n# {SECRET}\nA={SECRET}\n"\nB=1\n'
    assert made(text) == Example("PEM=\nB=\n", 2, 0)


@pytest.mark.parametrize(
    "comment",
    [
        f"# the key is {SECRET}",
        f"#{SECRET}",
        "# ask for aB3dE5fG7hJ9kLmN!",
        "# aB3dE5fG7hJ9kLmN=",
        "#aB3dE5fG7hJ9kLmNoP==",
        "# see https://user:8Kq2Zt5w@db.shop.dev/x",
        f"# (was '{SECRET}')",
        "# set PASSWORD=hunter2",
        "# heroku config:set TOKEN=hunter2 -a myapp",
        "# old: PASSWORD = hunter2",
        "# PASS-WORD=hunter2",
        "# PASSWORD: hunter2",
        "# the old password: hunter2",
        "# of mail, TOKEN :  hunter2",
        "# db is at postgres://bob:pw@db.shop.dev/x",
    ],
)
def test_a_comment_that_could_hold_a_value_is_left_out_and_counted(comment: str) -> None:
    assert made(f"{comment}\nAPI_KEY={SECRET}\n") == Example("API_KEY=\n", 1, 1)


@pytest.mark.parametrize(
    "entry", [f"#OLD_KEY={SECRET}", f"# export OLD_KEY = '{SECRET}'", "## OLD_KEY="]
)
def test_of_an_entry_that_is_commented_out_the_name_stays(entry: str) -> None:
    assert made(f"{entry}\nA=1\n") == Example("# OLD_KEY=\nA=\n", 1, 0)


@pytest.mark.parametrize("quote", ["'", '"', "`"])
def test_of_a_value_of_several_lines_that_is_commented_out_no_line_stays(quote: str) -> None:
    text = f"# PEM={quote}-----BEGIN\n# Qm9i\n#\n# -----END{quote}\n# Mail.\nA=1\n"
    assert made(text) == Example("# PEM=\n# Mail.\nA=\n", 1, 3)


def test_a_quote_that_nothing_closes_takes_no_comment_of_the_next_paragraph() -> None:
    text = '# A=\'\n# gone\n\n# Mail.\nA=1\n# B="x\\"\n# gone\nC=1\n# D.\n'
    assert made(text) == Example("# A=\n\n# Mail.\nA=\n# B=\nC=\n# D.\n", 2, 2)


@pytest.mark.parametrize(
    "comment",
    [
        *("# Token: see the wiki", "# Token:", "# https://wiki.shop.dev:8443/a", "# one of: a, b"),
        *("# level: info", "# at 10: 30", "#"),
    ],
)
def test_a_comment_that_explains_stays(comment: str) -> None:
    assert made(f"{comment}\nA=1\n") == Example(f"{comment}\nA=\n", 1, 0)


def test_a_name_of_several_layers_stands_once_and_the_key_of_the_lock_nowhere() -> None:
    found = made("A=1\nB=1\n", "# more\nB=2\nCONFIG_LOCK_KEY=1\nC=3\n")
    assert found == Example("A=\nB=\n\n# more\nC=\n", 3, 0)


def test_what_a_program_prints_has_names_alone() -> None:
    layer = Layer("f", parser.parse(b"# c\nA=1\nB=2\n", source="f"))
    assert example_of([(layer, None)]) == Example("A=\nB=\n", 2, 0)


@given(st.lists(st.sampled_from(["A", "B_C", "#", " ", "=", SECRET, "'", '"', "\n", "export "])))
def test_no_value_comes_out_whatever_is_written(parts: list[str]) -> None:
    text = "".join(parts)
    try:
        found = made(text)
    except parser.BadEnvFile:
        return
    declared = {
        entry.name for entry in parser.parse(text.encode(), source="f", may_be_empty=True).entries
    }
    told = [line for line in found.text.splitlines() if line.removesuffix("=") not in declared]
    assert SECRET not in "".join(told)
    read = parser.parse(found.text.encode(), source="example", may_be_empty=True)
    assert all(entry.value.is_empty for entry in read.entries)
