"""Random plants with suppliers that fail, racks in which parts cure or go off, and lots, over those of ``rich``."""

from __future__ import annotations

from typing import Any

from .plants import Builder, Spec
from .rich import Rich


class Supplied(Rich):
    """Builds one plant with late deliveries, dwells and lots."""

    def finish(self) -> None:
        """Lay more over stations, sources and buffers; lots only where all stations handle single parts."""
        lots = self.odds(0.5)
        if lots:
            Builder.finish(self)
            self._only_singles()
        else:
            super().finish()
        for source in self.sources.values():
            self._delay(source)
            if lots and "arrivals" not in source and self.odds(0.7):
                source["moves"] = "lot"
        for buffer in self.buffers.values():
            if self.odds(0.7):
                buffer["dwell"] = self._dwell()
        for name in self.sinks:
            if self.odds(0.4):
                self.sinks[name] = {"demand": f"{self.whole(300, 3000)} /h"}

    def _only_singles(self) -> None:
        """No part goes back and no cycle is repeated, but some pieces are scrapped."""
        for station in self.stations.values():
            station.pop("quality", None)
            if self.odds(0.5):
                station["quality"] = {"scrap": "30 %"}

    def _delay(self, source: Spec) -> None:
        if self.odds(0.5):
            source["disruption"] = {"mtbf": {"constant": self.time(1, 8)}, "mttr": {"constant": self.time(1, 6)}}
        if "arrivals" not in source and self.odds(0.4):
            spread: Any = {"uniform": ["0 s", self.time(2, 9)]}
            source["delay"] = self.time(1, 5) if self.odds(0.6) else spread

    def _dwell(self) -> Spec:
        dwell: Spec = {"least": self.time(1, 3)} if self.odds(0.6) else {}
        if not dwell or self.odds(0.6):
            dwell["most"] = self.time(4, 8)
        return dwell
