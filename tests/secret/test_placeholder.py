"""Texts that stand for a value, told from values that only read alike."""

import pytest

from deploy.secret import Secret

PLACEHOLDERS = [
    *("changeme", "CHANGE_ME", "__CHANGE_ME__", "__change_me__", "__changeme__", "[change me]"),
    *("<your key>", "xxx", "***", "...", "your_api_key_here", "insert-key-here", "todo", "tbd"),
    *("?", "???", "https://your-project.example", "https://your-project.supabase.co"),
    *(
        "https://your-proxy.com/v1",
        "https://your-db.upstash.io",
        "https://yourdomain.com",
        "https://api.yourdomain.com/v1",
        "https://your-backend-api.x.com",
    ),
    *("https://your_app.herokuapp.com", "noreply@yourdomain.com", "api.yourcompany.com"),
    *("https://<project>.supabase.co", "https://xxx.r2.cloudflarestorage.com"),
    *("sk-...", "sk_live_...", "whsec_...", "price_...", "sk-ant-...", "AIzaSy...", "sk-…"),
    *("sk-xxxxxxxx", "whsec_xxxxx", "rzp_test_xxxxx", "ACxxxxxxxxxxxx", "G-XXXXXXXXXX"),
    *("UA-XXXXX-X", "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", "sk-proj-xxxx"),
    *("whsec_your_webhook_secret", "sk-your-api-key", "sk_test_your-key", "sk-ant-your-key-here"),
    *("sk-proj-your-actual-key-here", "AC_your_twilio_account_sid_here", "pk_live_your-key"),
    *("postgres://user:your_password@host/db", "mongodb+srv://u:<password>@c.mongodb.net/x"),
    *("mongodb+srv://your_username:your_password@your_cluster.mongodb.net/your_database",),
    *("postgresql://postgres:[YOUR-PASSWORD]@db.abc.supabase.co:5432/postgres",),
    *("postgres://user:password@host:5432/db", "postgres://username:password@hostname/db"),
    *("dev-secret-change-in-production", "your-secret-key-change-in-production"),
    *("super-secret-key-change-me", "secret_change_this", "jwt-secret-change-before-deploy"),
    *("change-in-production", "CHANGE_THIS_TO_A_SECURE_RANDOM_STRING"),
    *("generate-a-random-one", "generate-a-secure-secret", "generate-with-openssl"),
    *("generate-a-very-secure-random-string-at-least-32-characters-long",),
    *("StrongPasswordHere", "YourStrongPasswordHere2026", "yourpasswordhere", "secret-key-here"),
    *("YourStrongPassword", "yoursecretkey", "YOURSECRETKEYGOESHERE", "a-long-random-string"),
]

VALUES = [
    *("", "changelog", "exchange", "exchange-me", "interchange", "sketch", "xxl", "xx", "size-xxl"),
    *("https://www.yourkit.com", "https://yourname.com", "https://your-move.co.uk/offers"),
    *("https://getyourguide.com", "https://knowyourmeme.com", "https://xxx.com", "https://x.co"),
    *("MyCompanyHere Inc", "reset-your-password", "know_your_customer", "nowhere", "here"),
    *("production", "null", "none", "test", "user", "password", "secret", "key", "example"),
    *("admin@example.com", "hello@example.com", "https://example.com", "no-reply@yoursurprise.nl"),
    *("postgres://fares:fares_dev_2026@db/fares", "postgres://user:word@host/db"),
    *("postgres://postgres:password@db/app", "postgres://yoursef:yourmomz@db.internal/app"),
    *("Loading...", "Please wait...", "re-loading...", "wait…", "a...b", "../..", "1...9"),
    *("xxx-xxx-xxxx", "sk-local", "sk-test-1234", "sk_live_1234567890abcdef", "whsec_0987654321"),
    *("generate", "generate-reports", "generate an invoice", "generate-adventurer"),
    *("Generate a random UUID.", "to change it use x", "random-value", "random-key", "random key"),
    *("generate a key and a certificate", "Do not change this", "x is a string here"),
    *("change", "change-password", "climate change", "small-change", "change_log", "charge-me"),
    *("What?", "a?b", "https://x.y/?a=b", "base64:AAECAwQFBgcICQoLDA0ODw=="),
    *(
        "__main__",
        "__init__",
        "[]",
        "{}",
        '{"a":"b"}',
        "piprapay",
        "random",
        "strong",
        "monkeyhere",
    ),
    *("$2b$12$abcdefghijklmnopqrstuv", "qwfpgjluyarstdhn", "AIzaSyAbCdEfGh0123456789-x_y"),
    *("django-insecure-4$x8", "youre-welcome", "yours", "YourKit", "your", "yourself", "acxxl"),
]

REFERENCES = [
    *("op://vault/item/field", "op://Private/Work IMAP/username", "$(op read op://v/i/f)"),
    *("$(cat key)", "$(date)", "`cat k`", "$DB_PASSWORD", "${DB_PASSWORD}", "${DB:-x}", "${x:?y}"),
    *("postgres://u:$(op read op://v/i/f)@h/db", "{{ x }}", "{{db_password}}", "{{ .Values.x }}"),
    *("postgres://{{ user }}:{{ pass }}@h/db", "${{ secrets.TOKEN }}", "{% x %}", "#{Octopus.X}"),
    *("undefined", "[object Object]", "%DB_PASSWORD%", "__DB_PASSWORD__", "  $DB_PASSWORD "),
    *("ref+vault://secret/app#/key", "vault:secret/data/app#KEY", "berglas://bucket/secret"),
    *("sm://project/secret",),
]

