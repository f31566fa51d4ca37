"""A calendar of the plan in words: which hours of which days it is open, at rest and closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from twin.core.plan import Micro, show_time
from twin.core.timetable import DAY, DAYS, WEEK, CalendarRow, Change

WORDS = ("open", "break", "closed")
"""The states of a calendar, in their order."""
Turn = tuple[int, str]
"""Time of the day (µs) and what begins then."""


def week_moment(at: Micro) -> str:
    """A moment of the week, µs from Monday 00:00, as it is written: 'fri 20:00'."""
    day, rest = divmod(int(at) % WEEK, DAY)
    return f"{DAYS[day]} {_clock(rest)}"


def hours(row: CalendarRow, start: datetime | None) -> dict[str, str | list[str]]:
    """The lines that tell a calendar; ``start`` is the wall clock of time 0, if the layout says it."""
    closed = [f"closed {_wall(one.begin, start)} to {_wall(one.end, start)}" for one in row.closed]
    found: dict[str, str | list[str]] = {"period": "", "closed": closed}
    if start is not None and row.period == WEEK:
        return found | {"changes": _week(row.changes, start)}
    turns = [f"from {show_time(change.at)} {WORDS[change.state]}" for change in row.changes]
    return found | {"changes": [f"every {show_time(row.period)}: {', '.join(turns)}"]}


def _wall(at: Micro, start: datetime | None) -> str:
    return show_time(at) if start is None else f"{start + timedelta(microseconds=at):%Y-%m-%d %H:%M}"


def _clock(rest: int) -> str:
    minutes, micros = divmod(rest, 60_000_000)
    seconds = f":{micros / 1e6:02g}" if micros else ""
    return f"{minutes // 60:02}:{minutes % 60:02}{seconds}"


def _week(changes: Sequence[Change], start: datetime) -> list[str]:
    """One line for all days in a row that are alike."""
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    zero = start.weekday() * DAY + (start - midnight) // timedelta(microseconds=1)
    days: list[list[Turn]] = [[] for _ in DAYS]
    for at, state in sorted(((int(change.at) + zero) % WEEK, change.state) for change in changes):
        days[at // DAY].append((at % DAY, WORDS[state]))
    alike: list[list[int]] = []
    for day, turns in enumerate(days):
        if alike and days[alike[-1][0]] == turns:
            alike[-1].append(day)
        else:
            alike.append([day])
    return [f"{_days(group)} {_turns(days[group[0]])}" for group in alike if days[group[0]]]


def _days(group: Sequence[int]) -> str:
    first, last = DAYS[group[0]], DAYS[group[-1]]
    return first if first == last else f"{first}-{last}"


def _turns(turns: Sequence[Turn]) -> str:
    return ", ".join(f"{_clock(at)} {word}" for at, word in turns)
