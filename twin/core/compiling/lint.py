"""Checks of the plant as a whole: what is written well and yet cannot work, or not as it was meant.

They run only when nothing else is wrong, since a mistake may hide an arrow, and ask kinds only for what all of
them can tell (``Kind.endless``, ``mean_work``, ``starts_with`` and others).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from twin.core.compiling.flow import Wiring
from twin.core.compiling.names import Names
from twin.core.compiling.overload import overloads, work
from twin.core.compiling.tables import Tables
from twin.core.compiling.unused import unused
from twin.core.plan import ElementId
from twin.core.problem import quoted

FEWEST = 5
"""Replications below which an interval says little."""
Ways = dict[ElementId, tuple[ElementId, ...]]


def lint(tables: Tables, rows: tuple[Any, ...]) -> None:
    """Report errors and warnings of the whole plant to its document; ``rows``: of its elements."""
    for index, element in enumerate(tables.layout.elements):
        element.kind.review(Names(tables, element, index), rows)
    _run(tables)
    for gap in unused(tables.layout, rows):
        tables.layout.document.report(gap.loc, gap.text, warning=True)
    _reach(tables)
    _never_full(tables)
    overloads(tables)


def _report(tables: Tables, index: ElementId, text: str, *, warning: bool = True) -> None:
    tables.layout.document.report(tables.layout.elements[index].loc, text, warning=warning)


# -- how long and how often


def _endless(tables: Tables) -> str:
    """The first element that brings parts for ever to somewhere; empty: none does."""
    found = (e.name for i, e in enumerate(tables.layout.elements) if e.kind.endless() and tables.wiring.takers(i))
    return next(found, "")


def _run(tables: Tables) -> None:
    run, report, name = tables.layout.head.run, tables.layout.document.report, _endless(tables)
    if name and run.horizon is None:
        text = f"{quoted(name)} never runs out of parts, so a run needs an end; write 'run: {{horizon: 20 d}}'"
        report(("run",), text, warning=True)
    elif name and not run.warm_up and not _stock(tables):
        text = f"{quoted(name)} never runs out of parts, but the plant starts empty and that start counts"
        report(("run",), f"{text}; write a 'warm_up', such as 8 h", warning=True)
    if run.replications < FEWEST and tables.streams:
        say = "1 replication says" if run.replications == 1 else f"{run.replications} replications say"
        text = f"{say} little of a plant with chance in it; write {FEWEST} or more"
        report(("run", "replications"), text, warning=True)


def _stock(tables: Tables) -> bool:
    return any(element.kind.starts_with() for element in tables.layout.elements)


# -- what can be reached, and left


def _reach(tables: Tables) -> None:
    elements, wiring = tables.layout.elements, tables.wiring
    inside = [i for i, e in enumerate(elements) if e.kind.FLOWS]
    onward = {i: _onward(wiring, i) for i in inside}
    anyway = {i: wiring.takers(i) for i in inside}
    begins = [i for i in inside if elements[i].kind.BEGINS]
    fed = _closure(begins, anyway)
    _unreached(tables, inside, anyway, fed)
    _dead_ends(tables, inside, onward, fed)
    walked = {i: tuple(t for t in takers if (i, t) not in wiring.trips) for i, takers in onward.items()}
    _timeless(tables, inside, walked)


def _onward(wiring: Wiring, giver: ElementId) -> tuple[ElementId, ...]:
    """Where good parts go from an element: drawn arrows and routes, not the way back."""
    return tuple(dict.fromkeys(e.taker for e in wiring.out.get(giver, ()) if not e.back))


def _closure(starts: Iterable[ElementId], ways: Ways) -> set[ElementId]:
    found, left = set[ElementId](), list(starts)
    while left:
        at = left.pop()
        if at not in found:
            found.add(at)
            left += ways.get(at, ())
    return found


def _backward(ways: Ways) -> Ways:
    found: dict[ElementId, list[ElementId]] = {}
    for giver, takers in ways.items():
        for taker in takers:
            found.setdefault(taker, []).append(giver)
    return {taker: tuple(givers) for taker, givers in found.items()}


def _unreached(tables: Tables, inside: list[ElementId], anyway: Ways, fed: set[ElementId]) -> None:
    """Elements where no part ever comes, by arrow, route or rework; those behind them are not named again."""
    elements = tables.layout.elements
    if inside and not any(elements[i].kind.BEGINS for i in inside) and not _stock(tables):
        tables.layout.document.report((), "nothing enters the plant: the layout has no sources", warning=True)
    if not fed and not _stock(tables):
        return
    reached = fed | _closure([i for i in inside if elements[i].kind.starts_with()], anyway)
    for index in [i for i in inside if not tables.wiring.into.get(i)] + inside:
        if index not in reached:
            alone = not tables.wiring.into.get(index)
            word = elements[index].kind.WORD
            text = f"no arrow leads to this {word}" if alone else f"no part from a source comes to this {word}"
            _report(tables, index, text)
            reached |= _closure([index], anyway)


def _dead_ends(tables: Tables, inside: list[ElementId], onward: Ways, fed: set[ElementId]) -> None:
    """Elements that nothing leaves, and loops that never come to a sink."""
    elements = tables.layout.elements
    ends = [i for i in inside if elements[i].kind.ENDS]
    dead = [i for i in inside if not onward[i] and not elements[i].kind.ENDS]
    for index in dead:
        _report(tables, index, f"nothing leaves this {elements[index].kind.WORD}: no arrow leads on from it")
    backward = _backward(onward)
    leaving = _closure([*ends, *dead], backward)
    while lost := [i for i in inside if i in fed and i not in leaving]:
        ring = _ring(lost[0], onward)
        way = _round(tables, ring)
        _report(tables, min(ring), f"parts that go round {way} never come to a sink", warning=False)
        leaving |= _closure(ring, backward)


def _timeless(tables: Tables, inside: list[ElementId], onward: Ways) -> None:
    """Loops in which no time passes: a run would stand still in them."""
    still = {i for i in inside if not any(work(tables, i, product) for product in tables.products)}
    _endless_instant(tables, still, onward)
    ways = {i: tuple(t for t in onward[i] if t in still) for i in inside if i in still}
    while ways := _pruned(ways):
        ring = _ring(min(ways), ways)
        text = f"no time passes on the way round {_round(tables, ring)}; give a station there a 'cycle'"
        _report(tables, min(ring), text, warning=False)
        ways = {i: takers for i, takers in ways.items() if i not in ring}


def _endless_instant(tables: Tables, still: set[ElementId], onward: Ways) -> None:
    """Sources that are never short and whose parts come to a sink without any work: endless parts at one instant."""
    elements = tables.layout.elements
    ways = {i: tuple(t for t in onward[i] if t in still) for i in still}
    for index in [i for i in sorted(still) if elements[i].kind.never_short()]:
        sinks = [i for i in sorted(_closure([index], ways)) if elements[i].kind.ENDS]
        if sinks:
            name, sink = quoted(elements[index].name), quoted(elements[sinks[0]].name)
            text = f"no time passes between {name}, which is never short, and {sink}; give a station there a 'cycle'"
            _report(tables, index, text, warning=False)


def _pruned(ways: Ways) -> Ways:
    """Only the elements from which one comes to a loop."""
    backward, left = _backward(ways), {i: sum(t in ways for t in takers) for i, takers in ways.items()}
    ready = [i for i, count in left.items() if not count]
    while ready:
        at = ready.pop()
        del left[at]
        for giver in backward.get(at, ()):
            left[giver] -= 1
            if not left[giver]:
                ready.append(giver)
    return {i: tuple(t for t in ways[i] if t in left) for i in left}


def _ring(start: ElementId, ways: Ways) -> list[ElementId]:
    """The loop one comes to by always taking the first way; there must be one everywhere."""
    seen = dict[ElementId, None]()
    while start not in seen:
        seen[start] = None
        start = ways[start][0]
    path = list(seen)
    return path[path.index(start) :]


def _round(tables: Tables, ring: list[ElementId]) -> str:
    first = ring.index(min(ring))
    names = [tables.layout.elements[i].name for i in [*ring[first:], *ring[:first], ring[first]]]
    return " -> ".join(names)


def _never_full(tables: Tables) -> None:
    """Buffers whose parts go on at once to where there is always room."""
    places, elements = tables.wiring.places, tables.layout.elements
    for mover in tables.wiring.movers:
        origin, target = places[mover.origin], places[mover.target]
        kind = elements[origin.owner].kind
        held = (stand := kind.stand()) is not None and stand.watched
        if kind.BEGINS or kind.CARRIES or held or target.capacity != float("inf"):
            continue
        text = f"never fills: what comes goes on at once to {quoted(target.name)}, which always has room"
        _report(tables, origin.owner, text)
