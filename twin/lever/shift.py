"""Shift: other hours, or more of them."""

from __future__ import annotations

from typing import Any

from twin.core.problem import fault
from twin.core.spec import register
from twin.lever.change import Action, Change
from twin.lever.lever import Lever, Plant, Written, some_of, to


@register("lever", "shift")
class Shift(Lever):
    """Other hours of a calendar, or more of them.

    Expands to ``calendars.CALENDAR.week`` (new hours), ``calendars.CALENDAR.week.DAYS`` (more hours), and
    ``calendars.CALENDAR.breaks``.

    levers:
      saturday:
        shift: {calendar: two_shifts, add: {sat: [06:00-14:00]}}
      no_common_break:
        shift: {calendar: two_shifts, breaks: [12:00-12:30]}
    """

    calendar: str
    """The calendar."""
    week: Written | None = None
    """Shifts by days in place of the present ones, as a layout has them."""
    add: dict[str, Any] | None = None
    """Shifts more, by days: {sat: [06:00-14:00]}."""
    breaks: Written | None = None
    """Pauses in place of the present ones."""

    def changes(self, plant: Plant) -> list[Change]:
        plant.where(self.calendar, "calendar", "calendars")
        loc, given = ("calendars", self.calendar), some_of(self, "week", "add", "breaks")
        if self.week is not None and self.add is not None:
            raise fault("write 'week' (all shifts) or 'add' (more shifts), not both", loc=("add",))
        found = [to((*loc, key), getattr(self, key), (key,)) for key in given if key != "add"]
        for days, shifts in (self.add or {}).items():
            there = plant.has(*loc, "week", days)
            action = Action("add", shifts) if there else Action("new", shifts)
            found.append(Change((*loc, "week", days), action, ("add", days)))
        return found
