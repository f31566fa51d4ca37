"""Deadlocks that cards have a part in: who waits for whom, when no card of a loop can ever come back.

What can still happen is found by asking again and again: a part can move when a place has room for it, or gets room
since something there can move, when somebody can take it, and when each card it needs is free or is held by a part
that can move. Whatever is in doubt can happen. A loop is dead when none of its cards is free or can come back; it is
a deadlock when a part waits for one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from twin.core.card import NOWHERE, Gate, Loop
from twin.core.gather import Assembly, Branches, Loading
from twin.core.ledger import BLOCKED
from twin.core.part import Part
from twin.core.plan import ElementId, show_time
from twin.core.run import Run

Node = tuple[str, Any]
"""What waits or is waited for: ('card', loop), ('machine', one), ('place', where parts stand), ('lack', where none
stand), ('station', index) that waits for the rest of a kit or load."""


def jam(run: Run) -> str | None:
    """One line that names the chain of those who wait for a card that never comes; None: there is none."""
    able = _Able(run)
    for node in able.waiting():
        chain, closed = able.chain(node)
        names = [able.name(one) for one in chain]
        way = " -> ".join(name for i, name in enumerate(names) if i == 0 or name != names[i - 1])
        end = "each waits for the next" if closed else "each waits for the next, the last for ever"
        return f"deadlock, found at {show_time(run.env.now)}: {way}: {end}"
    return None


class _Able:
    """What can still happen in a plant."""

    def __init__(self, run: Run) -> None:
        self.run, self.rows = run, run.plan.rows
        self.moves: set[int] = set()
        """Machines whose part can go and places from which a part can go, by identity."""
        self.fed: set[int] = set()
        """Places to which a part can still come."""
        self.blocked = {id(m): m for m in run.machines if m.doing == BLOCKED and m.part is not None and m.target}
        self._movers = [(m, run.cards.gate(m.rank, m.target.owner)) for m in run.movers]
        self._places = {id(place) for place in run.places}
        self._held: dict[Loop, list[Any]] = {loop: [] for loop in run.cards.loops.values()}
        for holder in run.holders:
            for loop in (loop for part in holder.standing() for loop in part.cards):
                self._held[loop].append(holder)
        self._settle()

    def _settle(self) -> None:
        found: tuple[int, int] = (-1, -1)
        while found != (len(self.moves), len(self.fed)):
            found = (len(self.moves), len(self.fed))
            self.moves |= {i for i, machine in self.blocked.items() if self._can_leave(machine)}
            self.moves |= {id(p) for p in self.run.places if any(self._goes(p, part) for part in _first(p))}
            self.fed |= {id(p) for p in self.run.places if any(self._comes(g, p) for g in p.row.givers)}

    # -- what can happen

    def _free(self, loop: Loop) -> int:
        """Cards of a loop that are free or can come back."""
        return loop.free + loop.kept + sum(map(self._holder_moves, self._held[loop]))

    def _holder_moves(self, holder: Any) -> bool:
        """Whether parts there can move; those in work or on vehicles can."""
        stands = id(holder) in self.blocked or id(holder) in self._places
        return not stands or id(holder) in self.moves

    def _cards(self, gate: Gate | None, part: Part, count: int = 1) -> bool:
        return self._dead(gate, part, count) is None

    def _dead(self, gate: Gate | None, part: Part, count: int = 1) -> Loop | None:
        """A loop that will never have so many cards for such parts."""
        return next((one for one in gate.needs(part) if self._free(one) < count), None) if gate is not None else None

    def _room(self, place: Any) -> bool:
        if place.capacity:
            return bool(place.opens()) or id(place) in self.moves
        return self._takes(place.owner)

    def _can_leave(self, machine: Any) -> bool:
        target, part = machine.target, machine.part
        if isinstance(target, Branches):
            return self._card_of(machine) is None and all(self._room(place) for place in target.places)
        return any(self._room(p) and self._cards(self._gate(machine.rank, p), part) for p in _places(target))

    def _needs_of_pieces(self, machine: Any) -> list[Loop]:
        part, gate = machine.part, self.run.cards.gate
        first, *others = [p for p, counts in machine.target.gives for _ in range(counts[part.product])]
        gates = [gate(machine.rank, first.owner), *(gate(NOWHERE, place.owner) for place in others)]
        return [loop for one in gates if one is not None for loop in one.needs(part)]

    def _gate(self, giver: ElementId, place: Any) -> Gate | None:
        return self.run.cards.gate(giver, place.owner) if hasattr(place, "owner") else None

    def _goes(self, place: Any, part: Part) -> bool:
        """Whether a part can go from a place where it stands."""
        if place.spoils:
            return True
        on = (self._room(m.target) and self._cards(gate, part) for m, gate in self._movers if m.origin is place)
        gate = self.run.cards.gate
        stations = self._stations(place)
        taken = (self._takes(t) and self._cards(gate(place.owner, t), part, self._load(t)) for t in stations)
        return any(on) or any(taken)

    def _stations(self, place: Any) -> list[ElementId]:
        """The stations that take from a place."""
        inputs = ((t, getattr(self.rows[t], "inputs", None)) for t in place.row.takers)
        return [t for t, ids in inputs if ids is not None and any(self.run.places[i] is place for i in ids)]

    def _takes(self, station: ElementId) -> bool:
        """Whether a machine of a station can take a part, as far as the others of a kit or load can come."""
        machines = self._machines(station)
        able = any(id(m) not in self.blocked or id(m) in self.moves for m in machines)
        return able and (not machines or not self._lacks(machines[0].inlet))

    def _load(self, station: ElementId) -> int:
        """How many parts a station takes at one moment at least, each with a card."""
        inlets = [m.inlet for m in self._machines(station)[:1] if isinstance(m.inlet, Loading)]
        return max((inlet.row.least for inlet in inlets if not inlet.no_more()), default=1)

    def _machines(self, station: ElementId) -> list[Any]:
        return [m for m in self.run.machines if m.rank == station and m.inlet is not None]

    def _lacks(self, inlet: Any) -> list[Any]:
        """The places where parts of a kit or load are missing that never come."""
        if isinstance(inlet, Assembly):
            short = [place for place, counts in inlet.needs if not _holds(place, min(counts))]
        elif isinstance(inlet, Loading) and not inlet.no_more():
            short = [place for place in inlet.places if not _holds(place, inlet.row.least)]
            short = short if len(short) == len(inlet.places) else []
        else:
            short = []
        return [place for place in short if id(place) not in self.fed]

    def _comes(self, giver: ElementId, place: Any) -> bool:
        """Whether an element can still give a part to a place."""
        gate = self.run.cards.gate(giver, place.owner)
        if gate is not None and not any(all(self._free(one) > 0 for one in loops) for loops in gate.begins):
            return False
        source = next((s for s in self.run.sources if s.index == giver), None)
        own = [p for p in self.run.places if p.owner == giver and p is not place and p.capacity]
        if source is not None and not source.spent():
            return True
        if any(id(p) in self.moves or id(p) in self.fed for p in own if _offers(self.rows[giver])):
            return True
        machines = self._machines(giver)
        busy = any(m.part is not None and (id(m) not in self.blocked or id(m) in self.moves) for m in machines)
        inputs = [self.run.places[i] for i in getattr(self.rows[giver], "inputs", ())]
        return busy or (bool(machines) and self._takes(giver) and any(map(self._supplied, inputs)))

    def _supplied(self, place: Any) -> bool:
        return id(place) in self.moves or id(place) in self.fed

    # -- who waits for whom

    def waiting(self) -> Iterator[Node]:
        """Machines and places whose parts want cards that never come back, in declared order."""
        found: list[tuple[ElementId, int, Node]] = []
        for i, machine in enumerate(self.blocked.values()):
            if id(machine) not in self.moves and self._card_of(machine) is not None:
                found.append((machine.rank, i, ("machine", machine)))
        for i, place in enumerate(self.run.places):
            if id(place) not in self.moves and any(self._card_before(place, part) for part in _first(place)):
                found.append((place.owner, i, ("place", place)))
        yield from (node for _, _, node in sorted(found, key=lambda one: one[:2]))

    def _card_of(self, machine: Any) -> Loop | None:
        """The loop a blocked machine waits for in vain."""
        if isinstance(machine.target, Branches):
            needs = Counter(self._needs_of_pieces(machine))
            return next((loop for loop, count in needs.items() if self._free(loop) < count), None)
        dead = (self._dead(self._gate(machine.rank, p), machine.part) for p in _places(machine.target))
        return next((loop for loop in dead if loop is not None), None)

    def _card_before(self, place: Any, part: Part) -> Loop | None:
        """The dead loop a part waits for where it stands."""
        on = [(gate, 1) for m, gate in self._movers if m.origin is place]
        on += [(self.run.cards.gate(place.owner, t), self._load(t)) for t in self._stations(place)]
        return next((loop for gate, count in on if (loop := self._dead(gate, part, count)) is not None), None)

    def chain(self, node: Node) -> tuple[list[Node], bool]:
        """From a node on what each waits for, from where it closes; whether it does."""
        seen: list[Node] = []
        at: Node | None = node
        while at is not None and at not in seen:
            seen.append(at)
            at = self._waits_for(at)
        if at is None:
            return seen, False
        ring = seen[seen.index(at) :]
        first = next(i for i, one in enumerate(ring) if one[0] != "card")
        return [*ring[first:], *ring[: first + 1]], True

    def _waits_for(self, node: Node) -> Node | None:
        """What comes next in a chain."""
        step: dict[str, Callable[[Any], Iterator[Node]]] = {
            "card": self._of_card, "machine": self._of_machine, "place": self._of_place, "lack": self._of_lack,
            "station": self._of_station,
        }  # fmt: skip
        return next(step[node[0]](node[1]), None)

    def _of_card(self, loop: Loop) -> Iterator[Node]:
        for holder in self._held[loop]:
            yield ("machine" if id(holder) in self.blocked else "place", holder)

    def _of_machine(self, machine: Any) -> Iterator[Node]:
        loop = self._card_of(machine)
        if loop is not None:
            yield ("card", loop)
        for place in _places(machine.target):
            yield from self._behind(place)

    def _behind(self, place: Any) -> Iterator[Node]:
        """Who keeps a place full, or does not take what is offered at a door."""
        if place.capacity:
            yield ("place", place)
        else:
            yield from self._station(place.owner)

    def _station(self, station: ElementId) -> Iterator[Node]:
        machines = self._machines(station)
        if machines and self._lacks(machines[0].inlet):
            yield ("station", station)
        yield from (("machine", m) for m in machines if id(m) in self.blocked and id(m) not in self.moves)

    def _of_station(self, station: ElementId) -> Iterator[Node]:
        yield from (("lack", place) for place in self._lacks(self._machines(station)[0].inlet))

    def _of_place(self, place: Any) -> Iterator[Node]:
        for part in _first(place):
            loop = self._card_before(place, part)
            if loop is not None:
                yield ("card", loop)
        for mover, _ in self._movers:
            if mover.origin is place and not self._room(mover.target):
                yield from self._behind(mover.target)
        for station in self._stations(place):
            yield from self._station(station)

    def _of_lack(self, place: Any) -> Iterator[Node]:
        for giver in place.row.givers:
            gate = self.run.cards.gate(giver, place.owner)
            begins = gate.begins if gate is not None and self._stocked(giver) else ()
            yield from (("card", loop) for loops in begins for loop in loops if self._free(loop) <= 0)
            yield from self._station(giver)
            yield from (("lack", self.run.places[i]) for i in getattr(self.rows[giver], "inputs", ()))

    def _stocked(self, giver: ElementId) -> bool:
        """Whether an element that gives has parts, or may get some."""
        source = next((s for s in self.run.sources if s.index == giver), None)
        stand = any(holder.standing() for holder in self.run.holders if holder.owner == giver)
        return stand or source is None or not source.spent()

    def name(self, node: Node) -> str:
        """A node in the user's words."""
        kind, one = node
        index = {"card": "index", "machine": "rank", "place": "owner", "lack": "owner"}.get(kind)
        name: str = self.run.plan.elements[getattr(one, index) if index else one].name
        return f"card of {name}" if kind == "card" else name


def _places(target: Any) -> list[Any]:
    """The places a blocked machine waits for."""
    return list(getattr(target, "places", [target]))


def _first(place: Any) -> list[Part]:
    """The parts that stand in a place, one of each product."""
    parts = place.samples() if getattr(place, "endless", False) else place.standing()
    return list({part.product: part for part in reversed(parts)}.values())


def _holds(place: Any, count: int) -> bool:
    return getattr(place, "endless", False) or len(_waiting(place)) >= count


def _waiting(place: Any) -> list[Any]:
    found: list[Any] = place.standing() if place.capacity else place.waiting
    return found


def _offers(row: Any) -> bool:
    """Whether others take what stands in the place of an element: it has no machines that do."""
    return not hasattr(row, "inputs")
