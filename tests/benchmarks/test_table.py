"""The table, and that nothing else of the README changes."""

from xml.etree import ElementTree as ET

import pytest

from .api import ROOT
from .row import Goal, Row
from .table import END, START, replaced, table

ROWS = [
    Row(name="diff/x", what="`a` / `b`", figures=(1.2, 1.4, 1.0), goal=Goal(1.3), load=0.5),
    Row(name="trips/x", what="no goal", figures=(3.0,), load=0.5),
    Row(
        name="drift/16",
        what="share",
        figures=(90.0,),
        goal=Goal(92, is_least=True),
        unit=" %",
        load=2.25,
    ),
]


def test_the_table_has_the_rows_that_have_a_goal() -> None:
    assert table(ROWS, about="Measured here.") == (
        "| | | median | smallest … largest | goal | | load |\n"
        "|---|---|---|---|---|---|---|\n"
        "| diff/x | `a` / `b` | 1.20 | 1.00 … 1.40 | ≤ 1.30 | met | 0.5 |\n"
        "| drift/16 | share | 90.0 % | 90.0 … 90.0 | ≥ 92.0 % | missed | 2.2 |\n"
        "\n"
        "Measured here.\n"
    )


def test_the_table_between_the_comments_is_replaced_and_nothing_else() -> None:
    before, behind = "# Title\n\n| a | table |\n\n", "\n## Next\n| another |\n"
    once = replaced(f"{before}{START}\n{END}\n{behind}", "| x |\n")
    assert once == f"{before}{START}\n\n| x |\n\n{END}\n{behind}"
    assert replaced(once, "| y |\n") == once.replace("| x |", "| y |")


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"{START}\n",
        f"{END}\n",
        f"{END}\n{START}\n",
        f"{START}\n{END}\n{START}\n{END}\n",
    ],
    ids=["none", "no end", "no start", "turned round", "twice"],
)
def test_a_text_without_one_place_for_the_table_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="benchmarks"):
        replaced(text, "x\n")


def test_the_readme_has_the_place_and_its_table_and_plot_tell_the_same() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert replaced(readme, "x\n") != readme
    lines = readme.partition(START)[2].partition(END)[0].splitlines()
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if "|" in line][2:]
    told = [f"{shown} ({goal}), {verdict}" for _, _, shown, _, goal, verdict, _ in cells]
    image = ET.parse(ROOT / ".github" / "benchmarks.svg")  # noqa: S314  # it is our own
    texts = [each.text for each in image.iter("{http://www.w3.org/2000/svg}text")]
    assert (texts[1::2], texts[2::2]) == ([name for name, *_ in cells], told)
