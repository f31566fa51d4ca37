"""The exact words, place and hint for calendars that are written wrongly."""

from __future__ import annotations

import pytest

import twin.element.calendar  # noqa: F401  (registers the kind)
from twin.core.compile import compile_plan
from twin.core.layout import from_document
from twin.core.problem import PlantError
from twin.core.text import parse

STOP = "a stop such as '2026-12-24', '2026-12-24..2027-01-02' or '2027-03-01 10:20..2027-03-01 10:35' is due, not"


def problems(body: str, start: str | None = "2027-01-04 06:00", run: str = "{}") -> list[str]:
    """All problems of a layout with one calendar 'c', warnings too, in order of their place."""
    first = f"start: {start}\n" if start else ""
    document = parse(f"twin: 1\nplant: p\n{first}run: {run}\ncalendars:\n  c:\n    {body}\n".encode(), "f")
    try:
        compile_plan(from_document(document))
    except PlantError as error:
        return [str(problem) for problem in error.problems]
    return [str(problem) for problem in document.problems]


def said(body: str, start: str | None = "2027-01-04 06:00") -> list[str]:
    """The problems without file, line and column."""
    return [text.partition("calendars.")[2] for text in problems(body, start)]


WEEK = "week: {mon: [06:00-14:00]}"
CYCLE = "cycle: 24 h, open: [0 h-12 h]"
MESSAGES = [
    (f"{{{WEEK}, breaks: [3h-4h]}}", "c.breaks[0]: '3h-4h' are lengths; with 'week' write hours such as '09:30-09:45'"),
    (
        f"{{{WEEK}, breaks: [9h30-9h45]}}",
        "c.breaks[0]: hours such as '06:00-14:00' are due, not '9h30-9h45'; did you mean '09:30-09:45'?",
    ),
    (
        f"{{{CYCLE}, breaks: [180-195 min]}}",
        "c.breaks[0]: '180' lacks its unit; write '180 s' (units: s, us, ms, min, h, d, w, y)",
    ),
    (
        f"{{{CYCLE}, closed: [20]}}",
        f"c.closed[0]: {STOP} '20'",
    ),
    (
        "{week: {mond: [06:00-14:00]}}",
        "c.week.mond: unknown day 'mond' (days: mon, tue, wed, thu, fri, sat, sun); did you mean 'mon'?",
    ),
    (
        "{week: {Mon: [06:00-14:00]}}",
        "c.week.Mon: unknown day 'Mon' (days: mon, tue, wed, thu, fri, sat, sun); did you mean 'mon'?",
    ),
    ("{week: {lundi: [06:00-14:00]}}", "c.week.lundi: unknown day 'lundi' (days: mon, tue, wed, thu, fri, sat, sun)"),
    ("{week: {mon-wed-fri: [06:00-14:00]}}", "c.week.mon-wed-fri: 'mon-wed-fri' is no range of days such as 'mon-fri'"),
    ("{week: {mon: [06:00-25:00]}}", "c.week.mon[0]: '25:00' is no time of day (00:00 to 24:00)"),
    ("{week: {mon: [06:60-14:00]}}", "c.week.mon[0]: '06:60' is no time of day (00:00 to 24:00)"),
    (
        "{week: {mon: [6:00-14h]}}",
        "c.week.mon[0]: hours such as '06:00-14:00' are due, not '6:00-14h'; did you mean '06:00-14:00'?",
    ),
    (
        "{week: {mon: [06:00–14:00]}}",
        "c.week.mon[0]: hours such as '06:00-14:00' are due, not '06:00–14:00'; did you mean '06:00-14:00'?",
    ),
    ("{week: {mon: [24:00-06:00]}}", "c.week.mon[0]: '24:00-06:00' begins at 24:00; write 00:00, on the day after"),
    ("{week: {mon: [06:00-06:00]}}", "c.week.mon[0]: '06:00-06:00' has no length; a whole day is '00:00-24:00'"),
    ("{week: {mon: 06:00-14:00}}", "c.week.mon: a list such as '[06:00-14:00]' is due, not '06:00-14:00'"),
    ("{week: [06:00-14:00]}", "c.week: a map of days such as '{mon-fri: [06:00-14:00]}' is due, not a list"),
    ("{week: {mon: [8]}}", "c.week.mon[0]: hours such as '06:00-14:00' are due, not '8'"),
    ("{week: {}}", "c: never opens"),
    ("{week: {mon: []}}", "c: never opens"),
    (f"{{{WEEK}, breaks: [06:00-10:00, 10:00-14:00]}}", "c: never opens"),
    ("{}", "c: the key 'week' is missing (or 'cycle' with 'open')"),
    ("{cycle: 8 h}", "c: 'cycle' needs 'open', such as 'open: [0 h-12 h]'"),
    ("{open: [0 h-1 h]}", "c: 'open' needs 'cycle', such as 'cycle: 24 h'"),
    ("{breaks: [09:30-09:45]}", "c: the key 'week' is missing (or 'cycle' with 'open')"),
    (f"{{{WEEK}, cycle: 24 h, open: [0 h-12 h]}}", "c: either 'week' or 'cycle' with 'open', not both"),
    (f"{{{WEEK}, cycle: 8 h}}", "c: either 'week' or 'cycle' with 'open', not both"),
    (
        f"{{{WEEK}, breaks: [180 min-195 min]}}",
        "c.breaks[0]: '180 min-195 min' are lengths; with 'week' write hours such as '09:30-09:45'",
    ),
    (
        f"{{{WEEK}, closed: [20 min..35 min]}}",
        "c.closed[0]: '20 min..35 min' are lengths; with 'week' write moments such as "
        "'2027-03-01 10:20..2027-03-01 10:35'",
    ),
    (
        f"{{{WEEK}, closed: [20 min-35 min]}}",
        f"c.closed[0]: {STOP} '20 min-35 min'; did you mean '20 min..35 min'?",
    ),
    (f"{{{WEEK}, closed: [20 min]}}", "c.closed[0]: '20 min' needs its end, such as '20 min..35 min'"),
    (
        f"{{{WEEK}, closed: [2027-03-01 10:20]}}",
        "c.closed[0]: '2027-03-01 10:20' needs its end, such as '2027-03-01 10:20..2027-03-01 10:35'",
    ),
    (f"{{{WEEK}, closed: [2027-01-02..2026-12-24]}}", "c.closed[0]: '2027-01-02..2026-12-24' ends before it begins"),
    (f"{{{WEEK}, closed: [2027-02-30]}}", "c.closed[0]: '2027-02-30' is no date or time that exists"),
    (
        f"{{{WEEK}, closed: [2027-03-01 10:20..2027-03-01 10:20]}}",
        "c.closed[0]: '2027-03-01 10:20..2027-03-01 10:20' has no length",
    ),
    (
        f"{{{WEEK}, closed: [2027-03-01..2027-03-01 10:20]}}",
        "c.closed[0]: the ends of '2027-03-01..2027-03-01 10:20' must be alike: two dates, two moments or two lengths",
    ),
    (
        f"{{{WEEK}, closed: [christmas]}}",
        f"c.closed[0]: {STOP} 'christmas'",
    ),
    (
        f"{{{WEEK}, closed: [24/12/2026]}}",
        f"c.closed[0]: {STOP} '24/12/2026'",
    ),
    (
        f"{{{WEEK}, closed: [2026-12-24..2026-12-25..2026-12-26]}}",
        "c.closed[0]: '2026-12-24..2026-12-25..2026-12-26' has more than two ends",
    ),
    (f"{{{WEEK}, closed: 2026-12-24}}", "c.closed: a list such as '[2026-12-24]' is due, not '2026-12-24'"),
    ("{cycle: 24 h, open: [20 h-26 h]}", "c.open[0]: '20 h-26 h' passes the end of the cycle (1 d); split it there"),
    ("{cycle: 24 h, open: [12 h-6 h]}", "c.open[0]: '12 h-6 h' ends before it begins"),
    ("{cycle: 24 h, open: [6 h-6 h]}", "c.open[0]: '6 h-6 h' has no length"),
    (
        "{cycle: 24 h, open: [06:00-14:00]}",
        "c.open[0]: '06:00-14:00' are hours, but the cycle counts from its start; write lengths such as '0 h-12 h'",
    ),
    ("{cycle: 24 h, open: [0-12 h]}", "c.open[0]: '0' lacks its unit; write '0 s' (units: s, us, ms, min, h, d, w, y)"),
    (
        "{cycle: 24 h, open: [0 h..12 h]}",
        "c.open[0]: two lengths such as '0 h-12 h' are due, not '0 h..12 h'; did you mean '0 h-12 h'?",
    ),
    ("{cycle: 24 h, open: [12 h]}", "c.open[0]: two lengths such as '0 h-12 h' are due, not '12 h'"),
    ("{cycle: 0 h, open: [0 h-12 h]}", "c.cycle: '0 h' must be more than 0"),
    ("{cycle: 200 y, open: [0 h-12 h]}", "c.cycle: '200 y' must not be more than 36500 d"),
    (
        "{cycle: 8 h, open: [0 h-4 h], breaks: [09:30-09:45]}",
        "c.breaks[0]: '09:30-09:45' are hours, which need a cycle of whole days; write lengths",
    ),
    (
        "{cycle: 8 h, open: [0 h-4 h], breaks: [7 h-9 h]}",
        "c.breaks[0]: '7 h-9 h' passes the end of the cycle (8 h); split it there",
    ),
    ("{cycle: 8 h, open: []}", "c: never opens"),
    (
        f"{{{WEEK}, breaks: [9:30-9:45]}}",
        "c.breaks[0]: hours such as '06:00-14:00' are due, not '9:30-9:45'; did you mean '09:30-09:45'?",
    ),
    (f"{{{WEEK}, break: [09:30-09:45]}}", "c.break: unknown key 'break'; did you mean 'breaks'?"),
    (f"{{{CYCLE}, closed: [20 min..10 min]}}", "c.closed[0]: '20 min..10 min' ends before it begins"),
    (
        f"{{{CYCLE}, closed: [20 mins..30 min]}}",
        "c.closed[0]: unknown unit 'mins' (units: s, us, ms, min, h, d, w, y); did you mean '20 min'?",
    ),
    (
        f"{{{CYCLE}, closed: [20..30 min]}}",
        "c.closed[0]: '20' lacks its unit; write '20 s' (units: s, us, ms, min, h, d, w, y)",
    ),
    (f"{{{WEEK}, breaks: [hello]}}", "c.breaks[0]: hours such as '06:00-14:00' are due, not 'hello'"),
    ("week: ", "c.week: nothing stands after 'week'; write a value"),
    ("{cycle: 24 h, open: [-1 h-12 h]}", "c.open[0]: two lengths such as '0 h-12 h' are due, not '-1 h-12 h'"),
    ("{cycle: 100 us, open: [0 s-1e-9 s]}", "c.open[0]: '0 s-1e-9 s' has no length"),
    (f"{{{CYCLE}, closed: [0 s..1e-9 s]}}", "c.closed[0]: '0 s..1e-9 s' has no length"),
    (
        f"{{{WEEK}, closed: [2027-03-01 24:00..2027-03-02 01:00]}}",
        "c.closed[0]: '2027-03-01 24:00' is no date or time that exists",
    ),
    (
        f"{{{WEEK}, closed: ['']}}",
        f"c.closed[0]: {STOP} ''",
    ),
]


