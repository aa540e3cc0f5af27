"""Values of an env file, each planted once as a language, a format or a tool writes it.

What escapes a value here was written for this corpus, and shares nothing with what looks for it.
"""

import base64
import json
import textwrap
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import quote, quote_plus

from tests.secret.forms.drawn import BASE62, drawn

from .chapter import PRODUCTION, Chapter, Place, written

PLACE = "@@"
"""Where a value goes, in the text of a file."""


class Planted(NamedTuple):
    """A file with one place, how the value is written there, and what the value is."""

    path: str
    text: str
    write: Callable[[str], str] = str
    marks: str = ""
    """Characters that the value has besides letters and digits."""
    is_missed: bool = False


def before(marks: str, sign: str = "\\") -> Callable[[str], str]:
    return lambda value: "".join(sign + each if each in marks else each for each in value)


def turned(pairs: dict[str, str]) -> Callable[[str], str]:
    return lambda value: "".join(pairs.get(each, each) for each in value)


def in_json(value: str) -> str:
    return json.dumps(value)[1:-1]


def in_base64(value: str) -> str:
    return base64.b64encode(value.encode()).decode()


def wrapped(width: int) -> Callable[[str], str]:
    return lambda value: "\n".join(textwrap.wrap(in_base64(value), width))


def in_small_escapes(value: str) -> str:
    return turned({"/": "%2f", "=": "%3d", "+": "%2b"})(value)


HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"}

LANGUAGES = (
    Planted("src/settings.py", "import os\n\nKEY = '@@'\n"),
    Planted("src/client.py", 'def connect():\n    return Client(token="@@")\n'),
    Planted("src/raw.py", "KEY = r'@@'\n", marks="\\+"),
    Planted("src/bytes.py", "KEY = b'@@'\n"),
    Planted("src/client.rb", "Client.new(token: '@@')\n"),
    Planted("src/client.go", "package main\n\nvar key = `@@`\n", marks="\\"),
    Planted("src/client.ts", "export const key: string = '@@';\n"),
    Planted("src/Client.java", 'class Client {\n  String key = "@@";\n}\n'),
    Planted("src/client.kt", 'val key = "@@"\n'),
    Planted("src/client.swift", 'let key = "@@"\n'),
    Planted("src/client.php", "<?php\n$key = '@@';\n"),
    Planted("src/client.rs", 'const KEY: &str = r#"@@"#;\n', marks="\\"),
    Planted("src/client.exs", 'config :app, key: "@@"\n'),
    Planted("src/client.scala", 'val key = """@@"""\n', marks="\\"),
    Planted("src/client.c", '#define KEY "@@"\n'),
    Planted("src/client.lua", "local key = [[@@]]\n", marks="\\"),
    Planted("src/client.pl", "my $key = q{@@};\n"),
    Planted("src/client.r", 'key <- "@@"\n'),
    Planted("src/Client.cs", 'const string Key = "@@";\n'),
    Planted("deploy/main.tf", 'variable "key" {\n  default = "@@"\n}\n'),
    Planted("deploy/terraform.tfvars", 'key = "@@"\n'),
    Planted("deploy/compose.yml", "services:\n  web:\n    environment:\n      - KEY=@@\n"),
    Planted("deploy/values.yaml", "web:\n  key: @@\n"),
    Planted("deploy/pod.yaml", 'env:\n  - name: KEY\n    value: "@@"\n'),
    Planted("deploy/app.toml", 'key = "@@"\n'),
    Planted("deploy/app.ini", "[app]\nkey = @@\n"),
    Planted("deploy/web.service", "[Service]\nEnvironment=KEY=@@\n"),
    Planted("deploy/nginx.conf", "proxy_set_header Authorization '@@';\n"),
    Planted("deploy/web.config", '<add key="Key" value="@@"/>\n'),
    Planted("deploy/Dockerfile", "FROM scratch\nARG KEY=@@\n"),
    Planted("deploy/Makefile", "deploy:\n\tKEY=@@ ./deploy\n"),
    Planted("deploy/Jenkinsfile", "environment { KEY = '@@' }\n"),
    Planted("deploy/run.ps1", "$env:KEY = '@@'\n"),
    Planted("deploy/run.bat", "set KEY=@@\r\n"),
    Planted("deploy/run.fish", "set -x KEY @@\n"),
    Planted("deploy/.npmrc", "//npm.kestrel.io/:_authToken=@@\n"),
    Planted("deploy/.netrc", "machine api.kestrel.io login app password @@\n"),
    Planted("deploy/.htpasswd.txt", "app:@@\n"),
    Planted(".github/workflows/ci.yml", "jobs:\n  a:\n    env:\n      KEY: @@\n"),
    Planted("Procfile", "web: KEY=@@ gunicorn app\n"),
    Planted("web/index.html", "<script>\nstart('@@')\n</script>\n"),
    Planted("web/page.vue", '<template>\n<maps key-of="@@"/>\n</template>\n'),
    Planted("notes/run.http", "GET https://api.kestrel.io/v1\nAuthorization: Bearer @@\n"),
    Planted("notes/query.sql", "insert into keys values (1, '@@');\n"),
    Planted("notes/log.txt", "2024-02-03T04:05:06 called with @@ and failed\n"),
    Planted("notes/old.env.bak", "KEY=@@\n"),
    Planted("tests/test_client.py", "def test_it():\n    assert Client('@@')\n"),
    Planted("docs/setup.md", "# Setup\n\nUse `@@` for the key.\n"),
    Planted("README.md", "Call it with @@.\n"),
    Planted("web/app.min.js", "var a=1;" * 3000 + "b('@@');" + "var c=2;" * 3000 + "\n"),
    Planted("web/dos.js", "a();\r\nb('@@');\r\n"),
    Planted("web/é ü.js", "b('@@');\n"),
    Planted("web/without-end.js", "a();\nb('@@')"),
)
"""As it is; letters and digits alone where nothing else is said."""

