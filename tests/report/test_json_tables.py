"""The documents of what is a table for a person: a history, and two apps side by side."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.heroku.facts import Release, Status
from deploy.plan.change import Change
from deploy.plan.comparison import Comparison, Pair
from deploy.plan.history import History, Revision
from deploy.report.json import comparison, history
from deploy.report.reveal import Reveal
from deploy.secret import Secret

from ..schemas import read

FOUL = "A\x1b[2J\x7f\u202e\ud800\u2028"


def secret(value: str | None) -> Secret | None:
    return None if value is None else Secret(value)


# What releases did.


def test_a_history_is_one_document_with_a_row_a_release_and_no_value() -> None:
    changes = (
        Change("API_KEY", Secret("c4nary-1"), Secret("c4nary-2")),
        Change("NEW", None, Secret("c4nary-3")),
        Change("OLD", Secret("c4nary-4"), None),
    )
    release = Release(112, Status.SUCCEEDED, "mallory@example.com", "2026-03-01T04:05:06Z", "id")
    revisions = (
        Revision(release, changes),
        Revision(Release(99, Status.FAILED), changes[1:2]),
        Revision(Release(98, Status.PENDING), None),
    )
    shown = history(History("myapp", revisions, seen=50, oldest=63, is_whole=False))
    assert "c4nary" not in shown
    assert read("history", shown) == {
        "schema_version": 1,
        "app": "myapp",
        "revisions": [
            {
                "version": 112,
                "created_at": "2026-03-01T04:05:06Z",
                "user": "mallory@example.com",
                "status": "succeeded",
                "changes": [
                    {"name": "API_KEY", "action": "change"},
                    {"name": "NEW", "action": "set"},
                    {"name": "OLD", "action": "remove"},
                ],
            },
            {
                "version": 99,
                "created_at": None,
                "user": None,
                "status": "failed",
                "changes": [{"name": "NEW", "action": "set"}],
            },
            {
                "version": 98,
                "created_at": None,
                "user": None,
                "status": "pending",
                "changes": None,
            },
        ],
        "releases_seen": 50,
        "oldest_seen": 63,
        "is_whole": False,
        "unreadable": [],
    }


def test_a_history_without_rows_is_a_document_as_well() -> None:
    assert read("history", history(History("myapp", (), seen=0, oldest=None, is_whole=True))) == {
        "schema_version": 1,
        "app": "myapp",
        "revisions": [],
        "releases_seen": 0,
        "oldest_seen": None,
        "is_whole": True,
        "unreadable": [],
    }


@pytest.mark.parametrize(("changes", "shown"), [((), []), (None, None)], ids=["none", "unknown"])
def test_a_release_that_did_nothing_is_told_apart_from_one_that_nobody_can_tell(
    changes: tuple[Change, ...] | None, shown: object
) -> None:
    row = Revision(Release(1, Status.SUCCEEDED), changes)
    document = read("history", history(History("myapp", (row,), seen=1, oldest=1, is_whole=True)))
    assert document["revisions"][0]["changes"] == shown


def test_a_history_is_ascii_without_controls_whatever_comes_from_outside() -> None:
    row = Revision(Release(1, Status.SUCCEEDED, FOUL, FOUL), (Change(FOUL, None, Secret("x")),))
    shown = history(History("myapp", (row,), seen=1, oldest=1, is_whole=True))
    assert shown.isascii()
    assert shown.replace("\n", "").isprintable()
    [found] = read("history", shown)["revisions"]
    assert (found["user"], found["changes"]) == (FOUL, [{"name": FOUL, "action": "set"}])


# Two apps.


def two(*vars: Pair, ignored: tuple[str, ...] = ()) -> Comparison:  # noqa: A002  # the word is "vars"
    return Comparison("myapp", "staging", vars, ignored)


def document(found: Comparison, *reveal: str) -> dict[str, Any]:
    return read("compare", comparison(found, Reveal(reveal)))


def test_two_apps_are_one_document_with_a_row_a_var_and_every_value_masked() -> None:
    found = two(
        Pair("A", Secret("c4nary-1"), Secret("c4nary-2")),
        Pair("API_KEY", Secret("c4nary-3"), Secret("c4nary-3")),
        Pair("B", Secret(""), None),
        Pair("C", None, Secret("c4nary-4")),
        ignored=("PAPER_A", "PAPER_B"),
    )
    assert document(found) == {
        "schema_version": 1,
        "app": "myapp",
        "with": "staging",
        "shared_secrets": ["API_KEY"],
        "vars": [
            {"name": "A", "state": "different", "app": "********", "with": "********"},
            {"name": "API_KEY", "state": "equal", "app": "********", "with": "********"},
            {"name": "B", "state": "only_app", "app": "********", "with": None},
            {"name": "C", "state": "only_with", "app": None, "with": "********"},
        ],
        "ignored": ["PAPER_A", "PAPER_B"],
        "unreadable": [],
    }


def test_two_apps_without_vars_are_a_document_as_well() -> None:
    assert document(two()) == {
        "schema_version": 1,
        "app": "myapp",
        "with": "staging",
        "shared_secrets": [],
        "vars": [],
        "ignored": [],
        "unreadable": [],
    }


def test_only_chosen_values_of_two_apps_are_shown() -> None:
    found = two(
        Pair("LOG_A", Secret("é\n\x1b"), Secret("")),
        Pair("LOG_B", None, Secret("info")),
        Pair("TOKEN", Secret("c4nary"), Secret("c4nary")),
    )
    assert [(row["app"], row["with"]) for row in document(found, "LOG_*")["vars"]] == [
        ("é\n\x1b", ""),
        (None, "info"),
        ("********", "********"),
    ]


def test_a_pair_is_ascii_without_controls_whatever_a_name_or_a_value_holds() -> None:
    found = two(
        Pair(FOUL, Secret(FOUL), None),
        Pair(f"{FOUL}_TOKEN", Secret(FOUL), Secret(FOUL)),
        ignored=(FOUL,),
    )
    shown = comparison(found, Reveal(("*",)))
    assert shown.isascii()
    assert shown.replace("\n", "").isprintable()
    again = read("compare", shown)
    assert (again["shared_secrets"], again["ignored"]) == ([f"{FOUL}_TOKEN"], [FOUL])


@given(
    name=st.text(st.characters(), min_size=1),
    here=st.none() | st.text(st.characters()),
    there=st.text(st.characters()),
    chosen=st.booleans(),
)
def test_what_is_shown_of_a_pair_can_be_read_back(
    name: str, here: str | None, there: str, chosen: bool
) -> None:
    reveal = Reveal((name,), exact_only=True) if chosen else Reveal()
    shown = comparison(two(Pair(name, secret(here), secret(there))), reveal)
    [row] = read("compare", shown)["vars"]
    masked = (name, None if here is None else "********", "********")
    assert (row["name"], row["app"], row["with"]) == ((name, here, there) if chosen else masked)
