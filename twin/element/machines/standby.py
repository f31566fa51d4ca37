"""Switch-off: a machine that counts how long it waited beyond the time after which it draws less.

Only stations that ask for it have such machines; the count costs the others nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from twin.core.ledger import BLOCKED, STARVED
from twin.core.plan import Micro
from twin.core.run import Run
from twin.element.machines.booked import Booked
from twin.element.machines.machine import Machine


class Standby(Booked):
    """What switches off after a time without a part or without room.

    One stretch is all the time starved or blocked that nothing interrupts: no work, no stop, no closed hours.
    How often it is booked in between (a trace, the end of the warm-up) makes no difference.
    """

    after: Micro
    """After how long."""
    rest_from = rest_until = -1.0

    def clear(self, now: Micro) -> None:
        """Forget the statistics so far; a stretch that has begun goes on."""
        super().clear(now)
        self.switched_off = [0.0, 0.0]
        """Time blocked and time starved after it had switched off."""

    def waited(self, state: int) -> None:
        """Book a wait."""
        self._rest(self.env.now, state)
        super().waited(state)

    def _book(self, now: Micro, state: int) -> None:
        self._rest(now, state)
        super()._book(now, state)

    def _rest(self, now: Micro, state: int) -> None:
        since = self.since
        if now <= since or state not in (BLOCKED, STARVED):
            return
        if self.rest_until != since:
            self.rest_from = since
        self.rest_until = now
        asleep = max(since, self.rest_from + self.after)
        if now > asleep:
            self.switched_off[state == STARVED] += now - asleep


class StandbyMachine(Standby, Machine):
    """A machine that switches off."""

    def __init__(self, run: Run, station: Any, number: int) -> None:
        self.after = station.row.switch_off
        super().__init__(run, station, number)


def switched_off(machines: Sequence[Any]) -> tuple[Micro, Micro]:
    """Time blocked and time starved of these machines, added, after they had switched off."""
    found = [machine.switched_off for machine in machines if isinstance(machine, Standby)]
    return sum((one[0] for one in found), 0.0), sum((one[1] for one in found), 0.0)
