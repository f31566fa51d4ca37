"""Maintenance: planned work more often, shorter, by others; or a new task."""

from __future__ import annotations

from typing import Any

from twin.core.problem import fault, quoted
from twin.core.spec import register
from twin.lever.change import Action, Change
from twin.lever.lever import ActionOf, Lever, Plant, Written, gone, new, some_of

KEYS = ("every", "lasts", "on", "by", "renews", "clock", "counts_as")
INSTEAD = {"every": "on", "on": "every"}
"""What of a task goes when the other is written."""


@register("lever", "maintenance")
class MaintenanceTask(Lever):
    """A task of planned maintenance, changed or new.

    Expands to ``stations.STATION.maintenance.TASK.KEY`` of a task that is there, else to
    ``stations.STATION.maintenance.TASK: {new: …}``.

    levers:
      twice_as_often:
        maintenance: {station: press, task: greasing, every: {scale: 0.5}}
      inspection:
        maintenance: {station: weld, task: tips, every: 40 h, lasts: 15 min, by: maintenance}
    """

    station: str
    """The station."""
    task: str
    """The task."""
    every: ActionOf | None = None
    """Time or cycles from the end of one to the next."""
    lasts: ActionOf | None = None
    """How long it takes."""
    on: Written | None = None
    """Moments of the week: [sat 06:00], in place of 'every'."""
    by: Written | None = None
    """Who does it."""
    renews: Written | None = None
    """Breakdowns whose time up starts again afterwards."""
    clock: Written | None = None
    """When 'every' runs."""
    counts_as: Written | None = None
    """State of the machine."""

    def changes(self, plant: Plant) -> list[Change]:
        plant.where(self.station, "station", "stations")
        loc, given = ("stations", self.station, "maintenance", self.task), some_of(self, *KEYS)
        if not plant.has(*loc):
            return [new(loc, {key: self._written(key) for key in given})]
        changed = [Change((*loc, key), self._action(key), (key,)) for key in given]
        return [*(gone((*loc, INSTEAD[key]), (key,)) for key in given if self._replaces(plant, key)), *changed]

    def _replaces(self, plant: Plant, key: str) -> bool:
        """Whether the task is planned by the clock and shall be by cycles or time, or the other way round."""
        other = INSTEAD.get(key)
        loc = ("stations", self.station, "maintenance", self.task)
        return other is not None and getattr(self, other) is None and plant.has(*loc, other)

    def _action(self, key: str) -> Action:
        value = getattr(self, key)
        return value if isinstance(value, Action) else Action("set", value)

    def _written(self, key: str) -> Any:
        action = self._action(key)
        if action.verb != "set":
            text = (
                f"there is no task {quoted(self.task)} at {quoted(self.station)} yet; write the value of {quoted(key)}"
            )
            raise fault(text, loc=(key,))
        return action.value
