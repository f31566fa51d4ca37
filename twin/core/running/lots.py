"""Lots: parts that stand for several pieces; the account counts the pieces. Only plants with lots know of this."""

from __future__ import annotations

from twin.core.ledger import FlowRow
from twin.core.plan import NEVER, Micro
from twin.core.running.account import Account
from twin.core.running.part import Lot, Part


class LotAccount(Account):
    """The account of a plant in which some parts are lots; material is that of one piece."""

    _parts = 0
    """Parts inside, a lot as one."""

    def enter(self, pieces: int = 1) -> None:
        """A part of so many pieces has come in."""
        self._parts += 1
        super().enter()
        self.inside += pieces - 1
        self._entered += pieces - 1

    def _crowd(self, parts: int) -> None:
        """It is lots that fill the memory, not their pieces."""
        super()._crowd(self._parts)

    def spoil(self, lot: Lot) -> None:
        """One piece of a lot is thrown away; the lot goes on without it, and ends by ``scrap`` when none is left."""
        now = self._env.now
        self._book(now)
        self.inside -= 1
        self._spent += now - max(lot.entered, self._begin)
        lot.pieces -= 1
        self._material += lot.material
        self._spoiled += lot.material
        self._scrapped += 1

    def lose(self, part: Part) -> None:
        """A part goes away at once: there is no room."""
        self._out(part)
        self._lost += part.pieces

    def leave(self, part: Part, good: bool) -> None:
        """A part has reached a sink."""
        now = self._out(part)
        self._material += part.material * part.pieces
        if not good:
            self._waste += part.pieces
            self._spoiled += part.material * part.pieces
            return
        self._good += part.pieces
        leads = self.leads[part.product]
        for _ in range(part.pieces):
            leads.add(now - part.entered)
            if part.due != NEVER:
                leads.add_due(now - part.due)

    def scrap(self, part: Part) -> None:
        """A part is thrown away with all pieces that are left."""
        self._out(part)
        self._material += part.material * part.pieces
        self._spoiled += part.material * part.pieces
        self._scrapped += part.pieces

    def _out(self, part: Part) -> Micro:
        """The pieces but one are gone before the part itself; of a lot without pieces there was none to count."""
        now = self._env.now
        self._parts -= 1
        self._book(now)
        more = part.pieces - 1
        self.inside -= more
        self._spent += more * (now - max(part.entered, self._begin))
        return super()._out(part)

    def _book(self, now: Micro) -> None:
        self._area += self.inside * (now - self._since)
        self._since = now

    def close(self, now: Micro, inside: list[Part]) -> FlowRow:
        """The account at ``now``; ``inside`` are the parts found standing in the plant."""
        row, more = super().close(now, inside), [(part.pieces - 1, part) for part in inside]
        return row._replace(
            inside_end=row.inside_end + sum(pieces for pieces, _ in more),
            spent=row.spent + sum(pieces * (now - max(part.entered, self._begin)) for pieces, part in more),
        )
