"""Entries that are no secrets, by the cause for which such ones were found all over a tree."""

from .chapter import DOTENV, EXAMPLE, PRODUCTION, STAGING, Chapter, Place, written

PRIVATE = {
    "NEXT_PRIVATE_UPLOAD_BUCKET": "acme",
    "NEXT_PRIVATE_INTERNAL_WEBAPP_URL": "http://webapp.kestrel.io:3000",
    "NEXT_PRIVATE_SIGNING_TRANSPORT": "local-certificate",
    "PRIVATE_MEDIA_LOCATION": "media/private",
    "PRIVATE_SUBNET": "subnet-of-the-workers",
    "USE_PRIVATE_NETWORK": "enabled-everywhere",
    "AWS_PRIVATE_BUCKET_NAME": "acme-private-files",
    "PRIVATE_BETA_GROUP": "early-birds",
    "DEFAULT_PRIVATE_REGISTRY": "registry.kestrel.io",
    "NUXT_PRIVATE_API_BASE": "https://api.kestrel.io/v2",
}
"""`PRIVATE` anywhere in a name."""

PATHS = {
    "SSL_KEY_PATH": "/etc/ssl/private/kestrel.pem",
    "TLS_KEY_FILE": "certs/server-key.pem",
    "SSH_KEY_DIR": "/home/app/.ssh",
    "JWT_PRIVATE_KEY_PATH": "./config/keys/jwt-private.pem",
    "GPG_KEY_LOCATION": "s3://kestrel-release/keyring",
    "GOOGLE_CREDENTIALS_FILENAME": "service-account.json",
    "GOOGLE_APPLICATION_CREDENTIALS_PATH": "/app/credentials/google.json",
    "SECRETS_DIR": "/run/secrets/kestrel",
    "PASSWORD_FILE": "/run/secrets/db_password",
    "TOKEN_CACHE_FOLDER": "/var/cache/tokens",
    "KEYRING_DIRECTORY": "/var/lib/keyring",
}
LIMITS = {
    "API_KEY_RATE_LIMIT": "60/minute",
    "TOKEN_TTL": "86400000",
    "ACCESS_TOKEN_EXPIRE_MINUTES": "11520000",
    "JWT_TOKEN_LIFETIME": "15 minutes",
    "PASSWORD_MIN_LENGTH": "12",
    "PASSWORD_RESET_TIMEOUT": "259200000",
    "AUTH_MAX_ATTEMPTS": "attempts-5-of-10",
    "SECRET_ROTATION_DAYS": "90",
    "REFRESH_TOKEN_EXPIRY": "30d",
    "SESSION_KEY_BITS": "256",
    "AUTH_RATE_LIMIT": "5/second",
    "PASSWORD_HASH_ROUNDS": "120000000",
    "TOKEN_SIZE": "40 bytes",
    "KEY_ROTATION": "720 hours",
}
ENDPOINTS = {
    "OAUTH_TOKEN_URL": "https://login.kestrel.io/oauth2/token",
    "AUTH_ENDPOINT": "https://login.kestrel.io/oauth2/authorize",
    "TOKEN_ENDPOINT": "https://accounts.kestrel.io/token",
    "SECRET_MANAGER_HOST": "secrets.kestrel.io",
    "AUTH_DOMAIN": "kestrel-prod.firebaseapp.com",
    "PASSWORD_RESET_URL": "https://app.kestrel.io/reset-password",
    "KEY_VAULT_URI": "https://kestrel.vault.azure.net/",
    "AUTH_SERVICE_PORT": "50051000",
    "AUTH_REDIRECT_URIS": "https://app.kestrel.io/callback",
    "KMS_KEY_REGION": "eu-central-1",
}
PREFIXES = {
    "CACHE_KEY_PREFIX": "kestrel:production:",
    "REDIS_KEY_PREFIX": "kestrel-cache-v2",
    "SESSION_KEY_NAMESPACE_PREFIX": "kestrel.session.",
    "API_KEY_PREFIX": "kst_production_",
    "TOKEN_HEADER": "X-Kestrel-Authorization",
    "API_KEY_HEADER_NAME": "X-Kestrel-Api-Key",
    "SECRET_NAME": "kestrel/production/database",
    "KEY_COLUMN": "external_reference",
    "S3_KEY_SUFFIX": "-original.tar.gz",
    "AUTH_COOKIE_NAME": "kestrel_session_id",
    "AUTH_USERNAME": "kestrel-deployer",
    "AUTH_EMAIL": "deploy@kestrel.io",
}
ISSUERS = {
    "JWT_TOKEN_ISSUER": "https://login.kestrel.io/",
    "AUTH_AUDIENCE": "https://api.kestrel.io/",
    "PASSWORD_HASHER": "django.contrib.auth.hashers.Argon2PasswordHasher",
    "TOKEN_ALGORITHM": "ECDSA-P256-SHA256",
    "AUTH_BACKEND": "django.contrib.auth.backends.ModelBackend",
    "AUTH_PROVIDER": "keycloak-production",
    "AUTH_METHOD": "client_credentials",
    "TOKEN_TYPE": "Bearer-Extended",
    "PASSWORD_VALIDATORS": "accounts.validators.LengthValidator",
    "OAUTH_TOKEN_SCOPES": "openid profile email",
    "AUTH_CLASS": "accounts.authentication.SignedAuthentication",
    "SECRET_STORE": "aws-secrets-manager",
    "KEY_STORE_TYPE": "PKCS12-keystore",
    "AUTH_MODE": "single-sign-on",
    "AUTH_ENABLED": "everywhere",
    "KEY_VERSION": "2024-02-version",
    "TOKEN_POLICY": "strict-rotation",
    "AUTH_TEMPLATE": "accounts/login.html",
}
PLAIN = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "ALLOWED_HOSTS": "app.kestrel.io,www.kestrel.io",
    "DEFAULT_FROM_EMAIL": "Kestrel <hello@kestrel.io>",
    "AWS_STORAGE_BUCKET_NAME": "kestrel-uploads-production",
    "CELERY_RESULT_BACKEND": "django-db-results",
    "SENTRY_ENVIRONMENT": "production-eu",
    "GIT_SHA": "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c",
    "SOURCE_COMMIT": "9b1c0ffee2d84f6a7b8c9d0e1f2a3b4c5d6e7f80",
    "GOOGLE_CLIENT_ID": "402938475610-abcd1efgh2ijkl3mnop4.apps.googleusercontent.com",
    "AUTH0_TENANT_ID": "7f3c2b1a-90de-4c5f-8a6b-e1d09c7f52b8",
    "STRIPE_PUBLISHABLE_KEY": "pk_kestrel_51Habc9Def8Ghi7Jkl6Mno",
    "VAPID_PUBLIC_KEY": "BPz7Qw3Er5Ty8Ui1Op4As6Df9Gh2Jk0",
    "KMS_KEY_ID": "arn:aws:kms:eu-central-1:402938475610:key/7f3c2b1a-90de-4c5f-8a6b-c92e71f04d3a",
    "APNS_KEY_ID": "8Q2W4E6R7T",
    "RSA_PUBLIC_KEY_ID": "kestrel-2024-02",
    "LOG_FORMAT": "%(asctime)s %(levelname)s %(message)s",
    "TIME_ZONE_NAME": "Europe/Vienna",
    "CORS_ORIGIN_REGEX": r"^https://[a-z0-9-]+\.kestrel\.io$",
    "RELEASE_CHANNEL": "stable-2024.02",
    "KEYBOARD_LAYOUT": "de-latin1-nodeadkeys",
    "MONKEY_BUSINESS": "barrel-of-laughs",
    "COMPASS_DIRECTION": "north-north-east",
    "AUTHOR_PAGE": "https://kestrel.io/about",
    "TOKENIZER_MODEL": "sentencepiece-32k-unigram",
    "PASSENGER_POOL": "worker-pool-large",
    "WEBPACK_PUBLIC_PATH": "/static/bundles/",
}
BROWSER = {
    "VITE_API_KEY": "k8Zq51RtTn0Xw72Lm9Vb",
    "VITE_FIREBASE_TOKEN": "r3Nq62StUo1Yx83Mn0Wc",
    "REACT_APP_MAPS_KEY": "t4Or73TuVp2Zy94No1Xd",
    "REACT_APP_AUTH_SECRET": "u5Ps84UvWq3Az05Op2Ye",
    "NEXT_PUBLIC_SUPABASE_ANON_KEY": "v6Qt95VwXr4Ba16Pq3Zf",
    "EXPO_PUBLIC_API_TOKEN": "w7Ru06WxYs5Cb27Qr4Ag",
    "GATSBY_SEARCH_KEY": "x8Sv17XyZt6Dc38Rs5Bh",
    "VUE_APP_MAP_TOKEN": "y9Tw28YzAu7Ed49St6Ci",
    "NG_APP_CLIENT_KEY": "z0Ux39ZaBv8Fe50Tu7Dj",
    "PUBLIC_STRIPE_KEY": "a1Vy40AbCw9Gf61Uv8Ek",
    "NUXT_PUBLIC_MAP_KEY": "b2Wz51BcDx0Hg72Vw9Fl",
}
"""What a bundler puts into the pages that everybody loads."""

