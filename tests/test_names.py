"""How a name from outside is shown, and which may stand in a command."""

import pytest

from deploy.names import counted, is_plain, kinds_of, options_of, shown


@pytest.mark.parametrize(
    "name", ["A", "LOG_LEVEL", "kpi.url", "2FA_X", "with-dash", "a:b", "Ü", "x" * 256]
)
def test_a_name_that_apps_have_is_shown_as_it_is(name: str) -> None:
    assert (is_plain(name), shown(name)) == (True, name)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("", '""'),
        ("A B", '"A B"'),
        ("A\n::error::x", r'"A\n::error::x"'),
        ("::add-mask::x", '"::add-mask::x"'),
        ("A::x", '"A::x"'),
        ("--force", '"--force"'),
        ("$(x)", '"$(x)"'),
        ('a"b\\', r'"a\"b\\"'),
        ("A\x1b[2J\u202e\u200b", r'"A\u001b[2J\u202e\u200b"'),
        ("\ud800", r'"\ud800"'),
        ("x" * 257, '"' + "x" * 80 + '…"'),
        ("\n" * 90, '"' + r"\n" * 80 + '…"'),
    ],
    ids=ascii,
)
def test_any_other_is_shown_in_quotes_escaped_and_cut(name: str, text: str) -> None:
    assert (is_plain(name), shown(name)) == (False, text)
    assert shown(name).isprintable()


def test_what_names_an_app_or_a_stage_can_be_pasted() -> None:
    assert options_of("myapp") == "--app myapp"
    assert options_of("my-pipeline/review") == "--pipeline my-pipeline --stage review"
    assert options_of("My Pipe/test") == "--pipeline 'My Pipe' --stage test"


@pytest.mark.parametrize(
    ("targets", "counts", "kinds"),
    [
        ([], "0 apps", "apps"),
        (["a"], "1 app", "apps"),
        (["a", "b"], "2 apps", "apps"),
        (["p/test"], "1 stage", "stages"),
        (["p/test", "p/review"], "2 stages", "stages"),
        (["a", "b", "p/test"], "2 apps, 1 stage", "apps and stages"),
        (["a"] * 1000, "1000 apps", "apps"),
    ],
)
def test_apps_and_stages_are_counted_apart(targets: list[str], counts: str, kinds: str) -> None:
    assert (counted(targets), kinds_of(targets)) == (counts, kinds)
