import pytest

from deploy.heroku.facts import LiveVars, Ownership, Release, Status
from deploy.names import APP_NAME, VAR_NAME
from deploy.secret import Secret


@pytest.mark.parametrize("name", ["abc", "my-app", "a1-2", "a" * 30, "a--b"])
def test_an_apps_name_has_3_to_30_lowercase_letters_digits_and_dashes(name: str) -> None:
    assert APP_NAME.fullmatch(name)


@pytest.mark.parametrize(
    "name",
    [
        *("", "a", "ab", "a" * 31, "1abc", "-abc", "abc-", "Abc", "a_b", "a.b", "--dry", "-R"),
        *("abc\n", "abc ", "ábc", "ab\u0661", "a/b", "../abc"),
    ],
    ids=repr,
)
def test_nothing_else_is_an_apps_name(name: str) -> None:
    assert not APP_NAME.fullmatch(name)


@pytest.mark.parametrize("name", ["A", "_", "__A", "a1", "HEROKU_API_KEY", "a" * 300])
def test_a_vars_name_is_one_that_a_shell_can_export(name: str) -> None:
    assert VAR_NAME.fullmatch(name)


@pytest.mark.parametrize(
    "name", ["", "1A", "A-B", "A.B", "A B", "A\n", "É", "A\u0661", "A="], ids=repr
)
def test_nothing_else_is_a_vars_name(name: str) -> None:
    assert not VAR_NAME.fullmatch(name)


def test_what_an_addon_controls_is_owned() -> None:
    assert Ownership(frozenset({"DATABASE_URL"})).owns("DATABASE_URL")


def test_what_the_platform_sets_is_owned() -> None:
    assert Ownership().owns("HEROKU_SLUG_COMMIT")


@pytest.mark.parametrize(
    "name",
    ["DATABASE_POOL_SIZE", "DATABASE", "database_url", "DATABASE_URL_2", "HEROKU", "MY_HEROKU_A"],
)
def test_a_neighbour_of_an_owned_name_is_not_owned(name: str) -> None:
    assert not Ownership(frozenset({"DATABASE_URL"}), ("SHARED",)).owns(name)


@pytest.mark.parametrize(
    ("name", "may_own"),
    [
        ("SHARED_URL", True),
        ("SHARED_", True),
        ("DATABASE_URL", True),
        ("HEROKU_A", True),
        ("SHARED", False),
        ("SHAREDURL", False),
        ("MY_SHARED_URL", False),
        ("A", False),
    ],
)
def test_what_begins_with_a_foreign_attachments_name_may_be_owned(
    name: str, *, may_own: bool
) -> None:
    ownership = Ownership(frozenset({"DATABASE_URL"}), foreign=("OTHER", "SHARED"))
    assert ownership.may_own(name) is may_own


def test_what_may_be_owned_is_not_thereby_owned() -> None:
    assert not Ownership(foreign=("SHARED",)).owns("SHARED_URL")


def test_live_vars_do_not_show_their_values_when_printed() -> None:
    live = LiveVars({"A": Secret("c4nary")}, Ownership(frozenset({"B"})))
    assert repr(live) == (
        "LiveVars(vars={'A': Secret(********)},"
        " ownership=Ownership(names=frozenset({'B'}), foreign=()), unreadable=frozenset())"
    )


def test_a_fact_cannot_be_changed() -> None:
    release = Release(7, Status.PENDING)
    with pytest.raises(AttributeError):
        release.version = 8  # type: ignore[misc]


def test_there_are_the_four_statuses_of_the_api_and_one_for_any_other() -> None:
    assert [status.value for status in Status] == [
        "pending",
        "succeeded",
        "failed",
        "expired",
        "unknown",
    ]
