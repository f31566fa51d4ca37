"""Random plants with kits, loads, set-ups, maintenance and start-ups laid over those of ``plants``."""

from __future__ import annotations

from typing import Any

from .plants import Builder, Spec


class Rich(Builder):
    """Builds one plant with several of the rarer mechanisms."""

    def finish(self) -> None:
        """Lay more over the stations."""
        super().finish()
        for name, station in self.stations.items():
            if self.products and self.odds(0.4):
                station["setup"] = self._setup()
            if self.odds(0.3):
                station["maintenance"] = {"oil": self._maintenance(station)}
            if "calendar" in station and self.odds(0.5):
                station["start_up"] = {"lasts": self.time(1, 2), "after": self.rng.choice(("off", "break"))}
            if self.products and not self.shop and self.odds(0.15):
                station["makes"] = self.rng.choice(self.products)
            if not self.shop:
                self._gather(name, station)
                self._spread(name, station)

    def _setup(self) -> Any:
        if self.odds(0.5):
            return self.time(1, 3)
        first, second = self.products[:2]
        setup: Spec = {"matrix": {first: {second: self.time(1, 3)}}, "other": self.time(0, 2)}
        if self.odds(0.4):
            setup["first"] = self.rng.choice(self.products)
        if self.skills and self.odds(0.3):
            setup["by"] = self.by()
        return setup

    def _maintenance(self, station: Spec) -> Spec:
        clock = self.rng.choice(("working", "shift", "calendar", "cycles"))
        every = f"{self.whole(2, 6)} cycles" if clock == "cycles" else self.time(4, 20)
        found: Spec = {"every": every, "clock": clock, "lasts": self.time(1, 4)}
        if "breakdowns" in station and self.odds(0.5):
            found["renews"] = [next(iter(station["breakdowns"]))]
        if self.skills and self.odds(0.3):
            found["by"] = self.by()
        if self.odds(0.3):
            found["counts_as"] = "setup"
        return found

    def _gather(self, name: str, station: Spec) -> None:
        """A kit from buffers and sources, or a load from one place."""
        givers = [giver for giver, follow in self.arrows.items() if name in follow]
        stand = all(giver in self.buffers or giver in self.sources for giver in givers)
        if stand and givers and self.odds(0.35):
            station["takes"] = {giver: self._fitting(giver) for giver in givers}
            if self.odds(0.3) and all("orders" in source for source in self.sources.values()):
                station["match"] = "order"
        elif ("queue" in station or stand) and self.odds(0.35):
            rooms = [self.buffers[giver]["capacity"] for giver in givers if giver in self.buffers]
            rooms += [station["queue"].get("capacity", 9)] if "queue" in station else []
            most = min([4, *(room for room in rooms if room != "unlimited")])
            least = self.whole(1, most)
            station["batch"] = {"least": least, "most": most, "wait": self.time(0, 6), "mixed": self.odds(0.5)}
            station.get("quality", {}).pop("repeat", None)
            station.pop("hand_over", None)

    def _fitting(self, giver: str) -> int:
        room = self.buffers.get(giver, {}).get("capacity", "unlimited")
        return self.whole(1, 2 if room == "unlimited" else min(2, room))

    def _spread(self, name: str, station: Spec) -> None:
        """Pieces for every branch that can hold them."""
        follow = self.arrows.get(name, [])
        rooms = [self._room(other) for other in follow]
        if follow and all(rooms) and self.odds(0.35):
            station.pop("send", None)
            station["gives"] = {other: self.whole(1, min(2, room)) for other, room in zip(follow, rooms, strict=True)}

    def _room(self, name: str) -> int:
        """Parts that fit at an element at once; 0 where none can wait."""
        if name in self.sinks:
            return 9
        place = self.buffers.get(name) or self.stations.get(name, {}).get("queue")
        if place is None or (name in self.stations and "takes" in self.stations[name]):
            return 0
        room = place.get("capacity", 9)
        return 9 if room == "unlimited" else int(room)
