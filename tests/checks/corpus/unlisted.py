"""Secrets that no env file has, told by their form; and what only looks like one."""

from tests.secret.forms.drawn import (
    BASE32,
    BASE62,
    DIGITS,
    HEX,
    URL_SAFE,
    body,
    checked,
    drawn,
    folded,
)

from .chapter import PRODUCTION, Chapter, Place

UUID = "-".join(drawn(HEX, size, 40 + at) for at, size in enumerate((8, 4, 4, 4, 12)))
SLACK = f"T{drawn(BASE32, 8, 2)}/B{drawn(BASE32, 10, 2)}/{drawn(BASE62, 24, 4)}"
KEYS = {
    "app/pay.py": ("stripe.key = '@@'\n", "sk_live_" + drawn(BASE62, 24, 2)),
    "app/pay2.rb": ("\nStripe.api_key = '@@'\n", "rk_live_" + drawn(BASE62, 99, 2)),
    "app/hook.js": ("const hook = '@@';\n", "whsec_" + drawn(BASE62, 32, 2)),
    "infra/main.tf": ('provider {\n  access_key = "@@"\n}\n', "AKIA" + drawn(BASE32, 16, 2)),
    ".github/workflows/a.yml": ("env:\n  TOKEN: @@\n", "ghp_" + checked(36, 2)),
    "bin/clone.sh": ("git clone https://@@@github.com/kestrel/app\n", "gho_" + checked(36, 3)),
    "bin/ci.sh": (
        "TOKEN=@@\n",
        "github_pat_" + drawn(BASE62, 22, 2) + "_" + drawn(BASE62, 59, 2),
    ),
    ".gitlab-ci.yml": ("a:\n  script: curl -H 'T: @@'\n", "glpat-" + drawn(URL_SAFE, 20, 2)),
    "bot/slack.py": (
        "bot('@@')\n",
        f"xoxb-{drawn(DIGITS, 12, 2)}-{drawn(DIGITS, 13, 2)}-{drawn(BASE62, 24, 3)}",
    ),
    "bot/hook.go": (
        'post("https://@@")\n',
        f"hooks.slack.com/services/{SLACK}",
    ),
    "bot/discord.ts": (
        "post('https://@@')\n",
        f"discord.com/api/webhooks/{drawn(DIGITS, 19, 2)}/{drawn(URL_SAFE, 68, 2)}",
    ),
    "bot/telegram.php": (
        "<?php\n$t = '@@';\n",
        f"{drawn(DIGITS, 10, 2)}:AA{drawn(URL_SAFE, 33, 2)}",
    ),
    "bin/deploy.sh": ("HEROKU_API_KEY=@@ ./deploy\n", f"HRKU-{UUID}"),
    "bin/deploy2.sh": ("export KEY=@@\n", "HRKU-AA" + drawn(URL_SAFE, 52, 2) + "_____w"),
    "app/mail.py": ("Mail('@@')\n", f"SG.{drawn(URL_SAFE, 22, 2)}.{drawn(URL_SAFE, 43, 2)}"),
    "app/.npmrc": ("//registry.kestrel.io/:_authToken=@@\n", "npm_" + checked(36, 4)),
    "app/llm.py": ("Client(key='@@')\n", f"sk-ant-api03-{drawn(URL_SAFE, 93, 2)}AA"),
    "app/shop.liquid": ("{% assign a = '@@' %}\n", f"shpat_{drawn(HEX, 32, 2)}"),
    "infra/do.tf": ('token = "@@"\n', f"dop_v1_{drawn(HEX, 64, 2)}"),
    "app/login.json": ('{\n "secret": "@@"}\n', f"GOCSPX-{drawn(URL_SAFE, 28, 2)}"),
    "app/img.rb": (
        "url = '@@'\n",
        f"cloudinary://{drawn(DIGITS, 15, 2)}:{drawn(URL_SAFE, 27, 2)}@app",
    ),
    "app/db.py": ("url = 'postgres://app:@@@db.kestrel-data.io/app'\n", drawn(BASE62, 20, 2)),
    "app/cache.js": ("r = 'rediss://:@@@cache.kestrel-data.io:6380'\n", drawn(BASE62, 32, 3)),
    "app/mongo.ts": (
        "m = 'mongodb+srv://app:@@@c0.ab1cd.kestrel-data.io/a'\n",
        drawn(BASE62, 16, 4),
    ),
    "app/queue.yml": (
        "broker:\n  url: amqps://app:@@@mq.kestrel-data.io/app\n",
        drawn(BASE62, 24, 5),
    ),
    "requirements.txt": (
        "--extra-index-url https://ci:@@@packages.kestrel-data.io/simple\nflask\n",
        drawn(HEX, 40, 6),
    ),
    "bin/age.txt": (
        "@@\n",
        "AGE-SECRET-KEY-1" + drawn("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58, 2),
    ),
}
"""In the code of an app: a finding each."""


def _pem(words: str, seed: int, start: bytes = b"\x30\x82\x04\xbd\x02\x01\x00\x30") -> str:
    lines = folded(body(start, 800, seed))
    return "\n".join([f"-----BEGIN {words}-----", *lines, f"-----END {words}-----", ""])


OPENSSH = b"openssh-key-v1\0\0\0\0\4none\0\0\0\4none\0\0\0\0\0\0\0\1"
PEMS = {
    "certs/server.key": (_pem("PRIVATE KEY", 80), 1),
    "certs/rsa.pem": ("Bag Attributes\n" + _pem("RSA PRIVATE KEY", 81), 2),
    "certs/id": (_pem("OPENSSH PRIVATE KEY", 82, OPENSSH), 1),
    "app/keys.py": ('KEY = """' + _pem("PRIVATE KEY", 83) + '"""\n', 1),
    "app/keys.json": (
        '{\n  "private_key": "' + _pem("PRIVATE KEY", 84).replace("\n", "\\n") + '"\n}\n',
        2,
    ),
    "app/keys.rb": (
        "x = 1\nKEY = <<~PEM\n  " + _pem("PRIVATE KEY", 85).replace("\n", "\n  ") + "PEM\n",
        3,
    ),
    "app/keys.go": ("const key = `" + _pem("PRIVATE KEY", 86) + "`\n", 1),
}
"""Private keys, and the line of their header."""

_APART = {
    "tests/test_pay.py": ("key = '@@'\n", "sk_live_" + drawn(BASE62, 24, 20)),
    "tests/fixtures/a.json": ('{"a": "@@"}\n', "glpat-" + drawn(URL_SAFE, 20, 20)),
    "docs/setup.md": ("\nexport TOKEN=@@\n", "ghp_" + checked(36, 20)),
    "README.md": ("Use `@@`.\n", "npm_" + checked(36, 21)),
    "spec/pay_spec.rb": ("x '@@'\n", "sk_live_" + drawn(BASE62, 24, 21)),
    "examples/app.js": ("x('postgres://app:@@@db.kestrel-data.io/a')\n", drawn(BASE62, 20, 22)),
    "src/__tests__/pay.ts": ("x('@@')\n", "shpat_" + drawn(HEX, 32, 22)),
    "pkg/pay_test.go": ("x(`@@`)\n", "dop_v1_" + drawn(HEX, 64, 23)),
}
"""The same in tests, examples and documents: one note together."""
_NOTE = (
    "README.md:1 holds what reads as an npm token, in a test, an example or a document;"
    " so do 7 more: docs/setup.md:2, examples/app.js:1"
)

HARMLESS = {
    "a/aws.py": "key = '" + "AKIA" + "IOSFODNN7" + "EXAMPLE'\n",
    "a/pay.py": "key = '" + "sk_" + "test_" + drawn(BASE62, 24, 30) + "'\n",
    "a/page.html": "<script>pay('" + "pk_" + "live_" + drawn(BASE62, 24, 31) + "')</script>\n",
    "a/fire.js": "apiKey: '" + "AI" + "za" + drawn(URL_SAFE, 35, 32) + "',\n",
    "a/ghp.py": "TOKEN = 'ghp_" + "x" * 36 + "'\nOTHER = 'ghp_" + drawn(BASE62, 36, 33) + "'\n",
    "a/regex.py": "PATTERN = r'ghp_[A-Za-z0-9]{36}|glpat-[\\w-]{20}|sk_live_\\w+'\n",
    "a/cut.md": "sk_live_51H... and xoxb-123-... and SG.xxxx.yyyy\n",
    "a/your.yml": "token: glpat-your-token-goes-here\nkey: sk_live_your_key_goes_here_now_yes\n",
    "a/slack.sh": "curl https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX\n",
    "a/local.py": "url = 'postgres://app:" + drawn(BASE62, 16, 34) + "@localhost:5432/app'\n",
    "a/compose.yml": "  url: postgres://app:" + drawn(BASE62, 16, 35) + "@db:5432/app\n",
    "a/word.py": "url = 'postgres://postgres:postgres@db.kestrel-data.io/app'\n",
    "a/word2.py": "url = 'https://admin:supersecret@api.kestrel-data.io/'\n",
    "a/rfc.py": "url = 'https://user:" + drawn(BASE62, 16, 36) + "@api.example.com/'\n",
    "a/template.js": "const u = `https://${user}:${password}@api.kestrel-data.io/`;\n",
    "a/format.py": "u = f'https://{user}:{password}@api.kestrel-data.io/'\n",
    "a/shell.sh": 'curl "https://$USER:$PASSWORD@api.kestrel-data.io/"\n',
    "a/erb.yml": "url: postgres://<%= user %>:<%= password %>@db.kestrel-data.io/app\n",
    "a/jinja.yml": "url: postgres://{{ user }}:{{ password }}@db.kestrel-data.io/app\n",
    "a/percent.py": "u = 'https://%s:%s@api.kestrel-data.io/' % (user, password)\n",
    "a/placeholder.ini": "url = postgres://user:your_password@db.kestrel-data.io/app\n",
    "a/header.py": "if text.startswith('-----BEGIN PRIVATE KEY-----'):\n    pass\n",
    "a/cut.pem": "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg...\n-----END PRIVATE KEY-----\n",
    "a/public.pem": _pem("PUBLIC KEY", 90),
    "a/cert.pem": _pem("CERTIFICATE", 91, b"\x30\x82\x05\x00\x30\x82"),
    "a/encrypted.pem": _pem("ENCRYPTED PRIVATE KEY", 92),
    "a/legacy.pem": (
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00FF\n\n"
        + "\n".join(folded(body(b"\x99", 600, 93)))
        + "\n-----END RSA PRIVATE KEY-----\n"
    ),
    "a/lock.json": '{"integrity": "sha512-' + body(b"\x01", 64, 94) + '"}\n',
    "a/commit.txt": f"commit {drawn(HEX, 40, 95)}\n",
    "a/uuid.sql": f"('{UUID}', 1),\n",
    "a/nix.nix": f'sha256 = "{drawn("0123456789abcdfghijklmnpqrsvwxyz", 52, 96)}";\n',
    "a/go.sum": f"github.com/kestrel/a v1.0.0 h1:{body(b'a', 32, 97)}\n",
    "a/icon.svg": f'<image href="data:image/png;base64,{body(b"PNG", 300, 98)}"/>\n',
    "a/map.js.map": '{"mappings":"' + "AAAA,SAASA;" * 40 + '"}\n',
    "a/sri.html": f'<script integrity="sha384-{body(b"b", 48, 99)}"></script>\n',
    "a/email.txt": "Write to https://kestrel.io:443/@team or a:b@kestrel\n",
    "a/ssh.txt": "git clone ssh://git@github.com:22/kestrel/app\n",
    "a/scp.txt": "scp://deploy:@files.kestrel-data.io\n",
    "a/medium.html": '<a href="https://medium.com/@kestrel/on:falcons@home">x</a>\n',
    "a/dsn.js": f"start('https://{drawn(HEX, 32, 100)}@o12.ingest.sentry.io/34')\n",
    "a/hunter.py": "url = 'redis://:hunter2@cache.kestrel-data.io'\n",
    "a/twilio.py": "sid = 'AC" + "x" * 32 + "'\n",
    "a/hf.py": "model = 'hf_internal_testing/tiny-random-model'\n",
    "a/npm.md": "Put `//registry.npmjs.org/:_authToken=${NPM_TOKEN}` into your .npmrc\n",
    "a/sendgrid.py": "key = 'SG.' + suffix_of(app)\n",
    "a/same.py": "key = 'sk_live_" + "a" * 24 + "'\n",
    "a/count.py": "key = 'sk_live_" + "0123456789abcdefghijklmn" + "'\n",
}
"""What stands in code, examples and lock files, and is nobody's secret."""


def _chapter() -> Chapter:
    files = {PRODUCTION: "LOG_LEVEL=info\n", "app/log.py": "level = 'LOG_LEVEL'\n", **HARMLESS}
    found = []
    for path, (text, key) in KEYS.items():
        files[path] = text.replace("@@", key, 1)
        found.append(Place(path, text[: text.index("@@")].count("\n") + 1))
    for path, (text, line) in PEMS.items():
        files[path] = text
        found.append(Place(path, line))
    files |= {path: text.replace("@@", key, 1) for path, (text, key) in _APART.items()}
    return Chapter(
        "secrets that no env file has",
        files,
        harmless=len(HARMLESS) + len(_APART),
        found=tuple(found),
        notes=(f"{PRODUCTION} 1 value is not looked for: no secrets, or too short", _NOTE),
    )


CHAPTERS = [_chapter()]
