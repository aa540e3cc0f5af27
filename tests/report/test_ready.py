"""Whether an app is ready, in each format."""

import pytest

from deploy.plan.readiness import Missing, Readiness, Unfit
from deploy.project.code.needs import Need, Obstacle
from deploy.report import github, json
from deploy.report.text_ready import ready, verdict

from ..schemas import read

NOT_PARSED = Obstacle("old.py", 3, "does not parse as Python: not checked")
COMPUTED = Obstacle("app.py", 9, "reads a name that is computed: not checked", is_whole_file=False)


def needed(name: str, *places: str) -> Missing:
    told = [place.split(":") for place in places]
    return Missing(name, tuple(Need(name, path, int(line)) for path, line in told))


MIXED = Readiness(
    "myapp",
    4,
    missing=(needed("API_KEY", "a.py:1", "b.py:2"), needed("DSN", "app.json:0")),
    unfit=(Unfit("DB", "is empty"),),
    obstacles=(COMPUTED, NOT_PARSED),
    like="staging",
    lacking=("FLAG", "OTHER"),
)
READY = Readiness("myapp", 4, obstacles=(COMPUTED,))
UNKNOWN = Readiness("myapp", 1, obstacles=(NOT_PARSED, COMPUTED))
FOUL = "a%b:c,d\r\ne\x1b[2J\u202e/f"


@pytest.mark.parametrize(
    ("found", "said"),
    [
        pytest.param(READY, "myapp is ready: it has the 4 names that the code needs.", id="ready"),
        pytest.param(
            Readiness("myapp", 0),
            "myapp is ready: nothing here says that it needs a var.",
            id="nothing needed",
        ),
        pytest.param(
            MIXED,
            "myapp is not ready: 2 of 4 names that the code needs are missing,"
            " and 1 value cannot be right.",
            id="not ready",
        ),
        pytest.param(
            Readiness("myapp", 1, missing=(needed("A", "a.py:1"),)),
            "myapp is not ready: 1 of 1 name that the code needs is missing.",
            id="one missing",
        ),
        pytest.param(
            Readiness("myapp", 0, unfit=(Unfit("A", "is empty"), Unfit("B", "is empty"))),
            "myapp is not ready: 2 values cannot be right.",
            id="two unfit",
        ),
        pytest.param(
            UNKNOWN,
            "Whether myapp is ready is not known: a file was not checked; the 1 name it has.",
            id="not known",
        ),
        pytest.param(
            Readiness("myapp", 2, obstacles=(NOT_PARSED, NOT_PARSED._replace(path="x.py"))),
            "Whether myapp is ready is not known: 2 files were not checked; the 2 names it has.",
            id="two files",
        ),
    ],
)
def test_the_verdict_says_ready_of_what_is_certain_alone(found: Readiness, said: str) -> None:
    assert verdict(found) == said


def test_text_has_a_line_a_name_and_says_what_to_do() -> None:
    assert ready(MIXED) == "\n".join(
        [
            "  - API_KEY  is missing: a.py:1, b.py:2",
            "  - DSN      is missing: app.json",
            "  ~ DB       is empty",
            "staging has, and myapp lacks: FLAG, OTHER",
            "app.py:9  note: reads a name that is computed: not checked",
            "old.py:3  note: does not parse as Python: not checked",
            (
                "myapp is not ready: 2 of 4 names that the code needs are missing,"
                " and 1 value cannot be right."
            ),
            "Declare what is missing, and:",
            "  invoke config.sync --app myapp",
        ]
    )


def test_of_many_places_the_first_are_told() -> None:
    places = [f"{number}.py:1" for number in range(5)]
    found = Readiness("myapp", 1, missing=(needed("A", *places),))
    assert ready(found).startswith("  - A  is missing: 0.py:1, 1.py:1, 2.py:1 and 2 more\n")


def test_of_an_environment_nobody_is_told_to_sync_an_app() -> None:
    found = Readiness("this environment", 1, is_of_app=False, missing=(needed("A", "a.py:1"),))
    assert "config.sync" not in ready(found)


def test_no_path_steers_a_terminal_or_ends_an_annotation() -> None:
    missing = Missing("A", (Need("A", FOUL, 1),))
    found = Readiness("myapp", 1, missing=(missing,), obstacles=(Obstacle(FOUL, 1, "x"),))
    assert not {*"\r\x1b\u202e"} & {*ready(found, width=40), *github.ready(found)}
    assert github.ready(found).split("\n")[0] == (
        "::error file=a%25b%3Ac%2Cd%0D%0Ae[2J/f,line=1,title=myapp::"
        "A is missing on myapp; needed by a%25b:c,de[2J/f:1"
    )


def test_github_has_an_error_at_the_place_that_needs_a_name() -> None:
    assert github.ready(MIXED, below="services/api/") == "\n".join(
        [
            (
                "::error file=services/api/a.py,line=1,title=myapp::"
                "API_KEY is missing on myapp; needed by a.py:1, b.py:2"
            ),
            (
                "::error file=services/api/app.json,title=myapp::"
                "DSN is missing on myapp; needed by app.json"
            ),
            "::error title=myapp::DB is empty",
            "::notice title=myapp::staging has, and myapp lacks: FLAG, OTHER",
            (
                "::notice file=services/api/app.py,line=9,title=myapp::"
                "reads a name that is computed: not checked"
            ),
            (
                "::error file=services/api/old.py,line=3,title=myapp::"
                "does not parse as Python: not checked"
            ),
            verdict(MIXED),
        ]
    )


def test_a_document_has_all_of_it() -> None:
    assert read("ready", json.ready(MIXED)) == {
        "schema_version": 1,
        "app": "myapp",
        "is_ready": False,
        "is_certain": False,
        "needed": 4,
        "missing": [
            {
                "name": "API_KEY",
                "places": [{"path": "a.py", "line": 1}, {"path": "b.py", "line": 2}],
            },
            {"name": "DSN", "places": [{"path": "app.json", "line": None}]},
        ],
        "unfit": [{"name": "DB", "reason": "is empty"}],
        "like": "staging",
        "lacking": ["FLAG", "OTHER"],
        "not_checked": [
            {"path": "app.py", "line": 9, "reason": "reads a name that is computed: not checked"},
            {"path": "old.py", "line": 3, "reason": "does not parse as Python: not checked"},
        ],
    }
    assert read("ready", json.ready(Readiness("x", 0, is_of_app=False)))["app"] is None
