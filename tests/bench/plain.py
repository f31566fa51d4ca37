"""Plain SimPy, as an ordinary user writes it: a Store a buffer, a process a machine, interrupts for breakdowns.

No KPI is recorded. The breaker is that of SimPy's own machine shop example: it breaks its machine only while
it works. With an exponential law, which has no memory, that is exactly a clock that runs on working time;
and it is the cheapest such clock, so the comparison favours plain SimPy.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from functools import partial
from random import Random
from typing import Any

import simpy

from .support.line import CAPACITY, MTBF, MTTR, STATIONS, W1, W2, Plant
from .support.registry import Row, register
from .support.timing import timed

Steps = Generator[simpy.Event, Any, None]


class Line:
    """Ten machines in series; ``made`` counts the parts that left."""

    def __init__(self, plant: Plant, seed: int) -> None:
        self.env = simpy.Environment()
        self.made = 0
        buffers = [simpy.Store(self.env, CAPACITY) for _ in range(STATIONS - 1)]
        ends = zip([None, *buffers], [*buffers, None], strict=True)
        for number, (inbox, outbox) in enumerate(ends):
            Machine(self, inbox, outbox, Random(f"{seed}/{number}"), plant.breaks)

    def parts(self, warm_up: float, minutes: float) -> int:
        """Parts that leave in the window after the warm-up."""
        if warm_up:
            self.env.run(until=warm_up)
        before = self.made
        self.env.run(until=warm_up + minutes)
        return self.made - before


class Machine:
    """Takes a part, works, puts it; the first never starves, the last is never blocked."""

    def __init__(
        self, line: Line, inbox: simpy.Store | None, outbox: simpy.Store | None, random: Random, breaks: bool
    ) -> None:
        self.line, self.env, self.random = line, line.env, random
        self.inbox, self.outbox = inbox, outbox
        self.working = False
        self.process = self.env.process(self.live_breaking() if breaks else self.live())
        if breaks:
            self.env.process(self.breaker())

    def live(self) -> Steps:
        """A machine that never breaks."""
        part: object = None
        while True:
            if self.inbox is not None:
                part = yield self.inbox.get()
            yield self.env.timeout(self.random.expovariate(1.0))
            if self.outbox is not None:
                yield self.outbox.put(part)
            else:
                self.line.made += 1

    def live_breaking(self) -> Steps:
        """A machine that is interrupted at work, repaired, and resumes its part."""
        part: object = None
        while True:
            if self.inbox is not None:
                part = yield self.inbox.get()
            left = self.random.expovariate(1.0)
            while left:
                start, self.working = self.env.now, True
                try:
                    yield self.env.timeout(left)
                    left, self.working = 0.0, False
                except simpy.Interrupt:
                    left, self.working = left - (self.env.now - start), False
                    yield self.env.timeout(self.random.expovariate(1 / MTTR))
            if self.outbox is not None:
                yield self.outbox.put(part)
            else:
                self.line.made += 1

    def breaker(self) -> Steps:
        """Breaks the machine now and then, if it works at that moment."""
        while True:
            yield self.env.timeout(self.random.expovariate(1 / MTBF))
            if self.working:
                self.process.interrupt()


def run(plant: Plant, minutes: float, seed: int = 1, warm_up: float = 0.0) -> int:
    """Plain SimPy on the line: parts made in the window."""
    return Line(plant, seed).parts(warm_up, minutes)


@register("plain SimPy alone, beside the known throughput")
def measure(quick: bool) -> Iterable[Row]:
    """Throughput beside the reference, and the cost of a part."""
    for plant in (W1, W2):
        minutes = plant.minutes(2_000 if quick else 20_000)
        made, spent = timed(partial(run, plant, minutes))
        found = made / minutes
        yield Row(f"{plant.name}: throughput", "parts/min", found, plant.throughput, found / plant.throughput)
        yield Row(f"{plant.name}: a part", "µs CPU", spent * 1e6 / made)
