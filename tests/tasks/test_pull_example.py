"""`config.pull --example`: the names of what is declared, for version control."""

import pytest

from deploy.emulator import Emulator

from .conftest import Near
from .face import Done

SECRET = "w8rD2kQz7RfT0pLw"
TEXT = f"# Of all.\nLOG_LEVEL=info\n# the key: {SECRET}\nAPI_KEY={SECRET}\n"


def ran(near: Near, line: str, code: int = 0) -> Done:
    done = near.run(line)
    assert done.code == code, done
    assert SECRET not in done.out + done.err
    return done


def example(near: Near) -> str:
    return (near.folder / ".env.example").read_text()


@pytest.fixture(autouse=True)
def declared(near: Near) -> None:
    near.write(".env.production", TEXT)


def test_it_is_made_of_the_declaration_and_asks_nobody(near: Near, emulator: Emulator) -> None:
    done = ran(near, "config.pull --example")
    assert done.out == (
        "Wrote .env.example: 2 names of .env.production, and no value."
        " Look through its comments, and commit it.\n"
    )
    assert done.err == "1 comment could hold a value: left out\n"
    assert example(near) == "# Of all.\nLOG_LEVEL=\nAPI_KEY=\n"
    assert (near.folder / ".env.example").stat().st_mode & 0o777 == 0o644
    assert emulator.requests == []
    assert ran(near, "config.check --only parity").out == "No findings.\n"


def test_one_that_is_there_stays(near: Near) -> None:
    near.write(".env.example", "MINE=\n")
    assert "there is a .env.example already" in ran(near, "config.pull --example", 1).err
    assert example(near) == "MINE=\n"


def test_a_dry_run_writes_none(near: Near) -> None:
    assert ran(near, "config.pull --example --dry-run").out == (
        "Dry run: .env.example was not written; it would have 2 names.\n"
    )
    assert not (near.folder / ".env.example").exists()


def test_without_a_declaration_there_is_none_to_make(near: Near) -> None:
    (near.folder / ".env.production").unlink()
    assert ran(near, "config.pull --example --app myapp", 1).err == (
        "error: .env.production: no such file\n"
        "  bring the values first: invoke config.pull --app myapp\n"
    )


def test_all_layers_of_an_app_are_in_it(near: Near) -> None:
    near.write("invoke.yaml", "heroku: {apps: {myapp: {file: [.env.shared, .env.production]}}}\n")
    near.write(".env.shared", "MAIL=1\nLOG_LEVEL=1\n")
    ran(near, "config.pull --example")
    assert example(near) == "MAIL=\nLOG_LEVEL=\n\n# Of all.\nAPI_KEY=\n"


@pytest.mark.parametrize("option", ["--prune", "--owned", "--only A", "--reveal A", "--confirm A"])
def test_what_is_about_values_does_not_go_with_it(near: Near, option: str) -> None:
    assert "--example goes with" in ran(near, f"config.pull --example {option}", 1).err
    assert not (near.folder / ".env.example").exists()
