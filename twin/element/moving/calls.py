"""Ways that vehicles travel: parts ready at one end, places kept at the other, calls for vehicles.

A way has a call when a part is ready and a place is kept for it; so no vehicle ever waits to unload. A call covers
as many parts as a vehicle carries.
"""

from __future__ import annotations

import math
from collections import deque
from typing import Any

from twin.core.instant import SETTLES
from twin.core.plan import ElementId, Micro, PlaceId
from twin.core.run import Run
from twin.core.running.part import Part


class Traffic:
    """What all fleets of a plant share."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._pickups: dict[PlaceId, Pickup] = {}
        self._ended: list[Any] = []

    def pickup(self, place: PlaceId) -> Pickup:
        """The end of ways at which parts wait in this place."""
        return self._pickups.setdefault(place, Pickup(self.run.places[place]))

    def end(self, vehicle: Any) -> None:
        """A vehicle has loaded or unloaded; those that end together are settled in declared order."""
        if not self._ended:
            self.run.later(0.0, SETTLES, self._settle)
        self._ended.append(vehicle)

    def _settle(self) -> None:
        ended, self._ended = sorted(self._ended, key=lambda v: (v.rank, v.number)), []
        for vehicle in ended:
            vehicle.settle()


class Pickup:
    """Where parts wait for vehicles, of whatever fleet."""

    def __init__(self, origin: Any) -> None:
        self.origin = origin
        self.promised = 0
        """Parts that stand here for which a place is kept at the other end of some way."""

    def next_since(self) -> Micro | None:
        """Since when the next part waits for which no place is kept; None: there is none."""
        since: Micro | None = self.origin.since_at(self.promised)
        return since

    def over(self) -> bool:
        """Whether a promised part has gone: somebody else took it, or its machine has stopped."""
        return self.promised > 0 and self.origin.since_at(self.promised - 1) is None


class Way:
    """An arrow that vehicles travel: a taker of its origin, and a giver of its target that asks for places."""

    number = 0
    idle = False

    def __init__(self, fleet: Any, row: Any) -> None:
        run = fleet.run
        self.fleet, self.outlet, self.env = fleet, fleet, fleet.env
        self.giver, self.taker, self.rank = row.giver, row.taker, row.giver
        self.pickup = fleet.traffic.pickup(row.origin)
        self.origin, self.target = run.places[row.origin], run.places[row.target]
        self.kept = self.loading = self.coming = 0
        """Places kept for parts that still stand at the origin; of these, parts being loaded; vehicles on the way."""
        self.calls: deque[Micro] = deque()
        """Since when each call waits for a vehicle."""
        self.ready: Micro = 0.0
        self.part: Any = None
        """A part that waits for a place; which of them it will be is seen as it is loaded."""
        self.in_line = False
        """Whether it waits for a place."""
        cards = None if self.target.row.final else run.cards
        self.gate: Any = cards.gate(row.giver, row.taker) if cards is not None else None
        """Where parts take or give back cards on this way."""
        run.fetched[row.giver, row.taker] = self.origin
        self.origin.inlets.append(self)
        self.origin.movers.append(self)
        run.movers.append(self)

    @property
    def urgency(self) -> tuple[Micro, ElementId, ElementId]:
        """The order of ways that call: waiting time, then where the part stands."""
        return (self.calls[0], self.giver, self.taker)

    def offer(self) -> None:
        """Something may stand at the origin."""
        self.fleet.ask()

    def changed(self) -> None:
        """A part may have gone."""
        self.fleet.ask()

    def wants(self) -> Micro | None:
        """Since when the part waits for which a place is wanted; None: there is none, or all vehicles are full."""
        return self.pickup.next_since() if self.kept < self.fleet.most else None

    def line_up(self, since: Micro | None) -> None:
        """Wait for a place with a part that is ready since then, or no longer."""
        if self.in_line and since != self.ready:
            self.in_line = False
            self.target.leave(self)
        if since is not None and not self.in_line:
            self.in_line, self.ready = True, since
            self.part = next(self.origin.candidates()) if self.gate is not None else None
            self.target.queue_up(self)

    def keep(self) -> None:
        """A place is there, and a card where parts need one."""
        self.target.keep()
        if self.gate is not None:
            self.gate.keep()
        self.in_line = False
        self.target.leave(self)
        self._promise(1)

    def give_up(self, parts: int = 1) -> None:
        """Parts that were promised have gone."""
        self._let_go(parts)
        self._promise(-parts)

    def begin(self) -> int:
        """A vehicle is here: how many parts it takes; 0 when they have gone."""
        parts: int = min(self.kept - self.loading, self.fleet.row.carries)
        self.coming -= 1
        self.loading += parts
        self._recount()
        return parts

    def load(self, parts: int) -> list[Part]:
        """The parts that a vehicle was to take, as far as they are still here."""
        loaded: list[Part] = []
        while len(loaded) < parts and self.origin.since_at(0) is not None:
            loaded.append(self.origin.pull())
        self.loading -= parts
        if len(loaded) < parts:
            self._let_go(parts - len(loaded))
        self._promise(-parts)
        return loaded

    def bring(self, part: Part) -> None:
        """A part comes to its place: it takes the cards kept for it, and gives back those of loops that it leaves."""
        self._let_go(1)
        if self.gate is not None:
            self.gate.passed(part)
        self.target.add(part)

    def _let_go(self, parts: int) -> None:
        for _ in range(parts if self.gate is not None else 0):
            self.gate.let_go()
        self.target.let_go(parts)

    def _promise(self, parts: int) -> None:
        self.kept += parts
        self.pickup.promised += parts
        self._recount()

    def _recount(self) -> None:
        """One call for as many parts as a vehicle carries; the newest are withdrawn first."""
        due = math.ceil((self.kept - self.loading) / self.fleet.row.carries) - self.coming
        while len(self.calls) < due:
            self.calls.append(self.env.now)
        while self.calls and len(self.calls) > due:
            self.calls.pop()
