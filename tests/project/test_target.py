from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deploy.errors import BadOption, DeployError, FileUnreadable, NoApp, WrongFile
from deploy.project.layers import Program
from deploy.project.lock_place import lock_of, lock_path
from deploy.project.remotes import Remotes
from deploy.project.settings import Settings
from deploy.project.target import (
    App,
    Source,
    Sources,
    readers,
    resolve_app,
    resolve_sources,
    with_lock,
)
from tests.growth import growth

ONE = Settings(apps={"only-app": (".env.production",)})
TWO = Settings(apps={"myapp": (".env.production",), "myapp-staging": ("envs/staging.env",)})
APP_STEP = "an app's name has 3 to 30 lowercase letters, digits and dashes"


def resolve(
    *,
    option: str | None = None,
    environ: str | None = None,
    dotenv: str | None = None,
    settings: Settings | None = None,
    remotes: dict[str, str] | None = None,
    default: str = "heroku",
) -> App:
    return resolve_app(
        option=option,
        environ=environ,
        dotenv=lambda: dotenv,
        settings=settings or Settings(),
        remotes=lambda: Remotes(remotes or {}, default),
    )


def forbidden(what: str) -> Callable[[], Any]:
    def look() -> Any:  # it never returns
        raise AssertionError(f"{what} was looked at")

    return look


# Which app.


def test_the_option_comes_first_and_is_explicit() -> None:
    found = resolve(
        option="from-option",
        environ="from-environ",
        dotenv="from-dotenv",
        settings=ONE,
        remotes={"heroku": "from-git"},
    )
    assert found == App("from-option", is_explicit=True)


def test_the_environment_comes_second_and_is_explicit() -> None:
    found = resolve(environ="from-environ", dotenv="from-dotenv", settings=ONE)
    assert found == App("from-environ", is_explicit=True)


def test_dotenv_comes_third_and_is_not_explicit() -> None:
    found = resolve(dotenv="from-dotenv", settings=ONE, remotes={"heroku": "from-git"})
    assert found == App("from-dotenv", is_explicit=False)


def test_the_only_app_of_the_settings_comes_fourth_and_is_not_explicit() -> None:
    found = resolve(settings=ONE, remotes={"heroku": "from-git"})
    assert found == App("only-app", is_explicit=False)


def test_the_git_remote_comes_last_and_is_not_explicit() -> None:
    found = resolve(remotes={"heroku": "from-git", "origin": "other"})
    assert found == App("from-git", is_explicit=False)


def test_the_git_remote_decides_between_the_apps_of_the_settings() -> None:
    found = resolve(settings=TWO, remotes={"heroku": "myapp-staging"})
    assert found == App("myapp-staging", is_explicit=False)


def test_git_may_name_another_remote_as_the_one_that_counts() -> None:
    found = resolve(remotes={"heroku": "prod-app", "staging": "staging-app"}, default="staging")
    assert found == App("staging-app", is_explicit=False)


@pytest.mark.parametrize("blank", ["", None], ids=repr)
def test_a_blank_variable_names_no_app(blank: str | None) -> None:
    found = resolve(environ=blank, dotenv=blank, remotes={"heroku": "from-git"})
    assert found == App("from-git", is_explicit=False)


def test_without_an_app_the_candidates_are_listed() -> None:
    with pytest.raises(NoApp) as caught:
        resolve(settings=TWO, remotes={"prod": "myapp", "backup": "another"})
    assert caught.value.candidates == ("another", "myapp", "myapp-staging")
    assert str(caught.value) == "no app is named (candidates: another, myapp, myapp-staging)"
    assert caught.value.next_step == (
        "name one with --app, with HEROKU_APP in the environment or in .env, as the only app of"
        " the settings, or as the git remote heroku"
    )


def test_without_any_candidate_there_is_only_the_next_step() -> None:
    with pytest.raises(NoApp) as caught:
        resolve()
    assert str(caught.value) == "no app is named"


@pytest.mark.parametrize("option", ["--dry", "-R", "--file", "-"])
def test_a_swallowed_flag_is_not_taken_for_an_app(option: str) -> None:
    with pytest.raises(BadOption) as caught:
        resolve(option=option, environ="myapp")
    assert str(caught.value) == "--app holds no app's name but an option"
    assert caught.value.next_step == APP_STEP


