"""What a plan's digest covers, and what it leaves out."""

import hashlib
import hmac
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.heroku.facts import LiveVars, Ownership
from deploy.names import LOCK_KEY
from deploy.plan.digest import digest
from deploy.plan.plan import make
from deploy.project.policy import Policy
from deploy.secret import Secret

GOOD_KEY = "7f3b9d" * 10 + "7f3b"
APP_ID = "01234567-89ab-cdef-0123-456789abcdef"


def secrets(vars: Mapping[str, str]) -> dict[str, Secret]:  # noqa: A002  # the word is "vars"
    return {name: Secret(value) for name, value in vars.items()}


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that a plan follows from."""

    declared: dict[str, str] = field(
        default_factory=lambda: {"A": "1", "NEW": "n w", "SAME": "é\n😀", "DATABASE_URL": "x"}
    )
    live: dict[str, str] = field(
        default_factory=lambda: {
            "A": "2",
            "SAME": "é\n😀",
            "OLD": "old",
            "DATABASE_URL": "postgres://x",
            "CACHE_URL": "redis://x",
            "HEROKU_SLUG_COMMIT": "s",
            "I_1": "i",
        }
    )
    owned: tuple[str, ...] = ("DATABASE_URL", "CACHE_URL")
    ignore: tuple[str, ...] = ("I_*",)
    provided: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()
    app_id: str = APP_ID
    prune: bool = False
    only: tuple[str, ...] | None = None

    def digest(self) -> str:
        declared = secrets(self.declared)
        ownership = Ownership(frozenset(self.owned))
        live = LiveVars(secrets(self.live), ownership, frozenset(self.unreadable))
        policy = Policy(self.ignore, frozenset(self.provided))
        only = None if self.only is None else frozenset(self.only)
        plan = make(declared, live, policy=policy, prune=self.prune, only=only)
        return digest(
            plan,
            app_id=self.app_id,
            declared=declared,
            live=live,
            policy=policy,
            prune=self.prune,
            only=only,
        )


USUAL = Situation()


def declaring(**vars: str | None) -> Situation:  # noqa: A002
    return replace(USUAL, declared=without_none({**USUAL.declared, **vars}))


def living(**vars: str | None) -> Situation:  # noqa: A002
    return replace(USUAL, live=without_none({**USUAL.live, **vars}))


def without_none(vars: Mapping[str, str | None]) -> dict[str, str]:  # noqa: A002
    return {name: value for name, value in vars.items() if value is not None}


# What it is.

DOCUMENT = {
    "version": "config-plan/1",
    "app": APP_ID,
    "options": {"prune": False, "only": None},
    "changes": [["~", "A"], ["+", "NEW"]],
    "declared": {"A": "1", "NEW": "n w", "SAME": "é\n😀", "DATABASE_URL": "x"},
    "live": {"A": "2", "SAME": "é\n😀", "OLD": "old"},
    "owned": ["CACHE_URL", "DATABASE_URL", "HEROKU_SLUG_COMMIT"],
}


def canonical(document: Mapping[str, object]) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def test_it_is_the_first_half_of_a_sha_256_over_canonical_json() -> None:
    expected = hashlib.sha256(canonical(DOCUMENT)).hexdigest()[:32]
    assert USUAL.digest() == expected == "4ded92a05289bb9b1be3a04122f4d9f7"


def test_it_is_the_same_in_another_process() -> None:
    found = subprocess.run(
        [sys.executable, "-c", "from tests.plan.test_digest import USUAL; print(USUAL.digest())"],
        cwd=Path(__file__).parents[2],
        env={"PYTHONHASHSEED": "1"},
        capture_output=True,
        check=True,
    )
    assert found.stdout.decode().strip() == USUAL.digest()


def test_the_options_are_in_it_as_they_were_given() -> None:
    chosen = replace(USUAL, prune=True, only=("OLD", "A"))
    document = {
        **DOCUMENT,
        "options": {"prune": True, "only": ["A", "OLD"]},
        "changes": [["~", "A"], ["-", "OLD"]],
    }
    assert chosen.digest() == hashlib.sha256(canonical(document)).hexdigest()[:32]


def test_what_cannot_be_read_is_in_it_by_name_unless_it_is_owned_or_ignored() -> None:
    hidden = replace(USUAL, unreadable=("X", "HEROKU_SLUG_COMMIT", "I_2", "HIDDEN"))
    document = {**DOCUMENT, "unreadable": ["HIDDEN", "X"]}
    assert hidden.digest() == hashlib.sha256(canonical(document)).hexdigest()[:32]
    assert replace(USUAL, unreadable=("I_2",)).digest() == USUAL.digest()


def keyed(key: str) -> tuple[Situation, bytes]:
    declared = {**USUAL.declared, LOCK_KEY: key}
    situation = replace(USUAL, declared=declared, live={**USUAL.live, LOCK_KEY: key})
    live = {**DOCUMENT["live"], LOCK_KEY: key}  # type: ignore[dict-item]  # it is a dict
    return situation, canonical({**DOCUMENT, "declared": declared, "live": live})


def test_with_a_good_key_it_is_an_hmac_under_that_key() -> None:
    situation, text = keyed(GOOD_KEY)
    expected = hmac.new(bytes.fromhex(GOOD_KEY), text, hashlib.sha256).hexdigest()[:32]
    assert situation.digest() == expected
    assert situation.digest() != hashlib.sha256(text).hexdigest()[:32]


@pytest.mark.parametrize("key", ["", "weak", GOOD_KEY.upper(), GOOD_KEY + "\n", GOOD_KEY[:-1]])
def test_with_a_weak_key_it_is_a_plain_sha_256(key: str) -> None:
    situation, text = keyed(key)
    assert situation.digest() == hashlib.sha256(text).hexdigest()[:32]


def test_a_key_that_is_only_on_heroku_is_not_the_declaration_s() -> None:
    situation = living(CONFIG_LOCK_KEY=GOOD_KEY)
    live = {"A": "2", "SAME": "é\n😀", "OLD": "old", LOCK_KEY: GOOD_KEY}
    document = {**DOCUMENT, "live": live}
    assert situation.digest() == hashlib.sha256(canonical(document)).hexdigest()[:32]


# What it covers.


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(declaring(A="3"), id="a declared value"),
        pytest.param(declaring(SAME="x"), id="a declared value that was equal"),
        pytest.param(declaring(A="1\n"), id="a line end"),
        pytest.param(declaring(DATABASE_URL="y"), id="a declared value of an owned name"),
        pytest.param(declaring(I_1="i"), id="a declared name that is ignored"),
        pytest.param(declaring(NEW=None), id="a name less in the file"),
        pytest.param(declaring(MORE=""), id="a name more in the file"),
        pytest.param(declaring(NEW=None, NEW2="n w"), id="another name in the file"),
        pytest.param(declaring(OLD="old"), id="an unmanaged var that is declared now"),
        pytest.param(living(A="3"), id="a live value that would be changed"),
        pytest.param(living(A="1"), id="a live value that is as it should be now"),
        pytest.param(living(SAME="x"), id="a live value that was equal"),
        pytest.param(living(OLD="x"), id="a live value that is kept"),
        pytest.param(living(OLD=None), id="a live var that went"),
        pytest.param(living(OLD=""), id="a live var that was emptied"),
        pytest.param(living(MORE=""), id="a live var that came"),
        pytest.param(living(NEW="n w"), id="a change that somebody else made"),
        pytest.param(living(CACHE_URL=None), id="an owned var that went"),
        pytest.param(living(HEROKU_PR_NUMBER="x"), id="a var of the platform that came"),
        pytest.param(replace(USUAL, owned=("DATABASE_URL",)), id="an add-on less"),
        pytest.param(replace(USUAL, owned=(*USUAL.owned, "OLD")), id="an add-on that took a name"),
        pytest.param(replace(USUAL, app_id=APP_ID[::-1]), id="another app"),
        pytest.param(replace(USUAL, prune=True), id="--prune"),
        pytest.param(replace(USUAL, only=("A", "NEW")), id="--only with the plan's very names"),
        pytest.param(replace(USUAL, only=("A",)), id="--only"),
        pytest.param(replace(USUAL, ignore=("I_*", "NEW")), id="a change that is ignored"),
        pytest.param(replace(USUAL, ignore=("I_*", "OLD")), id="an unmanaged var that is ignored"),
        pytest.param(replace(USUAL, ignore=()), id="nothing is ignored"),
    ],
)
def test_it_is_another_where_anything_moved_that_counts(other: Situation) -> None:
    assert other.digest() != USUAL.digest()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            replace(USUAL, prune=True), replace(USUAL, prune=True, provided=("OLD",)), id="provided"
        ),
        pytest.param(
            replace(USUAL, prune=True), replace(USUAL, prune=True, ignore=("*",)), id="ignored"
        ),
        pytest.param(replace(USUAL, only=("A",)), replace(USUAL, only=("NEW",)), id="only"),
        pytest.param(
            replace(USUAL, only=("A",)), replace(USUAL, only=("A", "SAME")), id="one more to only"
        ),
        pytest.param(
            Situation(declared={"A": "1", "B": ""}, live={}),
            Situation(declared={"A": "", "B": "1"}, live={}),
            id="two values that changed places",
        ),
        pytest.param(
            Situation(declared={"A": "1"}, live={"B": "1"}),
            Situation(declared={"A": "1", "B": "1"}, live={}),
            id="declared and live",
        ),
        pytest.param(keyed(GOOD_KEY)[0], keyed(GOOD_KEY[::-1])[0], id="another key"),
    ],
)
def test_two_plans_that_are_not_the_same_have_two_digests(one: Situation, other: Situation) -> None:
    assert one.digest() != other.digest()


# What it leaves out.


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(living(DATABASE_URL="postgres://y"), id="an owned value that rotated"),
        pytest.param(living(CACHE_URL=""), id="an owned value that nobody declared"),
        pytest.param(living(HEROKU_SLUG_COMMIT="t"), id="a value of the platform"),
        pytest.param(living(I_1="j"), id="an ignored value"),
        pytest.param(living(I_1=None, I_2="new"), id="ignored names"),
        pytest.param(
            replace(USUAL, declared=dict(reversed(USUAL.declared.items()))), id="the file's order"
        ),
        pytest.param(replace(USUAL, live=dict(reversed(USUAL.live.items()))), id="Heroku's order"),
        pytest.param(replace(USUAL, owned=USUAL.owned[::-1]), id="the order of add-ons"),
        pytest.param(replace(USUAL, ignore=("NOWHERE", "I_?")), id="a policy of the same effect"),
        pytest.param(replace(USUAL, provided=("OLD",)), id="provided, where nothing is pruned"),
        pytest.param(replace(USUAL, owned=(*USUAL.owned, "GONE_URL")), id="an add-on without vars"),
    ],
)
def test_it_stays_where_nothing_moved_that_counts(other: Situation) -> None:
    assert other.digest() == USUAL.digest()


def test_the_order_of_only_does_not_count() -> None:
    one, other = (replace(USUAL, only=only) for only in (("A", "NEW"), ("NEW", "A")))
    assert one.digest() == other.digest()


NAMES = st.sampled_from(["A", "B", "C", "HEROKU_SLUG_COMMIT", "I_1", LOCK_KEY])
VALUES = st.text(max_size=3) | st.sampled_from([GOOD_KEY, "\ud800"])
VARS = st.dictionaries(NAMES, VALUES)
SITUATIONS = st.builds(
    Situation,
    declared=VARS,
    live=VARS,
    owned=st.sampled_from([(), ("A",)]),
    prune=st.booleans(),
    only=st.none() | st.lists(NAMES, unique=True).map(lambda names: tuple(sorted(names))),
)


@given(SITUATIONS, SITUATIONS)
def test_equal_digests_mean_equal_situations(one: Situation, other: Situation) -> None:
    def covered(it: Situation) -> tuple[object, ...]:
        owned = {n for n in {*it.declared, *it.live} if n in it.owned or n.startswith("HEROKU_")}
        live = {n: v for n, v in it.live.items() if n not in owned and not n.startswith("I_")}
        return it.declared, live, owned, it.prune, it.only

    assert re.fullmatch(r"[0-9a-f]{32}", one.digest())
    assert (one.digest() == other.digest()) is (covered(one) == covered(other))
    assert one.digest() == replace(one, live=dict(reversed(one.live.items()))).digest()
