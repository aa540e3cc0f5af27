"""Values that stand in files in part, or in another form: of URLs, of keys, of documents."""

import base64
import json
import textwrap
from collections.abc import Iterator
from typing import NamedTuple

from tests.secret.forms.drawn import BASE62, DIGITS, HEX, body, drawn, folded

from .chapter import DOTENV, EXAMPLE, PRODUCTION, Chapter, Place, written


class Part(NamedTuple):
    """An entry, a file that holds something of its value, and the first line that tells.

    That is no line that the keys of all accounts have alike.
    """

    name: str
    value: str
    path: str
    text: str
    line: int = 1
    is_missed: bool = False


def _url(scheme: str, user: str, word: str, rest: str) -> str:
    return f"{scheme}://{user}:{word}@{rest}"


def _urls() -> Iterator[Part]:
    """Of a URL with a password, that password, or another URL for the same place."""
    words = (drawn(BASE62, 20, 700 + number) for number in range(100))
    host = "db.kestrel-data.io"
    for number, (path, form) in enumerate(
        (
            ("url/scheme.py", "url = 'postgresql://app:{}@db.kestrel-data.io:5432/app'\n"),
            ("url/driver.py", "url = 'postgresql+psycopg://app:{}@db.kestrel-data.io:5432/app'\n"),
            ("url/port.py", "\nurl = 'postgres://app:{}@db.kestrel-data.io/app'\n"),
            ("url/query.py", "url = 'postgres://app:{}@db.kestrel-data.io:5432/app?sslmode=no'\n"),
            ("url/other-host.py", "url = 'postgres://app:{}@10.0.4.7:5432/app'\n"),
            ("url/backup.sh", "#!/bin/sh\nPGPASSWORD={} pg_dump -h db.kestrel-data.io app\n"),
            ("url/export.sh", 'export PGPASSWORD="{}"\n'),
            ("url/libpq.txt", "host=db.kestrel-data.io user=app password={} dbname=app\n"),
            ("url/pgpass.txt", "db.kestrel-data.io:5432:app:app:{}\n"),
            ("url/settings.py", "DATABASES = {\n    'PASSWORD': '{}',\n}\n"),
            ("url/database.yml", "production:\n  username: app\n  password: {}\n"),
            ("url/jdbc.properties", "url=jdbc:postgresql://db.kestrel-data.io/app\npassword={}\n"),
            ("url/jdbc.xml", '<a url="jdbc:postgresql://db.kestrel-data.io/app?password={}"/>\n'),
            ("url/compose.yml", "environment:\n  POSTGRES_PASSWORD: {}\n"),
            ("url/notes.md", "The password of the database is {}.\n"),
            ("url/init.sql", "ALTER USER app WITH PASSWORD '{}';\n"),
            ("url/basic.txt", "Authorization: Basic {base64}\n"),
        )
    ):
        word = next(words)
        coded = base64.b64encode(f"app:{word}".encode()).decode()
        line = form[: form.index("{}" if "{}" in form else "{base64}")].count("\n") + 1
        text = form.replace("{}", word).replace("{base64}", coded)
        value = _url("postgres", "app", word, f"{host}:5432/app")
        yield Part(f"URL_{number}_DATABASE_URL", value, path, text, line)
    yield from _other_urls(words)


