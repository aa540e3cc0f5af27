"""The plot: it is XML, and holds what the table holds."""

from xml.etree import ElementTree as ET

from .plot import plot
from .row import Goal, Row

SVG = "{http://www.w3.org/2000/svg}"
ROWS = [
    Row(name="a/half", what="`x` / <y> & z", figures=(1.0,), goal=Goal(2.0)),
    Row(name="b/whole", what="share", figures=(92.0,), goal=Goal(92, is_least=True), unit=" %"),
    Row(name="c/<far>", what="too much", figures=(100.0,), goal=Goal(1.0), unit=" & s"),
    Row(name="d/none", what="no goal", figures=(3.0,)),
]


def bars(image: ET.Element) -> list[tuple[str, int]]:
    return [(each.attrib["class"], int(each.attrib["width"])) for each in image.iter(f"{SVG}rect")]


def test_the_plot_holds_the_names_and_figures_of_the_rows_that_have_a_goal() -> None:
    image = ET.fromstring(plot(ROWS))  # noqa: S314  # it was just made here
    assert [each.text for each in image.iter(f"{SVG}text")] == [
        "goal",
        *("a/half", "1.00 (≤ 2.00), met"),
        *("b/whole", "92.0 % (≥ 92.0 %), met"),
        *("c/<far>", "100 & s (≤ 1.00 & s), missed"),
    ]


def test_a_bar_is_as_long_as_what_it_takes_up_of_its_goal_until_it_is_cut() -> None:
    image = ET.fromstring(plot(ROWS))  # noqa: S314  # it was just made here
    (_, half), (_, whole), (_, far) = bars(image)
    assert (2 * half, far) == (whole, 2 * whole)
    assert [verdict for verdict, _ in bars(image)] == ["met", "met", "missed"]
    line = next(image.iter(f"{SVG}line"))
    starts = {int(each.attrib["x"]) for each in image.iter(f"{SVG}rect")}
    assert {start + whole for start in starts} == {int(line.attrib["x1"])}


def test_all_of_the_plot_is_inside_of_it() -> None:
    image = ET.fromstring(plot(ROWS))  # noqa: S314  # it was just made here
    height = int(image.attrib["height"])
    assert all(int(each.attrib["y"]) < height for each in image.iter() if "y" in each.attrib)
