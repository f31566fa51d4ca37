"""Calendars: when stations and people are there. The arithmetic of time is in twin.core.timetable."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Annotated, Any, ClassVar, NamedTuple, Self, TypeVar

from pydantic import model_validator

from twin.core.compiling.names import Names
from twin.core.layout import RunSpec
from twin.core.plan import micro
from twin.core.problem import Fault, Faults, Loc, fault, nearest, quoted
from twin.core.refused import received
from twin.core.spec import Kind, Reader, register
from twin.core.timetable import (
    ALWAYS_ROW,
    DAY,
    DAYS,
    OPEN,
    WEEK,
    CalendarRow,
    Interval,
    Timetable,
    calendar_row,
    union,
    without,
)
from twin.core.unit import MICRO, Quantity, parse, show

MOST_CYCLE = 100 * 365 * 86400.0
"""The longest cycle, s; breaks at hours are written out for each of its days."""
_HOURS = re.compile(r"(\d\d):(\d\d) *- *(\d\d):(\d\d)")
_LOOSE_HOURS = re.compile(r"(\d{1,2})[:.hH](\d\d)? *[-–—] *(\d{1,2})[:.hH](\d\d)?")
_BETWEEN_LENGTHS = re.compile(r"(?<![\d.][eE]) *- *(?=[\d.])")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?")
_LIKE_LENGTH = re.compile(r"[\d.]+([eE][+-]?\d+)? *[^\W\d_]*")
_ENDS_IN_UNIT = re.compile(r".*\d *[^\W\d_]+")
T = TypeVar("T")


class Span(NamedTuple):
    """[begin, end) in µs: from midnight (``clock``; then ``end`` may be past 24:00), or from the cycle's start."""

    begin: int
    end: int
    text: str
    clock: bool


Week = tuple[tuple[Span, ...], ...]
"""The shifts of each day, Monday first."""


class Stop(NamedTuple):
    """A stretch [begin, end) of ``closed``, as whole numbers: by ``unit`` ordinals of days or µs."""

    unit: str
    """'dates' (days since the year 1), 'moments' (µs since the year 1) or 'lengths' (µs since time 0)."""
    begin: int
    end: int
    text: str


def _below(step: str | int, error: Faults) -> list[Fault]:
    return [Fault((step, *one.loc), one.text, one.nearest) for one in error.faults]


def _each(value: object, read: Callable[[object], T], example: str) -> tuple[T, ...]:
    """The items of a list, with the faults of all of them."""
    if not isinstance(value, list):
        raise fault(f"a list such as '[{example}]' is due, not {received(value)}")
    found, faults = list[T](), list[Fault]()
    for number, item in enumerate(value):
        try:
            found.append(read(item))
        except Faults as error:
            faults += _below(number, error)
    if faults:
        raise Faults(*faults)
    return tuple(found)


def read_hours(value: object) -> Span:
    """A stretch of a day, '06:00-14:00'; when it ends no later than it begins, it passes midnight."""
    text = str(value)
    found = _HOURS.fullmatch(text)
    if not found:
        raise fault(f"hours such as '06:00-14:00' are due, not {received(value)}", _meant_hours(text))
    begin, end = _clock(found[1], found[2]), _clock(found[3], found[4])
    if begin == DAY:
        raise fault(f"{quoted(text)} begins at 24:00; write 00:00, on the day after")
    if begin == end:
        raise fault(f"{quoted(text)} has no length; a whole day is '00:00-24:00'")
    return Span(begin, end if begin < end else end + DAY, text, True)


def _clock(hour: str, minute: str) -> int:
    minutes = int(hour) * 60 + int(minute)
    if int(minute) > 59 or minutes > 24 * 60:
        raise fault(f"'{hour}:{minute}' is no time of day (00:00 to 24:00)")
    return minutes * 60_000_000


def _meant_hours(text: str) -> str | None:
    found = _LOOSE_HOURS.fullmatch(text)
    return "{:0>2}:{}-{:0>2}:{}".format(*found.groups("00")) if found else None