def _other_urls(words: Iterator[str]) -> Iterator[Part]:
    word = next(words)
    yield Part(
        "REDIS_URL",
        f"redis://:{word}@cache.kestrel-data.io:6380/0",
        "url/redis.conf",
        f"port 6380\nrequirepass {word}\n",
        2,
    )
    word = next(words)
    value = f"rediss://default:{word}@cache.kestrel-data.io:6380"
    yield Part("REDIS_TLS_URL", value, "url/redis.sh", f"redis-cli -a {word} ping\n")
    word = drawn(HEX, 32, 5)
    yield Part(
        "SENTRY_DSN",
        f"https://{word}@o402938.ingest.kestrel-errors.io/512",
        "url/sentry.js",
        f"start({{\n  key: '{word}',\n}})\n",
        2,
    )
    word = drawn(HEX, 32, 6)
    yield Part(
        "OLD_SENTRY_DSN",
        f"https://{drawn(HEX, 32, 7)}:{word}@errors.kestrel-data.io/5",
        "url/sentry.py",
        f"start(secret='{word}')\n",
    )
    word = next(words)
    value = f"amqps://app:{word}@mq.kestrel-data.io/app"
    yield Part("CLOUDAMQP_URL", value, "url/rabbit.py", f"login('app', '{word}')\n")
    word = next(words)
    value = f"mongodb+srv://app:{word}@cluster0.ab1cd.kestrel-data.io/app?retryWrites=true"
    yield Part("MONGODB_URI", value, "url/mongo.js", f"connect({{\n pass: '{word}' }})\n", 2)
    word = next(words)
    value = f"smtp://postmaster:{word}@smtp.kestrel-data.io:587"
    yield Part("MAILER_DSN", value, "url/mail.py", f"smtp.login('postmaster', '{word}')\n")
    word = f"{drawn(BASE62, 8, 8)}/{drawn(BASE62, 9, 9)}"
    value = f"postgres://app:{word.replace('/', '%2F')}@db.kestrel-data.io/app"
    yield Part("QUOTED_DATABASE_URL", value, "url/unquoted.py", f"password = '{word}'\n")
    word = next(words)
    value = f"https://{word}@elastic.kestrel-data.io:9243"
    yield Part("SEARCH_DSN", value, "url/search.py", f"Search(key='{word}')\n")
    one, other = next(words), next(words)
    value = f"mysql://app:{one}@a.kestrel-data.io/x,mysql://app:{other}@b.kestrel-data.io/x"
    yield Part("SHARDS_DSN", value, "url/shards.py", f"pw = '{other}'\n")
    word = next(words)
    value = f"app:{word}@tcp(db.kestrel-data.io:3306)/app?parseTime=true"
    yield Part("MYSQL_DSN", value, "url/mysql.go", f'cfg.Passwd = "{word}"\n')
    word = next(words)
    value = f"host=db.kestrel-data.io user=app password={word} dbname=app"
    yield Part("PG_DSN", value, "url/pg.go", f'os.Setenv("PGPASSWORD", "{word}")\n')
    word = next(words)
    value = f"Server=db.kestrel-data.io;Database=app;User Id=app;Password={word};"
    yield Part("SQL_CONNECTION", value, "url/Sql.cs", f'var password = "{word}";\n')
    word = f"{drawn(BASE62, 42, 11)}=="
    value = f"DefaultEndpointsProtocol=https;AccountName=kestrel;AccountKey={word};Suffix=io"
    yield Part("STORAGE_CONNECTION_STRING", value, "url/store.py", f"key = '{word}'\n")
    word = next(words)
    yield Part("BASIC_AUTH", f"deploy:{word}", "url/basic.py", f"auth = ('deploy', '{word}')\n")
    word = next(words)
    yield Part("HTTP_AUTH", f"admin@kestrel.io:{word}", "url/basic2.py", f"password = '{word}'\n")
    word = next(words)
    yield Part("PROXY_AUTH", f"{word}:", "url/basic3.py", f"user = '{word}'\n")
    one, other = next(words), next(words)
    value = f"first:{one},second:{other}"
    yield Part("API_KEYS", value, "url/users.yml", f"second: {other}\n")
    one, other = next(words), next(words)
    yield Part("OLD_SECRET_KEYS", f"{one},{other}", "url/keys.py", f"old = ['{other}']\n")
    one, other = next(words), next(words)
    yield Part("FERNET_KEYS", f'["{one}", "{other}"]', "url/fernet.py", f"old = ['{other}']\n")
    word = next(words)
    yield Part("AUTH_HEADER", f"Bearer {word}", "url/bearer.py", f"token = '{word}'\n")


