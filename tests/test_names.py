"""How a name from outside is shown, and which may stand in a command."""

import pytest

from deploy.names import is_plain, shown


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
