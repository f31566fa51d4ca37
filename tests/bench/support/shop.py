"""The plant W3: ten stages of three machines, four loaders for all, three products with set-ups, breakdowns."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from . import timing
from .line import MTBF, MTTR, compiled
from .registry import Row, Wanted

if TYPE_CHECKING:
    from twin.core.plan import Plan

STAGES, MACHINES, CAPACITY, LOADERS = 10, 3, 5, 4
LOAD, SETUP = 0.1, 0.5
"""Minutes to load a part, with a loader; minutes to set up for another product."""
PRODUCTS = ("A", "B", "C")
THROUGHPUT = 1.45
"""About what it makes, parts a minute; only to choose the length of a run."""
FASTER = Wanted("ratio", "≥", 1.8, 2.3)


def text() -> str:
    """The plant in the plant language."""
    steps = " -> ".join(f"s{i} -> b{i}" for i in range(1, STAGES))
    station = (
        f"machines: {MACHINES}, load: {{time: {LOAD:g} min, by: loader}}, cycle: {{exponential: 1 min}}, "
        f"setup: {SETUP:g} min, breakdowns: {{stop: {{mtbf: {MTBF:g} min, mttr: {MTTR:g} min}}}}"
    )
    lines = [
        "twin: 1",
        "plant: W3",
        "flow:",
        f"  - parts -> {steps} -> s{STAGES} -> out",
        "products: {A: {}, B: {}, C: {}}",
        "sources: {parts: {arrivals: saturated, products: {A: 34 %, B: 33 %, C: 33 %}}}",
        "stations:",
        *[f"  s{i}: {{{station}}}" for i in range(1, STAGES + 1)],
        "buffers:",
        *[f"  b{i}: {{capacity: {CAPACITY}}}" for i in range(1, STAGES)],
        f"operators: {{loader: {{count: {LOADERS}}}}}",
        "sinks: {out: {}}",
        "run: {horizon: 1 h, replications: 1}",
    ]
    return "\n".join(lines) + "\n"


def plan(minutes: float, seed: int = 1) -> Plan:
    """The plant over a window of ``minutes``."""
    from twin.core.plan import micro

    return compiled(text(), "W3").with_run(horizon=micro(minutes * 60), seed=seed)


def run(minutes: float, seed: int = 1) -> int:
    """Our engine, KPI recording on: good parts made."""
    from twin.engine import simulate

    return simulate(plan(minutes, seed)).flow.good


def against_plain(quick: bool) -> Iterable[Row]:
    """Our engine beside plain SimPy: µs of a marginal part."""
    from . import plain_shop

    short, long = (parts / THROUGHPUT for parts in ((300, 1_500) if quick else (1_000, 6_000)))
    found = timing.race(run, partial(plain_shop.run), short, long, 3 if quick else 7)
    yield Row("W3: a part, beside plain SimPy", "µs CPU", found.ours, found.plain, found.ratio, FASTER)
