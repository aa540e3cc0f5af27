"""What is encrypted is no value yet: refused, with the command that decrypts it."""

import pytest

from deploy.envfile.parser import parse
from deploy.errors import BadEnvFile
from deploy.secret.ciphertext import of_file

SOPS = "ENC[AES256_GCM,data:c4nary,iv:c4nary,tag:c4nary,type:str]"
AGE = "-----BEGIN AGE ENCRYPTED FILE-----\nYWdlLWVuY3J5cHRpb24\n-----END AGE ENCRYPTED FILE-----"
PGP = "-----BEGIN PGP MESSAGE-----\n\nhQEMA8c4nary\n-----END PGP MESSAGE-----"
ANSIBLE = "$ANSIBLE_VAULT;1.1;AES256\n6162633"
RUNTIME = "name what the app decrypts itself under encrypted: in the settings"
DECRYPT = f"decrypt it first, and pipe it to --file -; or {RUNTIME}"


def refused(data: str | bytes, source: str = ".env.production") -> BadEnvFile:
    data = data.encode() if isinstance(data, str) else data
    with pytest.raises(BadEnvFile) as caught:
        parse(data, source=source)
    assert "c4nary" not in f"{caught.value}{caught.value.next_step}"
    return caught.value


def values(text: str, *encrypted: str) -> dict[str, str]:
    found = parse(text.encode(), source="f", encrypted=encrypted)
    return {name: value.reveal() for name, value in found.vars.items()}


@pytest.mark.parametrize(
    ("text", "tool"),
    [
        (f"A={SOPS}", "sops"),
        (f'A="{SOPS}"', "sops"),
        ("A=encrypted:BMOlwWvysUGtJ5bdu", "dotenvx"),
        ("A='encrypted:BMOlwWvysUGtJ5bdu'", "dotenvx"),
        ("A=encrypted:BMOl # comment", "dotenvx"),
        ("A=vault:v1:8SDd3WHDOjf7mq69", "Vault's transit engine"),
        ("A=vault:v23:8SDd3WHDOjf7mq69", "Vault's transit engine"),
        (f'A="{PGP}"', "PGP"),
        ("A='" + PGP.replace("\n", "\\n") + "'", "PGP"),
        (f'A="{AGE}"', "age"),
        (f'A="\n{AGE}\n"', "age"),
        (f"A='{ANSIBLE}'", "ansible-vault"),
        ("A=ENC[PKCS7,Y22exl+OvjDe]", "hiera-eyaml"),
        ("A=EJ[1:WGj2t4znULHT1IRveMEdvvNX:6IaX5o6K:4Ri9]", "ejson"),
        ("A={cipher}FKSAJDFGYOS8F7GLHAKERGFHLSAJ", "Spring Cloud Config"),
        ("A='{cipher}FKSAJDFGYOS8F7GLHAKERGFHLSAJ'", "Spring Cloud Config"),
    ],
)
def test_a_value_that_is_encrypted_is_refused(text: str, tool: str) -> None:
    assert str(refused(f"{text}\n")) == f".env.production: line 1: A: is encrypted by {tool}"


@pytest.mark.parametrize(
    "value",
    [
        "encrypted",
        "encrypted=yes",
        "unencrypted:x",
        "vault:version",
        "vault:v1",
        "-----BEGIN PGP PUBLIC KEY BLOCK-----",
        "-----BEGIN PRIVATE KEY-----",
        "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZ",
        "age1qwwzsz6z2mmu6hpmjt2he7nepmnhutmhehvkva7l5zy5xzf08d5s5n4d6n",
        "ENC",
        "ENC[x]",
        "EJECT",
        "{}",
        '{"cipher":"aes"}',
        "0362e9a75df2eb8603f03cb095fdd3f936dd748cf904ee62215ca5da426ea07490",
        "Salted__",
    ],
)
def test_what_is_a_key_or_only_reads_alike_is_a_value(value: str) -> None:
    assert values(f"A='{value}'\n") == {"A": value}


def test_all_encrypted_lines_are_told_at_once_with_the_command_that_decrypts_them() -> None:
    text = (
        'DOTENV_PUBLIC_KEY_PRODUCTION="0362e9a7"\n\n# .env.production\n'
        'HELLO="encrypted:BMOl"\nlower=encrypted:BM3G # comment\nPLAIN=1\n'
    )
    error = refused(text)
    assert str(error) == (
        ".env.production: line 4: HELLO: is encrypted by dotenvx\n"
        ".env.production: line 5: lower: is encrypted by dotenvx"
    )
    assert error.next_step == (
        "decrypt it: dotenvx decrypt -f .env.production --stdout | invoke config.diff --file -;"
        f" or {RUNTIME}"
    )


def test_a_file_of_sops_is_refused_with_its_own_names_too() -> None:
    text = (
        f"API_KEY={SOPS}\nsops_age__list_0__map_enc=-----BEGIN AGE\\n\n"
        f"sops_lastmodified=2026-09-16T19:00:22Z\nsops_mac={SOPS}\nsops_version=3.9.0\n"
    )
    error = refused(text, "my env")
    assert str(error) == (
        "my env: line 1: API_KEY: is encrypted by sops\n"
        "my env: line 2: sops_age__list_0__map_enc: is encrypted by sops\n"
        "my env: line 3: sops_lastmodified: is encrypted by sops\n"
        "my env: line 4: sops_mac: is encrypted by sops\n"
        "my env: line 5: sops_version: is encrypted by sops"
    )
    assert error.next_step == (
        "decrypt it: sops decrypt --input-type dotenv --output-type dotenv 'my env'"
        f" | invoke config.diff --file -; or {RUNTIME}"
    )


