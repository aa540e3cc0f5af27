"""Options that hold a secret by what the program is, and not by their name: `mysql -p…`.

Short ones alone: `-p` is a port for most programs, and a command that is masked for nothing cannot
be run by hand. It counts behind the name of a program that is known here, as it does behind `env`,
`sudo` or `docker exec`.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple


class Options(NamedTuple):
    """Of one program, as patterns: options whose next word is a secret, or the rest of theirs."""

    behind: str = ""
    joined: str = ""
    plain: str = ""
    """What is none, though it stands there."""

    def joined_in(self, word: str) -> str:
        """The option with which a word begins whose rest is a secret; empty where none is."""
        found = re.match(self.joined, word)
        return found[0] if found and not self._is_plain(word[found.end() :]) else ""

    def is_behind(self, before: str, word: str) -> bool:
        return self._takes(before) and not self._is_plain(word)

    def is_plain_behind(self, before: str, word: str) -> bool:
        """Whether a word only says where the secret is, or that there is none."""
        return self._takes(before) and self._is_plain(word)

    def _takes(self, before: str) -> bool:
        return before != "" and re.fullmatch(self.behind, before) is not None

    def _is_plain(self, word: str) -> bool:
        return re.fullmatch(self.plain, word) is not None


_NONE = Options()
_KNOWN = {
    # Without a colon there is no password: curl asks for it.
    "curl": Options("-[A-Za-z]*[uUE]|--(proxy-)?user|--cert", "-[A-Za-z]*?[uUE]", "[^:]*"),
    # From where it is to be had may be shown (openssl-passphrase-options(1)).
    "openssl": Options("-k|-K|-pass(in|out)?", "", "(file|env|fd):.*|stdin"),
    # A bare -p asks for it, and the next word is the name of a database, or of a file.
    **dict.fromkeys(
        ("mysql", "mysqldump", "mariadb", "mariadb-dump", "mysqlsh"), Options("", "-p")
    ),
    **dict.fromkeys(("7z", "7za", "7zr", "7zz"), Options("", "-p")),
    **dict.fromkeys(("mongo", "mongosh", "mongoexport", "mongodump"), Options("-p", "-p")),
    **dict.fromkeys(("cqlsh", "sshpass"), Options("-p", "-p")),
    **dict.fromkeys(("zip", "unzip", "sqlcmd", "bcp"), Options("-P", "-P")),
    **dict.fromkeys(("http", "https", "redis-cli"), Options("-a", "-a")),
    "ldapsearch": Options("-w", "-w"),
    **dict.fromkeys(("docker", "psql", "ssh"), _NONE),  # a port, whatever stands ahead of them
}
_NAMES = {"authorization", "bearer", "cookie", "oauth2-bearer", "passin", "passout"}
_NAMES |= {"proxy-authorization", "pw", "session"}


def options_of(before: Sequence[str]) -> Options:
    """Those of the last known program among the words before; none where there is no such."""
    names = (word.rpartition("/")[2] for word in reversed(before))
    return next((_KNOWN[name] for name in names if name in _KNOWN), _NONE)


def is_secret_name(name: str) -> bool:
    """Whether an option or a header of this name holds a secret, in any program."""
    return name.lower() in _NAMES
