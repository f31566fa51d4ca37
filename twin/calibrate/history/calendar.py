"""The hours in which the plant works: the calendar of a reading file, or of the layout that it names."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from twin.calibrate.history.wall import EPOCH, micros
from twin.core.layout import Layout, load_layout
from twin.core.problem import Fault, Faults, fault, nearest, quoted
from twin.core.timetable import OPEN, Timetable

if TYPE_CHECKING:
    from twin.calibrate.history.reading import Reading

ALWAYS = "always"
"""The calendar that never closes; every layout knows it."""


class WallCalendar(NamedTuple):
    """A calendar on the axis of its own wall clock."""

    timetable: Timetable
    start: datetime
    """The moment of the wall clock that is time 0 of the timetable."""


def calendar_of(reading: Reading, folder: Path, unsure: frozenset[str] = frozenset()) -> WallCalendar | None:
    """The plant's hours; None: it always works, or what would tell is among the ``unsure`` keys.

    Raises:
        Faults: the calendar is not known, or cannot be laid on a history.
        PlantError: the layout holds mistakes.
    """
    layout = None if reading.layout is None else _layout(folder / reading.layout, reading.layout)
    head = layout.head.calendar if layout else None
    name = reading.calendar if reading.calendar is not None else head
    if name is None or {"calendar", "calendars", "layout", "window", "time_zone"} & unsure:
        return None
    written = {e.name: e.kind for e in layout.elements if e.section == "calendars"} if layout else {}
    known: dict[str, Any] = {**written, **reading.calendars}
    if name in known:
        start = layout.head.start if layout and name not in reading.calendars else None
        return _laid(reading, name, known[name], start)
    if name == ALWAYS:
        return None
    raise fault(f"unknown calendar {quoted(name)}", nearest(name, [*known, ALWAYS]), ("calendar",))


def _layout(path: Path, name: str) -> Layout:
    if not path.is_file():
        there = sorted(one.name for one in path.parent.glob("*.yaml")) if path.parent.is_dir() else []
        near = nearest(path.name, there)
        written = str(Path(name).parent / near) if near else None
        raise fault(f"there is no layout {quoted(name)} beside the reading file", written, ("layout",))
    return load_layout(path)


def _laid(reading: Reading, name: str, calendar: Any, start: datetime | None) -> WallCalendar:
    loc = ("calendars", name) if name in reading.calendars else ("calendar",)
    if calendar.like is not None:
        raise fault("'like' is not used in a reading file; write the calendar out", loc=(*loc, "like"))
    if reading.time_zone is None and not any(one.time_zone for one in reading.history):
        raise fault("a calendar needs 'time_zone:', such as 'time_zone: Europe/Paris'", loc=("calendar",))
    if any(stop.unit == "lengths" for stop in calendar.closed):
        text = "lengths count from the start of a run; write moments such as '2026-03-01 10:20..2026-03-01 10:35'"
        raise fault(text, loc=(*loc, "closed") if loc[0] == "calendars" else loc)
    begin = EPOCH if calendar.cycle is None else _first_cycle(reading, calendar, start)
    row = calendar.row(begin)
    if all(change.state != OPEN for change in row.changes):
        raise Faults(Fault(loc, f"the calendar {quoted(name)} never opens"))
    return WallCalendar(Timetable(row), begin)


def _first_cycle(reading: Reading, calendar: Any, start: datetime | None) -> datetime:
    """The start of a cycle before the year 1970: cycles count from the layout's start, or that of the window."""
    begin = start or (reading.window.begin if reading.window else None)
    if begin is None:
        raise fault("a calendar with a cycle needs 'window:', from whose start it counts", loc=("calendar",))
    period = round(calendar.cycle * 1e6)
    return EPOCH + timedelta(microseconds=micros(begin) % period - period)