ESCAPED = (
    # Shells.
    Planted("bin/one.sh", 'export KEY="@@"\n', before('$"`\\'), "$`"),
    Planted("bin/two.sh", 'export KEY="@@"\n', before('$"`\\'), '$"'),
    Planted("bin/three.sh", "export KEY='@@'\n", turned({"'": "'\\''"}), "'"),
    Planted("bin/four.sh", "export KEY='@@'\n", turned({"'": "'\"'\"'"}), "'"),
    Planted("bin/five.sh", "export KEY=@@\n", before("$'\"`\\&;()"), "$&"),
    Planted("bin/six.sh", 'curl -d \'{"key": "@@"}\' https://api.kestrel.io\n', in_json, '"\\'),
    Planted("bin/seven.sh", "KEY=$'@@'\n", before("'\\"), "'$"),
    Planted("bin/Dockerfile", 'FROM scratch\nENV KEY="@@"\n', before('$"\\'), "$"),
    Planted("bin/Dockerfile.web", 'FROM scratch\nENV KEY="@@"\n', before('$"\\'), '"$'),
    Planted("bin/Dockerfile.plain", "FROM scratch\nENV KEY=@@\n", before("$"), "$!"),
    Planted("bin/compose.yml", 'environment:\n  KEY: "@@"\n', before("$", "$"), "$"),
    Planted("bin/Makefile", "KEY := @@\n", before("$", "$"), "$"),
    Planted("bin/web.service", "[Service]\nEnvironment=KEY=@@\n", before("%", "%"), "%"),
    Planted("bin/alembic.ini", "[alembic]\nkey = @@\n", before("%", "%"), "%"),
    Planted("bin/crontab", "5 4 * * * KEY=@@ run\n", before("%"), "%"),
    # JavaScript, and what has its strings.
    Planted("js/one.js", "const key = `@@`;\n", before("`$\\"), "`$"),
    Planted("js/two.js", "const key = '@@';\n", before("'\\"), "'$"),
    Planted("js/three.js", 'const key = "@@";\n', before('"\\'), '"$'),
    Planted("js/four.js", 'const key = "@@";\n', turned({"<": "\\u003C", "/": "\\u002F"}), "</"),
    Planted("js/five.py", "key = '@@'\n", before("'\\"), "'\\"),
    Planted("js/six.rb", 'key = "@@"\n', turned({"#": "\\#", '"': '\\"'}), "#{"),
    Planted("js/seven.php", '$key = "@@";\n', before('$"\\'), "$"),
    Planted("js/eight.kt", 'val key = "@@"\n', before('$"\\'), "$"),
    Planted("js/nine.tf", 'key = "@@"\n', turned({"$": "$$", "%": "%%"}), "${"),
    # JSON, and JSON for pages.
    Planted("json/one.json", '{"key": "@@"}\n', in_json, '"\\'),
    Planted("json/two.json", '{"key": "@@"}\n', in_json, "é\\"),
    Planted("json/three.json", '{"key": "@@"}\n', turned({"/": "\\/"}), "/"),
    Planted("json/four.json", '{"key": "@@"}\n', turned({"&": "\\u0026"}), "&"),
    Planted("json/five.json", '{"key": "@@"}\n', turned({"<": "\\u003c", ">": "\\u003e"}), "<>"),
    Planted("json/six.json", '{"key": "@@"}\n', turned({"'": "\\u0027", "&": "\\u0026"}), "'&"),
    Planted("json/gson.json", '{"key": "@@"}\n', turned({"=": "\\u003d", "&": "\\u0026"}), "=&"),
    Planted("json/net.json", '{"key": "@@"}\n', turned({"+": "\\u002B", "'": "\\u0027"}), "+'"),
    Planted("json/net2.json", '{"key": "@@"}\n', turned({'"': "\\u0022", "<": "\\u003C"}), '"<'),
    Planted("json/php.json", '{"key": "@@"}\n', turned({"é": "\\u00e9", "/": "\\/"}), "é/"),
    Planted(
        "json/book.ipynb",
        '{"cells": [{"source": ["key = \\"@@\\""]}]}\n',
        lambda value: in_json(before('"\\')(value)),
        '"\\',
    ),
    Planted(
        "json/out.ipynb",
        '{"text": ["{\\"key\\": \\"@@\\"}"]}\n',
        lambda value: in_json(in_json(value)),
        '"é',
    ),
    Planted("json/page.html", '<script>\nvar a = {"key": "@@"}\n', turned({"&": "\\u0026"}), "&$"),
    # Markup.
    Planted("html/one.html", '<a data-key="@@">\n', turned({"&": "&amp;"}), "&"),
    Planted("html/two.html", '<a data-key="@@">\n', turned(HTML), "&'"),
    Planted("html/three.html", '<a data-key="@@">\n', turned({**HTML, "'": "&#39;"}), "'\""),
    Planted("html/four.xml", '<key value="@@"/>\n', turned({**HTML, "'": "&apos;"}), "'<"),
    Planted("html/five.xml", "<key>@@</key>\n", turned({"&": "&amp;", "<": "&lt;"}), '&<"'),
    Planted("html/six.html", '<a href="/x?key=@@">\n', lambda value: quote(value, safe=""), "&/"),
    Planted("html/seven.html", "<p>@@</p>\n", turned({**HTML, '"': "&#34;", "'": "&#39;"}), "\"'"),
    Planted("html/eight.html", "<p>@@</p>\n", turned({**HTML, "=": "&#x3D;", "`": "&#x60;"}), "=`"),
    # URLs.
    Planted(
        "url/one.js", "get('https://x.kestrel.io/?a=1&key=@@')\n", lambda v: quote(v, safe=""), "/="
    ),
    Planted("url/two.js", "get('/x?key=@@&b')\n", lambda v: quote(v, safe="!'()*~-_."), "'(+"),
    Planted(
        "url/three.js", "get('/x/@@')\n", lambda v: quote(v, safe="!'()*~-_.;,/?:@&=+$#"), "é&/"
    ),
    Planted("url/four.py", "get('/x?key=@@')\n", quote_plus, " /"),
    Planted("url/five.py", "get('/x?key=@@')\n", quote, "/=&"),
    Planted("url/six.go", 'get("/x?key=@@")\n', in_small_escapes, "/="),
    Planted("url/seven.txt", "user=a&key=@@\n", lambda v: quote_plus(v, safe="*-._"), "&*"),
    # Formats.
    Planted("form/one.yml", "key: '@@'\n", turned({"'": "''"}), "'"),
    Planted("form/two.sql", "insert into keys values ('@@');\n", turned({"'": "''"}), "'$"),
    Planted("form/three.csv", 'id,key\n1,"@@"\n', turned({'"': '""'}), '"'),
    Planted("form/four.cs", 'var key = @"@@";\n', turned({'"': '""'}), '"\\'),
    Planted("form/five.vb", 'Dim key = "@@"\n', turned({'"': '""'}), '"'),
    Planted("form/six.ps1", "$key = '@@'\n", turned({"'": "''"}), "'"),
    Planted("form/seven.ps1", '$key = "@@"\n', turned({"$": "`$", '"': '`"'}), "$"),
    Planted("form/eight.properties", "key=@@\n", before(":=#!\\"), ":="),
    Planted("form/nine.properties", "url=@@\n", before(":"), ":="),
    Planted("form/ten.properties", "key=@@\n", before(":=#!\\"), "!#"),
    Planted("form/eleven.yml", 'key: "@@"\n', before('"\\'), '"\\'),
    Planted("form/twelve.toml", 'key = "@@"\n', before('"\\'), '"\\'),
    Planted("form/pg.txt", "db.kestrel.io:5432:app:app:@@\n", before(":\\"), ":"),
    Planted("form/conn.txt", "host=db password='@@'\n", before("'\\"), "'"),
    Planted("form/awk.txt", "s/KEY/@@/\n", before("/&\\"), "/&"),
    Planted("form/tex.tex", "\\key{@@}\n", before("$%&#_{}"), "$%"),
    Planted("form/wide.reg", '"key"="@@"\n', before('"\\'), '\\"'),
    # Base64.
    Planted("base64/one.yml", "kind: Secret\ndata:\n  key: @@\n", in_base64, "$"),
    Planted(
        "base64/two.sh", "curl -H 'Authorization: Basic @@'\n", lambda v: in_base64(f"app:{v}")
    ),
    Planted("base64/three.sh", "curl -H 'Authorization: Basic @@'\n", lambda v: in_base64(f"{v}:")),
    Planted(
        "base64/four.txt",
        "@@\n",
        lambda v: base64.urlsafe_b64encode(v.encode()).decode().rstrip("="),
        "?>~",
    ),
    Planted("base64/five.json", '{"auth": "@@"}\n', lambda v: in_base64(f"_json_key:{v}"), "/"),
    Planted("base64/six.txt", "data:text/plain;base64,@@\n", lambda v: in_base64(f"KEY={v}\n")),
)
"""By a language, with the characters that it escapes."""


