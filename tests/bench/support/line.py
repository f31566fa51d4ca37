"""The lines W1 and W2: ten stations in series, exponential cycles of 1 min, buffers of 5, endless parts.

W2 adds to each station exponential breakdowns: 50 min of working time between them, 5 min of repair.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from . import timing
from .registry import Row, Wanted

if TYPE_CHECKING:
    from twin.core.plan import Plan

STATIONS, CAPACITY = 10, 5
MTBF, MTTR = 50.0, 5.0
"""Minutes of working time between breakdowns; minutes of repair."""
FASTER = Wanted("ratio", "≥", 2.5, 3.0)


class Plant(NamedTuple):
    """A reference line and its known answer."""

    name: str
    breaks: bool
    throughput: float
    """Parts a minute in the long run."""
    sd: float
    """Standard deviation of the throughput of one run of 10,000 parts."""

    def minutes(self, parts: int) -> float:
        """A time in which about so many parts are made."""
        return parts / self.throughput

    def spread(self, parts: int) -> float:
        """Standard deviation of the throughput of a run of so many parts (it falls with their root)."""
        return self.sd * math.sqrt(10_000 / parts)


W1 = Plant("W1", False, 0.7619, 0.0038)
W2 = Plant("W2", True, 0.5992, 0.0064)


def text(plant: Plant, count: int = STATIONS) -> str:
    """The line in the plant language, with so many stations."""
    steps = " -> ".join(f"s{i} -> b{i}" for i in range(1, count))
    stops = f", breakdowns: {{stop: {{mtbf: {MTBF:g} min, mttr: {MTTR:g} min}}}}" if plant.breaks else ""
    stations = [f"  s{i}: {{cycle: {{exponential: 1 min}}{stops}}}" for i in range(1, count + 1)]
    buffers = [f"  b{i}: {{capacity: {CAPACITY}}}" for i in range(1, count)]
    lines = [
        "twin: 1",
        f"plant: {plant.name}",
        "flow:",
        f"  - parts -> {steps} -> s{count} -> out",
        "sources: {parts: {arrivals: saturated}}",
        "stations:",
        *stations,
        "buffers:",
        *buffers,
        "sinks: {out: {}}",
        "run: {horizon: 1 h, replications: 1}",
    ]
    return "\n".join(lines) + "\n"


def compiled(layout: str, name: str) -> Plan:
    """The plan of a layout given as text; raises PlantError."""
    import twin.element  # noqa: F401  # registers the kinds
    from twin.core.compile import compile_plan
    from twin.core.layout import from_document
    from twin.core.text import parse

    return compile_plan(from_document(parse(layout.encode(), f"{name}.yaml")))


def plan(plant: Plant, minutes: float, seed: int = 1, warm_up: float = 0.0) -> Plan:
    """The line over a window of ``minutes`` after ``warm_up`` minutes."""
    from twin.core.plan import micro

    whole = compiled(text(plant), plant.name)
    return whole.with_run(horizon=micro(minutes * 60), warm_up=micro(warm_up * 60), seed=seed)


def run(plant: Plant, minutes: float, seed: int = 1, warm_up: float = 0.0) -> int:
    """Our engine on the line, KPI recording on: good parts made in the window."""
    from twin.engine import simulate

    return simulate(plan(plant, minutes, seed, warm_up)).flow.good


def against_plain(plant: Plant, quick: bool) -> Iterable[Row]:
    """Our engine beside plain SimPy: µs of a marginal part."""
    from .. import plain

    short, long = (plant.minutes(n) for n in ((500, 2_500) if quick else (2_000, 10_000)))
    rounds = 3 if quick else 7
    found = timing.race(partial(run, plant), partial(plain.run, plant), short, long, rounds)
    yield Row(f"{plant.name}: a part, beside plain SimPy", "µs CPU", found.ours, found.plain, found.ratio, FASTER)
