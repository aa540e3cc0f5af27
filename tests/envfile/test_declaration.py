"""Several layers as one declaration: which value counts, where it stands, what is warned of."""

import pytest

from deploy.envfile.swallowed import SwallowedNames
from deploy.envfile.warnings import PLACEHOLDER, TOO_LARGE
from deploy.secret import Secret

from ..support import declared


def test_a_later_layer_wins_and_the_others_are_kept() -> None:
    found = declared("A=1\nB=1\n", "B=2\nC=2\n", "C=3\n")
    assert found.vars == {"A": Secret("1"), "B": Secret("2"), "C": Secret("3")}


def test_an_empty_value_above_hides_one_below() -> None:
    assert declared("A=1\n", "A=\n").vars == {"A": Secret("")}


def test_what_messages_call_it_names_each_layer_in_their_order() -> None:
    assert declared("A=1\n", "A=1\n", "A=1\n").source == ".env.1 + .env.2 + .env.production"
    assert declared("A=1\n").source == ".env.production"


def test_the_places_of_a_name_begin_with_the_one_that_counts() -> None:
    found = declared("X=1\nA=1\n", "B=1\n", "\nA=3\n")
    assert [(place.source, place.entry.line) for place in found.places("A")] == [
        (".env.production", 2),
        (".env.1", 2),
    ]
    assert found.places("NONE") == []


def test_a_warning_names_the_layer_that_it_is_about() -> None:
    found = declared("A=changeme\nB=1\n", "B=changeme\nC=1\n").warnings_about({"A", "B", "C"})
    assert {source: [each.name for each in warnings] for source, warnings in found.items()} == {
        ".env.1": ["A"],
        ".env.production": ["B"],
    }


def test_what_is_hidden_is_not_warned_of() -> None:
    assert declared("A=changeme\n", "A=1\n").warnings_about({"A"}) == {}
    [below] = declared("A=1\n", "A=changeme\n").warnings_about({"A"}).values()
    assert [each.reason for each in below] == [PLACEHOLDER]


def test_layers_that_are_too_large_together_are_warned_of_once() -> None:
    one, other = f"A={'x' * 40_000}\n", f"B={'y' * 40_000}\n"
    found = declared(one, other).warnings_about({"A"})
    assert {source: [str(each) for each in warnings] for source, warnings in found.items()} == {
        ".env.1 + .env.production": [TOO_LARGE]
    }
    assert declared(one, f"A={'y' * 40_000}\n").warnings_about({"A"}) == {}
    assert declared(one, other).warnings_about(()) == {}


def test_a_layer_that_is_too_large_is_warned_of_once() -> None:
    found = declared("B=1\n", f"A={'x' * 70_000}\n").warnings_about({"A"})
    assert list(found) == [".env.production"]


def test_a_name_that_a_layer_swallowed_is_told_with_its_file() -> None:
    with pytest.raises(SwallowedNames) as caught:
        declared('A="x\nB_TOKEN=5"\n', "C=1\n").check_swallowed({"B_TOKEN"}, frozenset)
    assert str(caught.value).startswith(".env.1: line 2: B_TOKEN stands inside a quoted value")


def test_a_swallowed_name_that_another_layer_declares_is_not_lost() -> None:
    found = declared('A="x\nB_TOKEN=5"\n', "B_TOKEN=1\n")
    found.check_swallowed({"B_TOKEN"}, frozenset)
    assert [suspect.name for suspect in found.suspects] == ["B_TOKEN"]
