from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deploy.errors import BadSettings
from deploy.project.layers import Program
from deploy.project.policy import Policy
from deploy.project.settings import RULES, Accept, Settings, read

if TYPE_CHECKING:
    from collections.abc import Mapping


INVOKE = ("run", "sudo", "tasks", "timeouts", "runners")


def complaints(config: object) -> list[str]:
    with pytest.raises(BadSettings) as caught:
        read(cast("Mapping[str, object]", config), known=INVOKE)
    return [str(complaint) for complaint in caught.value.complaints]


def heroku(**section: object) -> list[str]:
    return complaints({"heroku": section})


# What is read.


@pytest.mark.parametrize("config", [{}, {"heroku": {}}, {"heroku": None}], ids=repr)
def test_no_settings_are_the_defaults(config: dict[str, object]) -> None:
    assert read(config) == Settings(apps={}, policy=Policy(), reveal=())


def test_every_setting_is_read() -> None:
    section = {
        "apps": {"myapp": {"file": ".env.production"}, "myapp-staging": {"file": ".env.staging"}},
        "ignore": ["PAPERTRAIL_*", "A?"],
        "reveal": ["LOG_LEVEL"],
        "provided": ["DATABASE_URL"],
        "encrypted": ["SEALED_*"],
        "workers": 4,
        "from_seconds": 5,
    }
    assert read({"heroku": section}) == Settings(
        apps={"myapp": (".env.production",), "myapp-staging": (".env.staging",)},
        policy=Policy(
            ignore=("PAPERTRAIL_*", "A?"),
            provided=frozenset({"DATABASE_URL"}),
            encrypted=("SEALED_*",),
        ),
        reveal=("LOG_LEVEL",),
        workers=4,
        from_seconds=5,
    )


def test_the_layers_of_an_app_are_read() -> None:
    section = {"apps": {"shop": {"file": ["a", {"from": ["sops", "b"]}]}, "web": {"from": ["c"]}}}
    assert read({"heroku": section}).apps == {
        "shop": ("a", Program(("sops", "b"))),
        "web": (Program(("c",)),),
    }


def test_what_is_wrong_with_a_layer_names_the_app() -> None:
    assert heroku(apps={"myapp": {"file": ["a", "a"]}}) == ["heroku.apps.myapp.file: names a twice"]


@pytest.mark.parametrize("seconds", [0, -1, 3601, "60", 1.5, True], ids=repr)
def test_the_time_of_a_program_is_a_number(seconds: object) -> None:
    assert heroku(from_seconds=seconds) == ["heroku.from_seconds: must be a number from 1 to 3600"]


def test_sixteen_apps_are_checked_at_once_unless_told_otherwise() -> None:
    assert read({}).workers == 16


@pytest.mark.parametrize("workers", [1, 16, 32, 64])
def test_a_number_of_workers_is_read(workers: int) -> None:
    assert read({"heroku": {"workers": workers}}).workers == workers


@pytest.mark.parametrize("options", [None, {}], ids=repr)
def test_an_app_without_a_file_has_the_default_file(options: object) -> None:
    assert read({"heroku": {"apps": {"myapp": options}}}).apps == {"myapp": (".env.production",)}


@pytest.mark.parametrize("key", ["apps", "ignore", "reveal", "provided", "encrypted", "workers"])
def test_a_setting_that_was_left_blank_is_not_there(key: str) -> None:
    assert read({"heroku": {key: None}}) == Settings()


# What is refused.


def test_an_unknown_setting_is_refused_with_the_nearest_one() -> None:
    assert heroku(ignored=["A"]) == ["heroku: unknown setting ignored: did you mean ignore?"]


@pytest.mark.parametrize(
    ("key", "nearest"),
    [
        ("ingore", "ignore"),
        ("Ignore", "ignore"),
        ("app", "apps"),
        ("provide", "provided"),
        ("revael", "reveal"),
        ("worker", "workers"),
    ],
)
def test_the_nearest_setting_is_named(key: str, nearest: str) -> None:
    assert heroku(**{key: []}) == [f"heroku: unknown setting {key}: did you mean {nearest}?"]


def test_an_unknown_setting_that_is_near_none_is_refused_with_all() -> None:
    keys = "apps, ignore, provided, encrypted, reveal, workers, accept, from_seconds, stages"
    assert heroku(zzz=1) == [f"heroku: unknown setting zzz (there are {keys})"]


@pytest.mark.parametrize("key", [1, True, ("a",), 1.5], ids=repr)
def test_a_setting_whose_key_is_no_text_is_refused(key: object) -> None:
    keys = "apps, ignore, provided, encrypted, reveal, workers, accept, from_seconds, stages"
    assert complaints({"heroku": {key: 1}}) == [
        f"heroku: unknown setting (not shown) (there are {keys})"
    ]


@pytest.mark.parametrize(
    "key", ["herokuu", "Heroku", "HEROKU", "herku", "heorku", "heroko", "heroku_"]
)
def test_a_top_level_key_that_nearly_reads_heroku_is_refused(key: str) -> None:
    assert complaints({key: {"ignore": ["A"]}}) == [
        f"unknown top-level key {key}: did you mean heroku?"
    ]


