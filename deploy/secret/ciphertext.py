"""What is encrypted, by which tool, and the command that decrypts it to standard output.

The marks are those that the tools write: getsops/sops (README; `stores/dotenv` reserves names with
`sops_`), dotenvx (`encrypted:`; it encrypts in place, and leaves its public key in a file that was
decrypted, so that the key says nothing), Vault's transit engine (`vault:v1:`), RFC 9580 (PGP),
age-encryption.org/v1, ansible-vault's header, git-crypt's, `openssl enc` (`Salted__`), hiera-eyaml,
Shopify's ejson, Spring Cloud Config and dotenv-vault.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, AnyStr, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

IF_APP_DECRYPTS = "name what the app decrypts itself under encrypted: in the settings"


class Tool(NamedTuple):
    """What encrypts; `command` prints the plain text of FILE, empty where none can be named."""

    name: str
    command: str = ""


_SOPS = Tool("sops", "sops decrypt --input-type dotenv --output-type dotenv FILE")
_DOTENVX = Tool("dotenvx", "dotenvx decrypt -f FILE --stdout")
_VALUES = {
    "ENC[AES256_GCM,": _SOPS,
    "encrypted:": _DOTENVX,
    "vault:v": Tool("Vault's transit engine"),
    "-----BEGIN PGP MESSAGE-----": Tool("PGP"),
    "-----BEGIN AGE ENCRYPTED FILE-----": Tool("age"),
    "$ANSIBLE_VAULT;": Tool("ansible-vault"),
    "ENC[PKCS7,": Tool("hiera-eyaml"),
    "EJ[1:": Tool("ejson"),
    "{cipher}": Tool("Spring Cloud Config"),
}
_NAMES = {"sops_": _SOPS, "DOTENV_VAULT_": Tool("dotenv-vault")}
_AGE = Tool("age", "age --decrypt -i KEY FILE")
_PGP = Tool("PGP", "gpg --decrypt FILE")
_FILES = {
    b"\0GITCRYPT\0": Tool("git-crypt"),
    b"age-encryption.org/v1": _AGE,
    b"-----BEGIN AGE ENCRYPTED FILE-----": _AGE,
    b"-----BEGIN PGP MESSAGE-----": _PGP,
    b"$ANSIBLE_VAULT;": Tool("ansible-vault", "ansible-vault decrypt --output - FILE"),
    b"Salted__": Tool("OpenSSL"),
    b"U2FsdGVkX1": Tool("OpenSSL"),
}


def of_entry(name: str, value: str, *, expected: Iterable[str] = ()) -> Tool | None:
    """What encrypted an entry, or the file that has such a name; None where that is expected.

    `expected` are names, or patterns of names.
    """
    tool = _by_mark(name, _NAMES) or _of_value(value)
    return None if tool and any(fnmatchcase(name, each) for each in expected) else tool


def _by_mark(text: AnyStr, marks: Mapping[AnyStr, Tool]) -> Tool | None:
    return next((tool for mark, tool in marks.items() if text.startswith(mark)), None)


def _of_value(value: str) -> Tool | None:
    """What encrypted a value; a key that decrypts is none."""
    text = value.lstrip()
    version, colon, _ = text.removeprefix("vault:v").partition(":")
    if text.startswith("vault:v") and not (version.isdigit() and colon):
        return None
    return _by_mark(text, _VALUES)


def of_file(data: bytes) -> Tool | None:
    """What encrypted a file as a whole, so that it is no env file any more."""
    text = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if tool := _by_mark(text, _FILES):
        return tool
    if _is_pgp_packet(data):
        return _PGP
    return _of_sops(text) if b"ENC[AES256_GCM," in text else None


def _is_pgp_packet(data: bytes) -> bool:
    """Whether it begins with a session key of gpg, for a key or a pass phrase (RFC 9580, 5.1, 5.3).

    No file in UTF-8 begins so.
    """
    first, third, fourth = data[:1], data[2:3], data[3:4]
    return first + third in (b"\x84\3", b"\x8c\4") or first + fourth == b"\x85\3"


def _of_sops(text: bytes) -> Tool | None:
    """Each type is said, for sops takes a name such as .env.production for binary."""
    if text.startswith(b"{") and b'"sops"' in text:
        is_binary = text[1:].lstrip().startswith(b'"data"')
        types = ("binary", "binary") if is_binary else ("json", "dotenv")
    elif b"\nsops:" in text:
        types = ("yaml", "dotenv")
    else:
        return None
    return Tool("sops", f"sops decrypt --input-type {types[0]} --output-type {types[1]} FILE")


def how_to_decrypt(tools: list[Tool], source: str, *, as_a_whole: bool = False) -> str:
    """The next step for a file; `source` is what messages call it."""
    from shlex import quote  # noqa: PLC0415  # rarely needed

    path = "FILE" if source == "standard input" else quote(source)
    commands = dict.fromkeys(tool.command.replace("FILE", path) for tool in tools if tool.command)
    steps = [f"decrypt it: {each} | invoke config.diff --file -" for each in commands]
    if not steps and tools[0].name == "git-crypt":
        steps = ["decrypt it: git-crypt unlock"]
    steps = steps or ["decrypt it first, and pipe it to --file -"]
    return "; or ".join(steps if as_a_whole else [*steps, IF_APP_DECRYPTS])