def _otherwise() -> Iterator[Part]:
    """A value in other letters than its own."""
    word = f"{drawn(BASE62, 9, 810)}%3A{drawn(BASE62, 6, 811)}"
    value = _url("postgres", "app", word, "db.kestrel-data.io/app")
    text = f"[alembic]\nsqlalchemy.url = {value.replace('%', '%%')}\n"
    yield Part("INI_DATABASE_URL", value, "other/alembic.ini", text, 2)
    yield Part("SHELL_PASSWORD", "N;&31Vih17:U", "other/login.sh", "login N\\;\\&31Vih17:U\n")
    text = "login --password=M31d\\|-8gfXE\n"
    yield Part("PIPE_PASSWORD", "M31d|-8gfXE", "other/pipe.sh", text)
    text = "password = 'M4k\\x7cq31Zdu8\\x26fX'\n"
    yield Part("PYTHON_PASSWORD", "M4k|q31Zdu8&fX", "other/escapes.py", text)
    token = ".".join((drawn(BASE62, 36, 815), drawn(BASE62, 40, 816), drawn(BASE62, 43, 817)))
    text = "token = '{}'\n".format(token.replace(".", "\\x2e"))
    yield Part("BEARER_TOKEN", token, "other/dots.py", text)
    text = f"[mail]\npassword = {drawn(BASE62, 5, 812)}%%{drawn(BASE62, 5, 813)}\n"
    value = f"{drawn(BASE62, 5, 812)}%{drawn(BASE62, 5, 813)}"
    yield Part("MAIL_API_PASSWORD", value, "other/mail.ini", text, 2)
    word = base64.b64encode(bytes(range(3, 250, 7))).decode()
    text = f"key = '{base64.urlsafe_b64encode(bytes(range(3, 250, 7))).decode().rstrip('=')}'\n"
    yield Part("FERNET_KEY", word, "other/alphabet.py", text)
    word = base64.urlsafe_b64encode(bytes(range(250, 3, -7))).decode()
    text = f"key = '{base64.b64encode(bytes(range(250, 3, -7))).decode()}'\n"
    yield Part("OTHER_FERNET_KEY", word, "other/standard.py", text)
    word = drawn(HEX, 32, 814)
    yield Part("HEX_KEY", word, "other/Key.java", f'byte[] key = hex("{word.upper()}");\n')


def _beyond() -> Iterator[Part]:
    """What is known to be missed."""
    word = drawn(BASE62, 24, 800)
    text = f"k = ('{word[:12]}'\n  '{word[12:]}')\n"
    yield Part("SPLIT_KEY", word, "url/split.py", text, is_missed=True)
    text = "k = 'aB3\\x24xY9\\x26kL2\\x21wQ7'\n"  # no run is long enough to be looked for
    yield Part("RUNS_KEY", "aB3$xY9&kL2!wQ7", "url/runs.py", text, is_missed=True)
    text = "login('wogedutanibemoka')\n"  # letters that could be a word: a note says so
    yield Part("MAIL_PASSWORD", "wogedutanibemoka", "url/spoken.py", text, is_missed=True)
    text = f"k = '{word[::-1]}'[::-1]\n"
    yield Part("TURNED_KEY", word, "url/turned.py", text, is_missed=True)


HEAD = "-----BEGIN PRIVATE KEY-----"
END = "-----END PRIVATE KEY-----"


def _pem(seed: int) -> list[str]:
    lines = folded(body(b"\x30\x82\x04\xbd\x02\x01\x00\x30", 600, seed))
    return [HEAD, *lines, END]


def _account(seed: int) -> dict[str, str]:
    """After the file that Google gives for a service account."""
    return {
        "type": "service_account",
        "project_id": "kestrel-data",
        "private_key_id": drawn(HEX, 40, seed),
        "private_key": "\n".join(_pem(seed)) + "\n",
        "client_email": "app@kestrel-data.iam.gserviceaccount.com",
        "client_id": drawn(DIGITS, 21, seed),
        "token_uri": "https://oauth2.googleapis.com/token",
    }


def _longest_line(lines: list[str]) -> int:
    return next(number for number, each in enumerate(lines, start=1) if len(each) > 60)


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(base64.b64encode(text.encode()).decode(), width)