def _chapter(name: str, cases: tuple[Planted, ...], size: int) -> Chapter:
    entries: dict[str, str] = {}
    files: dict[str, str] = {}
    found: list[Place] = []
    missed: list[Place] = []
    for number, case in enumerate(cases):
        value = _value(case, size, number)
        entries[f"CASE_{number:03}_KEY"] = value
        files[case.path] = case.text.replace(PLACE, case.write(value))
        line = case.text[: case.text.index(PLACE)].count("\n") + 1
        (missed if case.is_missed else found).append(Place(case.path, line))
    return Chapter(
        name,
        {PRODUCTION: written(entries), **files},
        harmless=0,
        found=tuple(found),
        missed=tuple(missed),
        rules=("hardcoded",),
    )


def _value(case: Planted, size: int, number: int) -> str:
    """Letters and digits, with the marks of the case among them."""
    letters = drawn(BASE62, size, number + 1)
    parts = [letters[at : at + 5] for at in range(0, len(letters), 5)]
    marks = [case.marks[at % len(case.marks)] if case.marks else "" for at in range(len(parts) - 1)]
    marks[2:] = [""] * len(marks[2:])
    return "".join(part + mark for part, mark in zip(parts, [*marks, ""], strict=True))


CHAPTERS = [
    _chapter("a value as it is, in many a language", LANGUAGES, 24),
    _chapter("a value as languages and formats escape it", ESCAPED, 21),
]
