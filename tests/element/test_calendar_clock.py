"""Calendars against a clock that goes step by step, over weeks and cycles drawn at random."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from math import inf
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from twin.core.timetable import BREAK, OFF, OPEN, Timetable
from twin.element.calendar import Calendar

MIN = 60_000_000.0
D = 24 * 60 * MIN
STEP = timedelta(minutes=30)
TICK = 30 * MIN
TICKS = 48 * 24
START = datetime(2027, 1, 4)
NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def ticks_of_day(tick: int) -> str:
    return f"{tick // 2:02}:{tick % 2 * 30:02}"


stretches = st.tuples(st.integers(0, 47), st.integers(0, 48)).filter(lambda pair: pair[0] != pair[1])
weeks = st.dictionaries(st.sampled_from(range(7)), st.lists(stretches, min_size=1, max_size=3), min_size=1)
date_ranges = st.tuples(st.integers(-3, 20), st.integers(0, 3))
moment_ranges = st.tuples(st.integers(-50, TICKS), st.integers(1, 60))


def hours(pair: tuple[int, int]) -> str:
    return "-".join(map(ticks_of_day, pair))


def last_of(pair: tuple[int, int]) -> int:
    return pair[1] if pair[1] > pair[0] else pair[1] + 48


class Clock:
    """The states of weeks by the words of the language alone, tick by tick from midnight of the first Monday."""

    def __init__(self, week: Any, breaks: Any, dates: Any, moments: Any, first: int) -> None:
        off_days = {a + n for a, more in dates for n in range(more + 1)}
        days = [day for day in range(-1, (first + TICKS) // 48 + 1) if day not in off_days]
        shifts = [(48 * day, pair) for day in days for pair in week.get(day % 7, ())]
        self.on_shift = {day + n for day, pair in shifts for n in range(pair[0], last_of(pair))}
        self.paused = {n % 48 for pair in breaks for n in range(pair[0], last_of(pair))}
        self.closed = {n for a, more in moments for n in range(a, a + more)}
        self.states = [self.at(first + n) for n in range(TICKS)]

    def at(self, tick: int) -> int:
        if tick in self.closed or tick not in self.on_shift:
            return OFF
        return BREAK if tick % 48 in self.paused else OPEN


@st.composite
def calendars(draw: st.DrawFn) -> tuple[list[int], Timetable]:
    week, breaks = draw(weeks), draw(st.lists(stretches, max_size=3))
    dates, moments = draw(st.lists(date_ranges, max_size=3)), draw(st.lists(moment_ranges, max_size=4))
    first = draw(st.integers(0, 7 * 48))
    day = START.date()
    closed = [f"{day + timedelta(days=a)}..{day + timedelta(days=a + more)}" for a, more in dates]
    closed += [f"{START + a * STEP:%Y-%m-%d %H:%M}..{START + (a + m) * STEP:%Y-%m-%d %H:%M}" for a, m in moments]
    written = {
        "week": {NAMES[n]: [hours(pair) for pair in shifts] for n, shifts in week.items()},
        "breaks": [hours(pair) for pair in breaks],
        "closed": closed,
    }
    clock = Timetable(Calendar.model_validate(written).row(START + first * STEP))
    return Clock(week, breaks, dates, moments, first).states, clock


@st.composite
def cycles(draw: st.DrawFn) -> tuple[list[int], Timetable]:
    period = draw(st.integers(1, 40))
    inside = st.tuples(st.integers(0, period), st.integers(0, period)).map(sorted).filter(lambda p: p[0] < p[1])
    opened, breaks = draw(st.lists(inside, max_size=4)), draw(st.lists(inside, max_size=3))
    closed = [(a, a + more) for a, more in draw(st.lists(moment_ranges, max_size=4)) if a >= 0]
    written = {
        "cycle": f"{period * 30} min",
        "open": [f"{a * 30} min-{b * 30} min" for a, b in opened],
        "breaks": [f"{a * 30} min-{b * 30} min" for a, b in breaks],
        "closed": [f"{a * 30} min..{b * 30} min" for a, b in closed],
    }

    on, paused, shut = ({n for a, b in spans for n in range(a, b)} for spans in (opened, breaks, closed))
    round_ = [OFF if n not in on else BREAK if n in paused else OPEN for n in range(period)]
    states = [OFF if n in shut else round_[n % period] for n in range(TICKS)]
    return states, Timetable(Calendar.model_validate(written).row(None))


both = st.one_of(calendars(), cycles())
places = st.integers(0, TICKS - 1)


@settings(max_examples=150, deadline=None)
@given(both)
def test_states_and_changes_follow_the_clock(pair: tuple[list[int], Timetable]) -> None:
    states, clock = pair
    assert [clock.state(n * TICK) for n in range(TICKS)] == states
    assert [clock.state(n * TICK + 7) for n in range(TICKS)] == states
    expected = [(n * TICK, b) for n, (a, b) in enumerate(itertools.pairwise(states), 1) if a != b]
    found, at = list[tuple[float, int]](), 0.0
    while (change := clock.next_change(at))[0] < TICKS * TICK:
        found.append(change)
        at = change[0]
    assert found == expected


@settings(max_examples=150, deadline=None)
@given(both, places, places)
def test_times_in_states_follow_the_clock(pair: tuple[list[int], Timetable], one: int, other: int) -> None:
    states, clock = pair
    a, b = sorted((one, other))
    for state in (OPEN, BREAK, OFF):
        assert clock.time_in(state, a * TICK, b * TICK) == states[a:b].count(state) * TICK
    assert clock.open_between(a * TICK, b * TICK) == clock.time_in(OPEN, a * TICK, b * TICK)


@settings(max_examples=150, deadline=None)
@given(both, places, st.floats(0, 1))
def test_times_add_up(pair: tuple[list[int], Timetable], place: int, share: float) -> None:
    clock, a = pair[1], place * TICK + 11
    b, c = a + round(share * 300) * 17 * MIN, a + 300 * 17 * MIN
    for state in (OPEN, BREAK, OFF):
        assert clock.time_in(state, a, b) + clock.time_in(state, b, c) == clock.time_in(state, a, c)
    assert sum(clock.time_in(state, a, c) for state in (OPEN, BREAK, OFF)) == c - a


@settings(max_examples=150, deadline=None)
@given(both, places, st.one_of(st.integers(1, 3 * 10**11), st.integers(1, 200).map(lambda n: n * int(TICK))))
def test_due_turns_open_between_round(pair: tuple[list[int], Timetable], place: int, amount: int) -> None:
    clock, t = pair[1], place * TICK
    at = clock.due(t, amount)
    if at == inf:
        assert not clock.open_between(t, t + 52 * 7 * D)
        return
    assert clock.open_between(t, at) == amount
    assert clock.open_between(t, at - 1) == amount - 1
    assert clock.state(at - 1) == OPEN


@settings(max_examples=150, deadline=None)
@given(both, places)
def test_the_next_closing_is_the_next_change_to_off(pair: tuple[list[int], Timetable], place: int) -> None:
    states, clock = pair
    expected = next((n for n in range(place + 1, TICKS) if states[n] == OFF != states[n - 1]), None)
    found = clock.next_closing(place * TICK)
    assert found == expected * TICK if expected else found >= TICKS * TICK
