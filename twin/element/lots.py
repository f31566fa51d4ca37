"""Lots: sources that bring them, and stations that work on them piece by piece.

Set-up, load, unload, way and place are those of one part; cycle and quality are those of each piece. Only plants
in which something moves in lots have these sources and stations.
"""

from __future__ import annotations

from typing import Any, cast

from twin.core.ledger import WORKING
from twin.core.plan import NEVER, Micro, ProductId
from twin.core.run import Run, Steps
from twin.core.running.lots import LotAccount
from twin.core.running.part import Lot, Part
from twin.core.running.shared import SharedPlace
from twin.element.machines.cell import Cell
from twin.element.machines.machine import Machine
from twin.element.machines.standby import StandbyMachine
from twin.element.market.arrivals import Arrivals
from twin.element.market.supply import Delivered, Deliveries


class LotArrivals(Arrivals):
    """A source whose orders, or what arrives at once, come as one part each."""

    def __init__(self, run: Run, index: int, row: Any, ways: list[SharedPlace]) -> None:
        super().__init__(run, index, row, ways)
        self.at_once = 1
        self._lots = 0

    def parts_of(self, order: Any) -> int:
        """One part, of as many pieces as are ordered."""
        return 1

    def _lot(self, product: ProductId, pieces: int) -> Part:
        """A new lot; it enters the plant."""
        self.made += pieces
        self._lots += 1
        lot = Lot(product, self.env.now, self.index, self._lots, pieces)
        cast("LotAccount", self.account).enter(pieces)
        if self.special:
            self.account.describe(lot)
        return lot

    def _part(self, product: ProductId) -> Part:
        """A lot of the rhythm; where the number of pieces is limited the last one may be smaller."""
        return self._lot(product, int(min(self.row.lot, self.row.limit - self.made)))

    def _ordered(self, order: Any, line: int) -> Part:
        """The lot of an order."""
        return self._mark(self._lot(order.product, order.quantity), order, line)


class LotDeliveries(Deliveries, LotArrivals):
    """The same, where deliveries may come later than planned."""

    def _of_mix(self) -> Delivered:
        product, pieces = self.next_product(), int(min(self.row.lot, self.row.limit - self.planned))
        self.planned += pieces
        return self._numbered(lambda: self._lot(product, pieces))


class LotCell(Cell):
    """A station that lots come to."""

    def __init__(self, run: Run, index: int, row: Any) -> None:
        super().__init__(run, index, row)
        self.plain = False

    def _kind(self) -> type[Machine]:
        if self.row.batch is not None:
            return super()._kind()
        return LotMachine if self.row.switch_off == NEVER else StandbyLotMachine

    def _verdict(self, machine: Any, part: Part) -> Any:
        """What becomes of a piece, then, with the last one, of the lot: where it goes, or None."""
        if not isinstance(part, Lot):
            return super()._verdict(machine, part)
        if machine.made and self._draw_quality is not None and self._draw_quality() < self.quality.scrap[part.product]:
            machine.spoil(part)
        if machine.left > 1:
            return self.out
        return self._where(part) if part.pieces else None


class LotMachine(Machine):
    """A machine that works on the pieces of a lot one by one; on other parts as any machine does."""

    __slots__ = ("left",)

    def __init__(self, run: Run, station: Any, number: int) -> None:
        super().__init__(run, station, number)
        self.left = 0
        """Pieces of the lot that it has not worked on, that in work included."""

    def job(self, part: Part, work: Micro, handling: Micro | None) -> Steps:
        """A part step by step; gives where it goes, None when it is scrapped."""
        return self._lot_job(part, work) if isinstance(part, Lot) else super().job(part, work, handling)

    def _lot_job(self, lot: Lot, work: Micro) -> Steps:
        """Set-up, load, pieces, unload; a stop that scraps costs one piece, and what it broke off is begun again."""
        self.left, self.made = lot.pieces, False
        tooling, task = self.tooling, None
        while tooling is not None and not tooling.is_set(lot) and not (yield from self._change_over(lot)):
            if self.part is None:
                return None
        if self.load:
            task = self.load_task
            if not (yield from self._handle(self.load, task)):
                return None
        task = _hand_people_on(task, self.cycle_task)
        target = yield from self._pieces(lot, work, task)
        if target is not None and self.unload:
            task = _hand_people_on(task, self.unload_task)
            if not (yield from self._handle(self.unload, task)):
                return None
        if task is not None and target is not None:
            task.done()
        self._look_at_clocks()
        return target

    def _handle(self, draws: Any, task: Any) -> Steps:
        """Load or unload the lot; False when a stop has destroyed its last piece."""
        while (lot := self.part) is not None:
            if (yield from self.step(WORKING, draws[lot.product](), task)):
                return True
        return False

    def _pieces(self, lot: Lot, work: Micro, task: Any) -> Steps:
        """Work on each piece; gives where the lot goes, None when no piece is left."""
        self.left = lot.pieces
        target = self.station.out
        while self.left:
            self.made = False
            if (yield from self.step(WORKING, work, task)):
                self._cycle_done(lot)
            if self.part is None:
                return None
            if self.station.judged and (self.made or self.left == 1):
                target = self.station.judge(self, lot)
                if target is self.station.later:
                    target = yield self.station.verdict(self, lot)
            self.left -= 1
            if self.left:
                self._look_at_clocks()
                work = self.work_of(lot)
        if not lot.pieces:
            self.scrap(lot)
            if task is not None:
                task.done()
            return None
        return target

    def spoil(self, lot: Lot) -> None:
        """A piece is thrown away."""
        self.scrapped[lot.product] += 1
        cast("LotAccount", self.run.account).spoil(lot)

    def scrap(self, part: Part) -> None:
        """Throw the part away with the pieces that are left; its place is free at once."""
        self.part = None
        self.scrapped[part.product] += part.pieces
        self.run.account.scrap(part)

    def _destroy(self) -> None:
        """A stop destroys the piece in work; while the lot is set up for, loaded or unloaded, one of its pieces."""
        lot = self.part
        if not isinstance(lot, Lot):
            super()._destroy()
            return
        self.destroyed[lot.product] += not self.made
        self.spoil(lot)
        if not lot.pieces:
            self.scrap(lot)


def _hand_people_on(task: Any, other: Any) -> Any:
    """Go over to the people of the next step; those who are not needed go."""
    if task is not None and task is not other:
        task.done()
    return other


class StandbyLotMachine(LotMachine, StandbyMachine):
    """The same, where the machine switches off after a time."""
