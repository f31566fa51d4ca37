"""Places and movers at the gates of card loops; plants without cards know none of this.

A part that needs a card it cannot have is not there for those who take, and does not hold up the others. Whoever
would move a part that needs a card leaves that to the cards, unless nothing else happens at this instant.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, TypeVar, cast

from twin.core.plan import ElementId, Micro, PlaceRow
from twin.core.run import Run
from twin.core.running.card import Gate, Wish
from twin.core.running.part import Part
from twin.core.running.shared import Mover, SharedPlace, held_up


class Stands(NamedTuple):
    """A part that could be taken: since when it has waited and where; ``giver``: the machine that holds it."""

    since: Micro
    where: ElementId
    part: Part
    giver: Any = None

    def wish(self, gate: Gate) -> Wish:
        """The move through a gate."""
        alone = self.giver is None
        since, order = (self.part.since, self.part.order) if alone else (self.since, (self.giver.number,))
        return Wish(since, self.where, order, gate.needs(self.part))


def standing(place: Any) -> Iterator[Stands]:
    """The parts that could be taken from a place, in their order; from a supply without end each product's first."""
    if not place.capacity:
        return (Stands(entry[1], entry[2], entry[-1].part, entry[-1]) for entry in list(place.waiting))
    parts = place.offered() if place.endless else place.candidates()
    return (Stands(0.0 if place.endless else part.since, place.owner, part) for part in parts)


# -- places that parts are put into


class GatedPlace(SharedPlace):
    """A place some of whose givers stand before a gate: those whose gate is shut are passed over."""

    def __init__(self, run: Run, row: PlaceRow, *args: Any) -> None:
        super().__init__(run, row, *args)
        self.cards: Any = run.cards
        found = {giver: self.cards.gate(giver, row.owner) for giver in row.givers} if row.capacity else {}
        self._gates: dict[ElementId, Gate] = {giver: gate for giver, gate in found.items() if gate is not None}
        self._shuts = any(gate.shuts for gate in self._gates.values())
        if self._shuts:
            self.cards.join(row.owner, self, self._gates.values())

    @property
    def direct(self) -> bool:
        """Whether a part that comes has one way to go: never where it may need a card."""
        return self.open_door and not self._shuts

    def _may(self, giver: Any) -> bool:
        gate = self._gates.get(giver.rank)
        may = gate is None or not gate.shuts or gate.open(giver.part)
        return may and not held_up(giver)

    def _needs(self, giver: Any) -> bool:
        gate = self._gates.get(giver.rank)
        return gate is not None and gate.shuts and bool(gate.needs(giver.part))

    def _next(self) -> Any:
        """Of the givers that may come in the one that goes next; None: nobody, or no room."""
        if not self.room():
            return None
        found = [(entry[0], g.ready, g.rank, g.number, g) for entry in self.waiting if self._may(g := entry[-1])]
        return min(found)[-1] if found else None

    def put(self, part: Part, giver: Any) -> bool:
        """Give a part; False when it has to wait (then ``giver.sent`` follows)."""
        gate = self._gates.get(giver.rank)
        if gate is None:
            return super().put(part, giver)
        one_way = self.open_door and not gate.needs(part)
        if self.room() and gate.open(part) and (one_way or (self.run.calm() and self._next() is None)):
            gate.passed(part)
            self._add(part)
            return True
        self.queue_up(giver)
        return False

    def has_room(self) -> bool:
        """Whether a part that is put here now is taken at once."""
        return not self._shuts and super().has_room()

    def open_to(self, giver: Any, parts: int = 1) -> bool:
        """Whether this giver's parts could come in now."""
        if not self.capacity:
            return any(inlet.takes_next_from(self, giver) for inlet in self.inlets)
        if not self.room(parts) or not self._may(giver):
            return False
        first = self._next()
        return first is None or first is giver or (self.open_door and giver.rank not in self._gates)

    def wish(self) -> Wish | None:
        """The giver that would come in now with a card."""
        giver = self._next()
        if giver is None or giver.outlet is not None or not self._needs(giver):
            return None
        holder = giver if giver.number else None
        return Stands(giver.ready, giver.rank, giver.part, holder).wish(self._gates[giver.rank])

    def _admit_next(self) -> None:
        giver = self._next()
        if giver is not None and giver.outlet is not None:
            self.run.instant.ask(giver.outlet.code)
        elif giver is not None and (rival := self.cards.before(self)) is not None:
            rival.grant()
            self.run.instant.ask(self.code)
        elif giver is not None:
            self.admit(giver)

    def consider(self) -> None:
        """Let in the giver that goes next, unless somebody must have the card before it."""
        self._admit_next()

    def grant(self) -> None:
        """Let in the giver that goes next."""
        self.admit(self._next())

    def admit(self, giver: Any) -> None:
        """Take the part of a giver that waits."""
        part = giver.part
        if giver.rank in self._gates:
            self._gates[giver.rank].passed(part)
        self.waiting = [entry for entry in self.waiting if entry[-1] is not giver]
        self._add(part)
        giver.sent(self)
        if self.waiting and self.room():
            self.run.instant.ask(self.code)

    def hand_over(self, giver: Any) -> None:
        """Let the part of a giver go through this door."""
        next(inlet for inlet in self.inlets if inlet.takes_next_from(self, giver)).grant()

    def _room(self) -> None:
        if self._needs(self.waiting[0][-1]):
            self.run.instant.ask(self.code)
        else:
            super()._room()