@pytest.mark.parametrize(
    "name",
    ["", "ab", "MyApp", "my_app", "a" * 31, "../x", "my app", "myapp\n", "c4nary/"],
    ids=repr,
)
def test_what_cannot_be_an_apps_name_is_refused_and_not_repeated(name: str) -> None:
    with pytest.raises(BadOption) as caught:
        resolve(option=name)
    assert str(caught.value) == "--app holds no app's name"


def test_a_wrong_name_is_told_with_its_place() -> None:
    with pytest.raises(BadOption, match=r"^HEROKU_APP holds no app's name$"):
        resolve(environ="C4NARY", dotenv="myapp")
    with pytest.raises(BadOption, match=r"^HEROKU_APP in \.env holds no app's name$"):
        resolve(dotenv="C4NARY", remotes={"heroku": "myapp"})


@pytest.mark.parametrize(("option", "environ"), [("myapp", None), (None, "myapp")])
def test_neither_dotenv_nor_git_is_asked_where_the_app_is_named(
    option: str | None, environ: str | None
) -> None:
    found = resolve_app(
        option=option,
        environ=environ,
        dotenv=forbidden(".env"),
        settings=Settings(),
        remotes=forbidden("git"),
    )
    assert found.name == "myapp"


def test_git_is_not_asked_where_the_settings_decide() -> None:
    found = resolve_app(
        option=None,
        environ=None,
        dotenv=lambda: None,
        settings=ONE,
        remotes=forbidden("git"),
    )
    assert found.name == "only-app"


# Which file.


def file(
    root: Path,
    *,
    option: str | None = None,
    app: str = "myapp",
    settings: Settings | None = None,
) -> Sources:
    return resolve_sources(option=option, app=app, settings=settings or Settings(), root=root)


def test_without_settings_it_is_the_default_file_beside_tasks_py(tmp_path: Path) -> None:
    assert file(tmp_path) == Sources((Source(tmp_path / ".env.production", ".env.production"),))


def test_the_settings_map_an_app_to_its_file_beside_tasks_py(tmp_path: Path) -> None:
    found = file(tmp_path, app="myapp-staging", settings=TWO)
    assert found == Sources((Source(tmp_path / "envs/staging.env", "envs/staging.env"),))


def test_an_absolute_path_in_the_settings_stays_absolute(tmp_path: Path) -> None:
    settings = Settings(apps={"myapp": ("/secrets/prod.env",)})
    found = file(tmp_path, settings=settings)
    assert found == Sources((Source(Path("/secrets/prod.env"), "/secrets/prod.env"),))


def test_an_app_that_is_not_listed_needs_a_file(tmp_path: Path) -> None:
    with pytest.raises(WrongFile) as caught:
        file(tmp_path, app="stranger", settings=TWO)
    assert str(caught.value) == (
        "the settings list apps, but not stranger, so no env file is known for it"
    )
    assert caught.value.next_step == "add it under heroku.apps, or name its file with --file"


def test_an_app_that_is_not_listed_takes_the_file_it_is_given(tmp_path: Path) -> None:
    found = file(tmp_path, option="mine.env", app="stranger", settings=TWO)
    assert found == Sources((Source(Path("mine.env"), "mine.env"),))


def test_a_file_option_is_relative_to_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = file(tmp_path / "project", option="../x.env")
    assert found.top.path is not None
    assert found.top.path.resolve() == (tmp_path / "../x.env").resolve()


def test_a_dash_is_standard_input(tmp_path: Path) -> None:
    found = file(tmp_path, option="-", app="stranger", settings=TWO)
    assert found == Sources((Source(None, "standard input"),))


def test_an_empty_option_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(BadOption) as caught:
        file(tmp_path, option="")
    assert str(caught.value) == "--file is empty"
    assert caught.value.next_step == "give it a path, or leave it out"


@pytest.mark.parametrize("option", ["--prune", "-R", "--"])
def test_a_swallowed_flag_is_not_taken_for_a_file(tmp_path: Path, option: str) -> None:
    with pytest.raises(BadOption) as caught:
        file(tmp_path, option=option)
    assert str(caught.value) == "--file got no path, but the next option"
    assert caught.value.next_step == "give it a path"


def test_the_home_of_nobody_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(DeployError):
        file(tmp_path, option="~no-such-user-here/prod.env")


def test_the_home_of_nobody_in_the_settings_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(DeployError):
        file(tmp_path, settings=Settings(apps={"myapp": ("~no-such-user-here/prod.env",)}))