@pytest.mark.parametrize(("body", "message"), MESSAGES)
def test_messages(body: str, message: str) -> None:
    assert said(body) == [message]


def test_all_mistakes_are_told_at_once() -> None:
    assert problems("{week: {mon: [25:00-26:00], thr: [06:00-14:00]}, closed: [x, 2026-12-24, 2027-02-30]}") == [
        "f:7:19: calendars.c.week.mon[0]: '25:00' is no time of day (00:00 to 24:00)",
        "f:7:33: calendars.c.week.thr: unknown day 'thr' (days: mon, tue, wed, thu, fri, sat, sun); "
        "did you mean 'thu'?",
        f"f:7:63: calendars.c.closed[0]: {STOP} 'x'",
        "f:7:78: calendars.c.closed[2]: '2027-02-30' is no date or time that exists",
    ]


@pytest.mark.parametrize(
    "body",
    [
        f"{{{WEEK}}}",
        f"{{{CYCLE}, breaks: [09:30-09:45]}}",
        f"{{{CYCLE}, closed: [2026-12-24]}}",
        f"{{{CYCLE}, closed: [2026-12-24 10:00..2026-12-24 11:00]}}",
    ],
)
def test_hours_and_dates_need_the_start(body: str) -> None:
    assert said(body, None) == ["c: needs 'start:' at the top of the layout, such as 'start: 2027-01-04 06:00'"]


def test_a_calendar_that_opens_after_the_run_is_a_warning() -> None:
    body, start = "week: {sat: [06:00-14:00]}", "2027-01-04 00:00"
    text = "f:6:3: warning: calendars.c: does not open before the run ends"
    assert problems(body, start, "{warm_up: 1 d, horizon: 4 d}") == [text]
    assert problems(body, start, "{warm_up: 1 d, horizon: 6 d}") == []
