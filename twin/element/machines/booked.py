"""Time in state: a machine is in exactly one state at any time, and every microsecond is booked once.

Work that nothing will stop is booked as it begins; ``since`` then lies ahead of the clock.
"""

from __future__ import annotations

from typing import Any

from twin.core.ledger import ACTIVE, STARVED, STATES
from twin.core.plan import Micro
from twin.core.run import Run
from twin.core.running.part import Part

CHUNK = 512
"""Active periods that are booked together."""


class Booked:
    """Something that is always in one state; ``over`` is the state that closed hours lay over it, or -1."""

    __slots__ = (
        "active",
        "base",
        "done",
        "env",
        "index",
        "modes",
        "number",
        "over",
        "part",
        "periods",
        "rank",
        "repeated",
        "reworked",
        "run",
        "scrapped",
        "since",
        "state",
        "time",
        "traced",
    )

    def __init__(self, run: Run, rank: int, number: int) -> None:
        self.run, self.env, self.rank, self.number = run, run.env, rank, number
        self.index, self.periods = len(run.machines), run.periods
        run.machines.append(self)
        run.holders.append(self)
        self.traced = run.trace is not None
        self.part: Part | None = None
        self.state = self.base = STARVED
        self.over = -1
        self.since = self.active = 0.0
        self.time = [0.0] * len(STATES)
        products = len(run.plan.products)
        self.done, self.scrapped, self.reworked, self.repeated = ([0] * products for _ in range(4))
        self.modes: list[Any] = []
        self.clear(0.0)

    @property
    def owner(self) -> int:
        """The element it belongs to."""
        return self.rank

    def standing(self) -> list[Part]:
        """The part in work."""
        return [] if self.part is None else [self.part]

    def clear(self, now: Micro) -> None:
        """Forget the statistics so far."""
        for counts in (self.time, self.done, self.scrapped, self.reworked, self.repeated):
            counts[:] = [0] * len(counts)
        self.since = max(self.since, now)
        self.time[self.state] += self.since - now
        for mode in self.modes:
            mode.clear(now)

    def close(self, now: Micro) -> None:
        """Add the open interval; take off what was booked ahead."""
        self.flush()
        self.time[self.state] -= self.since - now
        for mode in self.modes:
            mode.close(now)

    def enter(self, state: int) -> None:
        """Go over to a state; a closed calendar hides it."""
        self.flush()
        if self.over >= 0:
            self.base = state
        else:
            self.state = state

    @property
    def doing(self) -> int:
        """The state that a closed calendar hides, or the present one."""
        return self.base if self.over >= 0 else self.state

    def flush(self) -> None:
        """Book the time since the last change on the present state."""
        now = self.env.now
        if now > self.since:
            if not ACTIVE[self.state]:
                self._rested(now)
            self._book(now, self.state)

    def _book(self, now: Micro, state: int) -> None:
        self.time[state] += now - self.since
        if self.traced:
            self.run.note(self.since, self.rank, self.number, STATES[state], self.part)
        self.since = now

    def _rested(self, now: Micro) -> None:
        """An inactive stretch is over: the active period before it is complete."""
        self.report_active()
        self.active = now
        if len(self.periods) > CHUNK:
            self.run.bottleneck()

    def report_active(self) -> None:
        """Note the active period that ended when the present state began."""
        if self.active < self.since:
            self.periods.append((self.index, self.active, self.since))
            self.active = self.since

    def waited(self, state: int) -> None:
        """Book a wait for a part or for room; a wait of no length does not end an active period."""
        now, since = self.env.now, self.since
        if now > since:
            self.time[state] += now - since
            if self.active < since:
                self.periods.append((self.index, self.active, since))
            if self.traced:
                self.run.note(since, self.rank, self.number, STATES[state], self.part)
            self.since = self.active = now
            if len(self.periods) > CHUNK:
                self.run.bottleneck()