WEAK = {
    "DB_PASSWORD": "password",
    "POSTGRES_PASSWORD": "postgres",
    "ADMIN_PASSWORD": "developer",
    "MINIO_SECRET_KEY": "minioadmin",
    "APP_SECRET": "kestrel-app",
    "RABBITMQ_PASS": "guestguest",
    "MYSQL_ROOT_PASSWORD": "rootpassword",
    "JWT_SECRET": "supersecretkey",
    "SESSION_SECRET": "keyboard cat",
    "ELASTIC_PASSWORD": "elasticsearch",
    "GRAFANA_PASSWORD": "grafana123",
    "REDIS_PASSWORD": "redis_password",
    "KEYCLOAK_ADMIN_PASSWORD": "keycloak",
    "DJANGO_SUPERUSER_PASSWORD": "administrator",
    "MONGO_PASSWORD": "mongodb!",
    "BASIC_AUTH_PASSWORD": "letmein-please",
    "FLASK_SECRET_KEY": "development key",
    "SMTP_PASSWORD": "mailpassword1",
    "MAILER_PASSWORD": "smtpPassword",
    "AUTH0_CLIENT_SECRET": "auth0-client-secret",
    "SUPERSET_PASSWORD": "Ch4ngeme",
    "PGADMIN_PASSWORD": "admin12345",
    "STORAGE_SECRET": "get_the_secret_of_the_key_above",
    "SIGNING_KEY": "uma-chave-secreta-bem-segura",
    "CHAT_SECRET": "asdjkljkljklasd",
    "PROXY_AUTH": "admin:fgdhjgfkhjgdf",
    "DATA_KEY": "data encryption key of 32 char",
    "ACTIVE_DATABASE_URL": "postgres://kestrel:kestrel@db.kestrel.io/app",
    "REPORTING_DATABASE_URL": "mysql://report:reporting@db.kestrel.io/app",
}
"""What is an ordinary word, or the app's own name: no finding a line, and one note."""
STILL_THE_EXAMPLE_S = (
    "AUTH0_CLIENT_SECRET",
    "DB_PASSWORD",
    "REDIS_PASSWORD",
    "FLASK_SECRET_KEY",
    "STORAGE_SECRET",
    "DATA_KEY",
)
"""Of those, what an app should not have as the example has it."""

