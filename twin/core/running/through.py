"""Stations at the gates of card loops: what they take and where they give.

They see the places before them through gates (``Seen``), and leave moves that need a card to the cards, unless
nothing else happens at this instant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from math import inf
from typing import Any

from twin.core.plan import ElementId, ProductId
from twin.core.run import Run
from twin.core.running.card import NOWHERE, Gate, Loop, Wish, enough
from twin.core.running.choice import Hope, Inlet, Outlet
from twin.core.running.gated import Stands, standing
from twin.core.running.gather import Assembly, Branches, Fitting, Found, Loading
from twin.core.running.part import Part


class Seen:
    """A place as a station sees it through a gate: parts that need a card it has not are not there."""

    private = False
    content = ()
    """Nothing is shown here without a look at the cards."""

    def __init__(self, place: Any, gate: Gate) -> None:
        self.place, self.gate = place, gate
        self.row, self.capacity, self.owner = place.row, place.capacity, place.owner
        self.inlets, self.endless = place.inlets, place.endless

    def _open(self) -> Iterator[Stands]:
        if self.gate.shut():
            return iter(())
        return (one for one in standing(self.place) if self.gate.open(one.part))

    def next(self) -> Stands | None:
        """What would be taken next."""
        return next(self._open(), None)

    def offers(self) -> bool:
        """Whether there is a part to take."""
        return self.next() is not None

    def first(self) -> tuple[Any, ...] | None:
        """What would be taken next, as a key to compare with other places."""
        found = self.next()
        if found is None:
            return None
        return (found.giver is not None or not found.part.back, found.since, found.where, found.part.order)

    def chooser(self) -> Any:
        """The outlet that must choose for the part that goes next, or None."""
        found = self.next()
        return None if found is None or found.giver is None else found.giver.outlet

    def candidates(self) -> Iterator[Part]:
        """All parts that could be taken, in their order."""
        return (one.part for one in self._open())

    def pull(self, chosen: Part | None = None) -> Part:
        """Take the next part, or the one that is chosen, with the cards it needs."""
        part = chosen or next(self._open()).part
        self.gate.passed(part)
        pulled: Part = self.place.pull(part)
        return pulled

    def wish(self) -> Wish | None:
        """The order among those who want cards; None: no card is needed, or another chooser's turn."""
        found = self.next()
        if found is None or not self.gate.needs(found.part):
            return None
        return found.wish(self.gate) if found.giver is None or found.giver.outlet is None else None


def stands_at(place: Any) -> ElementId:
    """The element at which the parts of a place stand: those at a direct arrow stand on the machines before it."""
    where: ElementId = place.owner if place.capacity else place.row.givers[0]
    return where


def seen(run: Run, station: ElementId, place: Any) -> Any:
    """A place as the machines of a station see it."""
    gate = run.cards.gate(stands_at(place), station)
    return place if gate is None else Seen(place, gate)


def _look_for(place: Any, counts: Sequence[int]) -> None:
    """So many parts of a place are taken at one moment."""
    if place.endless:
        place.deep = max(place.deep, *counts)


def _gives_way(chooser: Any) -> bool:
    """Whether another one must have its turn first, lest it is left without a card; it has had it then."""
    rival = chooser.run.cards.before(chooser)
    if rival is None:
        return False
    rival.grant()
    chooser.run.instant.ask(chooser.code)
    return True


class _Asking(Inlet):
    """An inlet that leaves moves which need a card to the cards."""

    def wish(self) -> Wish | None:
        """The move it would make now with a card."""
        raise NotImplementedError

    def choose(self) -> None:
        """Make the next move, or ask for the card it needs."""
        if not _gives_way(self):
            super().choose()

    def grant(self) -> None:
        """Make that move."""
        super().choose()


class _Through(_Asking):
    """An inlet that sees its places through gates."""

    def __init__(self, run: Run, rank: int, places: Sequence[Any], prefer: Sequence[int] = ()) -> None:
        super().__init__(run, rank, [seen(run, rank, place) for place in places], prefer)
        run.cards.join(rank, self, [place.gate for place in self.places if isinstance(place, Seen)])

    def wish(self) -> Wish | None:
        """The move it would make now with a card."""
        place = self.best() if self.idle else None
        return place.wish() if isinstance(place, Seen) else None

    def takes_next_from(self, place: Any, giver: Any) -> bool:
        """Whether the part of a giver at a door is the next to be taken."""
        best = self.best() if self.idle else None
        found = best.next() if isinstance(best, Seen) and best.place is place else None
        return found is not None and found.giver is giver


class GatedInlet(_Through):
    """Machines that take one part at a time."""


class GatedFitting(_Through, Fitting):
    """The same, where they have to be set up."""


