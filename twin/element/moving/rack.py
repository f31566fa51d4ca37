"""Racks: buffers in which parts must stand for a time before they go on, and may not stand for too long.

Dwells end before all else that ends at an instant, all of one rack together, so that no part moves on that is
scrapped then, and whoever takes sees all that has cured.
"""

from __future__ import annotations

from itertools import takewhile
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import model_validator

from twin.core.instant import ENDS, FIRST
from twin.core.ledger import PlaceLedger, RackLedger
from twin.core.plan import NEVER, Micro, PlaceRow, micro
from twin.core.problem import Fault, Faults
from twin.core.run import Run
from twin.core.running.held import HeldPlace
from twin.core.running.part import Part
from twin.core.running.rule import Key
from twin.core.spec import Spec
from twin.core.unit import Quantity, show


class DwellRow(NamedTuple):
    """How long parts stand in a buffer, in the plan."""

    least: Micro
    most: Micro
    """Never: as long as nobody takes them."""


class Dwell(Spec):
    """How long parts stand: at least, and at most, or they are scrapped."""

    least: Annotated[float, Quantity("time", positive=True)] | None = None
    """A part may be taken once it has stood so long (curing, cooling)."""
    most: Annotated[float, Quantity("time", positive=True)] | None = None
    """A part that has stood so long and is still here is scrapped."""
    then: Literal["scrap"] = "scrap"
    """What becomes of it after 'most'."""

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.least is None and self.most is None:
            raise Faults(Fault((), "write 'least: 10 min', 'most: 2 h', or both"))
        if self.least is not None and self.most is not None and self.least >= self.most:
            long = show(self.least, "time")
            raise Faults(Fault(("most",), f"a part that cures for {long} needs more than {show(self.most, 'time')}"))
        return self

    def numbers(self) -> DwellRow:
        """The row of the plan."""
        return DwellRow(micro(self.least or 0.0), NEVER if self.most is None else micro(self.most))


class Rack(HeldPlace):
    """A buffer whose parts stand for a time; those that have not stood long enough are not there for takers."""

    def __init__(self, run: Run, row: PlaceRow, key: Key, dwell: DwellRow) -> None:
        self._stands: dict[Part, Micro] = {}
        """Since when each part stands here, the oldest first; only where they may stand for too long."""
        self._dwell, self.spoils = dwell, dwell.most < NEVER
        super().__init__(run, row, key)

    # -- the ledger

    def clear(self, now: Micro) -> None:
        """Forget the statistics so far."""
        super().clear(now)
        self.scrapped = [0] * len(self.run.plan.products)
        self._in_vain = 0.0

    def ledger(self) -> PlaceLedger:
        """The row of the ledger; scrapped parts stood here, but their wait is not that of parts taken."""
        row = super().ledger()
        return row._replace(content=row.content + self._in_vain)

    def row_of_ledger(self) -> RackLedger:
        """Parts that stood here for too long."""
        return RackLedger(tuple(self.scrapped))

    # -- what stands here

    def opens(self) -> bool:
        """Whether there is room, or comes with time alone."""
        return self._dwell.most < NEVER or super().opens()

    def rests(self) -> bool:
        """Whether no part ripens or spoils."""
        return super().rests() and not self._stands

    def _add(self, part: Part) -> None:
        least, most = self._dwell
        if most < NEVER:
            self._stands[part] = self.env.now
            self.run.later(most, FIRST, self._expire)
        super()._add(part)
        if least:
            self.run.later(least, FIRST, self._ripen)
        else:
            self.release()

    def pull(self, chosen: Part | None = None) -> Part:
        """Take the next part, or the one that is chosen; whoever waits for its place comes in."""
        part = super().pull(chosen)
        self._stands.pop(part, None)
        return part

    # -- the ends of dwells

    def _ripen(self) -> None:
        """Offer the parts that have stood long enough."""
        ripe = self.env.now - self._dwell.least
        count = sum(1 for _ in takewhile(lambda part: part.since <= ripe, self.held))
        if count:
            self.release(count)

    def _expire(self) -> None:
        """Scrap the parts that have stood for too long; those who wait for their places come in as the rest ends."""
        over = self.env.now - self._dwell.most
        old = [part for part, since in self._stands.items() if since <= over] if self._oldest() <= over else []
        if not old:
            return
        for part in old:
            self._scrap(part, self._stands.pop(part))
        for inlet in self.inlets:
            inlet.changed()
        self.run.later(0.0, ENDS, self._let_in)

    def _oldest(self) -> Micro:
        return next(iter(self._stands.values()), NEVER)

    def _scrap(self, part: Part, since: Micro) -> None:
        self.content.remove((part, since))
        self._in_vain += self.env.now - since
        self.scrapped[part.product] += part.pieces
        if self.traced:
            self.trace("out", part)
        self.run.account.scrap(part)

    def _let_in(self) -> None:
        if self.waiting and self.room():
            self._room()
