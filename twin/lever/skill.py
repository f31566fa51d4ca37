"""Skill: cross-training, so that people may help at other stations."""

from __future__ import annotations

from pydantic import Field

from twin.core.problem import fault, quoted
from twin.core.spec import register
from twin.lever.change import Change
from twin.lever.lever import Lever, Plant, to


@register("lever", "skill")
class Skill(Lever):
    """Cross-training: a group learns more skills, all of its people.

    Expands to ``operators.GROUP.skills``, the present skills first.

    levers:
      cross_training:
        skill: {group: team, add: [maintenance]}
    """

    group: str
    """The group of operators."""
    add: list[str] = Field(min_length=1)
    """Skills they learn."""

    def changes(self, plant: Plant) -> list[Change]:
        plant.where(self.group, "group", "operators")
        loc = ("operators", self.group, "skills")
        now = plant.value(*loc)
        known = now if isinstance(now, list) and now else [self.group]
        if new := [one for one in self.add if one not in known]:
            return [to(loc, [*known, *new], ("add",))]
        raise fault(f"the group {quoted(self.group)} has {', '.join(map(quoted, self.add))} already", loc=("add",))