RESOLVED = [
    *("$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW", "$2y$10$abcdefghij"),
    *("$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub", "$1$salt$hash", "$6$s$h"),
    *("$apr1$x$y", "$ecret", "$5", "$", "$$", "pa$$WORD", "US$", "${", "$()", "x${Y}z", "{x}"),
    *("Hello {{name}}", "https://x.y/{{id}}", "{}", '{"a":{"b":1}}', "#fff", "#{", "#channel"),
    *(
        "100%",
        "%d",
        "%s%%",
        "%Y-%m-%d",
        "%(asctime)s",
        "__main__",
        "__",
        "____",
        "op",
        "option://x",
    ),
    *("it`s", "``", "`", "Undefined", "undefined behaviour", "null", "nil", "None", "NaN"),
    *(
        "vault",
        "vault:8200",
        "https://vault:8200/#x",
        "sms://123",
        "[object]",
        "$(document).ready()",
    ),
]


@pytest.mark.parametrize("text", PLACEHOLDERS)
def test_a_text_that_stands_for_a_value_is_a_placeholder(text: str) -> None:
    assert Secret(text).is_placeholder
    assert Secret(f" {text}\n").is_placeholder


@pytest.mark.parametrize("text", [*VALUES, *RESOLVED])
def test_a_value_that_only_reads_alike_is_no_placeholder(text: str) -> None:
    assert not Secret(text).is_placeholder


@pytest.mark.parametrize("text", REFERENCES)
def test_a_reference_or_a_template_that_nobody_resolved_is_told(text: str) -> None:
    assert Secret(text).is_unresolved


@pytest.mark.parametrize("text", REFERENCES)
def test_what_stands_in_single_quotes_is_meant(text: str) -> None:
    assert not Secret(text, is_literal=True).is_unresolved


@pytest.mark.parametrize("text", [*VALUES, *RESOLVED])
def test_a_value_that_only_reads_alike_is_no_reference(text: str) -> None:
    assert not Secret(text).is_unresolved


def test_how_a_value_was_written_makes_no_other_value_of_it() -> None:
    assert Secret("$A", is_literal=True) == Secret("$A")


@pytest.mark.parametrize(
    "text",
    [
        *("sk-test-1234", "example", "EXAMPLE", "a dummy", "foo", "abc", "none", "xxx", "123"),
        *("my secret", "PASSWORD", "user", "put it here", "https://acme.example/v1"),
        *("https://user@acme.io/v1", "X-Test-Id", "/run/test/id", "X-API TOKEN", "/run/my token"),
    ],
)
def test_a_word_says_that_a_value_may_be_a_sample(text: str) -> None:
    assert Secret(text).may_be_sample


@pytest.mark.parametrize(
    "text",
    [
        *("", "h9-Xq7v", "latest", "tests", "abcd", "xx", "12", "users", "production"),
        # The names of a header, a path or a page say nothing of a value.
        *("X-Api-Key", "/run/secrets/token", "./here/", "https://login.acme.io/oauth/token"),
        *("https://acme.io?token=h9-Xq7v", "https://acme.io#here", "https://acme.io/test"),
    ],
)
def test_a_word_inside_of_another_or_in_a_path_says_nothing(text: str) -> None:
    assert not Secret(text).may_be_sample


@pytest.mark.parametrize(
    ("start", "end"), [("__", "__"), ("[", "]"), ("{", "}")], ids=["dunder", "square", "curly"]
)
def test_a_placeholder_is_one_only_where_both_its_marks_are(start: str, end: str) -> None:
    assert Secret(f"{start}xxxxxxxx{end}").is_placeholder
    assert not Secret(f"{start}xxxxxxxx").is_placeholder
    assert not Secret(f"xxxxxxxx{end}").is_placeholder


@pytest.mark.parametrize(("size", "is_one"), [(300, True), (301, False)])
def test_what_is_longer_than_a_line_of_words_stands_for_nothing(size: int, *, is_one: bool) -> None:
    assert Secret("your_key".ljust(size, "y")).is_placeholder is is_one
    assert Secret("$KEY".ljust(size, "Y")).is_unresolved is is_one


@pytest.mark.parametrize(
    ("text", "is_local"),
    [
        ("http://localhost", True),
        ("HTTP://LOCALHOST:3000/", True),
        ("redis://:h9@127.0.0.1/0", True),
        ("http://[::1]:80", True),
        ("http://acme.io,http://localhost,", True),
        ("http://localhost.acme.io", False),
        ("http://acme.io/localhost", False),
        ("http://127.0.0.10", False),
        ("localhost", False),
    ],
)
def test_a_url_is_local_where_its_host_is_this_machine(text: str, *, is_local: bool) -> None:
    assert Secret(text).is_local_url is is_local
