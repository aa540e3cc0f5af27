"""What a person is told while requests are under way."""

import pytest

from deploy.heroku.masking import SecretMasker
from deploy.heroku.notices import MOST, Notices
from deploy.secret import Secret

KEY = Secret("canary-key-4f9d")


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def notices(told: list[str]) -> Notices:
    return Notices(told.append, SecretMasker(KEY))


def test_a_sentence_is_said_once(notices: Notices, told: list[str]) -> None:
    for _ in range(3):
        notices.say("slowing down")
    assert told == ["slowing down"]


def test_where_one_app_is_asked_a_warning_is_passed_on_at_once(
    notices: Notices, told: list[str]
) -> None:
    notices.pass_on("shop", ["mind the gap"])
    notices.pass_on("shop", ["mind the gap"])
    assert told == ["Heroku says: mind the gap"]


def test_what_heroku_says_of_all_of_many_apps_is_one_sentence(
    notices: Notices, told: list[str]
) -> None:
    apps = [f"app-{number:03}" for number in range(300)]
    with notices.gathering(apps):
        for app in apps:
            notices.pass_on(app, ["mind the gap"])
        assert told == []
    assert told == ["Heroku says: mind the gap"]


def test_what_it_says_of_some_of_many_apps_names_them(notices: Notices, told: list[str]) -> None:
    with notices.gathering(["shop", "api", "mail"]):
        notices.pass_on("shop", ["old", "odd"])
        notices.pass_on("api", ["old"])
        notices.pass_on("", ["your account"])
    assert told == [
        "api, shop: Heroku says: old",
        "shop: Heroku says: odd",
        "Heroku says: your account",
    ]


def test_what_it_says_of_a_write_is_told_at_once_of_the_first(
    notices: Notices, told: list[str]
) -> None:
    with notices.gathering(["shop", "api", "mail", "web"]):
        notices.pass_on("web", ["pending"], is_read=False)
        assert told == ["web: Heroku says: pending"]
        notices.pass_on("shop", ["pending"], is_read=False)
        notices.pass_on("api", ["pending"], is_read=False)
    assert told[1:] == ["api, shop: Heroku says: pending"]


def test_what_was_told_of_an_app_is_not_told_of_it_again_later(
    notices: Notices, told: list[str]
) -> None:
    apps = ["shop", "api", "mail"]
    for asked in (["shop"], ["shop", "api"], ["api", "mail"]):
        with notices.gathering(apps):
            for app in asked:
                notices.pass_on(app, ["old"])
    assert told == [f"{app}: Heroku says: old" for app in apps]


def test_a_warning_that_was_kept_is_told_where_something_breaks_off(
    notices: Notices, told: list[str]
) -> None:
    def read() -> None:
        with notices.gathering(["shop", "api"]):
            notices.pass_on("shop", ["old"])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read()
    assert told == ["shop: Heroku says: old"]


def test_values_that_are_met_later_are_masked_in_what_was_kept(told: list[str]) -> None:
    masker = SecretMasker(KEY)
    notices = Notices(told.append, masker)
    with notices.gathering(["shop", "api"]):
        notices.pass_on("shop", [f"{KEY.reveal()} had canary-value-77ab"])
        masker.add([Secret("canary-value-77ab")])
    assert told == ["shop: Heroku says: ******** had ********"]


def test_an_outage_of_many_apps_is_no_line_for_each(notices: Notices, told: list[str]) -> None:
    apps = [f"app-{number:03}" for number in range(300)]
    with notices.gathering(apps):
        for seconds in (0.5, 1.0):
            for app in apps:
                notices.retrying(app, 503, seconds)
    assert len(told) == 2 * MOST + 1
    assert told[0] == "app-000: Heroku gives no answer yet (503): trying again in 0.5 s"
    assert told[MOST] == "more apps: Heroku gives no answer yet (503): trying each again"


def test_where_one_app_is_asked_each_try_is_told(notices: Notices, told: list[str]) -> None:
    for seconds in (0.5, 1, 2):
        notices.retrying("shop", 503, seconds)
    assert len(told) == 3
