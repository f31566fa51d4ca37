"""Crew: more or fewer people in a group."""

from __future__ import annotations

from twin.core.spec import register
from twin.lever.change import Change
from twin.lever.lever import Lever, Plant, Written, set_or_add


@register("lever", "crew")
class CrewSize(Lever):
    """More or fewer people in a group.

    Expands to ``operators.GROUP.count``.

    levers:
      second_fitter:
        crew: {group: fitters, add: 1}
      team_of_four:
        crew: {group: team, count: 4}
    """

    group: str
    """The group of operators."""
    count: Written | None = None
    """Its people from now on."""
    add: Written | None = None
    """People more; less with a minus."""

    def changes(self, plant: Plant) -> list[Change]:
        plant.where(self.group, "group", "operators")
        return set_or_add(self, ("operators", self.group, "count"), self.add)
