"""Deadlocks, and parts that wait for partners in vain: who waits for whom, when nothing there can ever move again.

A chain begins at a part that can never move and leads on to what it waits for: a place, the station that should take
from it, the parts which that one lacks, a card. One that closes is a deadlock, and so is one that ends at a loop
without cards, or at pieces that are gone while parts wait behind a full place. One that ends at a source with no
parts left is none: partners are used up at the end of many runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from twin.core.plan import ElementId, show_time
from twin.core.run import Run
from twin.core.running.card import Loop
from twin.core.running.choice import Missing
from twin.core.standstill.able import Able

CARD, MACHINE, PLACE, STATION, LACK = "card", "machine", "place", "station", "lack"


class Node(NamedTuple):
    """What waits or is waited for: a loop of cards, a machine, a place, a station that waits for the rest of a kit
    or load (its index and the place its parts stand in), or what it lacks."""

    kind: str
    one: Any


class Chain(NamedTuple):
    """Who waits for whom."""

    nodes: list[Node]
    closed: bool
    """Whether the last waits for the first, which is then named again."""


def deadlock(run: Run) -> str | None:
    """One line that names a chain of those who wait for each other for ever; None when there is none."""
    chains = _Chains(Able(run))
    return next((chains.told(chain) for chain in chains.all() if chains.is_jam(chain)), None)


def in_vain(run: Run) -> list[str]:
    """Names of the elements where parts wait for others that no source can still send, themselves or behind others."""
    chains = _Chains(Able(run))
    found = (chain.nodes[0] for chain in chains.all() if chains.ends_in_vain(chain))
    return list(dict.fromkeys(chains.name(node) for node in found))


def waits_for_partners(run: Run, *, settled: bool = False) -> bool:
    """Whether all parts inside wait, themselves or behind others, at machines that lack parts to begin.

    Asked once the sources are spent, or have but parts that wait likewise; then nothing inside ever moves again.

    Args:
        run: the plant as it stands.
        settled: whether nothing is on its way any more (else belts and vehicles may carry parts on).
    """
    if any(machine.part is not None and machine.target is None for machine in run.machines):
        return False
    if not settled and (run.vehicles or not all(place.rests() for place in run.places)):
        return False
    able = Able(run)
    chains = _Chains(able)
    there = [*able.finished.values(), *(place for place in able.places if place.capacity and able.parts_at(place))]
    found = all(able.stays(one) and chains.ends_in_vain(chains.follow(_node(able, one))) for one in there)
    return found and sum(part.pieces for one in there for part in one.standing()) == run.account.inside


def _node(able: Able, holder: Any) -> Node:
    return Node(MACHINE if id(holder) in able.finished else PLACE, holder)


class _Chains:
    """Who waits for whom among what can never move."""

    def __init__(self, able: Able) -> None:
        self.able, self.run = able, able.run

    # -- chains

    def all(self) -> Iterator[Chain]:
        """A chain from each machine, then from each place, whose parts can never move, in declared order."""
        able = self.able
        for machine in sorted(able.finished.values(), key=lambda m: (m.rank, m.number)):
            if able.stays(machine):
                yield self.follow(Node(MACHINE, machine))
        for place in sorted((p for p in able.places if p.capacity), key=lambda p: int(p.owner)):
            if able.stays(place):
                yield self.follow(Node(PLACE, place))

    def follow(self, node: Node) -> Chain:
        """From a node on what each waits for; of a chain that closes only the ring."""
        seen: list[Node] = []
        at: Node | None = node
        while at is not None and at not in seen:
            seen.append(at)
            at = next(_STEPS[at.kind](self, at.one), None)
        ring = seen[seen.index(at) :] if at is not None else []
        first = next((i for i, one in enumerate(ring) if one.kind in (MACHINE, PLACE)), None)
        if first is None:  # it ends, or goes round where nothing is
            return Chain(seen, closed=False)
        return Chain([*ring[first:], *ring[: first + 1]], closed=True)

    def is_jam(self, chain: Chain) -> bool:
        """Whether it is a deadlock."""
        kinds, last = [node.kind for node in chain.nodes], chain.nodes[-1]
        if chain.closed or CARD in kinds:
            return True
        gone = last.kind == LACK and last.one.kin is not None and self.able.parts_at(last.one.body) > 0
        behind = MACHINE in kinds[:1] or PLACE in kinds[1:2]
        going = not all(source.spent() for source in self.run.sources)
        return gone and behind and (PLACE in kinds[1:] or going)

    def ends_in_vain(self, chain: Chain) -> bool:
        """Whether it ends at parts that are lacking."""
        return not chain.closed and chain.nodes[-1].kind == LACK

    def told(self, chain: Chain) -> str:
        """A chain in the user's words."""
        nodes, end = chain.nodes, "each waits for the next"
        holders = [node for node in nodes if node.kind == MACHINE]
        if chain.closed and holders and all(node.kind in (MACHINE, PLACE) for node in nodes):
            first = nodes.index(holders[0])
            nodes = [node for node in [*nodes[first:-1], *nodes[:first]] if node.kind == MACHINE]
            nodes, end = [*nodes, nodes[0]], "each holds a part and waits for the next one's place"
        elif not chain.closed:
            end += ", the last for pieces that are gone" if nodes[-1].kind == LACK and nodes[-1].one.kin else ""
            end += "" if end.endswith("gone") else ", the last for ever"
        full = [node.one for node in nodes if node.kind == PLACE]
        names = [self.name(node) for node in nodes if node.kind != LACK or node.one.place not in full]
        way = " -> ".join(name for i, name in enumerate(names) if i == 0 or name != names[i - 1])
        way = way if " -> " in way or not chain.closed else f"{way} -> {way}"
        return f"deadlock, found at {show_time(self.run.env.now)}: {way}: {end}"

    # -- who waits for whom

    def _of_card(self, loop: Loop) -> Iterator[Node]:
        able = self.able
        yield from (_node(able, holder) for holder in able.held.get(loop, ()) if able.stays(holder))

    def _of_machine(self, machine: Any) -> Iterator[Node]:
        loop = self.able.card_of(machine)
        if loop is not None:
            yield Node(CARD, loop)
        for place in machine.target.places:
            yield from self._behind(place)

    def _behind(self, place: Any) -> Iterator[Node]:
        """Who keeps a place full, or does not take what is offered at a door."""
        if not place.capacity:
            yield from self._of_place(place)
        elif self.able.stays(place):
            yield Node(PLACE, place)

    def _at(self, station: ElementId, place: Any) -> Iterator[Node]:
        """Why a station does not take from a place."""
        if self.able.missing(station, place):
            yield Node(STATION, (station, place))
        yield from self._stuck(station)

    def _stuck(self, station: ElementId) -> Iterator[Node]:
        return (Node(MACHINE, machine) for machine in self.able.stuck(station))

    def _of_station(self, where: tuple[ElementId, Any]) -> Iterator[Node]:
        return (Node(LACK, one) for one in self.able.missing(*where))

    def _of_place(self, place: Any) -> Iterator[Node]:
        loop = self.able.card_before(place)
        if loop is not None:
            yield Node(CARD, loop)
        for mover in self.able.movers(place):
            if not self.able.room(mover.target):
                yield from self._behind(mover.target)
        for station in self.able.stations(place):
            yield from self._at(station, place)

    def _of_lack(self, missing: Missing) -> Iterator[Node]:
        able, place = self.able, missing.place
        if missing.kin is not None:
            before = able.before(place)
            others = (one for one in able.relatives(missing.kin) if one not in (place, missing.body))
            yield from (_node(able, one) for one in others if one.owner in before and able.stays(one))
            return
        if place.capacity and not able.room(place):
            yield Node(PLACE, place)
        for giver in place.row.givers:
            yield from (Node(CARD, loop) for loop in able.begins(giver, place))
            yield from self._stuck(giver)
            yield from self._before(giver, place)

    def _before(self, giver: ElementId, place: Any) -> Iterator[Node]:
        """What an element waits for that could give to a place."""
        able = self.able
        for one in able.inputs(giver):
            loop = able.card_between(giver, one)
            if loop is not None:
                yield Node(CARD, loop)
            elif able.stays(one):
                yield from self._at(giver, one)
            else:
                yield Node(LACK, Missing(one))
        for one in (one for one in able.own(giver) if able.leads(one, place)):
            if able.stays(one):
                yield Node(PLACE, one)
            elif not able.brings(giver):
                yield Node(LACK, Missing(one))

    def name(self, node: Node) -> str:
        """A node in the user's words."""
        kind, one = node
        index = {
            CARD: lambda: one.index,
            MACHINE: lambda: one.rank,
            PLACE: lambda: one.owner,
            STATION: lambda: one[0],
            LACK: lambda: one.place.owner,
        }[kind]()
        name: str = self.run.plan.elements[index].name
        return f"card of {name}" if kind == CARD else name


_STEPS: dict[str, Callable[[_Chains, Any], Iterator[Node]]] = {
    CARD: _Chains._of_card,
    MACHINE: _Chains._of_machine,
    PLACE: _Chains._of_place,
    STATION: _Chains._of_station,
    LACK: _Chains._of_lack,
}
"""Kind of a node → what it waits for; outside the class, since an object that held its own methods would not be freed
before the garbage collector comes."""
