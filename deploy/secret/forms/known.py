"""Secrets by their form alone: what no env file holds yet, and still cannot be anything else.

Each form has clues, which a search for fixed texts looks for, and a pattern that confirms a line.
URLs are searched for on their own, by an expression: `git grep` is slow with many texts of which
one is in many lines.
What a person made up, or a documentation shows, is none (`made_up`); so is a password in a URL
that is a word (`passwords`), and a private key without its body (`private_keys`).

Google's `AIza` keys are left out: Firebase's are public by design, and the form is one for all
(firebase.google.com/docs/projects/api-keys). GitHub's `ghs_` tokens of 2026, with a JWT in them,
are too: they live for an hour.
"""

from __future__ import annotations

import re
import zlib
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from . import passwords, private_keys
from .made_up import is_made_up

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Found(NamedTuple):
    """Where in a line a secret stands, and what a person calls it; never what it is."""

    start: int
    end: int
    words: str


class Form(NamedTuple):
    """One kind of key: the first group of its pattern is what a random generator made."""

    words: str
    clues: tuple[bytes, ...]
    pattern: bytes
    source: str = "gitleaks, config/gitleaks.toml"
    """The page of its vendor, where one tells the form; else who looks for the same."""
    is_right: Callable[[bytes], bool] | None = None
    """A checksum, where the kind has one: told the first group."""


def found(line: bytes, after: bytes = b"") -> Iterator[Found]:
    """The secrets in a line, from the left; `after` is what follows, as `needs_more` asks for it.

    Of two that overlap the one of a known form is told, and not the URL that it stands in.
    """
    told = sorted([*_keys(line), *_private(line, after)])
    starts = [each.start for each in told]
    for start, end in passwords.passwords(line):
        before = bisect_left(starts, end)
        if not before or told[before - 1].end <= start:
            told.append(Found(start, end, "a password in a URL"))
    yield from sorted(told)


def needs_more(line: bytes) -> bool:
    """Whether only the lines behind can say if this holds a secret (`LINES_AFTER` of them)."""
    return private_keys.CLUE in line and b"-----BEGIN" in line


def _keys(line: bytes) -> Iterator[Found]:
    for form in FORMS:
        if any(clue in line for clue in form.clues):
            for match in re.finditer(form.pattern + _END, line):
                # Not a part of the pattern, which is found faster by the letters it begins with.
                is_whole = _START.match(line, match.start()) is not None
                is_right = form.is_right is None or form.is_right(match[1])
                if is_whole and is_right and not is_made_up(match[1]):
                    yield Found(*match.span(), form.words)


def _private(line: bytes, after: bytes) -> Iterator[Found]:
    if private_keys.CLUE in line:
        for start, end in private_keys.private_keys(line, after):
            yield Found(start, end, "a private key")


_BASE62 = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def _has_checksum(text: bytes) -> bool:
    """Whether the last six characters are the CRC32 of the others, in base62."""
    left, written = zlib.crc32(text[:-6]), b""
    while left:
        left, digit = divmod(left, 62)
        written = _BASE62[digit : digit + 1] + written
    return written.rjust(6, b"0") == text[-6:]


_START = re.compile(rb"(?<![A-Za-z0-9])|(?<=\\[nrt])|(?<=%[0-9A-F][0-9A-F])")
"""No letter before: but an escaped line end, or a character as URLs write it, ends in one."""
_END = rb"(?![\w-]|\.{3}|\xe2\x80\xa6|\*{2})"
"""Nor behind it; and what says that the rest is left out."""
_UUID = rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_OPENROUTER = "openrouter.ai/docs/guides/features/guardrails/secret-formats"
_GITHUB = "github.blog, 2021-04-05: Behind GitHub's new authentication token formats"