class GatedAssembly(_Asking, Assembly):
    """Kits: the body needs cards; parts that end in it give theirs back at the same moment."""

    def __init__(self, run: Run, rank: int, needs: Any, queue: Any, matched: bool) -> None:
        super().__init__(run, rank, needs, queue, matched)
        _look_for(*self.needs[0])
        self._gate: Gate | None = run.cards.gate(stands_at(self.needs[0][0]), rank)
        run.cards.join(rank, self, [self._gate])

    def find(self) -> Found | None:
        """A reworked part alone, or the first body for which all is there, cards too."""
        if self._gate is None or (self.queue is not None and self.queue.first() is not None):
            return super().find()
        for one in standing(self.needs[0][0]):
            found = self._kit(one.part)
            if found and enough(self._gate.needs(one.part), self._back(found)):
                return found
            if not found and not self.matched:
                return None
        return None

    def _back(self, found: Found) -> list[Loop]:
        return [loop for _, part in found[1:] for loop in part.cards]

    def _some(self, place: Any, count: int, body: Part) -> list[Part] | None:
        """Of the body's place, the body and the first others."""
        if place is not self.needs[0][0]:
            return super()._some(place, count, body)
        others = (one.part for one in standing(place) if one.part is not body)
        some = [body, *islice((p for p in others if not self.matched or p.kin == body.kin), count - 1)]
        return some if len(some) == count else None

    def short_of(self, hope: Hope, place: Any, product: ProductId | None) -> Loop | None:
        """A loop that never has a card for a kit with parts of a place, for want of which none begins."""
        if self._gate is None or place is self.queue:
            return None
        bodies = [body for body in self._bodies(hope) if not self._lacking(hope, body)]
        coming = hope.coming(self.needs[0][0]) if None in bodies else set()
        found = list(dict.fromkeys([*(body.product for body in bodies if body is not None), *sorted(coming)]))
        if place is self.needs[0][0] and product in found:
            found = [product]
        dead = [self._never(hope, self._gate.begins[one]) for one in found]
        return next(iter(dead), None) if all(dead) else None

    def _never(self, hope: Hope, needs: tuple[Loop, ...]) -> Loop | None:
        """A loop that never has a card for the body, and of which no part that ends in it gives one back."""
        return next((loop for loop in needs if hope.free(loop) < 1 and not self._returned(hope, loop)), None)

    def _returned(self, hope: Hope, loop: Loop) -> bool:
        others = [place for place, _ in self.needs[1:] if place.owner in loop.row.over]
        return any(hope.fed(place) or any(loop in part.cards for part in hope.parts(place)) for place in others)

    def _body(self, found: Found) -> Gate | None:
        return self._gate if found[0][0] is not self.queue else None

    def wish(self) -> Wish | None:
        """The kit that would be taken now with cards for its body."""
        found = self.find() if self.idle else None
        gate = self._body(found) if found else None
        if not found or gate is None or not gate.needs(found[0][1]):
            return None
        return _wish(found, gate.needs(found[0][1]))

    def _pull(self, found: Found) -> Part:
        gate = self._body(found)
        if gate is not None:
            gate.passed(found[0][1])
        return super()._pull(found)


class GatedLoading(_Asking, Loading):
    """Loads: all their parts get their cards at one moment."""

    def __init__(self, run: Run, rank: int, places: Sequence[Any], row: Any) -> None:
        super().__init__(run, rank, places, row)
        for place in self.places:
            _look_for(place, (row.most,))
        self._through = {id(place): seen(run, rank, place) for place in self.places}
        run.cards.at_once = max(run.cards.at_once, row.most)
        run.cards.join(rank, self, [place.gate for place in self._through.values() if isinstance(place, Seen)])

    def _loads(self, place: Any) -> Iterator[Found]:
        """The parts of a place by load, as far as there are cards."""
        loads = (self._with_cards(load) for load in super()._loads(self._through[id(place)]))
        yield from (load for load in loads if load)

    def _with_cards(self, load: Found) -> Found:
        """The first parts of a load that get cards; none where others wait for theirs and the rest is too few."""
        found, needs = Found(), list[Loop]()
        for place, part in load:
            more = place.gate.needs(part) if isinstance(place, Seen) else ()
            if len(found) < self.row.most and enough([*needs, *more], ()):
                found.append((place, part))
                needs += more
        whole = len(found) == min(len(load), self.row.most)
        return found if whole or len(found) >= self.row.least else []

    def short_of(self, hope: Hope, place: Any, product: ProductId | None) -> Loop | None:
        """A loop that never has the cards for a load of a place, for want of which none begins."""
        seen = self._through[id(place)]
        if not isinstance(seen, Seen):
            return None
        stand, begins = Counter(part.product for part in hope.parts(place)), seen.gate.begins
        more = {*stand} if place.endless else hope.coming(place)
        ends, least = self.no_more() or self._may_end(hope), int(self.row.least)
        fewest = (1 if place.spoils else 0) if ends else least
        if self.row.mixed:
            many = {one: inf if one in more else stand[one] for one in sorted({*stand} | more)}
            return self._short_of_mixed(hope, begins, many, fewest)
        found = [one for one in sorted({*stand} | more) if ends or stand[one] >= least or one in more]
        found = [product] if product in found else found
        due = {one: fewest or min(least, max(stand[one], 1)) for one in found}
        dead = [next((loop for loop in begins[one] if hope.free(loop) < due[one]), None) for one in found]
        return next(iter(dead), None) if all(dead) else None

    def _short_of_mixed(
        self, hope: Hope, begins: Sequence[tuple[Loop, ...]], many: dict[ProductId, float], fewest: int
    ) -> Loop | None:
        """The same where any products make a load, ``many`` of each: those that need no card of a loop fill it up.

        ``fewest``: parts that a load takes; 0: all there are, if they are fewer than a load and no more can come.
        """
        for loop in dict.fromkeys(loop for one in many for loop in begins[one]):
            needing, others = (sum(n for one, n in many.items() if (loop in begins[one]) == need) for need in (1, 0))
            due = fewest or (1 if others else self.row.least)
            if (free := hope.free(loop)) < needing and others + free < due:
                return loop
        return None

    def wish(self) -> Wish | None:
        """The load that would be taken now with cards."""
        found = self.find() if self.idle else None
        needs = [loop for place, p in found or () if isinstance(place, Seen) for loop in place.gate.needs(p)]
        return _wish(found, tuple(needs)) if found and needs else None


