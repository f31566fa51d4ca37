"""Sources that are faster than their plant: how fast parts come to each element, at least.

Parts are followed as far as it is known which share of them goes where. A way that hangs on what stands at its end
counts as 0, so what comes to an element is never less than what is found here, and no warning is false.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from twin.core.compiling.tables import Tables
from twin.core.plan import ElementId
from twin.core.problem import quoted

WAVES = 400
"""Steps for which parts are followed; what goes round for longer is left out."""
TRIFLE = 1e-9
"""What is left of a source's parts when they are no longer followed."""
SLACK = 1e-9
MOST = 10
"""Parts that never leave come without end, so larger numbers are not told."""
Door = tuple[ElementId, ElementId]
"""An element, and the side from which parts come to it: of an assembly the giver, else -1."""
Load = dict[Door, float]
"""Machines that are needed for what comes to a door."""


class Coming(NamedTuple):
    """Parts that come to an element, from another."""

    giver: ElementId
    at: ElementId
    product: str
    again: bool
    """Whether they have been sent back."""


def overloads(tables: Tables) -> None:
    """Warn of each source at whose first element too slow for it parts come faster than they can be worked on.

    Sources count in declared order, each with those before it.
    """
    load: Load = defaultdict(float)
    stopped = set[ElementId]()
    for index, element in enumerate(tables.layout.elements):
        rates = element.kind.rates(tables.products)
        routed = _of_routes(tables, rates, load)
        told = _told(tables, index, routed, load)
        _add(load, routed)
        if told is None:
            found = _of_flows(tables, _flows(tables, index, rates, stopped))
            told = _told(tables, index, found, load)
            if told is not None:
                stopped.add(told)
                found = _of_flows(tables, _flows(tables, index, rates, stopped))
            _add(load, found)


def _add(load: Load, found: Load) -> None:
    for door, machines in found.items():
        load[door] += machines


def work(tables: Tables, index: ElementId, product: str) -> float:
    """Mean time, s, that a part of a product is worked on at an element, by its route where it has one."""
    kind = tables.layout.elements[index].kind
    route = tables.routed.get(tables.layout.elements[index].name, {}).get(product)
    return kind.mean_work(product, route)


def _told(tables: Tables, source: ElementId, found: Load, load: Load) -> ElementId | None:
    """The first element that a source brings more to than it can do, which is told; None: there is none."""
    for door, machines in found.items():
        at, times = door[0], _times(tables, door, machines + load[door])
        if times > 1 + SLACK:
            name = quoted(tables.layout.elements[at].name)
            told = f"{times:.3g}" if times <= MOST else f"more than {MOST}"
            text = f"parts come {told} times as fast as {name} can work; the line grows for ever"
            tables.layout.document.report(tables.layout.elements[source].loc, text, warning=True)
            return at
    return None


def _times(tables: Tables, door: Door, machines: float) -> float:
    """How many times as fast as an element can work parts come to it."""
    return machines / tables.layout.elements[door[0]].kind.machine_count()


# -- along the flow


def _flows(
    tables: Tables, source: ElementId, rates: Mapping[str, float], stopped: set[ElementId]
) -> dict[Coming, float]:
    """Parts a second that come to each element at least; nothing comes past those in ``stopped``."""
    found: dict[Coming, float] = defaultdict(float)
    wave = {Coming(source, source, product, False): rate for product, rate in rates.items()}
    least = TRIFLE * sum(rates.values())
    for _ in range(WAVES):
        onward: dict[Coming, float] = defaultdict(float)
        for part, rate in wave.items():
            if part.at not in stopped:
                for coming, share in _onward(tables, part):
                    onward[coming] += rate * share
        for coming, rate in onward.items():
            found[coming] += rate
        wave = {coming: rate for coming, rate in onward.items() if rate > least}
        if not wave:
            break
    return found


def _onward(tables: Tables, part: Coming) -> Iterator[tuple[Coming, float]]:
    """Where parts go from an element, and which share of them."""
    kind = tables.layout.elements[part.at].kind
    if kind.joins():
        return
    ways = list(dict.fromkeys(e.taker for e in tables.wiring.out.get(part.at, ()) if not e.back))
    shares = _shares(tables, part, ways)
    for way, share in zip(ways, shares, strict=True):
        yield Coming(part.at, way, part.product, part.again), share * kind.passed_on(part.product)
    for name, share in kind.sent_back(part.product, again=part.again).items():
        if name in tables.indices:
            yield Coming(part.at, tables.indices[name], part.product, True), share


def _shares(tables: Tables, part: Coming, ways: list[ElementId]) -> tuple[float, ...]:
    """The share of each way; 0 where it hangs on what stands at its end, or parts do not go alone."""
    edges = [e for e in tables.wiring.out.get(part.at, ()) if not e.back]
    if not all(edge.drawn for edge in edges):
        return (0.0,) * len(ways)
    if len(ways) == 1:
        return (1.0,)
    kind = tables.layout.elements[part.at].kind
    return kind.split(part.product, [tables.layout.elements[way].name for way in ways])


def _of_flows(tables: Tables, flows: Mapping[Coming, float]) -> Load:
    found: Load = defaultdict(float)
    for part, rate in flows.items():
        if tables.layout.elements[part.at].kind.joins():
            found[part.at, part.giver] += rate * _work_of_kits(tables, part.at, part.giver)
        else:
            found[part.at, -1] += rate * work(tables, part.at, part.product)
    return found


def _work_of_kits(tables: Tables, at: ElementId, giver: ElementId) -> float:
    """Time, s, that an assembly works at least for a part from one side."""
    kind, name = tables.layout.elements[at].kind, tables.layout.elements[giver].name
    bodies = [p for p in tables.products if p in tables.passing[at]] or tables.products
    return min(work(tables, at, p) / kind.kit(p).get(name, 1) for p in bodies)


# -- along routes


def _of_routes(tables: Tables, rates: Mapping[str, float], load: Load) -> Load:
    """Machines that jobs need at each station of their routes, up to the first that cannot do them."""
    found: Load = defaultdict(float)
    for product, rate in rates.items():
        for at, machines in _jobs(tables, product, rate):
            found[at, -1] += machines
    kept: Load = defaultdict(float)
    for door, machines in found.items():
        kept[door] = machines
        if _times(tables, door, machines + load[door]) > 1 + SLACK:
            break
    return kept


def _jobs(tables: Tables, product: str, rate: float) -> Iterator[tuple[ElementId, float]]:
    """The work that a product brings to each station of its route, in machines; a choice of stations is left out."""
    steps = tables.layout.products[product].route if product in tables.layout.products else ()
    for step in steps:
        kinds_of = {tables.indices[one]: tables.layout.elements[tables.indices[one]].kind for one in step.stations}
        if len(kinds_of) == 1:
            ((at, kind),) = kinds_of.items()
            yield at, rate * kind.mean_work(product, step.time)
        rate *= min(kind.passed_on(product) for kind in kinds_of.values())
