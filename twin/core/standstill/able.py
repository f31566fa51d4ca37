"""What can still happen in a plant that may be stuck, found by asking again and again until nothing is added.

A part can move when a place has room for it, or gets room since something there can move; when somebody can take it;
when the others of a kit or load are there or can come; and when each card it needs is free or is held by a part that
can move. Whatever is in doubt can happen, so what is left can never move again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from twin.core.plan import ElementId, ProductId
from twin.core.run import Run
from twin.core.running.card import NOWHERE, Gate, Loop
from twin.core.running.choice import Missing
from twin.core.running.gather import Branches
from twin.core.running.part import Part
from twin.core.running.through import GatedAssembly, GatedLoading, stands_at


class Able:
    """What can still happen in a plant as it stands, all choices of the instant made."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.finished = {id(m): m for m in run.machines if m.part is not None and m.target is not None}
        """Machines that hold a finished part, whatever stop runs."""
        self.places = [place for place in run.places if not place.row.final]
        self.held: dict[Loop, list[Any]] = {}
        """Who holds the cards of each loop."""
        self._moves: set[int] = set()
        """Machines whose part can go and places from which a part can go, by identity."""
        self._fed: dict[int, set[ProductId]] = {}
        """Places to which a part can still come, with its products (where no card is needed anywhere: all)."""
        self._all = set(range(len(run.plan.products)))
        self._ids = {id(place) for place in self.places}
        self._kin: dict[Any, list[Any]] = {}
        self._learn()
        self._settle()

    def _learn(self) -> None:
        """Who takes from where, and who holds cards."""
        run, cards = self.run, self.run.cards
        self._machines: dict[ElementId, list[Any]] = {}
        for machine in run.machines:
            if machine.inlet is not None:
                self._machines.setdefault(machine.rank, []).append(machine)
        self._inputs = {rank: [run.places[i] for i in ms[0].station.row.inputs] for rank, ms in self._machines.items()}
        self._stations: dict[int, list[ElementId]] = {}
        for rank, places in self._inputs.items():
            for place in places:
                self._stations.setdefault(id(place), []).append(rank)
        self._movers: dict[int, list[tuple[Any, Gate | None]]] = {}
        for mover in run.movers:
            gate = cards.gate(mover.rank, mover.target.owner) if cards is not None else None
            self._movers.setdefault(id(mover.origin), []).append((mover, gate))
        self._own: dict[ElementId, list[Any]] = {}
        for place in (place for place in self.places if place.capacity):
            self._own.setdefault(place.owner, []).append(place)
        self._doors: dict[int, list[Part]] = {}
        for machine in self.finished.values():
            for place in machine.target.places:
                self._doors.setdefault(id(place), []).append(machine.part)
        self._sources = {source.index: source for source in run.sources}
        self._brought = {id(vehicle.way.target) for vehicle in run.vehicles if vehicle.standing()}
        """Places to which vehicles bring parts."""
        for holder in run.holders if cards is not None else ():
            for loop in (loop for part in holder.standing() for loop in part.cards):
                self.held.setdefault(loop, []).append(holder)

    def _settle(self) -> None:
        machines, places, hungry = [*self.finished.values()], [*self.places], [*self.places]
        grows = True
        while grows:
            before = len(machines) + len(places)
            machines = [one for one in reversed(machines) if not self._found(self._moves, one, self._can_leave)]
            places = [one for one in reversed(places) if not self._found(self._moves, one, self._can_go)]
            fed = [one for one in hungry if self._feeds(one)]
            hungry = [one for one in reversed(hungry) if self._fed.get(id(one)) != self._all]
            grows = bool(fed) or len(machines) + len(places) < before

    def _feeds(self, place: Any) -> bool:
        """Whether it is found now that parts can still come to a place, or more products than was known."""
        found, known = self._coming(place), self._fed.get(id(place), set())
        if found <= known:
            return False
        self._fed[id(place)] = found | known
        return True

    def _found(self, known: set[int], one: Any, can: Any) -> bool:
        if can(one):
            known.add(id(one))
            return True
        return False

    # -- what others ask

    def fed(self, place: Any) -> bool:
        """Whether a part can still come to a place."""
        return id(place) in self._fed

    def coming(self, place: Any) -> set[ProductId]:
        """The products of parts that can still come to a place."""
        return self._fed.get(id(place), set())

    def stays(self, holder: Any) -> bool:
        """Whether parts stand there that can never move; those in work or on vehicles can."""
        if id(holder) in self._moves:
            return False
        return id(holder) in self.finished or (id(holder) in self._ids and self.parts_at(holder) > 0)

    def may_come(self, kin: Any, place: Any) -> bool:
        """Whether a part of that kin may come to a place: one that can move holds it, or a source may send it."""
        if any(source.in_orders and not source.spent() for source in self.run.sources):
            return True
        return any(holder is not place and not self.stays(holder) for holder in self.relatives(kin))

    def relatives(self, kin: Any) -> list[Any]:
        """Who holds parts of that kin."""
        if not self._kin:
            for holder in self.run.holders:
                for one in dict.fromkeys(part.kin for part in holder.standing()):
                    self._kin.setdefault(one, []).append(holder)
        return self._kin.get(kin, [])

    def parts(self, place: Any) -> list[Part]:
        """The parts that stand at a place, at a door on the machines before it; of a supply one of each product."""
        if not place.capacity:
            return self._doors.get(id(place), [])
        found: list[Part] = place.samples() if place.endless else place.standing()
        return found

    def parts_at(self, place: Any) -> float:
        """How many stand there."""
        return float(place.rest() if place.endless else place.n if place.capacity else len(self.parts(place)))

    # -- room

    def room(self, place: Any, parts: int = 1, part: Part | None = None) -> bool:
        """Whether so many parts ever find room at a place; through a door goes this one if somebody takes it."""
        if not place.capacity:
            return self._goes(place, part)
        fits = parts == 1 or place.spoils or place.n + parts <= place.capacity
        return bool(place.opens() and fits) or id(place) in self._moves

    def _can_leave(self, machine: Any) -> bool:
        target, part = machine.target, machine.part
        if isinstance(target, Branches):
            gives = ((place, counts[part.product]) for place, counts in target.gives)
            return self.card_of(machine) is None and all(self.room(place, count) for place, count in gives)
        ways = ((place, self._gate(machine.rank, place)) for place in target.places)
        return any(self.room(place, part=part) and self._dead(gate, part) is None for place, gate in ways)

    def _can_go(self, place: Any) -> bool:
        """Whether some part can go from a place where it stands."""
        if not self.parts_at(place):
            return False
        if place.spoils:
            return True
        if self.run.cards is None:
            return self._goes(place, None)
        return any(self._goes(place, part) for part in self.kinds_of(place))

    def _goes(self, place: Any, part: Part | None) -> bool:
        for mover, gate in self._movers.get(id(place), ()):
            if self.room(mover.target) and self._dead(gate, part) is None:
                return True
        product = None if part is None else part.product
        stations = (one for one in self.stations(place) if self.takes(one, place))
        return any(self._short(station, place, product) is None for station in stations)

    def kinds_of(self, place: Any) -> list[Part]:
        """The parts that stand in a place, one of each product; of those in line the first."""
        parts = self.parts(place)[:1] if place.in_line else self.parts(place)
        return list({part.product: part for part in reversed(parts)}.values())

    # -- stations

    def stations(self, place: Any) -> list[ElementId]:
        """The stations that take from a place."""
        return self._stations.get(id(place), [])

    def inputs(self, station: ElementId) -> list[Any]:
        """The places a station takes from; none for what is no station."""
        return self._inputs.get(station, [])

    def before(self, place: Any) -> set[ElementId]:
        """The elements from which parts come to a place."""
        found, left = set[ElementId](), [*place.row.givers]
        while left:
            giver = left.pop()
            if giver not in found:
                found.add(giver)
                left += [one for p in (*self.inputs(giver), *self.own(giver)) for one in p.row.givers]
        return found

    def brings(self, element: ElementId) -> bool:
        """Whether it is a source: what stands there came from nowhere else."""
        return element in self._sources

    def leads(self, origin: Any, place: Any) -> bool:
        """Whether parts of one place go on to another by themselves or on vehicles."""
        return any(mover.target is place for mover in self.movers(origin))

    def own(self, element: ElementId) -> list[Any]:
        """The places of an element where parts stand."""
        return self._own.get(element, [])

    def movers(self, place: Any) -> Iterator[Any]:
        """Who moves parts on from a place."""
        return (mover for mover, _ in self._movers.get(id(place), ()))

    def stuck(self, station: ElementId) -> Iterator[Any]:
        """The machines of a station that never get rid of their part."""
        return (m for m in self._machines.get(station, ()) if id(m) in self.finished and id(m) not in self._moves)

    def takes(self, station: ElementId, place: Any) -> bool:
        """Whether a machine of a station can take what stands at a place."""
        machines = self._machines.get(station, ())
        return any(map(self._able, machines)) and not self.missing(station, place)

    def _able(self, machine: Any) -> bool:
        """Whether a machine has no part that it never gets rid of."""
        return id(machine) not in self.finished or id(machine) in self._moves

    def missing(self, station: ElementId, place: Any) -> list[Missing]:
        """What a station needs beside the parts of a place and can never get."""
        found: list[Missing] = self._machines[station][0].inlet.missing(self, place)
        return found

    def _coming(self, place: Any) -> set[ProductId]:
        """The products of which some element can still give parts to a place."""
        has_room = not place.capacity or (self.room(place) and not place.endless)
        if id(place) in self._brought:
            return self._all
        givers = place.row.givers if has_room else ()
        if self.run.cards is None:
            return self._all if any(self._given(giver, place) for giver in givers) else set()
        return set().union(*(self._through(self._gate(giver, place), self._given(giver, place)) for giver in givers))

    def _through(self, gate: Gate | None, products: set[ProductId]) -> set[ProductId]:
        """Those of the products that may still come through a gate."""
        if gate is None:
            return products
        return {product for product in products if all(self.free(loop) > 0 for loop in gate.begins[product])}

    def _given(self, giver: ElementId, place: Any) -> set[ProductId]:
        """The products of which an element still has parts to give to a place, or gets some."""
        source = self._sources.get(giver)
        if source is not None and not source.spent():
            return self._of_source(giver)
        machines = self._machines.get(giver, [])
        if not machines:
            return self._supply(one for one in self.own(giver) if self.leads(one, place))
        found = {part.product for machine in machines if self._able(machine) for part in machine.standing()}
        for one in self.inputs(giver):
            if self.takes(giver, one):
                supply = self._supply([one])
                found |= supply if self.run.cards is None else {p for p in supply if self._short(giver, one, p) is None}
        makes = machines[0].station.row.makes
        return {makes} if found and makes >= 0 else found

    def _of_source(self, source: ElementId) -> set[ProductId]:
        """The products that a source may still bring."""
        row: Any = self.run.plan.rows[source]
        if self.run.cards is None:
            return self._all
        if self._sources[source].endless:
            return {part.product for part in self._sources[source].samples()}
        if row.orders:
            return {order.product for order in row.orders}
        shares = zip((0.0, *row.mix), row.mix, strict=False)
        drawn = {product for product, (begin, end) in enumerate(shares) if end > begin}
        return drawn or set(row.sequence or (0,))

    def _supply(self, places: Iterable[Any]) -> set[ProductId]:
        """The products of parts that stand in these places and can go, or that can still come there."""
        found = set[ProductId]()
        for place in places:
            found |= self.coming(place)
            if id(place) in self._moves:
                found |= self._all if self.run.cards is None else {part.product for part in self.parts(place)}
        return found

    # -- cards

    def free(self, loop: Loop) -> int:
        """Cards of a loop that are free or can come back."""
        return loop.free + loop.kept + sum(not self.stays(holder) for holder in self.held.get(loop, ()))

    def _gate(self, giver: ElementId, place: Any) -> Gate | None:
        gate: Gate | None = self.run.cards.gate(giver, place.owner) if self.run.cards is not None else None
        return gate

    def _gate_between(self, place: Any, station: ElementId) -> Gate | None:
        gate: Gate | None = self.run.cards.gate(stands_at(place), station) if self.run.cards is not None else None
        return gate

    def _dead(self, gate: Gate | None, part: Part | None) -> Loop | None:
        """A loop that will never have a card for such parts."""
        if gate is None or part is None:
            return None
        return next((one for one in gate.needs(part) if self.free(one) <= 0), None)

    def _short(self, station: ElementId, place: Any, product: ProductId | None) -> Loop | None:
        """A loop that will never have the cards for a station to take such parts from a place."""
        inlet, gate = self._machines[station][0].inlet, self._gate_between(place, station)
        if isinstance(inlet, GatedAssembly | GatedLoading):
            return inlet.short_of(self, place, product)
        if gate is None or product is None:
            return None
        return next((loop for loop in gate.begins[product] if self.free(loop) <= 0), None)

    def cards_home(self, station: ElementId) -> bool:
        """Whether nobody holds a card that a station needs for what stands before it."""
        gates = [gate for place in self.inputs(station) if (gate := self._gate_between(place, station)) is not None]
        return all(loop.free == loop.row.limit for gate in gates for loops in gate.begins for loop in loops)

    def begins(self, giver: ElementId, place: Any) -> list[Loop]:
        """Loops that begin between an element that has parts, or may get some, and a place, and have no card left."""
        gate, source = self._gate(giver, place), self._sources.get(giver)
        stand = any(holder.standing() for holder in self.run.holders if holder.owner == giver)
        if gate is None or not (stand or source is None or not source.spent()):
            return []
        return [loop for loops in gate.begins for loop in loops if self.free(loop) <= 0]

    def card_of(self, machine: Any) -> Loop | None:
        """The loop a machine with a finished part waits for in vain."""
        if self.run.cards is None:
            return None
        if isinstance(machine.target, Branches):
            needs, back = self._cards_of_pieces(machine)
            return next((loop for loop, count in needs.items() if self.free(loop) + back[loop] < count), None)
        dead = (self._dead(self._gate(machine.rank, p), machine.part) for p in machine.target.places)
        return next((loop for loop in dead if loop is not None), None)

    def _cards_of_pieces(self, machine: Any) -> tuple[Counter[Loop], Counter[Loop]]:
        """The cards that the pieces of a finished job need, and those that it gives back itself as it leaves."""
        part, gate = machine.part, self.run.cards.gate
        first, *others = [p for p, counts in machine.target.gives for _ in range(counts[part.product])]
        way: Gate | None = gate(machine.rank, first.owner)
        gates = [way, *(gate(NOWHERE, place.owner) for place in others)]
        needs = Counter(loop for one in gates if one is not None for loop in one.needs(part))
        return needs, Counter(way.returns(part) if way is not None else ())

    def card_before(self, place: Any) -> Loop | None:
        """The loop that a part waits for in vain where it stands."""
        if self.run.cards is None:
            return None
        kinds, movers = self.kinds_of(place), self._movers.get(id(place), ())
        dead = [self._dead(gate, part) for part in kinds for _, gate in movers]
        dead += [self._short(station, place, part.product) for part in kinds for station in self.stations(place)]
        return next((loop for loop in dead if loop is not None), None)

    def card_between(self, station: ElementId, place: Any) -> Loop | None:
        """The loop for want of which a station never takes what stands in a place, or what comes there."""
        if self.run.cards is None:
            return None
        dead = [self._short(station, place, product) for product in sorted(self._supply([place]))]
        dead += [self._short(station, place, part.product) for part in self.kinds_of(place)]
        return next((loop for loop in dead if loop is not None), None) if all(dead) else None
