"""Where teams keep their env files: what each program prints, read as the settings ask for it.

The programs that need an account are fakes here, each with what its own source prints; dotenvx and
age are the real ones (marked `cli`).
"""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from deploy.envfile.flat_json import parse_output
from deploy.envfile.parser import EnvFile
from deploy.errors import BadEnvFile
from deploy.project.program import ProgramFailed, output_of
from deploy.project.program_words import command

LINES = {
    "sops": "sops decrypt --input-type dotenv --output-type dotenv secrets/shop.enc.env",
    "dotenvx": "dotenvx decrypt -f .env.production --stdout",
    "age": "age --decrypt -i key.txt secrets/shop.env.age",
    "op": "op inject --in-file .env.production.tpl",
    "doppler": "doppler secrets download --no-file --no-fallback --format json"
    " --project shop --config prd",
    "infisical": "infisical export --silent --secret-overriding=false --format=dotenv --env=prod",
    "chamber": "chamber env shop-production",
}
"""The command of each, as the README has it; no word of them has a blank."""

PRINTED = {
    # getsops/sops, `stores/dotenv/store.go`, `EmitPlainFile`: line by line as it was, quotes too.
    "sops": "#of all\nLOG_LEVEL=debug\nTOKEN='n3w t0ken'\nPEM=\"a\\nb\"\n",
    # 1Password CLI, "op inject": the template, filled in.
    "op": "# of all\nLOG_LEVEL=debug\nTOKEN='n3w t0ken'\nPEM=\"a\nb\"\n",
    # DopplerHQ/cli, `pkg/cmd/secrets.go`, `downloadSecrets`: `json.Marshal` of names and values.
    "doppler": '{"DOPPLER_CONFIG":"prd","DOPPLER_ENVIRONMENT":"prd","DOPPLER_PROJECT":"shop",'
    '"LOG_LEVEL":"debug","PEM":"a\\nb","TOKEN":"n3w t0ken"}\n',
    # Infisical/cli, `packages/cmd/export.go`, `formatAsDotEnv`: in single quotes, nothing escaped.
    "infisical": "LOG_LEVEL='debug'\nPEM='a\nb'\nTOKEN='n3w t0ken'\n",
    # segmentio/chamber, `cmd/env.go`, `buildEnvOutput`: for a shell, quoted where that is needed.
    "chamber": "export LOG_LEVEL=debug\nexport PEM='a\nb'\nexport TOKEN='n3w t0ken'\n",
}
PLAIN = "LOG_LEVEL=debug\nTOKEN='n3w t0ken'\nPEM=\"a\\nb\"\n"
VALUES = {"LOG_LEVEL": "debug", "TOKEN": "n3w t0ken", "PEM": "a\nb"}


def values(found: EnvFile) -> dict[str, str]:
    """Without what a tool adds about itself."""
    return {
        entry.name: entry.value.reveal()
        for entry in found.entries
        if not entry.name.startswith(("DOPPLER_", "DOTENV_"))
    }


