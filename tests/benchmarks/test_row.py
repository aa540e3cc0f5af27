"""What a row says of its figures."""

import pytest

from .row import Goal, Missing, Row, shown


def row(*figures: float, goal: Goal | None = None, unit: str = "") -> Row:
    return Row(name="diff/x", what="ours / theirs", figures=figures, goal=goal, unit=unit, load=0.5)


def test_a_row_shows_its_median_its_range_its_goal_and_the_load() -> None:
    assert str(row(1.5, 1.0, 1.25, goal=Goal(1.3))).split() == [
        *("diff/x", "1.25", "1.00", "…", "1.50", "≤", "1.30", "met", "load", "0.5"),
        *("ours", "/", "theirs;", "3", "runs"),
    ]


@pytest.mark.parametrize(
    ("figure", "goal", "verdict"),
    [
        (1.3, Goal(1.3), "met"),
        (1.31, Goal(1.3), "missed"),
        (92.0, Goal(92, is_least=True), "met"),
        (91.0, Goal(92, is_least=True), "missed"),
        (5.0, None, ""),
    ],
)
def test_a_goal_is_met_up_to_itself(figure: float, goal: Goal | None, verdict: str) -> None:
    assert row(figure, goal=goal).verdict == verdict


def test_the_share_of_a_goal_grows_as_the_figure_gets_worse() -> None:
    most, least = Goal(2.0), Goal(80, is_least=True)
    assert [most.share(figure) for figure in (1.0, 2.0, 3.0)] == [0.5, 1.0, 1.5]
    assert [least.share(figure) for figure in (160, 80, 40)] == [0.5, 1.0, 2.0]


@pytest.mark.parametrize(
    ("figure", "text"),
    [(0.149, "0.15"), (9.994, "9.99"), (37.24, "37.2"), (1234.5, "1,234"), (-0.3, "-0.30")],
)
def test_a_figure_is_shown_with_three_digits(figure: float, text: str) -> None:
    assert shown(figure) == text


def test_what_could_not_be_measured_is_said_with_its_reason() -> None:
    text = str(Missing("diff/cli", "there is no npm"))
    assert text.split(maxsplit=1) == ["diff/cli", "not measured: there is no npm"]
