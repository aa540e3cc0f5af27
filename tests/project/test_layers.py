"""The layers of an app, as the settings name them: files, and what programs print."""

import pytest

from deploy.project.layers import Program, read

SOPS = ["sops", "decrypt", "secrets/shop.env"]
PROGRAM = (
    "app.from: must be a list of a program and its arguments, such as [sops, decrypt, secrets.env]"
)


def wrong(options: object) -> list[str]:
    found = read(options, "app")
    assert isinstance(found, list), found
    return [str(each) for each in found]


@pytest.mark.parametrize(
    ("options", "layers"),
    [
        (None, (".env.production",)),
        ({}, (".env.production",)),
        ({"file": "a"}, ("a",)),
        ({"file": ["a"]}, ("a",)),
        ({"file": ["a", "b"]}, ("a", "b")),
        ({"from": SOPS}, (Program(tuple(SOPS)),)),
        ({"from": ["print-env"]}, (Program(("print-env",)),)),
        ({"file": ["a", {"from": SOPS}]}, ("a", Program(tuple(SOPS)))),
        ({"file": [{"from": SOPS}, "a"]}, (Program(tuple(SOPS)), "a")),
        ({"file": {"from": SOPS}}, (Program(tuple(SOPS)),)),
    ],
    ids=repr,
)
def test_layers_are_read_in_their_order(options: object, layers: tuple[object, ...]) -> None:
    assert read(options, "app") == layers


@pytest.mark.parametrize("options", ["a", ["a"], 5, {"file": "a", "more": 1}, {1: 2}], ids=repr)
def test_an_app_takes_a_file_or_a_program(options: object) -> None:
    assert wrong(options) == ["app: takes file: or from:, and nothing else"]


def test_a_file_and_a_program_must_say_which_is_above() -> None:
    [complaint] = wrong({"file": "a", "from": SOPS})
    assert complaint == (
        "app: has a file: and a from:; put both under file:, in their order:"
        " file: [.env.shared, {from: [sops, …]}]"
    )


@pytest.mark.parametrize(
    "argv", ["sops decrypt x", [], None, 5, ["sops", 5], ["sops", ""], ["a\0b"]], ids=repr
)
def test_a_program_is_a_list_of_words_and_no_line_of_a_shell(argv: object) -> None:
    assert wrong({"from": argv}) == [PROGRAM]


@pytest.mark.parametrize("file", [None, 5, True, "", "a\0b", ["a", 5], [["a"]]], ids=repr)
def test_a_file_is_a_path_or_a_list_of_them(file: object) -> None:
    assert wrong({"file": file}) == ["app.file: must be a path, or a list of them"]


def test_all_that_is_wrong_with_the_layers_is_told() -> None:
    assert wrong({"file": [5, "a", {"from": []}, {"file": "a"}, "a"]}) == [
        "app.file: must be a path, or a list of them",
        PROGRAM,
        "app.file: a layer is a path, or takes from: and nothing else",
        "app.file: names a twice",
    ]


def test_a_file_is_the_same_one_in_another_spelling() -> None:
    assert wrong({"file": [".env.shared", ".//.env.shared"]}) == [
        "app.file: names .env.shared twice"
    ]
    # Where a is a link, what is above it is another folder.
    assert read({"file": ["b", "a/../b"]}, "app") == ("b", "a/../b")


def test_an_empty_list_of_files_is_no_declaration() -> None:
    assert wrong({"file": []}) == ["app.file: names no file"]


@pytest.mark.parametrize(
    ("argv", "shown"),
    [
        (["print-env"], "print-env"),
        (["/usr/bin/print-env"], "print-env"),
        (["cat", ".env"], "cat .env"),
        (SOPS, "sops ... secrets/shop.env"),
        (["dotenvx", "decrypt", "--stdout"], "dotenvx ..."),
        (["vault", "--token", "sKx81nQz7RfT0pLw3vYb"], "vault ..."),
        (["vault", "get", "--password", "hunter2"], "vault ..."),
        (["vault", "get", "TOKEN=hunter2"], "vault ..."),
        (["vault", "get", "https://user:hunter2@vault.shop.dev/x"], "vault ..."),
        (["TOKEN=hunter2", "vault"], "******** vault"),
        (["vault", "get", "two\nlines"], "vault ..."),
        (["op", "inject", "--in-file", ".env.production.tpl"], "op ... .env.production.tpl"),
        (["doppler", "--project", "shop", "--config", "prd"], "doppler ... prd"),
    ],
    ids=str,
)
def test_a_program_is_called_by_its_name_and_what_tells_it_apart(
    argv: list[str], shown: str
) -> None:
    assert Program(tuple(argv)).shown == shown
