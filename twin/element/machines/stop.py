"""What all stops of a machine share: a clock that makes them due, people who are asked for, time that is booked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from twin.core.instant import ENDS, STOPS
from twin.core.ledger import SETUP, WORKING, StopRow
from twin.core.plan import NEVER, Draw, Micro, Needs
from twin.core.run import Steps

POLICIES = ("resume", "restart", "scrap")
RESUME, RESTART, SCRAP = range(len(POLICIES))
"""What becomes of the part in work, mildest first."""


class Stop:
    """One way one machine stands, in a run. ``due`` is on its own clock, ``at`` the time it is due (or inf).

    ``row`` has ``name``, ``clock`` and ``needs``.
    """

    INTERRUPTS: ClassVar[bool] = True
    """Whether it breaks into work; if not, it waits until no part is in work."""
    state: int
    """The state of the machine while it lasts."""
    waiting: int
    """The state of the machine while it waits for people."""
    part = RESUME
    micro = False
    renews: tuple[int, ...] = ()
    """Positions of other modes of the machine whose clocks start again afterwards."""

    def __init__(self, machine: Any, row: Any, lasts: Draw) -> None:
        self.machine, self.run, self.row = machine, machine.run, row
        self.lasts: Callable[[], Micro] = self.run.draw(lasts, machine.number)
        self.clock: str = row.clock
        needs: Needs = row.needs
        self.task = machine.task(needs) if needs else None
        self.due = self.at = self.seen = NEVER
        """``seen``: when a clock of work or cycles was first found to have run out."""
        self._booking, self._since = "", 0.0
        """What is booked at the moment ('waited', 'down' or nothing), and since when."""
        self.clear(0.0)

    # -- the ledger

    def clear(self, now: Micro) -> None:
        """Forget the statistics so far."""
        self.count, self.waited, self.down = 0, 0.0, 0.0

    def close(self, now: Micro) -> None:
        """Add the open interval."""
        self._book(self._booking)

    def _book(self, following: str) -> None:
        """Book the time since the last change; what ``following`` names is booked from now on."""
        now, passed = self.run.env.now, self.run.env.now - self._since
        if self._booking == "waited":
            self.waited += passed
        elif self._booking == "down":
            self.down += passed
        self._booking, self._since = following, now

    def row_of_ledger(self) -> StopRow:
        """What the mode has cost this machine."""
        up = self.machine.time[WORKING] + self.machine.time[SETUP]
        return StopRow(self.row.name, self.count, up, self.waited, self.down, self.state)

    # -- the clock

    def begin(self) -> None:
        """Start the clock for the first time."""
        raise NotImplementedError

    def renew(self) -> None:
        """Start the clock again, as after a stop."""
        raise NotImplementedError

    def opened(self, was: int) -> None:
        """The machine's hours begin again after the state ``was``."""

    def wait(self, up: Micro) -> None:
        """Fall due once the clock has run for ``up``."""
        machine, now = self.machine, self.run.env.now
        if self.clock == "working":
            self.due = machine.worked + up
        elif self.clock == "cycles":
            self.due = machine.cycles + max(1.0, up)
        else:
            self.wait_until(now + up if self.clock == "calendar" else machine.hours.due(now, up))
        machine.refresh()

    def wait_until(self, at: Micro) -> None:
        """Fall due at a time."""
        self.at = at
        if at != NEVER:
            self.run.later(at - self.run.env.now, STOPS, lambda: self._fall_due(at))

    def _fall_due(self, at: Micro) -> None:
        if self.at == at:  # else the clock was started again meanwhile
            self.machine.attend(self.INTERRUPTS)

    def due_at(self) -> Micro:
        """When it fell due (for the order of several), or inf while it is not due."""
        now = self.run.env.now
        if self.clock in ("working", "cycles"):
            run_so_far = self.machine.worked if self.clock == "working" else self.machine.cycles
            if self.seen == NEVER and self.due <= run_so_far:
                self.seen = now  # these clocks stand during a stop, so it fell due when that was first asked
            return self.seen
        return self.at if self.at <= now else NEVER

    def forget(self) -> None:
        """It is not due any more."""
        self.due = self.at = self.seen = NEVER

    # -- the stop

    def stop(self) -> Steps:
        """Wait for people, take its time, start the clock again, and those of what it renews."""
        self.count += 1
        self.forget()
        machine, left = self.machine, self.lasts()
        if self.task is None:
            yield from self._go_on(left)
        while self.task is not None and left > 0:
            self._book("waited")
            machine.enter(self.waiting)
            present = yield from machine.fetch(self.task, stops=False)
            self._book("")
            if present:
                left -= yield from self._go_on(left)
        if self.task is not None:
            self.task.done()
        self.renew()
        for other in self.renews:
            machine.modes[other].forget()
            machine.modes[other].renew()
        machine.refresh()

    def _go_on(self, left: Micro) -> Steps:
        machine, start = self.machine, self.run.env.now
        self._book("down")
        machine.enter(self.state)
        if self.task is not None and self.task.revocable:
            yield machine.pause(left, ENDS, self.task, stops=False)
        else:
            machine.me.sleep(left)
            yield
        machine.flush()
        self._book("")
        return float(self.run.env.now - start)