# Whose file.


@pytest.mark.parametrize(
    "option",
    [
        "envs/staging.env",
        "./envs/staging.env",
        "envs/../envs/staging.env",
        "{root}/envs/staging.env",
        "link.env",
    ],
)
def test_the_file_of_another_app_is_known_however_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "envs").mkdir()
    (tmp_path / "link.env").symlink_to("envs/staging.env")

    found = file(tmp_path, option=option.format(root=tmp_path), settings=TWO)

    whose = "is the file of myapp-staging in the settings, not myapp's"
    assert found.problem == f"{found.shown} {whose}"


def test_the_file_of_another_app_is_known_from_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "envs").mkdir()
    monkeypatch.chdir(tmp_path / "envs")
    found = file(tmp_path, option="staging.env", settings=TWO)
    assert found.problem == "staging.env is the file of myapp-staging in the settings, not myapp's"


@pytest.mark.parametrize("option", ["{home}/staging.env", "~/staging.env"])
def test_the_file_of_another_app_is_known_in_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    settings = Settings(apps={"myapp": ("prod.env",), "myapp-staging": ("~/staging.env",)})

    found = file(tmp_path, option=option.format(home=tmp_path / "home"), settings=settings)

    whose = "is the file of myapp-staging in the settings, not myapp's"
    assert found.problem == f"{found.shown} {whose}"


@pytest.mark.parametrize("option", [None, "envs/staging.env"])
def test_an_apps_own_file_belongs_to_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str | None
) -> None:
    monkeypatch.chdir(tmp_path)
    assert file(tmp_path, option=option, app="myapp-staging", settings=TWO).problem is None


def test_a_file_that_two_apps_share_belongs_to_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings(apps={"first": ("shared.env",), "second": ("shared.env",)})
    assert file(tmp_path, option="shared.env", app="second", settings=settings).problem is None


def test_a_file_of_the_same_name_in_another_folder_belongs_to_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = file(tmp_path, option="other/staging.env", settings=TWO)
    assert found.problem is None


# Whose lock.


@pytest.mark.parametrize(
    ("path", "beside"),
    [
        (".env.production", ".env.production.lock"),
        ("envs/staging.env", "envs/staging.env.lock"),
        ("/secrets/.env", "/secrets/.env.lock"),
        ("prod", "prod.lock"),
    ],
)
def test_a_lock_stands_beside_its_file(path: str, beside: str) -> None:
    assert with_lock(Path(path)) == Path(beside)


def test_without_settings_the_default_file_has_the_lock(tmp_path: Path) -> None:
    source = file(tmp_path)
    assert lock_of(source, "myapp", Settings(), tmp_path) == tmp_path / ".env.production.lock"


def test_a_file_of_the_settings_has_the_lock_of_its_app(tmp_path: Path) -> None:
    source = file(tmp_path, app="myapp-staging", settings=TWO)
    found = lock_of(source, "myapp-staging", TWO, tmp_path)
    assert found == tmp_path / "envs/staging.env.lock"


@pytest.mark.parametrize("option", ["envs/staging.env", "./envs/../envs/staging.env", "link.env"])
def test_an_apps_own_file_is_known_however_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "envs").mkdir()
    (tmp_path / "link.env").symlink_to("envs/staging.env")
    source = file(tmp_path, option=option, app="myapp-staging", settings=TWO)
    found = lock_of(source, "myapp-staging", TWO, tmp_path)
    assert found == tmp_path / "envs/staging.env.lock"


@pytest.mark.parametrize(
    ("app", "lock"), [("myapp", ".env.production.lock"), ("myapp-staging", "envs/staging.env.lock")]
)
def test_standard_input_stands_for_the_apps_own_file(tmp_path: Path, app: str, lock: str) -> None:
    source = file(tmp_path, option="-", app=app, settings=TWO)
    assert lock_of(source, app, TWO, tmp_path) == tmp_path / lock


def test_another_file_has_no_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for settings in (Settings(), TWO):
        source = file(tmp_path, option="other.env", settings=settings)
        assert lock_of(source, "myapp", settings, tmp_path) is None


def test_the_file_of_another_app_has_no_lock_for_this_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    source = file(tmp_path, option="envs/staging.env", settings=TWO)
    assert lock_of(source, "myapp", TWO, tmp_path) is None


