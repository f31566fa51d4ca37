"""The flow of material: arrows between elements become places, doors and movers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from twin.core.compiling.arrow import arrows
from twin.core.layout import Element, Layout
from twin.core.plan import ElementId, Mover, PlaceId, PlaceRow
from twin.core.problem import Loc, quoted
from twin.core.spec import Kind, kinds

CHOOSING = ("first_free", "shortest_queue")
"""Ways to send for which a part looks at several places at once."""


class Edge(NamedTuple):
    """Parts go from one element to another; ``loc`` is where that is written."""

    giver: ElementId
    taker: ElementId
    loc: Loc
    drawn: bool
    """Whether the arrow stands in ``flow`` (rework and routes do not)."""
    back: bool = False
    """Whether only parts that are sent back go this way (rework)."""
    spots: tuple[int, int] = (0, 0)
    """Where the two names stand in the line of ``flow``."""


class Served(NamedTuple):
    """Parts go from one element to another by the vehicles of a fleet; ``loc`` is where that is written."""

    giver: ElementId
    taker: ElementId
    fleet: ElementId
    loc: Loc
    spots: tuple[int, int] = (0, 0)
    """Where the two names stand in the line."""


class Trip(NamedTuple):
    """An arrow that vehicles travel."""

    fleet: ElementId
    origin: PlaceId = -1
    target: PlaceId = -1


@dataclass
class Wiring:
    """What the compiler knows of the flow."""

    edges: list[Edge]
    """In declared order of giver, then taker."""
    places: list[PlaceRow] = field(default_factory=list)
    movers: list[Mover] = field(default_factory=list)
    own: dict[ElementId, PlaceId] = field(default_factory=dict)
    """The place of its own that parts are put into, by element."""
    between: dict[tuple[ElementId, ElementId], PlaceId] = field(default_factory=dict)
    """The place through which parts go from one element to another."""
    taken: set[tuple[ElementId, ElementId]] = field(default_factory=set)
    """Arrows along which the second element takes for itself what stands at the first, or is offered there."""
    served: list[Served] = field(default_factory=list)
    """Ways of vehicles as they are written."""
    trips: dict[tuple[ElementId, ElementId], Trip] = field(default_factory=dict)
    """Of the arrows that vehicles travel: whose they are, where parts are picked up and where they are put."""
    gated: dict[tuple[ElementId, ElementId], bool] = field(default_factory=dict)
    """Ways on which parts take or give back cards, and whether all parts need a card there."""

    def __post_init__(self) -> None:
        self.edges = sorted(self.edges, key=lambda e: e[:2])
        self.into: dict[ElementId, list[Edge]] = {}
        self.out: dict[ElementId, list[Edge]] = {}
        for edge in self.edges:
            self.into.setdefault(edge.taker, []).append(edge)
            self.out.setdefault(edge.giver, []).append(edge)

    def givers(self, taker: ElementId) -> tuple[ElementId, ...]:
        """Where parts come from by any way, in declared order."""
        return _unique(e.giver for e in self.into.get(taker, ()))

    def takers(self, giver: ElementId) -> tuple[ElementId, ...]:
        """Where parts go by any way (rework and routes too), in declared order."""
        return _unique(e.taker for e in self.out.get(giver, ()))

    def inputs(self, taker: ElementId) -> tuple[PlaceId, ...]:
        """The places an element takes from, in declared order of where the parts stand."""
        taken = [self.between[giver, taker] for giver in self.givers(taker) if (giver, taker) in self.taken]
        return _unique([*taken, self.own[taker]] if taker in self.own else taken)

    def upstream(self, taker: ElementId) -> tuple[ElementId, ...]:
        """All elements with a path to ``taker``, rework included, in declared order."""
        found, left = set[ElementId](), [taker]
        while left:
            new = [giver for giver in self.givers(left.pop()) if giver not in found]
            found.update(new)
            left += new
        return tuple(sorted(found))

    def downstream(self, giver: ElementId) -> tuple[ElementId, ...]:
        """All elements to which there is a path from ``giver``, rework included, in declared order."""
        found, left = set[ElementId](), [giver]
        while left:
            new = [taker for taker in self.takers(left.pop()) if taker not in found]
            found.update(new)
            left += new
        return tuple(sorted(found))

    def followers(self, giver: ElementId) -> tuple[ElementId, ...]:
        """Where the drawn arrows lead, in declared order."""
        return _unique(e.taker for e in self.out.get(giver, ()) if e.drawn)


def _unique(items: Iterable[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(items))


def drawn_edges(layout: Layout) -> list[Edge]:
    """The arrows of ``flow``; unknown names are reported with their column, unless they may be known after all."""
    known = {e.name: i for i, e in enumerate(layout.elements) if e.kind.FLOWS}
    others = [e.name for e in layout.elements if not e.kind.FLOWS]
    found: dict[tuple[int, int], Edge] = {}
    sure = not layout.gaps.in_names(section for section, kind in kinds("element").items() if kind.FLOWS)
    for giver, taker, loc, spots in arrows(layout.head.flow, known, others, layout.document, sure=sure):
        pair = (known[giver], known[taker])
        found.setdefault(pair, Edge(*pair, loc, True, spots=spots))
    return list(found.values())


def served_arrows(layout: Layout) -> list[Served]:
    """The ways of vehicles; unknown names are reported with their column, unless they may be known after all."""
    known = {e.name: i for i, e in enumerate(layout.elements) if e.kind.FLOWS}
    others = [e.name for e in layout.elements if not e.kind.FLOWS]
    sure = not layout.gaps.in_names(section for section, kind in kinds("element").items() if kind.FLOWS)
    return [
        Served(known[giver], known[taker], fleet, loc, spots)
        for fleet, element in enumerate(layout.elements)
        for giver, taker, loc, spots in arrows(
            element.kind.travelled(), known, others, layout.document, sure=sure, loc=(*element.loc, "serves")
        )
    ]


def obstacle(served: Served, wiring: Wiring, elements: tuple[Element, ...]) -> str:
    """Why vehicles cannot go this way, in the user's words; empty when they can."""
    giver, taker = elements[served.giver], elements[served.taker]
    edges = [e for e in wiring.out.get(served.giver, ()) if e.taker == served.taker]
    if all(e.back for e in edges):
        text = f"no arrow leads from {quoted(giver.name)} to {quoted(taker.name)}; draw it in 'flow' too"
        routed = any(not (e.drawn or e.back) for e in wiring.edges)
        return f"{text}, or write a route that goes there" if routed else text
    if taker.kind.joins():
        return f"{quoted(taker.name)} takes its parts where they wait before it; put a buffer there, and serve that"
    if taker.kind.CARRIES:
        return f"parts come to {quoted(taker.name)} one by one; put a buffer before it, and serve that"
    if taker.kind.stand() is None:
        return f"parts must be able to wait at {quoted(taker.name)}; give it 'queue: {{}}'"
    if giver.kind.spreads():
        return f"{quoted(giver.name)} hands on all its parts at one moment; put a buffer behind it, and serve that"
    text = f"{quoted(giver.name)} must know where a part goes before a vehicle is called"
    if not giver.kind.OFFERS and giver.kind.sends() in CHOOSING and len(wiring.followers(served.giver)) > 1:
        return f"{text}; put a buffer behind it, and serve that, or send by shares"
    if not giver.kind.OFFERS and _chosen(edges, wiring.out[served.giver]):
        return f"{text}; name one station in this step of the route, or leave the way out here"
    return ""