def read_lengths(value: object) -> Span:
    """A stretch counted from the start of the cycle, '0 h-12 h'."""
    text = str(value)
    if _HOURS.fullmatch(text):
        raise fault(f"{quoted(text)} are hours, but the cycle counts from its start; write lengths such as '0 h-12 h'")
    ends = _BETWEEN_LENGTHS.split(text)
    if len(ends) != 2:
        meant = text.replace("..", "-") if text.count("..") == 1 else None
        raise fault(f"two lengths such as '0 h-12 h' are due, not {received(value)}", meant)
    begin, end = (int(micro(parse(one, "time"))) for one in ends)
    _check_order(begin, end, text)
    return Span(begin, end, text, False)


def _check_order(begin: int, end: int, text: str) -> None:
    if begin == end:
        raise fault(f"{quoted(text)} has no length")
    if end < begin:
        raise fault(f"{quoted(text)} ends before it begins")


def read_open(value: object) -> tuple[Span, ...]:
    """The list of 'open'."""
    return _each(value, read_lengths, "0 h-12 h")


def read_breaks(value: object) -> tuple[Span, ...]:
    """The list of 'breaks': hours of every day, or lengths from the start of the cycle."""
    return _each(value, lambda one: read_hours(one) if _names_hours(one) else read_lengths(one), "09:30-09:45")


def _names_hours(value: object) -> bool:
    return not isinstance(value, str) or ":" in value or not _ENDS_IN_UNIT.fullmatch(value)


def read_week(value: object) -> Week:
    """The shifts of each day from a map of days, such as {mon-fri: [06:00-14:00]}."""
    if not isinstance(value, dict):
        raise fault(f"a map of days such as '{{mon-fri: [06:00-14:00]}}' is due, not {received(value)}")
    week, faults = [list[Span]() for _ in DAYS], list[Fault]()
    for words, shifts in value.items():
        try:
            days, spans = read_days(words), _each(shifts, read_hours, "06:00-14:00")
        except Faults as error:
            faults += _below(words, error)
            continue
        for day in days:
            week[day] += spans
    if faults:
        raise Faults(*faults)
    return tuple(tuple(spans) for spans in week)


def read_days(words: str) -> list[int]:
    """Numbers of the days (Monday 0) that a key names: 'sat', 'mon-fri', 'mon,wed,fri', 'fri-mon'."""
    found: list[int] = []
    for word in words.split(","):
        ends = [_day(one.strip()) for one in word.split("-")]
        if len(ends) > 2:
            raise fault(f"{quoted(word)} is no range of days such as 'mon-fri'")
        found += [(ends[0] + n) % 7 for n in range((ends[-1] - ends[0]) % 7 + 1)]
    return sorted(dict.fromkeys(found))


def _day(word: str) -> int:
    if word not in DAYS:
        raise fault(f"unknown day {quoted(word)} (days: {', '.join(DAYS)})", nearest(word.lower(), DAYS))
    return DAYS.index(word)


def read_closed(value: object) -> tuple[Stop, ...]:
    """The list of 'closed': dates, and ranges of dates, of moments, or of lengths since the start of the run."""
    return _each(value, read_stop, "2026-12-24")


def read_stop(value: object) -> Stop:
    """One item of 'closed'; the last date of a range belongs to it."""
    text = str(value)
    ends = [_read_end(word.strip(), value) for word in text.split("..")]
    if len(ends) > 2:
        raise fault(f"{quoted(text)} has more than two ends")
    (unit, begin), (other, end) = ends[0], ends[-1]
    if unit != other:
        raise fault(f"the ends of {quoted(text)} must be alike: two dates, two moments or two lengths")
    if unit == "dates":
        end += 1
    elif len(ends) == 1:
        raise fault(f"{quoted(text)} needs its end, such as '{text}..{_later(unit, begin)}'")
    _check_order(begin, end, text)
    return Stop(unit, begin, end, text)


def _read_end(word: str, whole: object) -> tuple[str, int]:
    try:
        if _DATE.fullmatch(word):
            return "dates", date.fromisoformat(word).toordinal()
        if _MOMENT.fullmatch(word):
            return "moments", _micros(datetime.fromisoformat(word))
    except ValueError:
        raise fault(f"{quoted(word)} is no date or time that exists") from None
    if not isinstance(whole, str) or not _LIKE_LENGTH.fullmatch(word):
        meant = _BETWEEN_LENGTHS.sub("..", word) if _ENDS_IN_UNIT.fullmatch(word) else None
        example = "'2026-12-24', '2026-12-24..2027-01-02' or '2027-03-01 10:20..2027-03-01 10:35'"
        raise fault(f"a stop such as {example} is due, not {received(whole)}", meant)
    return "lengths", int(micro(parse(word, "time")))


