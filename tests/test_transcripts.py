"""What the README shows of a terminal is what a terminal shows; times apart.

A line of `…` stands for any lines.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping

import pytest
from invoke.vendor import yaml

from deploy.emulator import Emulator, Fault, Status
from deploy.emulator.demo import ENV_FILE
from deploy.emulator.sample import add_demo
from deploy.envfile import flat_json
from deploy.errors import BadEnvFile
from deploy.project.settings import read

from .stories.history import Repo
from .tasks.face import Face, settings
from .test_readme import README, blocks

PASSWORD = "w8rD2kQz7RfT"
MARKET = {"shop-staging": ".env.staging", "shop": ".env.production", "shop-worker": ".env.worker"}
LOCK_KEY = "7f3b9d" * 10 + "7f3b"
APP = """\
import os
import requests

headers = {"Authorization": "Bearer made-up-4f9Kq2Zx7LmW"}
requests.post("https://example.com", headers=headers, timeout=10, json={
    "to": os.environ["MAIL_TO"],
    "from": os.environ["MAIL_FROM"],
    "level": os.environ["LOG_LEVEL"],
    "password": os.environ["SMTP_PASSWORD"],
})
"""
SHOP = {
    "API_KEY": "kJ83hfLLdk39dkf83",
    "LOG_LEVEL": "info",
    "MAIL_FROM": "shop@example.com",
    "SENTRY_DSN": "none",
    "SMTP_PASSWORD": PASSWORD,
    "WEB_CONCURRENCY": "2",
}
REQUEST = re.compile(r"\[Request-Id [^]]+\]")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


class Story:
    """One project that lives through the manual, from its first page to its last."""

    def __init__(self, emulator: Emulator, face: Face) -> None:
        self.demo = add_demo(emulator)
        self.emulator = emulator
        self.face = face
        self.face.write(".env.production", ENV_FILE)

    def run(self, command: str) -> str:
        """What stands in a terminal, behind the command."""
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=self.face.folder,
            env=self.face.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            start_new_session=True,
        )
        return done.stdout.decode()

    # What happens between the pages.

    def market(self) -> None:
        """Three apps, of which two are behind their files."""
        self.face.write("invoke.yaml", settings(MARKET))
        for path in MARKET.values():
            self.face.write(path, lines(SHOP))
        staging = self.emulator.add_app("shop-staging", {**SHOP, "LOG_LEVEL": "debug", "OLD": "1"})
        while staging.releases[-1].version < 12:
            staging.deploy()
        self.emulator.add_app("shop", SHOP)
        kept = {name: value for name, value in SHOP.items() if name != "API_KEY"}
        self.emulator.add_app("shop-worker", {**kept, "LOG_LEVEL": "debug"})

    def take_away(self) -> None:
        """Whoever runs this may no longer write to one of them."""
        forbidden = Status(403)
        self.emulator.inject(Fault(what=forbidden, method="PATCH", path="/apps/shop-worker/*"))

    def edit(self) -> None:
        """One app again, and a line of its file is another."""
        for path in ("invoke.yaml", *MARKET.values()):
            (self.face.folder / path).unlink()
        self.face.write(".env.production", ENV_FILE)
        self.replace("LOG_LEVEL=info", "LOG_LEVEL=debug")

    def replace(self, old: str, new: str) -> None:
        path = self.face.folder / ".env.production"
        path.write_text(path.read_text().replace(old, new))

    def stage(self) -> None:
        """An app that was made in a hurry."""
        kept = {name: self.demo.vars[name] for name in ("API_KEY", "MAIL_FROM", "WEB_CONCURRENCY")}
        others = {"LOG_LEVEL": "INFO", "SMTP_PASSWORD": "of-staging"}
        self.emulator.add_app("demo-staging", {**kept, **others})

    def propose(self) -> None:
        """A branch whose lock has one name more, and another value."""
        self.face.write("invoke.yaml", "heroku:\n  apps:\n    demo: {file: .env.production}\n")
        repo = Repo(self.face.folder)
        repo.branch()
        repo.git("update-ref", "refs/remotes/origin/main", "main")
        path = self.face.folder / ".env.production.lock"
        text = re.sub(r"(?m)^(LOG_LEVEL) .*$", rf"\1 {'0' * 64}", path.read_text())
        path.write_text(f"{text}SENTRY_DSN {'1' * 64}\n")

    def code(self) -> None:
        """A checkout with code in it that was written in a hurry."""
        shutil.rmtree(self.face.folder / ".git")
        (self.face.folder / "invoke.yaml").unlink()
        self.face.write(".env.production", ENV_FILE)
        (self.face.folder / ".env.production.lock").unlink()
        self.face.write(".gitignore", ".env*\n")
        self.face.write("app.py", APP)
        assert self.run("git init -q") == ""

    def lock(self) -> None:
        with (self.face.folder / ".env.production").open("a") as file:
            file.write(f"CONFIG_LOCK_KEY={LOCK_KEY}\n")
        assert "Commit it" in self.run("invoke config.lock")
        assert "Set 1" in self.run("invoke config.sync --app demo --only CONFIG_LOCK_KEY --yes")
        (self.face.folder / ".env.production").unlink()
        self.demo.set_vars({"API_KEY": "x"}, user="someone@example.com")

    def share(self) -> None:
        """Six apps with one value, of which one has it in a URL, too."""
        self.face.write("invoke.yaml", blocks("yaml")[-2])
        self.face.write(".env.shared", f"SMTP_PASSWORD={PASSWORD}\n")
        for app in read(yaml.safe_load(blocks("yaml")[-2])).apps:
            own = {"MAIL_URL": f"smtp://shop:{PASSWORD}@mail.dev"} if app == "worker" else {}
            self.emulator.add_app(app, {"ROLE": app, "SMTP_PASSWORD": PASSWORD, **own})
            self.face.write(f".env.{app}", lines({"ROLE": app, **own}))

    def rotate(self) -> None:
        for name in (".env.shared", ".env.worker"):
            path = self.face.folder / name
            path.write_text(path.read_text().replace(PASSWORD, PASSWORD[::-1]))

    def deploy(self) -> None:
        """The same code, before it is pushed; its env file is in a vault."""
        (self.face.folder / ".env.production").unlink()

    def layer(self) -> None:
        [page] = [block for block in blocks("yaml") if "shop-worker" in block]
        self.face.write("invoke.yaml", page)
        self.face.write(".env.shared", lines({**SHOP, "LOG_LEVEL": "debug"}))
        self.face.write(".env.shop", "LOG_LEVEL=info\n")

    def review_apps(self) -> None:
        """A pipeline whose review apps have a secret of production."""
        pipeline = self.emulator.add_pipeline("my-pipeline")
        pipeline.couple(self.emulator.app("shop"), "production")
        secret = {"API_KEY": SHOP["API_KEY"]}
        pipeline.vars["review"] = {**secret, "LOG_LEVEL": "info"}
        [page] = [block for block in blocks("yaml") if "stages:" in block]
        self.face.write("invoke.yaml", page)
        self.face.write(".env.review", lines({**secret, "LOG_LEVEL": "debug", "SEED": "1"}))


def lines(values: Mapping[str, str]) -> str:
    return "".join(f"{name}={value}\n" for name, value in values.items())


PAGES = blocks("console")
BEFORE: dict[int, Callable[[Story], None]] = {
    1: Story.market,
    2: Story.take_away,
    3: Story.edit,
    7: Story.stage,
    9: Story.lock,
    10: Story.propose,
    11: Story.code,
    12: Story.deploy,
    14: Story.layer,
    15: Story.review_apps,
    16: Story.share,
    17: Story.rotate,
}
"""What happens before a page."""
DRIFT = 9


def alike(text: str) -> str:
    """Without what is another one in each run."""
    return REQUEST.sub("[Request-Id …]", TIME.sub("TIME", text))


def test_the_transcripts_of_the_manual_are_what_the_commands_print(
    emulator: Emulator, face: Face
) -> None:
    story = Story(emulator, face)
    for number, page in enumerate(PAGES):
        if happens := BEFORE.get(number):
            happens(story)
        commands = re.findall(r"^\$ (.*)$", page, re.MULTILINE)
        shown = alike("\n".join(f"$ {command}\n{story.run(command)}" for command in commands))
        start, left_out, end = alike(page).partition("\n…\n")
        if left_out:
            shown = f"{shown[: len(start)]}{left_out}{shown[-len(end) :]}"
        assert shown == alike(page)
        if number == DRIFT:
            [row] = blocks("json")
            [found] = json.loads(alike(story.run(f"{commands[0]} --format json")))["apps"]
            assert found == json.loads(alike(row))
    assert number == max(BEFORE)


def test_what_the_manual_quotes_of_a_question_is_asked(emulator: Emulator, face: Face) -> None:
    [question] = re.findall(r"`(Apply \d.*? \[y/N\])`", README)
    Story(emulator, face).market()
    with face.at_terminal("config.sync --all") as screen:
        screen.wait_for(f"\n{question} ")
        screen.type("n\n")
        assert screen.end() == 1


def test_what_the_manual_quotes_of_a_dry_run_is_its_end(face: Face) -> None:
    [end] = re.findall(r"`(To apply this: .*?)`", README)
    face.write(".env.production", "PATH=/opt/bin\nLOG_LEVEL=info\nTOKEN=t0ken\n")
    done = face.run("config.sync --app myapp --prune --dry-run")
    assert done.out.endswith(f"\n{end}\n")


def test_what_the_manual_quotes_of_a_refusal_is_said() -> None:
    [said] = re.findall(r"`(db\.url: .*?)`", " ".join(README.split()))
    with pytest.raises(BadEnvFile, match=f"{re.escape(said)}: only"):
        flat_json.parse('{"db": {"url": "x"}}', source="sops")


def test_what_the_manual_shows_of_a_terminal_is_a_transcript() -> None:
    """Any other output would be held by nothing; a pinned requirement is none."""
    assert [block for block in blocks("text") if "git+" not in block] == []
    assert all(page.startswith("$ invoke ") for page in PAGES)
