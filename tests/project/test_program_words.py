"""What is shown of a program that failed."""

from collections.abc import Collection, Sequence

import pytest

from deploy.project import program_words

SECRET = "canary-9f27bdacce"


# The command, as it is shown.


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        (["sops", "decrypt", "a b.env"], "sops decrypt 'a b.env'"),
        (["op", "inject", "--in-file", "x.tpl"], "op inject --in-file x.tpl"),
        (
            ["infisical", "export", "--projectId=64b1e0f2-1c1b-4a52-9d1e-1f6d0f7a3b21"],
            "infisical export --projectId=64b1e0f2-1c1b-4a52-9d1e-1f6d0f7a3b21",
        ),
        (["age", "-d", "-i", "keys/key.txt", "f.age"], "age -d -i keys/key.txt f.age"),
        (["x", "--token=hunter2"], "x --token=********"),
        (["x", "--token", "hunter2"], "x --token ********"),
        (["x", "https://user:hunter2@shop.dev/x"], "x ********"),
        (["env", "API_TOKEN=hunter2", "x"], "env API_TOKEN=******** x"),
        (["x", "sk_live_4eC39HqLyjWDarjtT1zdp7dc"], "x ********"),
        (["x", "postgres://user:w8rD2kQz@host.db.dev/db"], "x ********"),
        (["x", "--url=postgres://user:w8rD2kQz@host.db.dev/db"], "x --url=********"),
        (["x", "line\nbreak", "\x1b[2J", "\udcff"], "x ******** ******** ********"),
        (["x", "--token", "--force"], "x --token --force"),
    ],
)
def test_a_command_can_be_pasted_and_tells_no_secret(argv: list[str], expected: str) -> None:
    assert program_words.command(argv) == expected


# What it said.


def said(text: str | bytes, argv: Sequence[str] = (), names: Collection[str] = ()) -> list[str]:
    data = text.encode() if isinstance(text, str) else text
    return program_words.legible(data, argv, names)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (SECRET, []),
        (f"{SECRET} {SECRET}\n\n \n", []),
        ("Error: not logged in!", ["error not logged in"]),
        (f"token {SECRET} is expired", ["token ******** is expired"]),
        ("the token `hunter2 correct horse` expired", ["the token ******** expired"]),
        ("\x1b[31mError\x1b[0m: \x1b]0;hunter2\x07denied", ["error denied"]),
        ("Error:\tno\0key\x9bfound", ["error no key found"]),
        ("invalid line: TOKEN=hunter2", ["invalid ******** TOKEN ********"]),
        ("TOKEN, OTHER", ["TOKEN ********"]),
        ("token", ["token"]),
        ("Token TOKENS xTOKEN TOKEN/x", ["token ********"]),
        ("no\rnot\r\nfound", ["no", "not", "found"]),
        ("no\nnot\nfound\nkey\n", ["not", "found", "key"]),
        (f"no\n{SECRET}\nkey\n{SECRET}\n", ["no", "key"]),
        ("no " * 100, [("no " * 67)[:200]]),
        (b"\xff\xfe denied \xc3", ["******** denied ********"]),
        ("::error::denied ::error:: denied", ["******** error denied"]),
    ],
)
def test_only_known_words_of_what_it_said_are_shown(text: str | bytes, expected: list[str]) -> None:
    assert said(text, names={"TOKEN"}) == expected


def test_words_of_the_command_are_known_unless_they_look_like_a_secret() -> None:
    argv = ["age", "-d", "-i", "keys/key.txt", "--token=hunter2", "--out=x.env", "dir/"]
    text = "age: keys/key.txt key.txt hunter2 --out=x.env x.env --token=hunter2 - /"
    assert said(text, argv) == ["age keys/key.txt key.txt ******** --out x.env x.env ********"]
