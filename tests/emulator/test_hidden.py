"""Values that no read gives, and the page that says which they are."""

import pytest

from deploy.emulator import App, Emulator, ReleasePhase
from deploy.emulator.hidden import Hidden

from .client import CONFIG, RELEASES, Client

SETTINGS = f"{CONFIG}-settings"


def test_a_null_is_null_in_every_read(demo: App, client: Client) -> None:
    demo.hidden.nulls.add("A")
    shown = {"A": None, "B": "2", "DATABASE_URL": "postgres://x"}
    assert client.get(CONFIG).json == shown
    assert client.get(f"{RELEASES}/3/config-vars").json == shown
    assert client.patch({"C": "3"}).json == {**shown, "C": "3"}
    assert demo.vars["A"] == "1"


@pytest.mark.parametrize(
    ("reads", "shown"),
    [(None, {"A": None}), ("******", {"A": "******"}), (Hidden.ABSENT, {})],
    ids=["null", "text", "absent"],
)
def test_what_a_read_has_for_a_masked_var_can_be_chosen(
    demo: App, client: Client, reads: str | None, shown: dict[str, str | None]
) -> None:
    demo.hidden.masked["A"] = reads
    others = {"B": "2", "DATABASE_URL": "postgres://x"}
    assert client.get(CONFIG).json == {**shown, **others}
    client.patch({"A": "new"})
    assert demo.vars["A"] == "new"
    assert client.get(CONFIG).json == {**shown, **others}


def test_the_settings_tell_owner_and_mask_of_each_var(demo: App, client: Client) -> None:
    demo.hidden.nulls.add("A")
    demo.hidden.masked["B"] = "******"
    [attachment] = demo.attachments
    found = {str(each["key"]): each for each in client.get(SETTINGS).items}
    assert {name: (each["value"], each["masked"]) for name, each in found.items()} == {
        "A": (None, False),
        "B": (None, True),
        "DATABASE_URL": ("postgres://x", False),
    }
    assert {name: each["attachment"] for name, each in found.items()} == {
        "A": None,
        "B": None,
        "DATABASE_URL": {"id": attachment.id},
    }


def test_the_settings_need_the_right_to_read_values(emulator: Emulator, demo: App) -> None:
    emulator.restrict("weak", {"read"})
    assert Client(emulator, "weak").get(SETTINGS).error == (403, "forbidden")


def test_a_platform_without_the_settings_has_no_such_page(
    emulator: Emulator, demo: App, client: Client
) -> None:
    emulator.config_settings = False
    assert client.get(SETTINGS).error == (404, "not_found")


@pytest.mark.parametrize(
    ("standing", "status"), [("delinquent", 402), ("suspended", 403), ("two_factor", 403)]
)
def test_an_account_that_is_not_served_is_told_why_whatever_it_asks(
    standing: str, status: int, emulator: Emulator, demo: App, client: Client
) -> None:
    emulator.standing = standing  # type: ignore[assignment]  # each of them
    assert client.get(CONFIG).error == (status, standing)
    assert client.patch({"A": "3"}).error == (status, standing)
    assert client.get("/account/rate-limits").error == (status, standing)
    emulator.standing = "good"
    assert demo.vars["A"] == "1"


def test_a_release_phase_can_expire(demo: App, client: Client) -> None:
    demo.release_phase = ReleasePhase()
    client.patch({"A": "3"})
    demo.finish_release("expired")
    assert client.get(f"{RELEASES}/4").item["status"] == "expired"
    assert demo.vars["A"] == "1"
