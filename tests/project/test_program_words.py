"""What is shown of a program that failed."""

import shlex
from collections.abc import Collection, Sequence

import pytest

from deploy.project import program_words
from deploy.project.layers import Program

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
        (["x", "-token=hunter2", "secret/app"], "x -token=******** secret/app"),
    ],
)
def test_a_command_can_be_pasted_and_tells_no_secret(argv: list[str], expected: str) -> None:
    assert program_words.command(argv) == expected


M = "********"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("curl -u me:hunter2 x.dev", f"curl -u {M} x.dev"),
        ("curl -ume:hunter2 x.dev", f"curl -u{M} x.dev"),
        ("curl -sSu me:hunter2 x.dev", f"curl -sSu {M} x.dev"),
        ("curl -fsSLume:hunter2 x.dev", f"curl -fsSLu{M} x.dev"),
        ("curl --proxy-user me:hunter2 x.dev", f"curl --proxy-user {M} x.dev"),
        ("curl --cert me.pem:hunter2 x.dev", f"curl --cert {M} x.dev"),
        ("curl --oauth2-bearer hunter2 x.dev", f"curl --oauth2-bearer {M} x.dev"),
        ("curl -H 'Authorization: Bearer hunter2' x.dev", f"curl -H {M} x.dev"),
        ("curl --header='X-Vault-Token: hunter2' x.dev", f"curl --header={M} x.dev"),
        ("/usr/bin/mysql -phunter2 shop", f"/usr/bin/mysql -p{M} shop"),
        ("mysql -p=hunter2 shop", f"mysql -p{M} shop"),
        ("docker exec db mysqldump -phunter2 shop", f"docker exec db mysqldump -p{M} shop"),
        ("mongoexport -u me -p hunter2 -d shop", f"mongoexport -u me -p {M} -d shop"),
        ("sshpass -p hunter2 ssh -p 22 host", f"sshpass -p {M} ssh -p 22 host"),
        ("openssl enc -d -pass pass:hunter2 -in f", f"openssl enc -d -pass {M} -in f"),
        ("openssl rsa -passin pass:hunter2 -in f", f"openssl rsa -passin {M} -in f"),
        ("openssl enc -d -k hunter2 -in f", f"openssl enc -d -k {M} -in f"),
        ("gpg --batch --passphrase hunter2 -d f", f"gpg --batch --passphrase {M} -d f"),
        ("vault kv get -token=hunter2 kv/shop", f"vault kv get -token={M} kv/shop"),
        ("redis-cli -a hunter2 get env", f"redis-cli -a {M} get env"),
        ("unzip -P hunter2 -p f.zip", f"unzip -P {M} -p f.zip"),
        ("bw get notes shop --session hunter2", f"bw get notes shop --session {M}"),
        ("sh -c 'mysql -phunter2 shop'", f"sh -c {M}"),
        ("sh -c 'curl -u me:hunter2 x.dev'", f"sh -c {M}"),
        ("sh -c 'echo \"x; curl -u me:hunter2 x.dev'", f"sh -c {M}"),
        ("psql 'host=h password=hunter2'", f"psql host={M}"),
    ],
)
def test_a_short_option_that_is_known_to_hold_a_secret_tells_none(line: str, expected: str) -> None:
    argv = shlex.split(line)
    assert program_words.command(argv) == expected
    assert "hunter2" not in Program(tuple(argv)).shown
    assert "hunter2" not in " ".join(said("hunter2 -phunter2 me:hunter2", argv))


@pytest.mark.parametrize(
    "line",
    [
        "ssh -p 22 host cat .env",
        "docker run -p 80:80 -u 1000:1000 shop",
        "psql -p 5432 -c 'select name from vars'",
        "mysql -p -P 3306 shop",
        "curl -u me -o x:y --cert me.pem -H 'Accept: text/plain' x.dev",
        "openssl enc -d -pass env:PW -passin file:pw.txt -in f",
        "gpg --batch --passphrase-file pw.txt -d f",
        "unzip -p f.zip .env",
        "sh -c 'sops decrypt secrets.env | grep -v ^#'",
    ],
)
def test_what_is_no_secret_is_shown_so_that_a_person_can_run_it(line: str) -> None:
    assert program_words.command(shlex.split(line)) == line


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
