"""`config.check` over the whole corpus: all that is labelled is found, and nothing else.

The figures: `pytest -s tests/checks/corpus -k precision`.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.checks.finding import Checked, Finding
from deploy.envfile.parser import parse
from deploy.plan.comparison import Pair
from deploy.secret import Secret

from . import alike, harmless, parts, reads, spellings, unlisted
from .chapter import PRODUCTION, Chapter, Place, checked

CHAPTERS = [
    each
    for module in (harmless, spellings, parts, alike, unlisted, reads)
    for each in module.CHAPTERS
]
README = Path(__file__).parents[3] / "README.md"
ids = [each.name for each in CHAPTERS]
chapters = pytest.mark.parametrize("chapter", CHAPTERS, ids=ids)

_CHECKED: dict[str, Checked] = {}
"""Each chapter is checked once a run."""


def outcome(chapter: Chapter, folder: Path) -> Checked:
    if chapter.name not in _CHECKED:
        root = folder / f"chapter {len(_CHECKED)}"
        root.mkdir()
        _CHECKED[chapter.name] = checked(root, chapter)
    return _CHECKED[chapter.name]


def places(findings: tuple[Finding, ...]) -> list[Place]:
    return sorted(Place(each.path, each.line, each.rule) for each in findings)


def secrets(chapter: Chapter) -> Iterator[tuple[str, Secret]]:
    text = chapter.files.get(PRODUCTION, "")
    for entry in parse(text.encode(), source="corpus", may_be_empty=True).entries:
        if entry.value.is_secretlike(entry.name):
            yield entry.name, entry.value


@chapters
def test_each_place_is_found_once_and_nothing_else(chapter: Chapter, tmp_path: Path) -> None:
    found = outcome(chapter, tmp_path)
    assert places(found.faults) == sorted([*chapter.found, *chapter.false])


@chapters
def test_notes_say_the_rest(chapter: Chapter, tmp_path: Path) -> None:
    notes = [each for each in outcome(chapter, tmp_path).findings if each.is_note]
    said = [
        f"{each.path}{f':{each.line}' if each.line else ''} {each.message}"
        for each in notes
        if not each.is_detail
    ]
    assert sorted(said) == sorted(chapter.notes)
    details = {Place(each.path, each.line, each.rule) for each in notes if each.is_detail}
    assert details == {*chapter.details}


@chapters
def test_nothing_that_is_said_holds_a_value(chapter: Chapter, tmp_path: Path) -> None:
    said = repr(outcome(chapter, tmp_path).findings)
    assert [name for name, value in secrets(chapter) if value.stands_in(said)] == []


def test_tracked_env_files_without_a_secret_are_not_told_to_change_their_values(
    tmp_path: Path,
) -> None:
    [chapter] = [each for each in CHAPTERS if each.tracked]
    assert "change" not in repr(outcome(chapter, tmp_path).faults)


def test_two_apps_share_no_secret_where_there_is_none() -> None:
    for name, text in {**harmless.HARMLESS, **harmless.WEAK, **harmless.BROWSER}.items():
        assert not Pair(name, Secret(text), Secret(text)).is_shared_secret, name


def test_two_apps_share_each_secret_that_is_planted() -> None:
    planted = [each for chapter in CHAPTERS for each in secrets(chapter)]
    assert len(planted) > 150
    assert all(Pair(name, value, value).is_shared_secret for name, value in planted)


@chapters
def test_a_label_is_for_a_line_that_is_there(chapter: Chapter) -> None:
    for path, line, _ in (*chapter.planted, *chapter.details, *chapter.false):
        texts = (chapter.files.get(path), chapter.staged.get(path))
        assert any(text is not None and line <= text.count("\n") + 1 for text in texts)
    assert len({*chapter.planted}) == len(chapter.planted)


def test_the_corpus_has_precision_and_recall(tmp_path: Path) -> None:
    """What is labelled as missed, or as false, counts as that."""
    found = {
        (each.name, place) for each in CHAPTERS for place in places(outcome(each, tmp_path).faults)
    }
    planted = {(each.name, place) for each in CHAPTERS for place in each.planted}
    passed = sum(each.harmless for each in CHAPTERS)
    both = len(found & planted)
    figures = (
        f"precision {both / len(found):.3f} ({both} of {len(found)} findings),"
        f" recall {both / len(planted):.3f} ({both} of {len(planted)} planted),"
        f" {passed} cases to be passed over"
    )
    print(f"\n{figures}")  # noqa: T201  # for who repeats it
    assert figures in " ".join(README.read_text(encoding="utf-8").split())
    assert min(len(planted), passed) > 150
    assert len(planted - found) == sum(len(each.missed) for each in CHAPTERS)
    assert len(found - planted) == sum(len(each.false) for each in CHAPTERS)