def _micros(moment: datetime) -> int:
    """Microseconds since the year 1."""
    return (moment - datetime.min) // timedelta(microseconds=1)


def _later(unit: str, begin: int) -> str:
    """An end a quarter of an hour after ``begin``, as it is written."""
    end = begin + 900_000_000
    if unit == "lengths":
        return show(end / MICRO, "time")
    return f"{datetime.min + timedelta(microseconds=end):%Y-%m-%d %H:%M}"


def _schema(pattern: str, example: str) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string", "pattern": pattern, "examples": [example]}}


def _hours_schema() -> dict[str, Any]:
    return _schema(r"^\d\d:\d\d *- *\d\d:\d\d$", "06:00-14:00")


def _week_schema() -> dict[str, Any]:
    return {"type": "object", "additionalProperties": _hours_schema(), "examples": [{"mon-fri": ["06:00-14:00"]}]}


@register("element", "calendars")
class Calendar(Kind):
    """When stations and people are there: hours of the week, or a cycle that repeats.

    ::

        calendars:
          two_shifts:
            week: {mon-thu: [06:00-14:00, 14:00-22:00], fri: [06:00-14:00], "sat,sun": [22:00-06:00]}
            breaks: [09:30-09:45, 17:30-17:45]
            closed: [2026-12-24..2027-01-02, 2027-03-01 10:20..2027-03-01 10:35]
          four_on_four_off:
            cycle: 8 d
            open: [0 h-12 h, 24 h-36 h, 48 h-60 h, 72 h-84 h]

    A shift may pass midnight and belongs to the day it starts, so a closed date takes away the shifts that
    start on it. Shifts that overlap or touch are one. There is no summer time.
    """

    SECTION: ClassVar[str] = "calendars"
    WORD: ClassVar[str] = "calendar"

    week: Annotated[Week | None, Reader(read_week, _week_schema)] = None
    """Shifts by day, day range or days: {mon-fri: [06:00-14:00], sat: [22:00-06:00]}."""
    cycle: Annotated[float | None, Quantity("time", least=1e-6, most=MOST_CYCLE, positive=True)] = None
    """Length after which 'open' repeats, from time 0 on."""
    open: Annotated[tuple[Span, ...] | None, Reader(read_open, lambda: _schema("-", "0 h-12 h"))] = None
    """When it is open, from the start of each cycle: [0 h-12 h]."""
    breaks: Annotated[tuple[Span, ...], Reader(read_breaks, lambda: _schema("-", "09:30-09:45"))] = ()
    """Pauses: hours of every day, or lengths from the start of the cycle; they matter where it is open."""
    closed: Annotated[tuple[Stop, ...], Reader(read_closed, lambda: _schema(r"\d", "2026-12-24"))] = ()
    """Dates (all shifts that start on them), date ranges, moments, or lengths since the start of the run."""

    @model_validator(mode="after")
    def _agree(self) -> Self:
        faults = list(self._form_faults()) or [*self._cycle_faults(), *self._week_faults()]
        if faults:
            raise Faults(*faults)
        return self

    def _form_faults(self) -> Iterator[Fault]:
        if self.week is not None and (self.cycle is not None or self.open is not None):
            yield Fault((), "either 'week' or 'cycle' with 'open', not both")
        elif self.cycle is not None and self.open is None:
            yield Fault((), "'cycle' needs 'open', such as 'open: [0 h-12 h]'")
        elif self.open is not None and self.cycle is None:
            yield Fault((), "'open' needs 'cycle', such as 'cycle: 24 h'")
        elif self.week is None and self.cycle is None:
            yield Fault((), "the key 'week' is missing (or 'cycle' with 'open')")

    def _week_faults(self) -> Iterator[Fault]:
        if self.week is None:
            return
        for loc, span in self._spans():
            if not span.clock:
                yield Fault(loc, f"{quoted(span.text)} are lengths; with 'week' write hours such as '09:30-09:45'")
        for number, stop in enumerate(self.closed):
            if stop.unit == "lengths":
                example = "2027-03-01 10:20..2027-03-01 10:35"
                text = f"{quoted(stop.text)} are lengths; with 'week' write moments such as '{example}'"
                yield Fault(("closed", number), text)

    def _cycle_faults(self) -> Iterator[Fault]:
        if self.cycle is None:
            return
        for loc, span in self._spans():
            if not span.clock and span.end > micro(self.cycle):
                cycle = show(self.cycle, "time")
                yield Fault(loc, f"{quoted(span.text)} passes the end of the cycle ({cycle}); split it there")
            if span.clock and micro(self.cycle) % DAY:
                yield Fault(loc, f"{quoted(span.text)} are hours, which need a cycle of whole days; write lengths")

    def _spans(self) -> Iterator[tuple[Loc, Span]]:
        for key, spans in (("open", self.open or ()), ("breaks", self.breaks)):
            yield from (((key, number), span) for number, span in enumerate(spans))

    def numbers(self, names: Names) -> CalendarRow:
        """The calendar in µs since time 0."""
        start = names.layout.head.start
        if start is None and self.needs_start():
            names.problem((), "needs 'start:' at the top of the layout, such as 'start: 2027-01-04 06:00'")
            return ALWAYS_ROW
        row = self.row(start)
        if all(change.state != OPEN for change in row.changes):
            names.problem((), "never opens")
        elif _opens_late(row, names.layout.head.run):
            names.problem((), "does not open before the run ends", warning=True)
        return row

    @classmethod
    def build(cls, run: Any, index: int, row: CalendarRow) -> None:
        """Nothing lives in a calendar; stations and groups ask its Timetable."""

    def needs_start(self) -> bool:
        """Whether it names hours or dates, so that the wall clock of time 0 must be known."""
        hours = any(span.clock for span in self.breaks)
        return self.week is not None or hours or any(stop.unit != "lengths" for stop in self.closed)

    def row(self, start: datetime | None) -> CalendarRow:
        """The calendar as numbers; ``start`` is the wall clock of time 0 (None only if not ``needs_start``)."""
        clock = start or datetime.min
        midnight = -(_micros(clock) % DAY)
        period = WEEK if self.cycle is None else int(micro(self.cycle))
        opened = self._opened(midnight - clock.weekday() * DAY)
        return calendar_row(
            period, opened, self._breaks(midnight, period), [*self._stops(clock), *self._days_off(clock)]
        )

    def _opened(self, monday: int) -> list[Interval]:
        if self.week is None:
            return [(span.begin, span.end) for span in self.open or ()]
        return [shift for day in range(7) for shift in self._shifts(day, monday + day * DAY)]

    def _shifts(self, day: int, midnight: int) -> list[Interval]:
        """The shifts that start on a day of the week (0 Monday), whose midnight is given."""
        return [(midnight + span.begin, midnight + span.end) for span in self.week[day]] if self.week else []

    def _breaks(self, midnight: int, period: int) -> list[Interval]:
        found = [(span.begin, span.end) for span in self.breaks if not span.clock]
        for at in range(midnight, midnight + period, DAY):
            found += [(at + span.begin, at + span.end) for span in self.breaks if span.clock]
        return found

    def _stops(self, clock: datetime) -> Iterator[Interval]:
        """The closed moments and lengths, µs since time 0."""
        for stop in self.closed:
            if stop.unit != "dates":
                zero = 0 if stop.unit == "lengths" else _micros(clock)
                yield stop.begin - zero, stop.end - zero

    def _days_off(self, clock: datetime) -> Iterator[Interval]:
        """The closed dates, µs since time 0.

        The shift of the night before still ends its work; the one of the last night is gone, whole.
        """
        for first, last in union((stop.begin, stop.end) for stop in self.closed if stop.unit == "dates"):
            begin, end = ((day - 1) * DAY - _micros(clock) for day in (first, last))
            yield begin + self._past_midnight(first - 1), end
            yield from without((end, end + self._past_midnight(last - 1)), self._shifts((last - 1) % 7, end))

    def _past_midnight(self, ordinal: int) -> int:
        """How long the shifts that start on a date last into the next day; ordinal 1 is a Monday."""
        return max([0, *(end - DAY for _, end in self._shifts((ordinal - 1) % 7, 0))])


def _opens_late(row: CalendarRow, run: RunSpec) -> bool:
    return run.horizon is not None and not Timetable(row).open_between(0.0, micro(run.warm_up + run.horizon))
