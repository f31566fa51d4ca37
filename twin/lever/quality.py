"""Quality: fewer parts scrapped, sent back or repeated."""

from __future__ import annotations

from twin.core.spec import register
from twin.lever.change import Change
from twin.lever.lever import ActionOf, Lever, Plant, some_of

PATHS = {"scrap": ("scrap",), "rework": ("rework", "share"), "repeat": ("repeat",)}


@register("lever", "quality")
class QualityShares(Lever):
    """Other shares of scrap, rework and repeat at a station.

    Expands to ``stations.STATION.quality.scrap``, ``….quality.rework.share`` and ``….quality.repeat``.

    levers:
      poka_yoke:
        quality: {station: test, scrap: {scale: {pert: [0.4, 0.6, 0.9]}}, rework: 1 %}
    """

    station: str
    """The station."""
    scrap: ActionOf | None = None
    """Share thrown away: a factor {scale: 0.5}, or a new share."""
    rework: ActionOf | None = None
    """Share sent back; where it goes stays."""
    repeat: ActionOf | None = None
    """Share whose cycle is done again."""

    def changes(self, plant: Plant) -> list[Change]:
        plant.where(self.station, "station", "stations")
        loc = ("stations", self.station, "quality")
        return [Change((*loc, *PATHS[key]), getattr(self, key), (key,)) for key in some_of(self, *PATHS)]
