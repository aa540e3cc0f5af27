"""How many warnings of one kind are told."""

from deploy.envfile.warnings import INTERPOLATED, joined
from deploy.errors import Complaint

BEFORE, BETWEEN, AFTER = (Complaint("odd", line, f"V{line}") for line in (1, 3, 5))
TWO, FOUR, SIX = (Complaint(INTERPOLATED, line, f"V{line}") for line in (2, 4, 6))


def test_values_that_nothing_is_filled_into_are_told_in_one_line_where_the_first_stands() -> None:
    names = "V2 (line 2), V4 (line 4), V6 (line 6)"
    assert joined(iter([BEFORE, TWO, BETWEEN, FOUR, AFTER, SIX])) == [
        BEFORE,
        Complaint(INTERPOLATED, name=names),
        BETWEEN,
        AFTER,
    ]
    assert joined([TWO, FOUR]) == [Complaint(INTERPOLATED, name="V2 (line 2), V4 (line 4)")]


def test_one_such_value_keeps_its_line() -> None:
    assert joined([BEFORE, TWO, AFTER]) == [BEFORE, TWO, AFTER]
    assert joined([]) == []
