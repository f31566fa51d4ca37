"""The one hand-off between kinds: places where parts stand, and who moves them on.

All places have one face: ``put(part, giver) -> bool`` and ``leave(giver)`` for those who give. A *private*
place (one giving machine, one taking machine, first in first out) hands over synchronously. A shared one
keeps those who wait in order, and the instant makes one hand-off at a time. A direct arrow is a place of
capacity 0. A giver has ``part``, ``ready`` (since when it wants to give), ``rank``, ``number``, ``outlet``
(what chooses for it, or None) and ``sent(place)``, which the place calls when it has taken the part.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from twin.core.ledger import PlaceLedger
from twin.core.plan import Micro, PlaceRow
from twin.core.run import Run
from twin.core.running.part import Part


class Counted:
    """Contents and waiting times of a place.

    Parts keep the time they came. The integral of the content over a window is the sum of the waits of the parts
    taken in it and of those that stand here at its end, less what the parts here at its begin had waited before.
    """

    def __init__(self, run: Run, row: PlaceRow) -> None:
        self.run, self.env, self.row = run, run.env, row
        self.capacity, self.owner = row.capacity, row.owner
        self.listed = True
        """Whether the ledger lists it."""
        run.lived.append(self)
        run.holders.append(self)
        self.clear(0.0)

    @property
    def n(self) -> int:
        """Parts that stand here."""
        return len(self.content)

    content: Any = ()
    endless = False
    """Whether it is a supply of which only so much is looked at as is needed."""
    spoils = False
    """Whether parts that stand here are scrapped after a time."""
    in_line = False
    """Whether nobody can take a part from behind another one."""

    def opens(self) -> bool:
        """Whether there is room, or comes with time alone."""
        return self.n < self.capacity

    @property
    def places(self) -> tuple[Any, ...]:
        """The places a part may go to that is sent here: this one."""
        return (self,)

    def missing(self, hope: Any, place: Any) -> list[Any]:
        """What a machine that takes from here alone lacks beside its parts: nothing."""
        return []

    def cures(self) -> bool:
        """Whether parts stand here that nobody may take yet."""
        return False

    def load(self) -> int:
        """Parts that stand here, for those who look for the shortest line."""
        return self.n

    def rests(self) -> bool:
        """Whether what stands here stays as it is until somebody takes it or comes."""
        return True

    def clear(self, now: Micro) -> None:
        """Forget the statistics so far."""
        self.wait, self.taken = 0.0, 0
        self._before = self._open_wait = self._waited(now)

    def close(self, now: Micro) -> None:
        """Add what the parts that stand here have waited so far."""
        self._open_wait = self._waited(now)

    def _waited(self, now: Micro) -> Micro:
        return sum((now - since for since in self._since()), 0.0)

    def _since(self) -> list[Micro]:
        """Since when each part stands here."""
        return []

    def ledger(self) -> PlaceLedger:
        """The row of the ledger."""
        return PlaceLedger(self.wait + self._open_wait - self._before, self.wait, self.taken, self.n)

    def trace(self, word: str, part: Part) -> None:
        """Note a part that goes in or out."""
        self.run.note(self.env.now, self.owner, 0, word, part)


class PrivatePlace(Counted):
    """One giver, one taker, first in first out: handed over on the spot, and no choice to make."""

    private = direct = True

    def __init__(self, run: Run, row: PlaceRow) -> None:
        super().__init__(run, row)
        self.content: deque[Part] = deque()
        self.inlets: list[Any] = []
        self.giver: Any = None
        self.taker: Any = None
        self.traced = run.trace is not None

    def _since(self) -> list[Micro]:
        return [part.since for part in self.content]

    def standing(self) -> list[Part]:
        """The parts that stand here."""
        return list(self.content)

    def put(self, part: Part, giver: Any) -> bool:
        """Give a part; False when there is no room yet (then ``giver.sent`` follows)."""
        taker = self.taker
        if taker is not None:
            self.taker = None
            self.taken += 1
            if self.traced:
                self._trace_through(part)
            taker.got(part)
            return True
        content = self.content
        if len(content) < self.capacity:
            part.since = self.env.now
            content.append(part)
            if self.traced:
                self.trace("in", part)
            return True
        self.giver = giver
        return False

    def has_room(self) -> bool:
        """Whether a part that is put here now is taken at once."""
        return self.taker is not None or len(self.content) < self.capacity

    def take(self, taker: Any) -> Part | None:
        """Take the first part; None when there is none yet (then ``taker.got`` follows)."""
        content = self.content
        if content:
            part = content.popleft()
            now = self.env.now
            self.wait += now - part.since
            self.taken += 1
            if self.traced:
                self.trace("out", part)
            if self.giver is not None:
                self._let_in(self.giver, now)
            return part
        giver = self.giver
        if giver is not None:
            self.giver = None
            handed: Part = giver.part
            self.taken += 1
            giver.sent(self)
            return handed
        self.taker = taker
        return None

    def add(self, part: Part) -> None:
        """Put a part here that has no other place: it arrives, or stands here at time 0."""
        self.put(part, None)

    def _let_in(self, giver: Any, now: Micro) -> None:
        self.giver = None
        part = giver.part
        part.since = now
        self.content.append(part)
        if self.traced:
            self.trace("in", part)
        giver.sent(self)

    def _trace_through(self, part: Part) -> None:
        if self.capacity:
            self.trace("in", part)
            self.trace("out", part)

    def leave(self, who: Any) -> None:
        """Stop waiting to give or to take."""
        if self.giver is who:
            self.giver = None
        if self.taker is who:
            self.taker = None


class NoPlace:
    """Where a station without a way out would put its parts: there is never room."""

    direct = True
    n, capacity, owner = 0, 1, -1
    spoils = False

    @property
    def places(self) -> tuple[Any, ...]:
        """The places a part may go to that is sent here."""
        return (self,)

    def opens(self) -> bool:
        """No ring of parts makes anybody wait here, so this is no deadlock."""
        return True

    def put(self, part: Part, giver: Any) -> bool:
        """Never."""
        return False

    def leave(self, giver: Any) -> None:
        """Nobody is remembered here."""


class FinalPlace(Counted):
    """A sink: always room, and parts leave the plant."""

    private = direct = True

    def __init__(self, run: Run, row: PlaceRow, good: bool) -> None:
        self.good = good
        self.parts = [0] * len(run.plan.products)
        self._account, self._traced = run.account, run.trace is not None
        super().__init__(run, row)

    def clear(self, now: Micro) -> None:
        """Forget the parts counted so far."""
        super().clear(now)
        self.parts = [0] * len(self.run.plan.products)

    def standing(self) -> list[Part]:
        """Nothing stays here."""
        return []

    def put(self, part: Part, giver: Any) -> bool:
        """Every part is accepted and leaves."""
        self.parts[part.product] += part.pieces
        self._account.leave(part, self.good)
        if self._traced:
            self.trace("in", part)
        return True

    def add(self, part: Part) -> None:
        """A part that has no other place comes here."""
        self.put(part, None)

    def open_to(self, giver: Any, parts: int = 1) -> bool:
        """Always."""
        return True

    def has_room(self) -> bool:
        """Always."""
        return True

    def queue_up(self, giver: Any) -> None:
        """There is room: whoever chooses among several places calls ``admit``."""

    def keep(self) -> None:
        """A part is on its way here; there is room for all."""

    def let_go(self, parts: int = 1) -> None:
        """It comes, or not; there is room for all."""

    def admit(self, giver: Any) -> None:
        """Take the part of a giver that has chosen this place."""
        self.put(giver.part, giver)
        giver.sent(self)

    def leave(self, giver: Any) -> None:
        """Nobody waits here."""
