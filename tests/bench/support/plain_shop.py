"""The plant W3 in plain SimPy: a Store a buffer, a Resource of loaders, a process a machine, interrupts."""

from __future__ import annotations

from collections.abc import Generator
from random import Random
from typing import Any

import simpy

from .line import MTBF, MTTR
from .shop import CAPACITY, LOAD, LOADERS, MACHINES, PRODUCTS, SETUP, STAGES

Steps = Generator[simpy.Event, Any, None]


class Shop:
    """Ten stages of three machines; ``made`` counts the parts that left."""

    def __init__(self, seed: int) -> None:
        self.env = simpy.Environment()
        self.made = 0
        self.loaders = simpy.Resource(self.env, LOADERS)
        self.mix = Random(f"{seed}/mix")
        buffers = [simpy.Store(self.env, CAPACITY) for _ in range(STAGES - 1)]
        for number, (inbox, outbox) in enumerate(zip([None, *buffers], [*buffers, None], strict=True)):
            for machine in range(MACHINES):
                Machine(self, inbox, outbox, Random(f"{seed}/{number}/{machine}"))


class Machine:
    """Takes a part, is loaded by somebody, set up where the product changes, works, puts it."""

    def __init__(self, shop: Shop, inbox: simpy.Store | None, outbox: simpy.Store | None, random: Random) -> None:
        self.shop, self.env, self.random = shop, shop.env, random
        self.inbox, self.outbox = inbox, outbox
        self.working, self.product = False, ""
        self.process = self.env.process(self.live())
        self.env.process(self.breaker())

    def live(self) -> Steps:
        """Part after part."""
        while True:
            part = self.shop.mix.choice(PRODUCTS) if self.inbox is None else (yield self.inbox.get())
            if self.product not in ("", part):
                yield from self.work(SETUP)
            self.product = part
            with self.shop.loaders.request() as loader:
                yield loader
                yield from self.work(LOAD)
            yield from self.work(self.random.expovariate(1.0))
            if self.outbox is not None:
                yield self.outbox.put(part)
            else:
                self.shop.made += 1

    def work(self, left: float) -> Steps:
        """Work of any kind (its time counts for the breakdowns), interrupted, repaired and resumed."""
        while left:
            start, self.working = self.env.now, True
            try:
                yield self.env.timeout(left)
                left, self.working = 0.0, False
            except simpy.Interrupt:
                left, self.working = left - (self.env.now - start), False
                yield self.env.timeout(self.random.expovariate(1 / MTTR))

    def breaker(self) -> Steps:
        """Breaks the machine now and then, if it works at that moment."""
        while True:
            yield self.env.timeout(self.random.expovariate(1 / MTBF))
            if self.working:
                self.process.interrupt()


def run(minutes: float, seed: int = 1) -> int:
    """Plain SimPy: parts made in the window."""
    shop = Shop(seed)
    shop.env.run(until=minutes)
    return shop.made