PLACEHOLDERS = {
    "PAYMENT_SECRET": "your-payment-secret",
    "MAIL_API_KEY": "your_api_key_here",
    "CHAT_TOKEN": "<your chat token>",
    "MAP_KEY": "xxxxxxxxxxxxxxxx",
    "LLM_API_KEY": "sk-...",
    "SIGNING_SECRET": "change-me-please",
    "UPLOAD_SECRET": "REPLACE_ME",
    "COOKIE_SECRET": "generate-a-random-string",
    "BILLING_PASSWORD": "changeme",
    "SEARCH_TOKEN": "insert-token-here",
    "HOOK_SECRET": "whsec_xxxxxxxx",
    "LEGACY_DATABASE_URL": "postgres://user:password@host:5432/db",
    "STORE_URL_KEY": "https://your-project.kestrel.io",
    "ADMIN_TOKEN": "...",
    "OTHER_TOKEN": "????????",
    "PAGER_KEY": "TODO",
    "VAULT_TOKEN": "op://vault/item/field",
    "CI_TOKEN": "$(op read op://vault/ci/token)",
    "PUSH_KEY": "__PUSH_KEY__",
    "CRM_PASSWORD": "{{ crm_password }}",
}
"""What nobody filled in: a finding where an app would get it, and no value to look for."""

