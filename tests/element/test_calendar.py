"""Calendars: shifts, breaks, closings and cycles computed by hand."""

from __future__ import annotations

import textwrap
from math import inf

import pytest

from twin.core.compile import compile_plan
from twin.core.layout import from_document
from twin.core.plan import Plan
from twin.core.spec import inline_schema
from twin.core.text import parse
from twin.core.timetable import (
    ALWAYS,
    BREAK,
    OFF,
    OPEN,
    CalendarRow,
    Change,
    Closing,
    Timetable,
    calendar_row,
    timetable,
    union,
    without,
    wrapped,
)
from twin.element.calendar import Calendar

MIN = 60_000_000.0
H = 60 * MIN
D = 24 * H
MONDAY = "2027-01-04 00:00"


def plan_of(body: str, start: str | None = MONDAY, run: str = "{}") -> tuple[Plan, list[str]]:
    """The plan of a layout with one calendar, and its warnings."""
    first = f"start: {start}\n" if start else ""
    text = f"twin: 1\nplant: p\n{first}run: {run}\ncalendars:\n  c:\n    {body}\n"
    layout = from_document(parse(text.encode(), "f"))
    return compile_plan(layout), [str(problem) for problem in layout.document.problems]


def table(body: str, start: str | None = MONDAY) -> Timetable:
    plan, warnings = plan_of(body, start)
    assert not warnings
    return timetable(plan.rows, plan.index("c"))


def row(body: str, start: str | None = MONDAY) -> CalendarRow:
    found = plan_of(body, start)[0].rows[0]
    assert isinstance(found, CalendarRow)
    return found


def changes(clock: Timetable, until: float) -> list[tuple[float, int]]:
    """The state at 0 and all changes up to ``until``, in hours."""
    found, at, state = list[tuple[float, int]](), 0.0, clock.state(0.0)
    while at <= until:
        found.append((at / H, state))
        at, state = clock.next_change(at)
    return found


# Shifts by hand


def test_touching_shifts_are_no_gap() -> None:
    clock = table("week: {mon-fri: [06:00-14:00, 14:00-22:00]}")
    assert changes(clock, 2 * D) == [(0, OFF), (6, OPEN), (22, OFF), (30, OPEN), (46, OFF)]


def test_a_weekend_is_closed() -> None:
    clock = table("week: {mon-fri: [06:00-22:00]}")
    assert clock.next_change(4 * D + 6 * H) == (4 * D + 22 * H, OFF)
    assert clock.next_change(4 * D + 22 * H) == (7 * D + 6 * H, OPEN)
    assert clock.open_between(0.0, 7 * D) == 80 * H


def test_a_shift_past_midnight_belongs_to_the_day_it_starts() -> None:
    clock = table("week: {fri: [22:00-06:00]}")
    assert changes(clock, 7 * D) == [(0, OFF), (4 * 24 + 22, OPEN), (5 * 24 + 6, OFF)]


def test_a_shift_of_sunday_ends_on_monday() -> None:
    clock = table("week: {sun: [22:00-06:00]}")
    assert changes(clock, 7 * D) == [(0, OPEN), (6, OFF), (6 * 24 + 22, OPEN)]


def test_three_shifts_never_close() -> None:
    clock = table("week: {mon-sun: [06:00-14:00, 14:00-22:00, 22:00-06:00]}")
    assert row("week: {mon-sun: [06:00-14:00, 14:00-22:00, 22:00-06:00]}").changes == (Change(0.0, OPEN),)
    assert clock.next_change(5.0) == (inf, OPEN)
    assert clock.next_closing(5.0) == inf


def test_a_whole_day() -> None:
    assert changes(table("week: {tue: [00:00-24:00]}"), 6 * D) == [(0, OFF), (24, OPEN), (48, OFF)]


def test_overlapping_shifts_are_united() -> None:
    clock = table("week: {mon: [06:00-14:00, 08:00-10:00, 13:00-15:00], mon-tue: [14:30-16:00]}")
    assert changes(clock, 23 * H) == [(0, OFF), (6, OPEN), (16, OFF)]


def test_the_week_is_seen_from_the_start() -> None:
    clock = table("week: {wed: [06:00-14:00]}", "2027-01-06 09:30")
    assert changes(clock, 7 * D) == [(0, OPEN), (4.5, OFF), (164.5, OPEN)]


@pytest.mark.parametrize(
    ("days", "open_days"),
    [("mon-fri", 5), ("sat", 1), ("mon,wed,fri", 3), ("fri-mon", 4), ("mon-wed, wed-thu", 4), ("sun-sat", 7)],
)
def test_days(days: str, open_days: int) -> None:
    assert table(f'week: {{"{days}": [06:00-08:00]}}').open_between(0.0, 7 * D) == open_days * 2 * H


