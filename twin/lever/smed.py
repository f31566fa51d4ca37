"""SMED: set-ups made shorter by preparing them while the machine still runs."""

from __future__ import annotations

from twin.core.problem import fault, quoted
from twin.core.spec import register
from twin.lever.change import Change
from twin.lever.lever import Lever, Plant, Written, one_of, times, to


@register("lever", "smed")
class Smed(Lever):
    """Shorter set-ups of a station: all its set-up times by a factor, or a new 'setup'.

    Expands to ``stations.STATION.setup: {scale: …}``, or to the value of 'setup'.

    levers:
      quick_change:
        smed: {station: press, scale: {pert: [0.45, 0.55, 0.75]}}
      one_touch:
        smed: {station: press, setup: 9 min}

    Reference: Shingo, A Revolution in Manufacturing: The SMED System.
    """

    station: str
    """The station."""
    scale: Written | None = None
    """Factor of every set-up time; a law is an uncertain effect."""
    setup: Written | None = None
    """The set-up in place of the present one, as a layout has it."""

    def changes(self, plant: Plant) -> list[Change]:
        plant.where(self.station, "station", "stations")
        loc = ("stations", self.station, "setup")
        if one_of(self, "scale", "setup") == "setup":
            return [to(loc, self.setup, ("setup",))]
        if not plant.has(*loc):
            raise fault(f"the station {quoted(self.station)} has no 'setup' to shorten", loc=("station",))
        return [times(loc, self.scale)]