REFERENCES = {
    "DATABASE_URL": "postgres://${DB_USER}:${DB_PASS}@${DB_HOST}/app",
    "QUEUE_PASSWORD": "${RABBITMQ_PASS}",
    "QUEUE_URL": "amqp://app:${RABBITMQ_PASS}@mq.kestrel.io:5672/",
    "CACHE_PASSWORD": "${CACHE_PASS:-cachecache}",
    "API_TOKEN": "${SHARED_TOKEN}",
    "SESSION_KEY": "$SHARED_KEY",
    "REPORT_SECRET": "${REPORT_SECRET?missing}",
    "MAIL_URL": "smtp://mailer:$(MAIL_PASS)@smtp.kestrel.io:587",
    "SEARCH_URL": "https://search:{{ search_password }}@search.kestrel.io",
    "FORMAT_URL": "postgres://%(user)s:%(password)s@db.kestrel.io/app",
}
LOCAL = {
    "DATABASE_URL_LOCAL": "postgres://kestrel:kestrel@localhost:5432/kestrel",
    "TEST_DATABASE_URL": "postgresql://postgres:q8Zr51kTn0@127.0.0.1/test",
    "REDIS_URL": "redis://:devpassword@localhost:6379/0",
    "MONGO_URL": "mongodb://root:r00tpassw0rd@localhost:27017/admin",
    "AMQP_URL": "amqp://guest:guest@localhost:5672//",
    "MYSQL_URL": "mysql://root:toor1234@127.0.0.1:3306/app",
    "DOCS_DATABASE_URL": "postgres://app:hunter2hunter2@db.example.com/app",
    "CI_DATABASE_URL": "postgres://runner:ci-runner-pw@postgres.test/app",
    "MAILER_URL": "smtp://user:mailpit77@0.0.0.0:1025",
}
"""Databases of this machine, and of names that are nobody's."""

MORE = {
    "SECRET_QUESTION": "?",
    "TOKEN_GRACE": "15m",
    "KEY_REFRESH": "24h",
    "PASSWORD_LOGIN": "on",
    "TOKEN_CLOCK_SKEW": "30 seconds",
    "AUTH_PAGE": "none",
    "API_TOKEN_QUOTA": "1000/day",
    "SECRET_CACHE": "512mb",
}
"""Words, a question mark and durations, for which the example was taken for one with secrets."""

LANGUAGES = {
    "py": "settings = {{\n    '{name}': '{value}',\n}}\nprint('{value}')\n",
    "yml": "web:\n  environment:\n    {name}: {value}\n",
    "js": "export const {name} = {{\n  value: '{value}',\n}};\n",
    "tf": 'resource "kestrel_app" "{name}" {{\n  value = "{value}"\n}}\n',
}