def _chosen(edges: list[Edge], out: list[Edge]) -> bool:
    """Whether a step of a route that goes along these edges may go elsewhere too."""
    steps = {e.loc for e in edges if not (e.drawn or e.back)}
    return any(e.loc in steps and e.taker != edges[0].taker for e in out)


def wire(layout: Layout, edges: list[Edge]) -> Wiring:
    """Places, doors and movers for the edges."""
    wiring, elements = Wiring(edges), layout.elements
    wiring.gated = _gated(wiring, layout)
    wiring.served = served_arrows(layout)
    for served in wiring.served:
        if not obstacle(served, wiring, elements):
            wiring.trips.setdefault(served[:2], Trip(served.fleet))
    walked = (e for e in wiring.edges if not e.back and e[:2] not in wiring.trips)
    wiring.taken |= {e[:2] for e in walked if _takes(elements[e.giver].kind, elements[e.taker].kind)}
    indices = {e.name: i for i, e in enumerate(elements)}
    stands = {i: stand for i, e in enumerate(elements) if (stand := e.kind.stand()) is not None}
    for i, element in enumerate(elements):
        if i in stands and not (element.kind.BEGINS and _branches(element, i, wiring)):
            wiring.own[i] = len(wiring.places)
            wiring.places.append(_own_place(i, wiring, elements, indices))
    for edge in wiring.edges:
        _connect(edge, wiring, elements)
    return wiring


def _gated(wiring: Wiring, layout: Layout) -> dict[tuple[ElementId, ElementId], bool]:
    """The ways into and out of what is enclosed, those out of the plant apart."""
    counted: dict[tuple[ElementId, ElementId], set[str]] = {}
    all_products = set(layout.products) or {""}
    for enclosure in [e for element in layout.elements if (e := element.kind.encloses()) is not None]:
        ends = {i for i, element in enumerate(layout.elements) if element.kind.BEGINS or element.kind.ENDS}
        inside = {i for i, element in enumerate(layout.elements) if element.name in enclosure.over} - ends
        for edge in wiring.edges:
            enters = edge.taker in inside
            if (edge.giver in inside) != enters and not layout.elements[edge.taker].kind.ENDS:
                products = counted.setdefault(edge[:2], set())
                products |= (set(enclosure.products) or all_products) if enters else set()
    return {way: products >= all_products for way, products in counted.items()}