def test_a_break_across_midnight() -> None:
    clock = table("{week: {mon-sun: [20:00-04:00]}, breaks: [23:45-00:15]}")
    assert changes(clock, 24 * H) == [
        (0, BREAK), (0.25, OPEN), (4, OFF), (20, OPEN), (23.75, BREAK),
    ]  # fmt: skip
    assert clock.open_between(0.0, 7 * D) == 7 * 7.5 * H
    assert clock.time_in(BREAK, 0.0, 7 * D) == 7 * 0.5 * H
    assert clock.time_in(OFF, 0.0, 7 * D) == 7 * 16 * H


def test_a_break_only_matters_where_open() -> None:
    clock = table("{week: {mon: [06:00-14:00]}, breaks: [05:00-06:30, 13:30-15:00, 18:00-19:00]}")
    assert changes(clock, 23 * H) == [(0, OFF), (6, BREAK), (6.5, OPEN), (13.5, BREAK), (14, OFF)]
    assert clock.next_closing(0.0) == 14 * H


def test_closed_moments() -> None:
    clock = table("{week: {mon: [06:00-14:00]}, closed: [2027-01-04 10:20..2027-01-04 10:35]}")
    assert clock.next_closing(6 * H) == 10 * H + 20 * MIN
    assert clock.next_change(10 * H + 20 * MIN) == (10 * H + 35 * MIN, OPEN)
    assert clock.open_between(0.0, D) == 8 * H - 15 * MIN


def test_a_closing_that_ends_as_a_break_begins() -> None:
    clock = table("{week: {mon: [06:00-14:00]}, breaks: [10:00-10:15], closed: [2027-01-04 09:00..2027-01-04 10:00]}")
    assert changes(clock, 11 * H) == [(0, OFF), (6, OPEN), (9, OFF), (10, BREAK), (10.25, OPEN)]


def test_closed_dates_include_the_last() -> None:
    clock = table("{week: {mon-sun: [06:00-14:00]}, closed: [2027-01-05..2027-01-07]}")
    assert clock.next_change(14 * H) == (4 * D + 6 * H, OPEN)
    assert clock.open_between(0.0, 7 * D) == 4 * 8 * H


def test_a_closed_date_takes_away_the_shifts_that_start_on_it() -> None:
    clock = table("{week: {mon-wed: [22:00-06:00]}, closed: [2027-01-05]}")
    assert changes(clock, 4 * D) == [(0, OFF), (22, OPEN), (30, OFF), (70, OPEN), (78, OFF)]


def test_after_a_closed_night_the_next_day_keeps_its_own_shifts() -> None:
    clock = table("{week: {mon: [22:00-06:00], tue: [04:00-12:00]}, closed: [2027-01-04]}")
    assert changes(clock, 2 * D) == [(0, OFF), (28, OPEN), (36, OFF)]


def test_a_closed_date_long_before_the_start_changes_nothing() -> None:
    assert row("{week: {mon: [06:00-14:00]}, closed: [2020-01-01]}").closed == ()


def test_closings_are_united_and_begin_at_0() -> None:
    text = "{week: {mon-sun: [00:00-24:00]}, closed: [2026-12-24..2027-01-04, 2027-01-05, 2027-01-09]}"
    assert row(text).closed == (Closing(0.0, 2 * D), Closing(5 * D, 6 * D))


# Cycles by hand


def test_four_on_four_off() -> None:
    clock = table("{cycle: 8 d, open: [0 h-12 h, 24 h-36 h, 48 h-60 h, 72 h-84 h]}", None)
    assert clock.next_change(72 * H) == (84 * H, OFF)
    assert clock.next_change(84 * H) == (192 * H, OPEN)
    assert clock.open_between(0.0, 80 * D) == 480 * H


def test_a_cycle_that_opens_as_it_closes_is_no_gap() -> None:
    assert changes(table("{cycle: 24 h, open: [0 h-4 h, 20 h-24 h]}", None), 46 * H) == [
        (0, OPEN), (4, OFF), (20, OPEN), (28, OFF), (44, OPEN),
    ]  # fmt: skip


def test_d_shift_1() -> None:
    """Case D-SHIFT-1 of the list of exact cases: 7 min a part in a shift of 480 min with three breaks."""
    clock = table(
        "{cycle: 480 min, open: [0 min-480 min], breaks: [180 min-195 min, 330 min-360 min, 420 min-430 min]}", None
    )
    ends, at = list[float](), 0.0
    while (at := clock.due(at, 7 * MIN)) <= 480 * MIN:
        ends.append(at / MIN)
    assert len(ends) == 60
    assert ends[-1] == 475
    assert ends[25:29] == [197, 204, 211, 218]


def test_lengths_since_the_start_of_the_run() -> None:
    clock = table("{cycle: 10 min, open: [0 min-10 min], closed: [20 min..35 min, 30 min..40 min]}", None)
    assert clock.next_change(0.0) == (20 * MIN, OFF)
    assert clock.next_change(20 * MIN) == (40 * MIN, OPEN)
    assert clock.next_change(40 * MIN) == (inf, OPEN)
    assert clock.next_closing(20 * MIN) == inf


