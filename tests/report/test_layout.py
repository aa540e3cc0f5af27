import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.report.layout import column_width, counts, name_lists, printable, words, wrap


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("plain: é \U0001f600", "plain: é \U0001f600"),
        ("two\nlines", "two\nlines"),
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("a\rb\tc\0d\x07e\x7ff", "abcdef"),
        ("a\x9b31mb\x85c", "a31mbc"),
        ("a\u202eb\u2066c\u200bd\ufeffe", "abcde"),
        ("a\u2028b\u2029c", "abc"),
        ("a\ud800b", "ab"),
    ],
    ids=ascii,
)
def test_what_could_steer_a_terminal_is_left_out(text: str, kept: str) -> None:
    assert printable(text) == kept


# Layout.


def listing(head: str, names: list[str], width: int | None) -> str:
    [line] = name_lists({head: names, "None:": []}, width)
    return line


def test_names_stand_on_one_line_where_there_is_no_terminal() -> None:
    assert listing("Kept:", ["B", "A\nC", "D\x1b[2J"], None) == (r'Kept: B, "A\nC", "D\u001b[2J"')
    assert "\n" not in listing("Kept:", [f"NAME_{number}" for number in range(999)], None)


def test_names_go_on_in_the_next_line_and_none_is_broken() -> None:
    assert listing("Kept (why not):", ["AAAA", "BBBB", "CCCC", "D" * 30, "E"], 22) == "\n".join(
        ["Kept (why not): AAAA,", "  BBBB, CCCC,", f"  {'D' * 30},", "  E"]
    )


@pytest.mark.parametrize(("width", "lines"), [(7, ["ab cd", "  ef"]), (8, ["ab cd ef"])])
def test_a_line_may_be_as_wide_as_the_terminal_and_no_wider(width: int, lines: list[str]) -> None:
    assert wrap(["ab", " cd", " ef "], width) == "\n".join(lines)


def test_what_is_empty_needs_no_line_of_its_own() -> None:
    assert wrap(["ab      ", "  ", " cd"], 5) == "ab\n  cd"
    assert wrap(["ab      ", "  "], 5) == "ab"


def test_a_number_is_not_parted_from_what_it_counts() -> None:
    found = counts("app differs:", "1 to set, 2 to change; 3 equal.", 21)
    assert found == "app differs:\n  1 to set,\n  2 to change;\n  3 equal."


def test_one_long_name_does_not_widen_the_column_of_the_others() -> None:
    assert column_width(["A", "B" * 40, "C" * 41]) == 40
    assert column_width(["A", "C" * 41]) == 1
    assert column_width(["C" * 41]) == column_width([]) == 0


@given(
    st.lists(st.text("AB_", min_size=1, max_size=50), min_size=1), st.integers(1, 120) | st.none()
)
def test_a_list_in_any_width_holds_the_same_names_and_breaks_none(
    names: list[str], width: int | None
) -> None:
    lines = listing("Only on Heroku:", names, width).split("\n")
    assert " ".join(line.strip() for line in lines) == f"Only on Heroku: {', '.join(names)}"
    assert all(len(line) <= (width or 9**9) or len(line.split()) == 1 for line in lines)


@given(st.text("ab  ", max_size=40))
def test_a_sentence_in_its_words_is_the_sentence(text: str) -> None:
    assert "".join(words(text)) == text


@given(st.text(st.characters()))
def test_printable_text_can_be_written_in_any_terminal(text: str) -> None:
    kept = printable(text)
    assert all(char == "\n" or char.isprintable() for char in kept)
    assert kept.encode().decode() == kept


def test_no_text_from_outside_is_a_command_for_a_runner() -> None:
    assert printable("A##[add-mask]x ##[[ #\x1b#[b]") == "A## [add-mask]x ## [[ ## [b]"
    assert printable("A##vso[task.setvariable]x ##VSO[ ##teamcity[ # #[") == (
        "A## vso[task.setvariable]x ## VSO[ ## teamcity[ # #["
    )


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("::error::x", ": :error::x"),
        ("  ::error::x", "  : :error::x"),
        ("\x1b:\u200b:error::x", ": :error::x"),
        ("a\n  ::stop-commands::x\n:::y", "a\n  : :stop-commands::x\n: ::y"),
        ("a ::error::x", "a ::error::x"),
        (":x", ":x"),
    ],
    ids=ascii,
)
def test_no_line_begins_as_a_command_of_a_runner_does(text: str, kept: str) -> None:
    assert printable(text) == kept