OURS = ("apps", "ignore", "provided", "reveal", "workers", "accept")


@pytest.mark.parametrize("key", OURS)
@pytest.mark.parametrize("section", [{}, {"heroku": None}, {"heroku": {"workers": 2}}], ids=repr)
def test_a_key_of_ours_at_the_top_level_is_refused(key: str, section: dict[str, object]) -> None:
    """One indentation was lost: `ignore:` must not be dropped before a prune."""
    assert complaints({**section, key: ["PAPERTRAIL_*"]}) == [
        f"{key} stands at the top level: indent it, so that it is part of heroku:"
    ]


def test_all_keys_of_ours_at_the_top_level_are_told_at_once() -> None:
    assert len(complaints({"heroku": None, **dict.fromkeys(OURS)})) == len(OURS)


def test_a_misspelled_section_beside_the_right_one_is_refused() -> None:
    assert complaints({"heroku": {}, "herokuu": {}}) == [
        "unknown top-level key herokuu: did you mean heroku?"
    ]


@pytest.mark.parametrize("key", ["docs", "sphinx", "pytest", "run", "tasks", "h", ""])
def test_a_top_level_key_of_someone_else_is_let_be(key: str) -> None:
    assert read({key: {"ignore": 5}}) == Settings()


@pytest.mark.parametrize("key", [1, None, True, 1.5], ids=repr)
def test_a_top_level_key_that_is_no_text_is_let_be(key: object) -> None:
    assert read(cast("Mapping[str, object]", {key: {}})) == Settings()


def test_a_key_that_is_invokes_own_is_let_be_whatever_it_reads_like() -> None:
    assert read({"heroku2": {}}, known=["heroku2"]) == Settings()


@pytest.mark.parametrize("section", ["myapp", 5, ["apps"], True], ids=repr)
def test_a_section_that_is_no_mapping_is_refused(section: object) -> None:
    assert complaints({"heroku": section}) == ["heroku: must be a mapping"]


@pytest.mark.parametrize("key", ["ignore", "reveal", "provided", "encrypted"])
@pytest.mark.parametrize("value", ["PAPERTRAIL_*", {"A": 1}, 5, True, ""], ids=repr)
def test_names_that_are_no_list_are_refused(key: str, value: object) -> None:
    assert heroku(**{key: value}) == [f"heroku.{key}: must be a list"]


@pytest.mark.parametrize("key", ["ignore", "reveal"])
@pytest.mark.parametrize(
    "name", ["", "A B", "[AB]*", "A=B", "A,B", "A\n", "É*", 5, None, True], ids=repr
)
def test_what_is_no_pattern_of_names_is_refused(key: str, name: object) -> None:
    assert heroku(**{key: ["OK", name]}) != []


@pytest.mark.parametrize("name", ["A*", "A?", "A B", "A=B", "", 5, None], ids=repr)
def test_provided_takes_whole_names_only(name: object) -> None:
    assert len(heroku(provided=["OK", name])) == 1


def test_a_wrong_name_is_told_with_its_setting() -> None:
    assert heroku(ignore=["A,B"]) == ["heroku.ignore: (not shown) is not the name of a var"]


@pytest.mark.parametrize("workers", [0, -1, 65, 10**9, True, False, 1.0, "4", "", [4]], ids=repr)
def test_workers_are_a_number_within_reason(workers: object) -> None:
    assert heroku(workers=workers) == ["heroku.workers: must be a number from 1 to 64"]


@pytest.mark.parametrize("apps", ["myapp", ["myapp"], 5], ids=repr)
def test_apps_that_are_no_mapping_are_refused(apps: object) -> None:
    assert heroku(apps=apps) == ["heroku.apps: must map the names of apps to their files"]


@pytest.mark.parametrize("app", ["My_App", "a", "--dry"])
def test_what_is_no_apps_name_is_refused(app: str) -> None:
    [complaint] = heroku(apps={app: {}})
    assert complaint.endswith(": not the name of a Heroku app")


@pytest.mark.parametrize("app", ["myapp", "my-app-2", "0x".replace("0", "a") + "-1" * 13])
def test_an_apps_complaint_names_the_app(app: str) -> None:
    assert heroku(apps={app: {"files": ("x",)}}) == [
        f"heroku.apps.{app}: takes file: or from:, and nothing else"
    ]


def test_every_complaint_is_told_at_once() -> None:
    with pytest.raises(BadSettings) as caught:
        read({"herokuu": {}, "heroku": {"app": {}, "apps": {"A": {}}, "ignore": "X", "reveal": 5}})
    assert str(caught.value) == "\n".join(
        [
            "settings: unknown top-level key herokuu: did you mean heroku?",
            "settings: heroku: unknown setting app: did you mean apps?",
            "settings: heroku.apps.A: not the name of a Heroku app",
            "settings: heroku.ignore: must be a list",
            "settings: heroku.reveal: must be a list",
        ]
    )