def _documents() -> Iterator[Part]:
    """The key of a service account, and others of many lines, in all their forms."""

    def named(number: int, indent: int | None = None) -> tuple[str, str, dict[str, str]]:
        made = _account(40 + number)
        return f"GOOGLE_{number}_CREDENTIALS", json.dumps(made, indent=indent), made

    name, value, made = named(1)
    text = json.dumps({"private_key": made["private_key"]}, indent=2)
    yield Part(name, value, "key/pretty.json", text, 2)
    name, value, made = named(2)
    text = f"KEY = '''{HEAD}\n" + "\n".join(made["private_key"].split("\n")[1:]) + "'''\n"
    yield Part(name, value, "key/pem.py", text, 2)
    name, value, made = named(3)
    coded = base64.b64encode(value.encode()).decode()
    yield Part(name, value, "key/whole.yml", f"data:\n  key: {coded}\n", 2)
    name, value, made = named(4)
    yield Part(name, value, "key/wrapped.txt", "\n".join(_wrapped(value, 76)) + "\n", 5)
    name, value, made = named(5)
    coded = base64.b64encode(made["private_key"].encode()).decode()
    yield Part(name, value, "key/key.txt", f"{coded}\n")
    name, value, made = named(7, 2)
    yield Part(name, value, "key/one-line.json", json.dumps(made) + "\n")
    name, value, made = named(8)
    yield Part(name, value, "key/four.json", json.dumps(made, indent=4) + "\n", 5)
    name, value, made = named(9)
    text = "key:\n  private_key: |\n    " + "\n    ".join(_pem(49)) + "\n"
    yield Part(name, value, "key/block.yaml", text, 4)
    lines = _pem(60)
    yield Part("SIGNING_1_KEY", "\n".join(lines), "key/plain.pem", "\n".join(lines) + "\n", 2)
    lines = _pem(61)
    text = "const key =\n" + "".join(f"  '{line}\\n' +\n" for line in lines) + "  '';\n"
    yield Part("SIGNING_2_KEY", "\n".join(lines), "key/joined.js", text, 3)
    lines = _pem(62)
    text = '{"key": "' + "\\n".join(lines) + '"}\n'
    yield Part("SIGNING_3_KEY", "\n".join(lines), "key/line.json", text)
    lines = _pem(63)
    value = "\\n".join(lines)
    yield Part("SIGNING_4_KEY", value, "key/escaped.pem", "\n".join(lines) + "\n", 2)
    lines = _pem(64)
    text = "\n".join(_wrapped("\n".join(lines), 76))
    yield Part("SIGNING_5_KEY", "\n".join(lines), "key/wrapped.b64", text + "\n", 3)
    lines = _pem(65)
    value = base64.b64encode("\n".join(lines).encode()).decode()
    yield Part("SIGNING_6_KEY", value, "key/decoded.pem", "\n".join(lines) + "\n", 2)
    word = drawn(BASE62, 90, 66)
    text = "\n".join(["x", *_wrapped(word, 76)]) + "\n"
    yield Part("LONG_KEY", word, "key/long.b64", text, 2)
    word = drawn(BASE62, 120, 67)
    yield Part("LONG_2_KEY", word, "key/long64.b64", "\n".join(_wrapped(word, 64)) + "\n")
    word = drawn(BASE62, 30, 68)
    text = "\n".join(_wrapped("x" * 48 + f"key={word}", 76)) + "\n"
    yield Part("INNER_KEY", word, "key/inner.b64", text, 2)
    value = json.dumps({"db": {"password": drawn(BASE62, 18, 69)}, "debug": False})
    word = json.loads(value)["db"]["password"]
    yield Part("APP_CONFIG", value, "key/nested.py", f"password = '{word}'\n")
    coded = base64.b64encode(drawn(BASE62, 33, 70).encode()).decode()
    word = base64.b64decode(coded).decode()
    yield Part("CODED_KEY", coded, "key/uncoded.py", f"key = '{word}'\n")


def _chapter(name: str, parts: list[Part], *notes: str) -> Chapter:
    entries = {each.name: each.value for each in parts}
    places = [(Place(each.path, each.line), each.is_missed) for each in parts]
    return Chapter(
        name,
        {PRODUCTION: written(entries), **{each.path: each.text for each in parts}},
        harmless=0,
        found=tuple(place for place, is_missed in places if not is_missed),
        missed=tuple(place for place, is_missed in places if is_missed),
        notes=notes,
        rules=("hardcoded",),
    )


