"""People who are lent for a time that is known beforehand: nobody need say then when they are free again.

A loan is booked as it begins and costs no event; only while somebody waits in vain is its end looked out for.
Who asks first at an instant gets somebody on the spot; should others come before him, all of them wait for their turn.
"""

from __future__ import annotations

from bisect import insort
from heapq import heapify, heappop, heappush, heapreplace
from typing import ClassVar, Generic, Protocol, TypeVar

from twin.core.instant import ENDS
from twin.core.plan import Micro
from twin.core.run import Run


class Lent(Protocol):
    """Somebody who can be lent."""

    number: int
    """From 1 in the group."""
    free_since: Micro


One = TypeVar("One", bound=Lent)


def longest_free(person: Lent) -> tuple[Micro, int]:
    """The order of those who are free."""
    return (person.free_since, person.number)


class Lender(Generic[One]):
    """A group as far as it lends."""

    LENDS: ClassVar[bool] = True
    """Whether nobody need know at once when one of them is free again."""
    free: list[One]
    busy: Micro

    def __init__(self, run: Run, calendar: int) -> None:
        self.run, self.env = run, run.env
        self.lends = self.LENDS and calendar < 0 and run.trace is None
        """Whether it lends; a trace tells when each loan ends, so there everybody is let go as it does."""
        self.lent: list[Micro] = []
        """A heap: until when each loan lasts; loans that are over stay here until somebody asks."""
        self.lent_ones: list[One] = []
        """Those who are lent: it never counts which of them has which loan."""
        self._alarm: Micro = -1.0

    def ask(self) -> None:
        """Somebody may be free, or a task may wait."""
        raise NotImplementedError

    def lend(self, span: Micro) -> Micro | None:
        """Lend one who is free for a time, which is booked now; gives its end, None when there is nobody."""
        now, lent = self.env.now, self.lent
        until: Micro = now + span
        if lent and lent[0] <= now:
            heapreplace(lent, until)
        elif self.free:
            self.lent_ones.append(self.free.pop(0))
            heappush(lent, until)
        else:
            return None
        self.busy += span
        return until

    def settle(self) -> None:
        """Those who were lent until now, or before, stand among the others who are free."""
        while self.lent and self.lent[0] <= self.env.now:
            person = self.lent_ones.pop()
            person.free_since = heappop(self.lent)
            insort(self.free, person, key=longest_free)

    def give_back(self, until: Micro) -> None:
        """Who was lent just now is not needed."""
        self.lent_ones.append(self.call_back(until))
        heappush(self.lent, self.env.now)

    def call_back(self, until: Micro) -> One:
        """Who was lent just now stays until he is let go."""
        self.busy -= until - self.env.now
        self.lent.remove(until)
        heapify(self.lent)
        return self.lent_ones.pop()

    def ahead(self, now: Micro) -> Micro:
        """What is booked already of the time after now."""
        return sum((until - now for until in self.lent if until > now), 0.0)

    def foresee(self) -> None:
        """Somebody waits in vain: look again when the next one who is lent is free."""
        now, at = self.env.now, self.lent[0]
        if not now < self._alarm <= at:
            self._alarm = at
            self.run.later(at - now, ENDS, self.ask)