@pytest.mark.parametrize(
    "config",
    [
        {"heroku": {"HEROKU_API_KEY c4nary-0": 1}},
        {"heroku": {"apps": {"c4nary_0": {}}}},
        {"heroku": {"ignore": ["c4nary-0"]}},
        {"heroku": {"provided": ["sk_c4nary="]}},
        {"heroku": {"reveal": "c4nary-0"}},
        {"heroku": "c4nary-0"},
        {"heroku c4nary-0": {}},
        {"heroku": {"apps": {"myapp": "c4nary-0"}}},
    ],
    ids=repr,
)
def test_what_may_be_a_key_in_the_wrong_place_is_not_shown(config: dict[str, object]) -> None:
    try:
        read(config)
    except BadSettings as error:
        assert "c4nary" not in str(error)  # noqa: PT017  # not all of these need be refused


YAML = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["apps", "ignore", "myapp", "file"]) | st.integers(), inner, max_size=3
        )
    ),
    max_leaves=6,
)


@given(config=st.dictionaries(st.sampled_from(["heroku", "Heroku", "x"]), YAML, max_size=2))
@example(config={"heroku": {"apps": {1: {}}}})
@example(config={"heroku": {"apps": {"myapp": {1: 2}}}})
def test_any_configuration_is_read_or_refused_and_nothing_else(config: dict[str, object]) -> None:
    try:
        read(config)
    except BadSettings as error:
        assert error.complaints  # noqa: PT017  # either end is fine


# What is accepted.


@pytest.mark.parametrize(
    ("item", "accepted"),
    [
        ("hardcoded tests/data/*", Accept("hardcoded", "tests/data/*")),
        ("syntax .env.staging", Accept("syntax", ".env.staging")),
        ("references my app/*.py", Accept("references", "my app/*.py")),
        ("lock   * ", Accept("lock", "*")),
    ],
)
def test_findings_that_somebody_accepts_are_read(item: str, accepted: Accept) -> None:
    assert read({"heroku": {"accept": [item]}}).accept == (accepted,)


@pytest.mark.parametrize("rule", RULES)
def test_findings_of_any_rule_can_be_accepted(rule: str) -> None:
    assert read({"heroku": {"accept": [f"{rule} x"]}}).accept == (Accept(rule, "x"),)


def test_what_is_accepted_keeps_its_order() -> None:
    section = {"accept": ["syntax b", "hardcoded a", "syntax b"]}
    assert read({"heroku": section}).accept == (
        Accept("syntax", "b"),
        Accept("hardcoded", "a"),
        Accept("syntax", "b"),
    )


@pytest.mark.parametrize("accept", [None, [], ()], ids=repr)
def test_nothing_is_accepted_unless_it_is_said(accept: object) -> None:
    assert read({"heroku": {"accept": accept}}).accept == ()
    assert read({}).accept == ()


@pytest.mark.parametrize("accept", ["hardcoded *", {"hardcoded": "*"}, 5, True, ""], ids=repr)
def test_accept_that_is_no_list_is_refused(accept: object) -> None:
    assert heroku(accept=accept) == ["heroku.accept: must be a list"]


@pytest.mark.parametrize(
    ("item", "shown"),
    [
        pytest.param("hardcoded", "hardcoded", id="no pattern"),
        pytest.param("hardcoded ", "(not shown)", id="a blank for a pattern"),
        pytest.param("hardcode tests/*", "(not shown)", id="unknown rule"),
        pytest.param("Hardcoded tests/*", "(not shown)", id="another case"),
        pytest.param(" hardcoded tests/*", "(not shown)", id="a blank before"),
        pytest.param("* tests/*", "(not shown)", id="any rule"),
        pytest.param("", "(not shown)", id="empty"),
        pytest.param(5, "(not shown)", id="number"),
        pytest.param(None, "(not shown)", id="null"),
        pytest.param(["hardcoded", "x"], "(not shown)", id="list"),
        pytest.param({"hardcoded": "x"}, "(not shown)", id="mapping"),
    ],
)
def test_what_is_no_rule_with_a_pattern_is_refused(item: object, shown: str) -> None:
    reason = "must be a rule and a pattern of paths, such as hardcoded tests/data/*"
    assert heroku(accept=["syntax x", item]) == [f"heroku.accept: {shown} {reason}"]


@pytest.mark.parametrize(
    "item", ["c4nary-0", "hardcoded=c4nary-0", "c4nary-0 tests/*", "sk_c4nary/+=", ["c4nary-0"]]
)
def test_a_value_in_place_of_a_rule_is_not_shown(item: object) -> None:
    [complaint] = heroku(accept=[item])
    assert "c4nary" not in complaint


def test_of_many_complaints_the_first_are_told_and_how_many_more() -> None:
    found = heroku(reveal=["a b"] * 1_234)
    assert len(found) == 21
    assert found[20] == "and 1,214 more complaints"