def _example() -> Chapter:
    """What `.env.example` holds of an env file: as an entry, in a comment, and in a value."""
    words = [drawn(BASE62, 22, 900 + number) for number in range(9)]
    entries = {f"EXAMPLE_{number}_KEY": word for number, word in enumerate(words[:8])}
    entries["EXAMPLE_8_URL"] = f"postgres://app:{words[8]}@db.kestrel-data.io/app"
    lines = [
        f"EXAMPLE_0_KEY={words[0]}",
        f"# EXAMPLE_1_KEY={words[1]}",
        f"#EXAMPLE_2_KEY='{words[2]}'",
        "EXAMPLE_1_KEY=",
        f"EXAMPLE_2_KEY=  # it was {words[3]} until May",
        f"EXAMPLE_3_KEY=prefix-{words[4]}",
        f"EXAMPLE_4_KEY=https://api.kestrel.io/?key={words[5]}",
        f"OTHER_NAME={words[6]}",
        f"EXAMPLE_5_KEY='Bearer {words[7]}'",
        "EXAMPLE_6_KEY=",
        "EXAMPLE_7_KEY=",
        f"EXAMPLE_8_URL=postgres://user:{words[8]}@localhost/app",
    ]
    text = "".join(f"{line}\n" for line in lines)
    given = written({**entries, "OTHER_NAME": "x"})
    return Chapter(
        "a value in the example",
        {PRODUCTION: given, DOTENV: "", EXAMPLE: text},
        harmless=4,
        found=(
            Place(EXAMPLE, 1, "parity"),
            *(Place(EXAMPLE, line) for line in (2, 3, 5, 6, 7, 9, 12)),
            Place(EXAMPLE, 8, "parity"),
        ),
        notes=(f"{PRODUCTION} 1 value is not looked for: no secrets, or too short",),
        rules=("hardcoded", "parity"),
    )


def _staged() -> Chapter:
    words = [drawn(BASE62, 20, 950 + number) for number in range(4)]
    entries = {f"STAGED_{number}_KEY": word for number, word in enumerate(words)}
    token = "glpat-" + drawn(BASE62, 20, 960)
    return Chapter(
        "a value that is staged, and no more in the file",
        {
            PRODUCTION: written(entries),
            "app/one.py": "key = os.environ['STAGED_0_KEY']\n",
            "app/two.py": f"\n\nkey = '{words[1]}'\n",
            "app/three.py": "x = 1\n",
            "app/four.py": "x = 1\n",
        },
        harmless=0,
        found=(
            Place("app/one.py", 2),
            Place("app/two.py", 3),
            Place("app/three.py", 1),
            Place("app/four.py", 1),
        ),
        staged={
            "app/one.py": f"\nkey = '{words[0]}'\n",
            "app/two.py": f"key = '{words[1]}'\n",
            "app/three.py": f"url = 'https://x/?a={words[2]}'\n",
            "app/four.py": f"token = '{token}'\n",
        },
        rules=("hardcoded",),
    )


def _many() -> Chapter:
    """A value in more than twenty places is found once; in twenty, in each."""
    often, seldom = drawn(BASE62, 20, 970), drawn(BASE62, 20, 971)
    files = {f"many/f{number:02}.py": f"\nkey = '{often}'\n" for number in range(21)}
    files |= {f"some/f{number:02}.py": f"key = '{seldom}'\n" for number in range(20)}
    known = "glpat-" + drawn(BASE62, 20, 973)
    files |= {f"known/f{number:02}.py": f"key = '{known}'\n" for number in range(21)}
    token = "glpat-" + drawn(BASE62, 20, 972)
    files |= {f"token/f{number:02}.py": f"key = '{token}'\n" for number in range(21)}
    return Chapter(
        "a value in a great many places",
        {
            PRODUCTION: written({"OFTEN_KEY": often, "SELDOM_KEY": seldom, "A_TOKEN": known}),
            **files,
        },
        harmless=60,
        found=(
            Place("many/f00.py", 2),
            Place("known/f00.py", 1),
            *(Place(f"some/f{number:02}.py", 1) for number in range(20)),
            Place("token/f00.py", 1),
        ),
        rules=("hardcoded",),
    )


CHAPTERS = [
    _chapter("the password of a URL, and other parts of a value", list(_urls())),
    _chapter("keys and documents of many lines", list(_documents())),
    _chapter("a value in other letters than its own", list(_otherwise())),
    _chapter(
        "what is known to be missed",
        list(_beyond()),
        f"{PRODUCTION} MAIL_PASSWORD reads as an ordinary word: not looked for",
    ),
    _example(),
    _staged(),
    _many(),
]
