"""What is like a value of an env file, and is another one: nothing of it is to be found."""

import base64
import json
import textwrap

from tests.secret.forms.drawn import BASE62, HEX, body, drawn, folded

from .chapter import PRODUCTION, Chapter, written

_RSA = bytes.fromhex("308204bd020100300d06092a864886f70d0101010500048204a7308204a30201000282010100")
"""How each key of 2,048 bits begins in PKCS#8 (RFC 5208, RFC 8017)."""


def _wrapped(text: str, width: int) -> str:
    return "\n".join(textwrap.wrap(base64.b64encode(text.encode()).decode(), width)) + "\n"


def _pem(seed: int) -> str:
    lines = folded(body(_RSA, 1217, seed))
    return "\n".join(["-----BEGIN PRIVATE KEY-----", *lines, "-----END PRIVATE KEY-----", ""])


def _account(seed: int, indent: int | None = None) -> str:
    made = {
        "type": "service_account",
        "project_id": "kestrel-data",
        "private_key_id": drawn(HEX, 40, seed),
        "private_key": _pem(seed),
        "client_email": "app@kestrel-data.iam.gserviceaccount.com",
        "client_id": "102938475610293847561",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": "https://oauth2.googleapis.com/token",
        "universe_domain": "googleapis.com",
    }
    return json.dumps(made, indent=indent)


def _token(seed: int) -> str:
    """After a JSON Web Token: all of a kind begin alike."""
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}').decode().rstrip("=")
    claims = json.dumps({"iss": "kestrel", "sub": f"{seed}"}).encode()
    middle = base64.urlsafe_b64encode(claims).decode().rstrip("=")
    return f"{head}.{middle}.{drawn(BASE62, 43, seed)}"


WORD = drawn(BASE62, 20, 1)
ENTRIES = {
    "SIGNING_KEY": _pem(1),
    "WRITTEN_KEY": _pem(2).replace("\n", "\\n"),
    "GOOGLE_CREDENTIALS": _account(3),
    "PRETTY_CREDENTIALS": _account(4, indent=2),
    "CODED_CREDENTIALS": base64.b64encode(_account(5).encode()).decode(),
    "SERVICE_TOKEN": _token(6),
    "DATABASE_URL": f"postgres://app_production:{WORD}@db.kestrel-data.io:5432/production",
    "HOOK_SECRET": "https://hooks.kestrel-data.io/services/team/channel/" + drawn(BASE62, 24, 7),
    "API_KEY": f"kst_live_{drawn(BASE62, 48, 8)}",
    "BASIC_AUTH": f"administrator:{drawn(BASE62, 18, 9)}",
    "AUTH_HEADER": f"Bearer {drawn(BASE62, 40, 10)}",
    "OTHER_KEYS": f"{drawn(BASE62, 32, 11)},{drawn(BASE62, 32, 12)}",
    "SQL_CONNECTION": f"Server=db.kestrel-data.io;Database=app;User Id=app;Password={WORD}x;",
}
FILES = {
    "a/other.txt": base64.b64encode(_pem(21).encode()).decode() + "\n",
    "a/other76.txt": _wrapped(_pem(22), 76),
    "a/other64.txt": _wrapped(_pem(23), 64),
    "a/account.yml": f"key: {base64.b64encode(_account(24).encode()).decode()}\n",
    "a/account76.txt": _wrapped(_account(25), 76),
    "a/pretty76.txt": _wrapped(_account(26, indent=2), 76),
    "a/token.js": f"const token = '{_token(27)}';\n",
    "a/token76.txt": _wrapped(_token(28), 76),
    "a/double.yml": f"key: {base64.b64encode(_token(29).encode()).decode()}\n",
    "a/place.json": json.dumps(
        {
            "token_uri": "https://oauth2.googleapis.com/token",
            "auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "client_email": "app@kestrel-data.iam.gserviceaccount.com",
            "project_id": "kestrel-data",
            "type": "service_account",
        },
        indent=2,
    ),
    "a/url.py": "url = f'postgres://app_production:{password}@db.kestrel-data.io:5432/production'\n",
    "a/url.txt": base64.b64encode(b"postgres://app_production:@db.kestrel-data.io:5432/p").decode(),
    "a/hook.py": "url = 'https://hooks.kestrel-data.io/services/team/channel/' + key\n",
    "a/hook.txt": base64.b64encode(
        b"https://hooks.kestrel-data.io/services/team/channel/"
    ).decode(),
    "a/key.py": f"old = 'kst_live_{drawn(BASE62, 48, 30)}'\n",
    "a/basic.py": "auth = ('administrator', password)\n",
    "a/basic.txt": f"Authorization: Basic {base64.b64encode(b'administrator:').decode()}\n",
    "a/bearer.sh": 'curl -H "Authorization: Bearer $TOKEN"\n',
    "a/sql.cs": 'var s = "Server=db.kestrel-data.io;Database=app;User Id=app;Password=" + p;\n',
    "a/part.py": f"key = '{WORD[:12]}'\n",
    "a/swapped.py": f"key = '{WORD.swapcase()}'\n",
    "a/frame.pem": "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
    "a/head.txt": body(_RSA, 60, 31)[:48] + "\n",
}
CHAPTERS = [
    Chapter(
        "other values of the same kind",
        {PRODUCTION: written(ENTRIES), **FILES},
        harmless=len(FILES),
        rules=("hardcoded",),
    )
]
