"""The picture of a terminal: what is drawn of what a terminal was told."""

import xml.etree.ElementTree as ET

from .picture import LIVE, PICTURE, Span, picture, shown


def test_a_color_is_a_class_of_the_picture() -> None:
    assert shown("  \x1b[33m~\x1b[0m A  x\nplain\n") == [
        [Span("  "), Span("~", "change"), Span(" A  x")],
        [Span("plain")],
    ]


def test_a_line_that_was_taken_away_is_not_drawn() -> None:
    assert shown("1/3 apps\r        \rdone\n") == [[Span("done")]]


def test_what_is_drawn_is_escaped() -> None:
    made = ET.fromstring(picture([[Span("a <b> & c")], [], [Span("$ ", "prompt")]]))  # noqa: S314  # our own
    texts = ["".join(each.itertext()) for each in made.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == ["a <b> & c", "$ "]


def test_the_picture_shows_no_value() -> None:
    """But that of LOG_LEVEL, which was asked for."""
    text = PICTURE.read_text(encoding="utf-8")
    hidden = {value for name, value in LIVE.items() if name.endswith(("KEY", "URL", "PASSWORD"))}
    assert not any(value in text for value in hidden)
    assert "made-up" not in text