def test_what_comes_through_standard_input_is_a_file_in_the_command() -> None:
    error = refused("A=encrypted:BM3G\n", "standard input")
    assert error.next_step == (
        f"decrypt it: dotenvx decrypt -f FILE --stdout | invoke config.diff --file -; or {RUNTIME}"
    )


def test_where_no_command_is_known_it_is_to_be_decrypted_first() -> None:
    assert refused("A=vault:v1:c4nary\n").next_step == DECRYPT


def test_a_file_of_dotenv_vault_is_refused_by_its_names() -> None:
    text = 'DOTENV_VAULT_PRODUCTION="s7NYXa809k"\nDOTENV_VAULT_PRODUCTION_VERSION=2\n'
    assert str(refused(text, ".env.vault")) == (
        ".env.vault: line 1: DOTENV_VAULT_PRODUCTION: is encrypted by dotenv-vault\n"
        ".env.vault: line 2: DOTENV_VAULT_PRODUCTION_VERSION: is encrypted by dotenv-vault"
    )


@pytest.mark.parametrize(
    ("data", "tool", "command"),
    [
        (b"\0GITCRYPT\0\x8a\xff\0", "git-crypt", None),
        (b"age-encryption.org/v1\n-> X25519 8Dv\n\xff", "age", "age --decrypt -i KEY f"),
        (AGE.encode(), "age", "age --decrypt -i KEY f"),
        (b"\xef\xbb\xbf\r\n" + AGE.encode(), "age", "age --decrypt -i KEY f"),
        (ANSIBLE.encode(), "ansible-vault", "ansible-vault decrypt --output - f"),
        (PGP.encode(), "PGP", "gpg --decrypt f"),
        (b"\x84\x5e\x03\x12\xff", "PGP", "gpg --decrypt f"),
        (b"\x85\x01\x0c\x03\x12\xff", "PGP", "gpg --decrypt f"),
        (b"\x8c\x0d\x04\x09\x03\xff", "PGP", "gpg --decrypt f"),
        (b"Salted__\x01\xff", "OpenSSL", None),
        (b"U2FsdGVkX1+abc\n", "OpenSSL", None),
        (
            b'{\n\t"data": "ENC[AES256_GCM,data:x]",\n\t"sops": {}\n}\n',
            "sops",
            "sops decrypt --input-type binary --output-type binary f",
        ),
        (
            b'{"data":"ENC[AES256_GCM,data:x]","sops":{}}',
            "sops",
            "sops decrypt --input-type binary --output-type binary f",
        ),
        (
            b'{"A": "ENC[AES256_GCM,data:x]", "sops": {}}',
            "sops",
            "sops decrypt --input-type json --output-type dotenv f",
        ),
        (
            b"A: ENC[AES256_GCM,data:x]\nsops:\n    version: 3.9.0\n",
            "sops",
            "sops decrypt --input-type yaml --output-type dotenv f",
        ),
    ],
    ids=repr,
)
def test_a_file_that_is_encrypted_as_a_whole_is_refused_in_one_line(
    data: bytes, tool: str, command: str | None
) -> None:
    error = refused(data, "f")
    assert str(error) == f"f: is encrypted by {tool}, as a whole"
    assert error.next_step == (
        f"decrypt it: {command} | invoke config.diff --file -"
        if command
        else {
            "git-crypt": "decrypt it: git-crypt unlock",
            "OpenSSL": "decrypt it first, and pipe it to --file -",
        }[tool]
    )


@pytest.mark.parametrize(
    "data",
    [
        b"A=1\n",
        b'{"A": "x", "sops": {}}',
        b'{"A": "ENC[AES256_GCM,data:x]"}',
        b'A=ENC[AES256_GCM,data:x] # "sops"\n',
        b"A: x\nsops:\n    version: 3.9.0\n",
        b"A: ENC[AES256_GCM,data:x]\n",
        b"\x84\x5e\x04",
        b"\x85\x01\x0c",
        b"",
    ],
    ids=repr,
)
def test_a_file_that_only_reads_alike_is_not_encrypted_as_a_whole(data: bytes) -> None:
    assert of_file(data) is None


@pytest.mark.parametrize("pattern", ["SECRET", "SEC*", "*"])
def test_a_var_that_the_app_decrypts_itself_is_named_in_the_settings(pattern: str) -> None:
    assert values("SECRET=encrypted:BM3G\n", pattern) == {"SECRET": "encrypted:BM3G"}


def test_another_name_in_the_settings_does_not_let_it_pass() -> None:
    with pytest.raises(BadEnvFile, match=r"f: line 2: B: is encrypted by dotenvx"):
        values("SECRET=encrypted:BM3G\nB=encrypted:x\n", "SECRET", "BB")


def test_a_name_below_a_broken_line_is_held_back() -> None:
    text = 'A="x\nc4naryC4NARY8=encrypted:x\n'
    assert str(refused(text)) == (
        ".env.production: line 1: A: a quote is left open, or text follows the closing one\n"
        ".env.production: line 2: is encrypted by dotenvx"
    )
