"""Hours that leave no time: people who are never there when their station is open, start-ups that never end in time.

Both are worth a warning: the station would never work.
"""

from __future__ import annotations

from math import lcm
from typing import Any

from twin.core.compiling.names import Names
from twin.core.plan import ElementId, Micro, Needs, micro, show_time
from twin.core.problem import quoted
from twin.core.timetable import ALWAYS_ROW, OPEN, CalendarRow, longest_opening, timetable

MOST = 10_000
"""Changes of hours that are looked at; people who have not met their station by then may still do so."""


def never_warm(names: Names, start_up: Any, calendar: ElementId, rows: tuple[Any, ...]) -> None:
    """Warn of a start-up that no opening of the calendar outlasts, so that the next one is due as it ends."""
    moments = start_up.lasts.moments() if start_up is not None and calendar >= 0 else None
    if moments is None or moments.sd:
        return
    longest, lasts = longest_opening(rows[calendar]), micro(moments.mean)
    if lasts >= longest:
        hours = f"{quoted(names.name_of(calendar))} is never open for longer than {show_time(longest)}"
        text = f"{hours}, so after a start-up of {show_time(lasts)} no part is ever started; write less"
        names.problem(("start_up", "lasts"), text, warning=True)


def never_meets(names: Names, loc: tuple[str, ...], needs: Needs, calendar: ElementId, rows: tuple[Any, ...]) -> None:
    """Warn of people none of whom is ever there while the station is open."""
    elements = names.layout.elements
    for skill in dict.fromkeys(need.skill for need in needs):
        able = [i for i, e in enumerate(elements) if e.kind.people() and skill in rows[i].skills]
        if able and not any(_meet(rows, calendar, rows[i].calendar) for i in able):
            who = ", ".join(quoted(elements[i].name) for i in able)
            own = f" ({quoted(names.name_of(calendar))})" if calendar >= 0 else ""
            text = f"nobody of {who} is there while this is open{own}, so no part is ever done"
            text = f"{text}; give them hours that overlap"
            names.problem(loc, text, warning=True)
            return


def _meet(rows: tuple[Any, ...], one: ElementId, other: ElementId) -> bool:
    """Whether two calendars are ever open at one moment; true where that would take long to tell."""
    first, second = (rows[i] if i >= 0 else ALWAYS_ROW for i in (one, other))
    if one == other:
        return bool(timetable(rows, one).time_in(OPEN, 0.0, first.period))
    mine, yours = timetable(rows, one), timetable(rows, other)
    at, end = 0.0, _last(first) + _last(second) + lcm(int(first.period), int(second.period))
    for _ in range(MOST):
        if mine.state(at) == OPEN and yours.state(at) == OPEN:
            return True
        at = min(mine.next_change(at)[0], yours.next_change(at)[0])
        if at >= end:
            return False
    return True


def _last(row: CalendarRow) -> Micro:
    """When its last closing is over."""
    return max((closing.end for closing in row.closed), default=0.0)
