"""Automate: a robot in place of hands: other times, nobody needed, people freed, new ways to fail."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from twin.core.problem import Faults, Loc, fault, nearest, quoted
from twin.core.spec import register
from twin.law.amount import AmountOf, negated
from twin.lever.change import Action, Change
from twin.lever.lever import Lever, Plant, Written, gone, new, some_of, to
from twin.lever.shape import NOTHING

STEPS = ("load", "cycle", "unload")
SAME = "same"


@register("lever", "automate")
class Automate(Lever):
    """Steps of a station that need nobody any more, with what that brings: other times, people freed, new breakdowns.

    Expands to ``stations.STATION.load``, ``….cycle``, ``….unload`` (a time, 'same' keeps the present one),
    ``operators.GROUP.count: {add: -n}``, ``stations.STATION.breakdowns.MODE: {new: …}`` and ``stations.STATION.power``.
    The people of a station work at its load, cycle and unload: once the cycle needs nobody, 'by' leaves the station and
    goes to the steps that are still done by hand.

    levers:
      robot:
        automate:
          station: press
          unload: 7 s
          cycle: same
          people: {team: 1}
          breakdowns: {gripper: {mtbf: 120 h, mttr: {lognormal: {mean: 40 min, cv: 1.1}}, by: maintenance}}
    """

    station: str
    """The station."""
    load: Written | None = None
    """Time of loading without people; 'same': as now."""
    cycle: Written | None = None
    """Time of the cycle without people; 'same': as now."""
    unload: Written | None = None
    """Time of unloading without people; 'same': as now."""
    people: dict[str, Any] = Field(default_factory=dict)
    """People freed, by group: {team: 1}; a whole group that is freed goes."""
    breakdowns: dict[str, Any] = Field(default_factory=dict)
    """New ways to fail, as a layout has them."""
    power: Written | None = None
    """What one machine draws from now on."""

    def changes(self, plant: Plant) -> list[Change]:
        plant.where(self.station, "station", "stations")
        steps = some_of(self, *STEPS)
        loc = ("stations", self.station)
        found = [one for step in steps for one in self._step(plant, step)]
        found += self._by_hand(plant, steps)
        found += [one for group, n in self.people.items() for one in self._freed(plant, group, n)]
        found += [new((*loc, "breakdowns", name), mode, ("breakdowns", name)) for name, mode in self.breakdowns.items()]
        return found + ([to((*loc, "power"), self.power, ("power",))] if self.power is not None else [])

    def _step(self, plant: Plant, step: str) -> list[Change]:
        """A step that needs nobody."""
        written, loc = getattr(self, step), ("stations", self.station, step)
        if written != SAME:
            return [to(loc, written if step == "cycle" else {"time": written}, (step,))]
        if not plant.has(*loc):
            raise fault(f"the station {quoted(self.station)} has no {quoted(step)}; write its time", loc=(step,))
        if step != "cycle" and plant.has(*loc, "by"):
            return [gone((*loc, "by"), (step,))]
        return []

    def _by_hand(self, plant: Plant, steps: list[str]) -> list[Change]:
        """Where the people of the station go."""
        loc = ("stations", self.station)
        by = plant.value(*loc, "by")
        if by is NOTHING:
            return []
        if "cycle" not in steps:
            text = (
                f"the people of {quoted(self.station)} (by: {written(by)}) stay for its cycle; write 'cycle: same' too"
            )
            raise fault(f"{text}, or take 'by' from the station by a change", loc=(steps[0],))
        rest = [step for step in ("load", "unload") if step not in steps and plant.has(*loc, step)]
        moved = [to((*loc, step, "by"), by, ("cycle",)) for step in rest if not plant.has(*loc, step, "by")]
        return [*moved, gone((*loc, "by"), ("cycle",))]

    def _freed(self, plant: Plant, group: str, people: Any) -> list[Change]:
        if group not in plant.names("operators"):
            near = nearest(group, plant.names("operators"))
            raise fault(f"unknown name {quoted(group)} in operators", near, ("people", group))
        _check_people(people, ("people", group))
        if people == plant.value("operators", group, "count"):
            return [gone(("operators", group), ("people", group))]
        return [Change(("operators", group, "count"), Action("add", negated(people)), ("people", group))]


def _check_people(people: Any, loc: Loc) -> None:
    try:
        AmountOf("number", positive=True).read(people)
    except Faults as error:
        raise Faults(*(one._replace(loc=(*loc, *one.loc)) for one in error.faults)) from None


def written(by: Any) -> str:
    """People as a layout has them."""
    return by if isinstance(by, str) else ", ".join(f"{skill}: {count}" for skill, count in by.items())
