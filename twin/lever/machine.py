"""Machine: one more of the same kind beside those of a station."""

from __future__ import annotations

from twin.core.spec import register
from twin.lever.change import Change
from twin.lever.lever import Lever, Plant, Written, plus


@register("lever", "machine")
class Machine(Lever):
    """More identical machines at a station, which share what stands before it.

    Expands to ``stations.STATION.machines: {add: …}``.

    levers:
      second_welder:
        machine: {station: weld, add: 1}
    """

    station: str
    """The station."""
    add: Written = 1
    """Machines more; less with a minus."""

    def changes(self, plant: Plant) -> list[Change]:
        plant.where(self.station, "station", "stations")
        return [plus(("stations", self.station, "machines"), self.add)]