FORMS = (
    Form(
        "a live secret key",
        (b"sk_live_", b"rk_live_"),
        rb"[rs]k_live_([A-Za-z0-9]{24,247})",
        "docs.stripe.com/keys; Paystack's and Clerk's look the same",
    ),
    Form(
        "a webhook signing secret",
        (b"whsec_",),
        rb"whsec_([A-Za-z0-9+/]{32,88}={0,2})(?![+/=])",
        "docs.stripe.com/webhooks; standardwebhooks.com, Symmetric secrets",
    ),
    Form(
        "an AWS access key id",
        (b"AKIA", b"ASIA"),
        # Not the name of who signed a URL or a request, which is no secret.
        rb"A[KS]IA(?<![?&]AWSAccessKeyId=A.IA)([A-Z2-7]{16})(?!(?:/|%2F)[0-9]{8}(?:/|%2F))",
        "docs.aws.amazon.com, IAM identifiers: Unique identifiers; base32 as gitleaks has it",
    ),
    Form(
        "a GitHub token",
        (b"ghp_", b"gho_", b"ghu_", b"ghs_", b"ghr_"),
        rb"gh[oprsu]_([A-Za-z0-9]{36,255})",
        _GITHUB,
        _has_checksum,
    ),
    Form("a GitHub token", (b"github_pat_",), rb"github_pat_([A-Za-z0-9]{22}_[A-Za-z0-9]{59})"),
    Form(
        "a GitLab token",
        (b"glpat-", b"gldt-", b"glrt-", b"glsoat-"),
        rb"gl(?:pat|dt|rt|soat)-([\w-]{20}(?![\w.-])|[\w-]{27,300}\.[0-9a-z]{2}\.?[0-9a-z]{7,9})",
        "docs.gitlab.com/security/tokens; handbook.gitlab.com, Routable Tokens",
    ),
    Form("a Slack token", (b"xoxb-", b"xoxp-"), rb"xox[bp]-(?:\d{8,14}-){1,3}([A-Za-z0-9]{18,34})"),
    Form("a Slack token", (b"xapp-",), rb"xapp-\d-A[A-Z0-9]{7,12}-\d{9,14}-([0-9a-f]{64})"),
    Form(
        "a Slack webhook",
        (b"hooks.slack.com/services/",),
        rb"hooks\.slack\.com/services/T[A-Z0-9]{7,12}/B[A-Z0-9]{7,12}/([A-Za-z0-9]{24})",
        "docs.slack.dev, Sending messages using incoming webhooks",
    ),
    Form(
        "a Discord webhook",
        (b"discord.com/api/", b"discordapp.com/api/"),
        rb"discord(?:app)?\.com/api/(?:v\d+/)?webhooks/\d{17,20}/([\w-]{60,80})",
        "discord.com/developers/docs/resources/webhook",
    ),
    Form(
        "a Telegram bot token",
        (b":AA",),
        rb"\d{8,10}:AA([\w-]{33})",
        "core.telegram.org/bots/features, BotFather",
    ),
    Form(
        "a Heroku API key",
        (b"HRKU-",),
        rb"HRKU-(" + _UUID + rb"|[\w-]{60})",
        "devcenter.heroku.com/articles/oauth, Prefixed OAuth tokens; trufflehog #4177, #4510",
    ),
    Form("a SendGrid API key", (b"SG.",), rb"SG\.([\w-]{22}\.[\w-]{43})"),
    Form("a Brevo API key", (b"xkeysib-",), rb"xkeysib-([0-9a-f]{64}-[A-Za-z0-9]{16})"),
    Form(
        "an npm token",
        (b"npm_",),
        rb"npm_([A-Za-z0-9]{36})",
        "github.blog, 2021-09-23: Announcing npm's new access token format",
        _has_checksum,
    ),
    Form(
        "a PyPI token",
        (b"pypi-AgE",),
        rb"pypi-AgE(?:IcHlwaS5vcmc|NdGVzdC5weXBpLm9yZw)([\w-]{60,1000})",
    ),
    Form(
        "an OpenAI API key",
        (b"T3BlbkFJ",),  # "OpenAI" in base64
        rb"sk-(?:(?:proj|svcacct|admin)-)?([\w-]{20,74}T3BlbkFJ[\w-]{20,74})",
    ),
    Form("an Anthropic API key", (b"sk-ant-",), rb"sk-ant-[a-z]{3,5}\d\d-([\w-]{80,120})"),
    Form("an OpenRouter API key", (b"sk-or-v1-",), rb"sk-or-v1-([0-9a-f]{64})", _OPENROUTER),
    Form("a Hugging Face token", (b"hf_",), rb"hf_([A-Za-z]{34})"),
    Form(
        "a Shopify token",
        (b"shpat_", b"shpca_", b"shppa_", b"shpss_"),
        rb"shp(?:at|ca|pa|ss)_([0-9A-Fa-f]{32})",
    ),
    Form(
        "a DigitalOcean token", (b"dop_v1_", b"doo_v1_", b"dor_v1_"), rb"do[opr]_v1_([0-9a-f]{64})"
    ),
    Form("a Google client secret", (b"GOCSPX-",), rb"GOCSPX-([\w-]{28})", _OPENROUTER),
    Form(
        "a Cloudinary URL",
        (b"cloudinary://",),
        rb"cloudinary://\d{12,18}:([\w-]{27})@[\w-]+",
        "cloudinary.com/documentation, CLOUDINARY_URL",
    ),
    Form("a New Relic key", (b"NRAK-",), rb"NRAK-([A-Z0-9]{27})"),
    Form("a Sentry token", (b"sntryu_",), rb"sntryu_([0-9a-f]{64})"),
    Form("a Linear API key", (b"lin_api_",), rb"lin_api_([A-Za-z0-9]{40})"),
    Form("a Doppler token", (b"dp.pt.",), rb"dp\.pt\.([A-Za-z0-9]{43})"),
    Form("a Terraform token", (b".atlasv1.",), rb"[A-Za-z0-9]{14}\.atlasv1\.([\w-]{60,70})"),
    Form("a RubyGems API key", (b"rubygems_",), rb"rubygems_([0-9a-f]{48})"),
    Form(
        "an age secret key",
        (b"AGE-SECRET-KEY-1",),
        rb"AGE-SECRET-KEY-1([02-9AC-HJ-NP-Z]{58})",
        "age-encryption.org/v1; BIP 173 for the alphabet",
    ),
)

CLUES: tuple[bytes, ...] = (
    *dict.fromkeys(clue for form in FORMS for clue in form.clues),
    private_keys.CLUE,
)
"""What a search for fixed texts is told. A line that holds none is one to be looked at only if it
matches `URL`: a fixed text for that would be in each line with a link."""
URL = passwords.URL
LINES_AFTER = private_keys.LINES_AFTER
