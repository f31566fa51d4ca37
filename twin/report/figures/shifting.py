"""When each station is the bottleneck, read from a trace: the active periods of ``twin.core.running.active``.

Source: C. Roser, M. Nakano, M. Tanaka, "Shifting bottleneck detection", Winter Simulation Conference 2002.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from twin.core.ledger import ACTIVE, STATES
from twin.core.plan import Micro, Plan
from twin.report.ways.trace import Row, spans


class Period(NamedTuple):
    """A machine active without a break, µs."""

    begin: Micro
    end: Micro
    machine: int
    """Its number in the plant, from 0; ties go to the lowest."""
    station: str


class Reign(NamedTuple):
    """A station as the bottleneck, alone or while it shifts, µs."""

    station: str
    begin: Micro
    end: Micro
    sole: bool


_BUSY = {state for state, active in zip(STATES, ACTIVE, strict=True) if active}


def reigns(plan: Plan, trace: Sequence[Row], end: Micro) -> list[Reign]:
    """Who is the bottleneck when, until ``end``; stretches of one station while it shifts may overlap another's."""
    found: list[Reign] = []
    before: Period | None = None
    chain = _chain(_outermost(_periods(plan, trace, end)))
    for now, after in zip(chain, [*chain[1:], None], strict=False):
        since = max(now.begin, before.end) if before else now.begin
        until = max(since, min(now.end, after.begin) if after and after.station != now.station else now.end)
        begin = since if before and before.station == now.station else now.begin
        pieces = ((begin, since, False), (since, until, True), (until, now.end, False))
        found += [Reign(now.station, low, high, sole) for low, high, sole in pieces if high > low]
        before = now
    return found


def _periods(plan: Plan, trace: Sequence[Row], end: Micro) -> list[Period]:
    """All active periods; those of a machine that touch are one."""
    order = {name: i for i, name, _ in plan.of("stations")}
    number = {key: i for i, key in enumerate(sorted(_machines(trace, order), key=lambda key: (order[key[0]], key[1])))}
    last: dict[tuple[str, int], Period] = {}
    found: list[Period] = []
    for span in spans((row for row in trace if row[1] in order), end):
        key = (span.element, span.machine)
        if span.state not in _BUSY:
            continue
        if key in last and last[key].end == span.begin:
            last[key] = last[key]._replace(end=span.end)
            continue
        if key in last:
            found.append(last[key])
        last[key] = Period(span.begin, span.end, number[key], span.element)
    return [*found, *last.values()]


def _machines(trace: Iterable[Row], order: dict[str, int]) -> set[tuple[str, int]]:
    return {(row[1], row[2]) for row in trace if row[1] in order and row[2]}


def _outermost(found: Iterable[Period]) -> list[Period]:
    """Those that lie inside no other, by begin."""
    kept: list[Period] = []
    for period in sorted(found, key=lambda one: (one.begin, -one.end, one.machine)):
        if not kept or period.end > kept[-1].end:
            kept.append(period)
    return kept


def _chain(periods: Sequence[Period]) -> list[Period]:
    """Each bottleneck's period, then the longest that goes on as it ends, or the next to begin."""
    chain, at = list(periods[:1]), 1
    while at < len(periods):
        stop = at
        while stop < len(periods) and periods[stop].begin <= chain[-1].end:
            stop += 1
        best = max(range(at, max(stop, at + 1)), key=lambda i: (periods[i].end - periods[i].begin, -periods[i].machine))
        chain.append(periods[best])
        at = best + 1
    return chain