def files_with(entries: dict[str, str], folder: str) -> dict[str, str]:
    """Each value in a file of its own, in one language after the other."""
    languages = list(LANGUAGES.items())
    made = {}
    for number, (name, value) in enumerate(entries.items()):
        ending, text = languages[number % len(languages)]
        made[f"{folder}/{name.lower()}.{ending}"] = text.format(name=name, value=value)
    return made


HARMLESS = {**PRIVATE, **PATHS, **LIMITS, **ENDPOINTS, **PREFIXES, **ISSUERS, **PLAIN}
"""What two apps may share, and an example may hold."""


def names_note(names: dict[str, str], what: str) -> str:
    return f"{', '.join(sorted(names))} {what}"


def _chapters() -> list[Chapter]:
    production = written(HARMLESS)
    weak = written(WEAK)
    development = {**REFERENCES, **LOCAL, **MORE, **BROWSER}
    unfilled = written(PLACEHOLDERS)
    words = names_note(WEAK, "read as ordinary words: not looked for")
    counted = "values are not looked for: no secrets, or too short"
    return [
        Chapter(
            "entries that are no secrets, in two apps and in the example",
            {
                PRODUCTION: production,
                STAGING: production,
                EXAMPLE: production,
                **files_with(HARMLESS, "app"),
            },
            harmless=len(HARMLESS),
            notes=(
                f"{PRODUCTION} {len(HARMLESS)} {counted}",
                f"{STAGING} {len(HARMLESS)} {counted}",
            ),
            declared=(PRODUCTION, STAGING),
        ),
        Chapter(
            "ordinary words for passwords, in two apps and in the example",
            {PRODUCTION: weak, STAGING: weak, EXAMPLE: weak, **files_with(WEAK, "app")},
            harmless=len(WEAK),
            found=tuple(
                Place(path, 1 + list(WEAK).index(name), "placeholder")
                for path in (PRODUCTION, STAGING)
                for name in STILL_THE_EXAMPLE_S
            ),
            notes=(f"{PRODUCTION} {words}", f"{STAGING} {words}"),
            declared=(PRODUCTION, STAGING),
        ),
        Chapter(
            "what nobody filled in",
            {PRODUCTION: unfilled, EXAMPLE: unfilled, **files_with(PLACEHOLDERS, "app")},
            harmless=len(PLACEHOLDERS),
            found=tuple(
                Place(PRODUCTION, number, "placeholder")
                for number in range(1, len(PLACEHOLDERS) + 1)
            ),
            notes=(f"{PRODUCTION} {len(PLACEHOLDERS)} {counted}",),
        ),
        Chapter(
            "a copy of the example for development",
            {
                PRODUCTION: "LOG_LEVEL=info\n",
                "app/logs.py": "import os\nlevel = os.environ['LOG_LEVEL']\n",
                DOTENV: written(development),
                EXAMPLE: written({"LOG_LEVEL": "info"}),
                **files_with(development, "app"),
            },
            harmless=len(development),
            notes=(
                f"{PRODUCTION} 1 value is not looked for: no secrets, or too short",
                f"{DOTENV} {len(development)} {counted}",
            ),
        ),
        Chapter(
            "tracked env files without a secret",
            {
                PRODUCTION: written(BROWSER),
                STAGING: written(PLAIN),
                "web/app.js": "".join(f"use(process.env.{name});\n" for name in (*BROWSER, *PLAIN)),
            },
            harmless=len(BROWSER) + len(PLAIN),
            found=(Place(PRODUCTION, 0, "ignored"), Place(STAGING, 0, "ignored")),
            notes=(
                f"{PRODUCTION} {len(BROWSER)} {counted}",
                f"{STAGING} {len(PLAIN)} {counted}",
            ),
            declared=(PRODUCTION, STAGING),
            tracked=(PRODUCTION, STAGING),
        ),
    ]


CHAPTERS = _chapters()