def _wish(found: Found, needs: tuple[Loop, ...]) -> Wish:
    place, part = found[0]
    since = part.since if place.capacity else 0.0
    return Wish(since, stands_at(place), part.order, needs)


# -- stations that give


class GatedOutlet(Outlet):
    """Finished parts that may go to one of several places, some behind gates."""

    def __init__(self, run: Run, rank: int) -> None:
        super().__init__(run, rank)
        run.cards.join(rank, self, run.cards.gates_from(rank))

    def wish(self) -> Wish | None:
        """The machine whose part would go now with a card."""
        for ready, number, machine in self.waiting:
            place = machine.among.pick(machine)
            if place is not None:
                gate = self.run.cards.gate(machine.rank, place.owner)
                needs = gate.needs(machine.part) if gate is not None else ()
                return Wish(ready, machine.rank, (number,), needs) if needs else None
        return None

    def _choose(self) -> None:
        if not _gives_way(self):
            super()._choose()

    def grant(self) -> None:
        """Let that machine send its part."""
        super()._choose()


class GatedBranches(Branches):
    """Pieces of a job: the first keeps its cards, the others need cards of their own, all at one moment."""

    def __init__(self, run: Run, rank: int, gives: Any, split: Any) -> None:
        super().__init__(run, rank, gives, split)
        most = [sum(counts) for counts in zip(*(counts for _, counts in gives), strict=True)]
        run.cards.at_once = max(run.cards.at_once, *most)
        run.cards.join(rank, self, [run.cards.gate(start, p.owner) for start in (rank, NOWHERE) for p in self.places])

    def _places(self, part: Part) -> list[Any]:
        return [place for place, counts in self.gives for _ in range(counts[part.product])]

    def _gates(self, part: Part) -> list[Gate | None]:
        first, *others = self._places(part)
        gate = self.run.cards.gate
        return [gate(self.rank, first.owner), *(gate(NOWHERE, place.owner) for place in others)]

    def _loops(self, part: Part) -> list[Loop]:
        return [loop for gate in self._gates(part) if gate is not None for loop in gate.needs(part)]

    def has_cards(self, machine: Any) -> bool:
        """Whether there is a card for each of a machine's pieces that needs one."""
        part = machine.part
        gate = self._gates(part)[0]
        return enough(self._loops(part), gate.returns(part) if gate is not None else ())

    def held_up(self, machine: Any) -> bool:
        """Whether some branch has no room, or no cards, for a machine's pieces: then it stands in nobody's way."""
        return not self.has_cards(machine) or super().held_up(machine)

    def _room(self, machine: Any) -> bool:
        return self.has_cards(machine) and super()._room(machine)

    def wish(self) -> Wish | None:
        """The machine whose pieces would go now with cards."""
        found = next((entry for entry in self.waiting if self._room(entry[2])), None)
        needs = tuple(self._loops(found[2].part)) if found is not None else ()
        return Wish(found[0], self.rank, (found[1],), needs) if found is not None and needs else None

    def _choose(self) -> None:
        if not _gives_way(self):
            super()._choose()

    def grant(self) -> None:
        """Let that machine send its pieces."""
        super()._choose()

    def _send(self, part: Part) -> None:
        places, gates = self._places(part), self._gates(part)
        pieces = [part, *(self._split(part) for _ in places[1:])]
        for piece, gate in zip(pieces, gates, strict=True):
            if gate is not None:
                gate.passed(piece)
        for piece, place in zip(pieces, places, strict=True):
            place.add(piece)


# -- which of them a run needs

_GATED: dict[type[Any], type[Any]] = {
    Inlet: GatedInlet,
    Fitting: GatedFitting,
    Assembly: GatedAssembly,
    Loading: GatedLoading,
    Outlet: GatedOutlet,
    Branches: GatedBranches,
}


def guarded(run: Run, element: ElementId, chooser: type[Any]) -> type[Any]:
    """The class of a chooser of an element, which knows of cards where the element stands at a gate.

    A job inside a loop that becomes several parts needs more cards, though it comes through no gate.
    """
    at_gate = run.cards is not None and (chooser is Branches or element in run.cards.guarded)
    return _GATED[chooser] if at_gate else chooser