class GatedMover(Mover):
    """Moves on the first part whose gate is open."""

    def __init__(self, run: Run, origin: SharedPlace, target: Any, rank: int, gate: Gate) -> None:
        super().__init__(run, origin, target, rank)
        self.endless = False
        self._gate = gate
        self._going: Part | None = None

    def _look(self) -> Stands:
        """The part that goes next; where no gate is open, the first."""
        parts = standing(self.origin)
        first = next(parts)
        if self._gate.open(first.part) or self._gate.shut():
            return first
        return next((one for one in parts if self._gate.open(one.part)), first)

    @property
    def part(self) -> Part:
        """The part that goes next: that which leaves the origin once it is sent."""
        self._going = part = self._look().part
        return part

    @property
    def ready(self) -> Micro:
        """Since when that part has waited."""
        return self._look().since

    def _choose(self) -> None:
        """It is its turn: where the target chooses among no others, it need not wait for that one's."""
        super()._choose()
        if self.registered and self.target.open_door and self.target.open_to(self):
            self.target.consider()

    def offer(self) -> None:
        """Something may stand at the origin; one that comes later may go first."""
        if self.registered:
            self.run.instant.ask(self.target.code)
        else:
            super().offer()

    def _go(self) -> None:
        part = self.part
        self.registered = not self.target.put(part, self)
        if not self.registered:
            self.origin.pull(part)

    def sent(self, place: Any) -> None:
        """The target has taken the part."""
        self.registered = False
        self.origin.pull(self._going)
        self.offer()


P = TypeVar("P", bound=SharedPlace)


def guarded_place(run: Run, row: PlaceRow, kind: type[P]) -> type[P]:
    """The class of a place, which knows of cards where some of its givers stand before a gate."""
    if run.cards is None or not any(run.cards.gate(giver, row.owner) for giver in row.givers):
        return kind
    bases = (GatedPlace,) if kind is SharedPlace else (GatedPlace, kind)
    return cast("type[P]", type(f"Gated{kind.__name__}", bases, {}))


def mover(run: Run, origin: SharedPlace, target: Any, rank: ElementId) -> Mover:
    """A mover, which knows of cards where it moves parts through a gate."""
    gate = run.cards.gate(rank, target.owner) if run.cards is not None and not target.row.final else None
    return Mover(run, origin, target, rank) if gate is None else GatedMover(run, origin, target, rank, gate)