class Place:
    """A project's folder, and a PATH that begins with its fakes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bin = folder / "bin"
        self.bin.mkdir()
        (folder / "secrets").mkdir()

    def fake(self, words: str, printed: str) -> None:
        """A program that prints this when it gets these words, and fails for any other."""
        name, _, rest = words.partition(" ")
        (self.bin / "printed").write_text(printed)
        script = self.bin / name
        script.write_text(f'#!/bin/sh\n[ "$*" = "{rest}" ] && exec cat "{self.bin}/printed"\n')
        script.chmod(0o755)

    def environ(self) -> Mapping[str, str]:
        path = os.pathsep.join(map(str, [self.bin, os.environ["PATH"]]))
        return {"PATH": path, "HOME": str(self.folder), "HEROKU_API_KEY": "not-for-them"}

    def printed(self, words: str) -> bytes:
        return output_of(
            words.split(" "),
            shown=words.partition(" ")[0],
            folder=self.folder,
            environ=self.environ(),
            seconds=60,
            names=lambda: VALUES,
        )

    def read(self, words: str) -> EnvFile:
        return parse_output(self.printed(words), source=words.partition(" ")[0])


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.mark.parametrize("tool", PRINTED)
def test_what_it_prints_is_what_was_kept(tool: str, place: Place) -> None:
    place.fake(LINES[tool], PRINTED[tool])
    found = place.read(LINES[tool])
    assert values(found) == VALUES
    assert found.warnings == ()


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_each_command_is_shown_as_it_is(line: str) -> None:
    assert command(line.split(" ")) == line


def test_what_doppler_says_of_itself_is_declared_too(place: Place) -> None:
    place.fake(LINES["doppler"], PRINTED["doppler"])
    names = set(place.read(LINES["doppler"]).vars) - VALUES.keys()
    assert names == {"DOPPLER_CONFIG", "DOPPLER_ENVIRONMENT", "DOPPLER_PROJECT"}


# What the other formats of theirs come to.


def test_infisical_s_json_is_a_list_and_is_refused(place: Place) -> None:
    line = "infisical export --format=json"
    place.fake(line, '[{"key":"TOKEN","workspace":"w","value":"n3w t0ken","type":"shared"}]')
    with pytest.raises(BadEnvFile) as caught:
        place.read(line)
    assert str(caught.value) == "infisical: is a list in JSON, and no object"
    assert caught.value.next_step == "let it print an env file: infisical export --format=dotenv"


def test_chamber_s_json_has_the_names_as_they_are_stored(place: Place) -> None:
    line = "chamber export --format json shop-production"
    place.fake(line, '{"log_level":"debug","db-url":"x"}\n')
    with pytest.raises(BadEnvFile, match="chamber: db-url: a name must be letters"):
        place.read(line)
    place.fake(line, '{"log_level":"debug"}\n')
    assert values(place.read(line)) == {"log_level": "debug"}


def test_chamber_s_dotenv_escapes_what_is_not_taken_away(place: Place) -> None:
    line = "chamber export --format dotenv shop-production"
    place.fake(line, 'PRICE="5\\$"\nOK="a\\nb"\n')
    [warning] = place.read(line).warnings
    assert (warning.line, warning.name) == (1, "PRICE")


@pytest.mark.parametrize(
    ("tool", "printed"),
    [
        ("infisical", "A='it's'\nB='x'\n"),
        ("chamber", "export A='it'\"'\"'s'\nexport B=x\n"),
        ("op", "# comment\nA='it's'\nB=x\n"),
    ],
)
def test_a_quote_in_a_value_is_refused_and_not_cut(tool: str, printed: str, place: Place) -> None:
    place.fake(LINES[tool], printed)
    with pytest.raises(BadEnvFile, match=r"line [12]: A: a quote is left open"):
        place.read(LINES[tool])


def test_a_reference_that_op_did_not_fill_in_is_warned_of(place: Place) -> None:
    place.fake(LINES["op"], "TOKEN=op://prod/shop/token\n")
    [warning] = place.read(LINES["op"]).warnings
    assert warning.reason == "looks like a reference or a template that nobody resolved"


# The real ones.


def run(place: Place, *words: str) -> bytes:
    return subprocess.check_output(
        words, cwd=place.folder, env=place.environ(), stderr=subprocess.DEVNULL
    )


@pytest.fixture
def dotenvx(place: Place) -> Place:
    """A folder whose env file dotenvx encrypted in place."""
    cli = os.environ.get("DOTENVX_CLI")
    assert cli, "set DOTENVX_CLI to the path of dotenvx (npm install @dotenvx/dotenvx)"
    (place.bin / "dotenvx").symlink_to(cli)
    (place.folder / ".env.production").write_text(PLAIN)
    run(place, "dotenvx", "encrypt", "-f", ".env.production")
    assert "t0ken" not in (place.folder / ".env.production").read_text()
    return place


@pytest.mark.cli
@pytest.mark.parametrize("line", [LINES["dotenvx"], "dotenvx get -f .env.production"])
def test_dotenvx_prints_what_was_encrypted(line: str, dotenvx: Place) -> None:
    assert values(dotenvx.read(line)) == VALUES


@pytest.mark.cli
def test_dotenvx_without_its_key_fails_and_names_the_vars(dotenvx: Place) -> None:
    (dotenvx.folder / ".env.keys").unlink()
    for line in (LINES["dotenvx"], "dotenvx get -f .env.production"):
        with pytest.raises(ProgramFailed) as caught:
            dotenvx.read(line)
        assert "; it said: ******** could not decrypt LOG_LEVEL TOKEN PEM" in caught.value.reason
        assert caught.value.next_step == f"run it by hand: {line}"


@pytest.mark.cli
def test_dotenvx_without_the_file_fails(dotenvx: Place) -> None:
    (dotenvx.folder / ".env.production").unlink()
    with pytest.raises(ProgramFailed, match="ended with exit code 1"):
        dotenvx.read(LINES["dotenvx"])


@pytest.fixture
def age(place: Place) -> Place:
    """A folder with a key of age's."""
    cli = os.environ.get("AGE_CLI") or shutil.which("age")
    assert cli, "install age (age-encryption.org), or set AGE_CLI to its path"
    for name in ("age", "age-keygen"):
        (place.bin / name).symlink_to(Path(cli).resolve().with_name(name))
    run(place, "age-keygen", "-o", "key.txt")
    return place


def encrypt(place: Place, text: str) -> None:
    (place.folder / "plain").write_text(text)
    recipient = run(place, "age-keygen", "-y", "key.txt").decode().strip()
    run(place, "age", "-r", recipient, "-o", "secrets/shop.env.age", "plain")


@pytest.mark.cli
def test_age_prints_what_was_encrypted(age: Place) -> None:
    encrypt(age, PLAIN)
    assert age.printed(LINES["age"]) == PLAIN.encode()
    assert values(age.read(LINES["age"])) == VALUES


@pytest.mark.cli
def test_age_with_another_key_fails(age: Place) -> None:
    encrypt(age, PLAIN)
    (age.folder / "key.txt").unlink()
    run(age, "age-keygen", "-o", "key.txt")
    with pytest.raises(ProgramFailed) as caught:
        age.printed(LINES["age"])
    assert caught.value.reason.startswith("ended with exit code 1; it said: age error no identity")


@pytest.mark.cli
def test_age_prints_half_of_a_file_that_is_cut_and_none_of_it_is_taken(age: Place) -> None:
    encrypt(age, PLAIN + "# a long comment\n" * 10_000)
    path = age.folder / "secrets" / "shop.env.age"
    path.write_bytes(path.read_bytes()[:-20])
    half = subprocess.run(
        LINES["age"].split(" "),
        cwd=age.folder,
        env=age.environ(),
        capture_output=True,
        check=False,
    )
    assert half.stdout.startswith(PLAIN.encode())
    with pytest.raises(ProgramFailed, match="ended with exit code 1"):
        age.printed(LINES["age"])