def _takes(giver: Kind, taker: Kind) -> bool:
    """Whether the taker takes for itself: what has no place of its own, and every station from a buffer.

    So a station's queue holds what stations, belts and sources send it, and what comes back for rework; an
    assembly's queue only that.
    """
    waits_there = giver.OFFERS and not giver.BEGINS and not giver.CARRIES
    return taker.stand() is None or taker.joins() or (waits_there and not taker.OFFERS and not taker.ENDS)


def _branches(element: Element, index: ElementId, wiring: Wiring) -> bool:
    """Whether a source keeps one line a branch (its parts know where to go when they arrive)."""
    routed = any(not e.drawn for e in wiring.out.get(index, ()))
    return len(wiring.takers(index)) > 1 and (routed or element.kind.sends() not in ("first_free", None))


def _connect(edge: Edge, wiring: Wiring, elements: tuple[Element, ...]) -> None:
    giver, taker = elements[edge.giver], elements[edge.taker]
    pair = (edge.giver, edge.taker)
    if pair in wiring.between:
        return
    origin = wiring.own.get(edge.giver) if giver.kind.OFFERS else None
    if giver.kind.OFFERS and origin is None:
        origin = len(wiring.places)
        wiring.places.append(_branch_place(edge, elements))
    into = wiring.own.get(edge.taker) if pair not in wiring.taken and not taker.kind.BEGINS else None
    if pair in wiring.trips and into is not None:
        if origin is None:
            origin = len(wiring.places)
            wiring.places.append(_door(edge, wiring, elements)._replace(private=False))
        wiring.trips[pair] = Trip(wiring.trips[pair].fleet, origin, into)
    elif origin is not None and into is not None:
        wiring.movers.append(Mover(origin, into, edge.giver))
    if into is None and origin is None:
        into = len(wiring.places)
        wiring.places.append(_door(edge, wiring, elements))
    wiring.between[pair] = origin if origin is not None else into  # type: ignore[assignment]


def _own_place(
    index: ElementId, wiring: Wiring, elements: tuple[Element, ...], indices: dict[str, ElementId]
) -> PlaceRow:
    element = elements[index]
    stand = element.kind.stand()
    assert stand is not None
    sent = _unique(g for g in wiring.givers(index) if (g, index) not in wiring.taken)
    givers = (index,) if element.kind.BEGINS else sent
    takers = wiring.takers(index) if element.kind.OFFERS else (index,)
    taking = sum(_takers_of(t, elements) for t in takers)
    giving = sum(elements[g].kind.machine_count() if not elements[g].kind.OFFERS else 1 for g in givers)
    ends = (*wiring.into.get(index, ()), *wiring.out.get(index, ()))
    alone = all(_only_way(e, wiring, elements) for e in ends)
    moved_on = any(t != index and (index, t) not in wiring.taken for t in takers)
    drawn = all(e.drawn and e[:2] not in wiring.trips for e in wiring.into.get(index, ()))
    simple = stand.rule == "fifo" and drawn and not (stand.prefer or stand.watched or moved_on)
    private = simple and taking <= 1 and giving <= 1 and alone
    prefer = tuple(indices[name] for name in stand.prefer if name in indices)
    return PlaceRow(element.name, index, stand.capacity, stand.rule, private, element.kind.ENDS, givers, takers, prefer)


def _takers_of(taker: ElementId, elements: tuple[Element, ...]) -> int:
    """How many take for ``taker``: its machines, or the one mover into its own place."""
    return 1 if elements[taker].kind.OFFERS or elements[taker].kind.ENDS else elements[taker].kind.machine_count()


def _only_way(edge: Edge, wiring: Wiring, elements: tuple[Element, ...]) -> bool:
    """Whether neither end of the edge has to choose among several parts or places."""
    if elements[edge.giver].kind.spreads() or elements[edge.taker].kind.looks() or edge[:2] in wiring.gated:
        return False
    taken = sum((giver, edge.taker) in wiring.taken for giver in wiring.givers(edge.taker))
    own = elements[edge.taker].kind.stand() is not None
    many_in = taken + own > 1
    many_out = elements[edge.giver].kind.sends() in CHOOSING and len(wiring.followers(edge.giver)) > 1
    return not many_in and not many_out


def _branch_place(edge: Edge, elements: tuple[Element, ...]) -> PlaceRow:
    name = f"{elements[edge.giver].name} -> {elements[edge.taker].name}"
    return PlaceRow(name, edge.giver, float("inf"), "fifo", False, False, (edge.giver,), (edge.taker,), ())


def _door(edge: Edge, wiring: Wiring, elements: tuple[Element, ...]) -> PlaceRow:
    giver, taker = elements[edge.giver], elements[edge.taker]
    alone = giver.kind.machine_count() == taker.kind.machine_count() == 1 and _only_way(edge, wiring, elements)
    name = f"{giver.name} -> {taker.name}"
    return PlaceRow(name, edge.taker, 0.0, "fifo", alone, False, (edge.giver,), (edge.taker,), ())
