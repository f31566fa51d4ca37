"""Mistakes of many rows in one line, in the order of the rows."""

from __future__ import annotations

import pytest

from twin.calibrate.history.alike import FEW, alike, in_file
from twin.calibrate.history.page import MOST
from twin.core.problem import Mark, Problem


def wrong(row: int, cell: str = "12,5", column: int = 2) -> Problem:
    return Problem(Mark("stops.csv", row, column), "Minutes", f"'{cell}' is no number")


def of_query(row: int) -> Problem:
    return Problem(Mark("reading.yaml", 4, 9), "minutes", f"row {row:,}: '1,5' is no number")


def test_few_stay_as_they_are_in_the_order_of_their_rows() -> None:
    found = [wrong(10), wrong(2), wrong(9)]
    assert len(found) == FEW
    assert [one.mark.line for one in alike(found)] == [2, 9, 10]


def test_many_of_one_kind_are_one_line() -> None:
    (one,) = alike([wrong(row, f"{row},5") for row in (10, 2, *range(20, 30))])
    assert str(one) == "stops.csv:2:2: Minutes: '2,5' is no number (and 11 more rows: 10, 20, 21, 22, 23, …)"


def test_kinds_and_columns_are_told_apart() -> None:
    other = Problem(Mark("stops.csv", 3, 2), "Minutes", "the minutes are missing")
    found = alike([*(wrong(row) for row in range(4, 9)), other, *(wrong(row, column=5) for row in range(2, 7))])
    assert [one.mark[1:] for one in found] == [(2, 5), (3, 2), (4, 2)]


def test_rows_of_a_query_are_sorted_by_their_number() -> None:
    rows = [of_query(row) for row in (10, 2, 1_000)]
    assert [one.text[:9].strip() for one in sorted(rows, key=in_file)] == ["row 2: '1", "row 10: '", "row 1,000"]
    (one,) = alike([of_query(row) for row in (10, 2, 1_000, 30)])
    assert one.text == "row 2: '1,5' is no number (and 3 more rows: 10, 30, 1000)"


@pytest.mark.parametrize(("n", "words"), [(MOST - 1, "(and 998 more rows"), (MOST, "(and at least 999 more rows")])
def test_of_mistakes_that_are_not_all_kept_no_number_is_told(n: int, words: str) -> None:
    (one,) = alike([wrong(row + 2) for row in range(n)])
    assert words in one.text