@pytest.mark.parametrize("option", ["-", ".env.production"])
def test_an_app_that_the_settings_do_not_list_never_gets_another_apps_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    """Or a sync of `stranger` from standard input would rewrite what `myapp` is checked against."""
    monkeypatch.chdir(tmp_path)
    source = file(tmp_path, option=option, app="stranger", settings=TWO)
    assert lock_of(source, "stranger", TWO, tmp_path) is None


# Layers.

PRINTS = Program(("print-env", "shop"))
LAYERS = Settings(
    apps={
        "shop": (".env.shared", ".env.shop"),
        "worker": (".env.shared", PRINTS),
        "alike": (".env.shared", ".env.shop"),
    }
)


def test_layers_come_in_their_order(tmp_path: Path) -> None:
    found = file(tmp_path, app="worker", settings=LAYERS)
    assert found == Sources(
        (
            Source(tmp_path / ".env.shared", ".env.shared"),
            Source(None, "print-env shop", PRINTS),
        )
    )
    assert found.shown == ".env.shared + print-env shop"
    assert not found.is_stdin


@pytest.mark.parametrize(
    ("app", "lock"),
    [("shop", ".env.shop.lock"), ("worker", ".env.worker.lock"), ("alike", ".env.shop.lock")],
)
@pytest.mark.parametrize("option", [None, "-"])
def test_the_lock_is_beside_the_topmost_file_or_has_the_name_of_the_app(
    tmp_path: Path, app: str, lock: str, option: str | None
) -> None:
    found = file(tmp_path, option=option, app=app, settings=LAYERS)
    assert lock_of(found, app, LAYERS, tmp_path) == tmp_path / lock
    assert lock_path(app, LAYERS, tmp_path) == tmp_path / lock


@pytest.mark.parametrize("option", [".env.shop", ".env.shared"])
def test_one_layer_alone_is_not_what_an_app_is_declared_by(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    monkeypatch.chdir(tmp_path)
    found = file(tmp_path, option=option, app="shop", settings=LAYERS)
    assert found.problem == f"{option} is one layer of shop in the settings, and not all"
    assert lock_of(found, "shop", LAYERS, tmp_path) is None


def test_apps_that_share_a_topmost_file_and_not_the_rest_have_locks_of_their_names(
    tmp_path: Path,
) -> None:
    """Each would write what the other is checked against."""
    settings = Settings(
        apps={
            "web": (".env.production", ".env.web"),
            "web-eu": (".env.production", ".env.web"),
            "web-staging": (".env.staging", ".env.web"),
            "own": (".env.production", ".env.own"),
            "taken": (".env.web-staging",),
        }
    )
    found = {app: lock_path(app, settings, tmp_path).name for app in settings.apps}
    assert found == {
        "web": ".env.web.lock",
        "web-eu": ".env.web.lock",
        "web-staging": ".env.web-staging.lock.lock",
        "own": ".env.own.lock",
        "taken": ".env.web-staging.lock",
    }
    sources = file(tmp_path, app="web-staging", settings=settings)
    assert sources.lock_shown(tmp_path / ".env.myapp.lock") == ".env.myapp.lock"


def test_the_apps_that_read_a_text_are_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shared = Source(Path(".env.shared"), "x")
    of = readers(LAYERS, tmp_path)
    assert of(shared) == ["shop", "worker", "alike"]
    assert of(Source(None, "y", PRINTS)) == ["worker"]
    assert of(Source(Path("other"), "z")) == []


def test_a_path_of_the_settings_is_not_looked_up_before_somebody_asks(tmp_path: Path) -> None:
    """Most tasks do not, and one app's file in a home that is not known is nothing to them."""
    of = readers(Settings(apps={"myapp": ("~nosuchuser/.env",)}), tmp_path)
    with pytest.raises(FileUnreadable):
        of(Source(Path("other"), "z"))


def test_the_locks_and_readers_of_many_apps_are_told_in_time_that_grows_with_them() -> None:
    def tell(count: int) -> None:
        apps = {f"app-{each}": (".env.shared", f".env.app-{each}") for each in range(count)}
        settings, root = Settings(apps=apps), Path("/project")
        of = readers(settings, root)
        for app in apps:
            sources = resolve_sources(option=None, app=app, settings=settings, root=root)
            assert of(sources.top) == [app]
            assert lock_of(sources, app, settings, root)

    assert growth(tell, 20) < 2.5