def test_hours_and_dates_with_a_cycle_of_whole_days() -> None:
    clock = table(
        "{cycle: 2 d, open: [0 h-12 h], breaks: [09:30-10:00, 3 h-4 h], closed: [2027-01-06]}", "2027-01-04 06:00"
    )
    assert changes(clock, 4 * D) == [
        (0, OPEN), (3, BREAK), (4, OPEN), (12, OFF), (96, OPEN),
    ]  # fmt: skip


def test_long_exponents_are_lengths() -> None:
    assert row("{cycle: 1e-2 s, open: [1e-3 s-5e-3 s]}", None).changes == (Change(1000.0, OPEN), Change(5000.0, OFF))


# Answers of a timetable


def test_what_falls_due_as_it_closes_is_due_at_the_closing() -> None:
    clock = table("week: {mon-fri: [06:00-14:00]}")
    assert clock.due(6 * H, 8 * H) == 14 * H
    assert clock.due(0.0, 8 * H + 1) == 30 * H + 1
    assert clock.due(3 * H, 0.0) == 3 * H
    assert clock.due(0.0, inf) == inf


def test_due_goes_over_closings() -> None:
    clock = table("{cycle: 1 h, open: [0 min-60 min], closed: [10 min..20 min, 30 min..40 min]}", None)
    assert clock.due(0.0, 10 * MIN) == 10 * MIN
    assert clock.due(10 * MIN, 10 * MIN) == 30 * MIN
    assert clock.due(0.0, 25 * MIN) == 45 * MIN
    assert clock.due(35 * MIN, 10 * MIN) == 50 * MIN


def test_always() -> None:
    assert timetable((), -1) is ALWAYS
    assert ALWAYS.state(3 * D) == OPEN
    assert ALWAYS.next_change(7.0) == (inf, OPEN)
    assert ALWAYS.next_closing(7.0) == inf
    assert ALWAYS.due(7.0, 1e15) == 1e15 + 7
    assert ALWAYS.open_between(3.0, 1e15) == 1e15 - 3


def test_a_calendar_that_never_opens_is_never_due() -> None:
    clock = Timetable(calendar_row(1000, [], [], []))
    assert clock.due(5.0, 1.0) == inf
    assert clock.next_change(5.0) == (inf, OFF)
    assert clock.next_closing(5.0) == inf


def test_a_hundred_years_are_exact() -> None:
    clock = table("{week: {mon-fri: [06:00-14:00]}, breaks: [09:30-09:45]}")
    weeks = 5200
    opened = weeks * 5 * 7.75 * H
    assert clock.open_between(0.0, weeks * 7 * D) == opened
    assert clock.due(0.0, opened) == (weeks - 1) * 7 * D + 4 * D + 14 * H
    assert clock.due(0.0, opened + 1) == weeks * 7 * D + 6 * H + 1
    assert clock.state(weeks * 7 * D + 6 * H - 1) == OFF
    assert clock.state(weeks * 7 * D + 6 * H) == OPEN


def test_intervals() -> None:
    assert union([(5, 7), (1, 2), (2, 3), (6, 6), (6, 9)]) == [(1, 3), (5, 9)]
    assert without((0, 10), [(2, 3), (-4, 1), (9, 12)]) == [(1, 2), (3, 9)]
    assert without((0, 10), [(20, 30)]) == [(0, 10)]
    assert wrapped([(-2, 1), (8, 13)], 10) == [(0, 3), (8, 10)]


def test_a_row_does_not_depend_on_how_it_is_written() -> None:
    one = row("{week: {mon-fri: [06:00-14:00, 14:00-22:00]}, closed: [2027-01-05, 2027-01-06]}")
    two = row("{week: {tue-fri: [06:00-22:00], mon: [12:00-22:00, 06:00-12:00]}, closed: [2027-01-05..2027-01-06]}")
    assert one == two


# As it is written


def test_the_example_of_the_docstring() -> None:
    example = textwrap.dedent((Calendar.__doc__ or "").split("::")[1].partition("A shift may")[0])
    plan = compile_plan(from_document(parse(f"twin: 1\nplant: p\nstart: {MONDAY}\n{example}".encode(), "f")))
    assert [name for _, name, _ in plan.of("calendars")] == ["two_shifts", "four_on_four_off"]
    assert timetable(plan.rows, 0).open_between(0.0, 7 * D) == (4 * 16 + 8 + 2 * 8) * H - (5 + 4) * 15 * MIN


def test_the_schema_knows_every_key() -> None:
    properties = inline_schema(Calendar)["properties"]
    assert {"week", "cycle", "open", "breaks", "closed"} <= set(properties)
