"""Suppliers that fail: deliveries that come late, and disruptions during which none comes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from typing import Annotated, Any, NamedTuple

from twin.core.compiling.names import Names
from twin.core.instant import ENDS, STOPS
from twin.core.ledger import SourceLedger
from twin.core.plan import Draw, Micro, PlaceRow
from twin.core.run import Run, Steps
from twin.core.running.shared import SharedPlace
from twin.core.spec import Spec
from twin.element.machines.failure import check_pace
from twin.element.market.arrivals import Arrivals, EndlessPlace, tell_spent
from twin.law.law import LawOf


class DisruptionRow(NamedTuple):
    """Disruptions of a supplier in the plan."""

    up: Draw
    repair: Draw


class Disruption(Spec):
    """Times in which a supplier does not deliver: {mtbf: 30 d, mttr: 2 d}."""

    mtbf: Annotated[Any, LawOf("time", bare="exponential", positive=True)]
    """Time from the end of a disruption to the next one; a bare mean is exponential. It always runs."""
    mttr: Annotated[Any, LawOf("time", bare="exponential", positive=True)]
    """How long a disruption lasts; a bare mean is exponential."""

    def numbers(self, names: Names) -> DisruptionRow:
        """The row of the plan."""
        check_pace(names, ("disruption",), self.mtbf, self.mttr)
        return DisruptionRow(
            up=names.draw(("disruption", "mtbf"), self.mtbf, "disruption.up"),
            repair=names.draw(("disruption", "mttr"), self.mttr, "disruption.repair"),
        )


class Supplier:
    """Whether a supplier delivers at the moment; ``source`` is told by ``stop()`` and ``resume()``."""

    def __init__(self, run: Run, row: DisruptionRow, source: Any) -> None:
        self._run, self._source = run, source
        self._up, self._repair = run.draw(row.up), run.draw(row.repair)
        self.down = False
        self.up_since: Micro = -1.0
        run.lived.append(self)
        self.clear(0.0)

    def clear(self, now: Micro) -> None:
        """Forget the statistics so far."""
        self.disrupted: Micro = 0.0
        """Time without deliveries in the window."""
        self._since = now

    def close(self, now: Micro) -> None:
        """Add the open interval."""
        if self.down:
            self.disrupted += now - self._since
        self._since = now

    def begin(self) -> None:
        """Deliver until the next disruption."""
        self._run.later(self._up(), STOPS, self._fail)

    def _fail(self) -> None:
        if not self._source.spent():
            self.close(self._run.env.now)
            self.down = True
            self._source.stop()
            self._run.later(self._repair(), ENDS, self._recover)

    def _recover(self) -> None:
        self.close(self._run.env.now)
        self.down, self.up_since = False, self._run.env.now
        self._source.resume()
        self.begin()


class Delivered(NamedTuple):
    """A part that is to come: what makes it once it arrives, and its number."""

    make: Callable[[], Any]
    number: int


class Deliveries(Arrivals):
    """A source whose parts may come later than planned: each delivery by its own delay, and none in a disruption.

    Deliveries are planned in their rhythm. What falls due in a disruption comes at its end, in the order in which it
    fell due; parts are numbered as they are planned. Where the yard is full, they are unloaded as there is room, and
    nothing more is planned until all that has come is unloaded.
    """

    def __init__(self, run: Run, index: int, row: Any, ways: list[SharedPlace]) -> None:
        super().__init__(run, index, row, ways)
        self._delay: Callable[[], Micro] = run.draw(row.delay[0]) if row.delay else float
        self._supplier = Supplier(run, row.disruption, self) if row.disruption else None
        self._on_the_way: list[tuple[Micro, int, list[Delivered]]] = []
        self._dock: deque[Delivered] = deque()
        """Parts that have fallen due and are not unloaded."""
        self._bounded = row.yard != float("inf") and not row.balk
        self.planned = self._numbers = 0
        """``planned``: pieces of a rhythm, for its limit."""

    def begin(self) -> None:
        """Begin to live."""
        super().begin()
        if self._supplier is not None:
            self._supplier.begin()

    def spent(self) -> bool:
        """Whether no part comes any more."""
        return self.over and not self._on_the_way and not self._dock

    def awaited(self) -> bool:
        """Whether more parts come in its own time, and not as soon as there is room."""
        return super().awaited() or bool(self._on_the_way) or self._is_down()

    # -- planning

    def _orders(self) -> Steps:
        for line, order in enumerate(self.row.orders):
            if order.at > self.env.now:
                self.me.sleep(order.at - self.env.now)
                yield
            self._send_off([self._of_order(order, line) for _ in range(self.parts_of(order))])
        self._end()

    def _of_order(self, order: Any, line: int) -> Delivered:
        return self._numbered(lambda: self._ordered(order, line))

    def _rhythm(self) -> Steps:
        every, row = self.run.draw(self.row.every[0]), self.row
        wait = self.run.draw(row.first[0])() if row.first else every()
        hours = self.run.timetable(row.calendar) if row.calendar >= 0 else None
        while not self.over:
            self.me.sleep(wait if hours is None else hours.due(self.env.now, wait) - self.env.now)
            yield
            wait = every()
            yield from self._until_unloaded()
            parts = int(min(self.at_once, row.limit - self.planned))
            self._send_off([self._of_mix() for _ in range(parts)])
            if self.planned >= row.limit:
                self._end()
            yield from self._until_unloaded()

    def _of_mix(self) -> Delivered:
        product = self.next_product()
        self.planned += 1
        return self._numbered(lambda: self._part(product))

    def _numbered(self, make: Callable[[], Any]) -> Delivered:
        self._numbers += 1
        return Delivered(make, self._numbers)

    def _until_unloaded(self) -> Iterator[Any]:
        """Where room is bounded, wait until all that has come is unloaded; a disruption lets the plan go on.

        At the instant at which a disruption ends it still does, so that nothing hangs on which of the two is first.
        """
        if self._bounded:
            self._unload()
        while self._bounded and self._dock and not self._is_down() and not self._was_down():
            self.room = self.run.event(self.env)
            yield self.room

    # -- coming

    def _send_off(self, parts: list[Delivered]) -> None:
        delay = self._delay()
        heappush(self._on_the_way, (self.env.now + delay, self._numbers, parts))
        if delay:
            self.run.later(delay, ENDS, self._unload)
        else:
            self._unload()

    def _unload(self) -> None:
        """Let in what has come, as far as there is room and the supplier delivers."""
        while self._on_the_way and self._on_the_way[0][0] <= self.env.now:
            self._dock.extend(heappop(self._on_the_way)[2])
        while self._dock and not self._is_down() and not (self._bounded and self.waiting() >= self.row.yard):
            self._come(self._dock.popleft())
        if not self._dock:
            super().changed()
            if self.spent():
                tell_spent(self.run)

    def _come(self, one: Delivered) -> None:
        self._more_may_come()
        part = one.make()
        part.number = one.number
        self._arrive(part)

    def changed(self) -> None:
        """A part has left the yard."""
        if self._dock:
            self.run.later(0.0, ENDS, self._unload)

    # -- disruptions

    def row_of_ledger(self) -> SourceLedger:
        """Parts that arrived, those turned away, and the time disrupted, in the window."""
        disrupted = self._supplier.disrupted if self._supplier is not None else 0.0
        return super().row_of_ledger()._replace(disrupted=disrupted)

    def _is_down(self) -> bool:
        return self._supplier is not None and self._supplier.down

    def _was_down(self) -> bool:
        return self._supplier is not None and self._supplier.up_since == self.env.now

    def stop(self) -> None:
        """No delivery comes any more; the rhythm goes on."""
        super().changed()

    def resume(self) -> None:
        """What has fallen due comes."""
        self._unload()


class FailingPlace(EndlessPlace):
    """A saturated source that nobody can take from during a disruption."""

    def __init__(self, run: Run, place: PlaceRow, row: Any) -> None:
        super().__init__(run, place, row)
        self._supplier = Supplier(run, row.disruption, self)
        self._kept = 0.0

    def begin(self) -> None:
        """Fill the places that parts go on to by themselves, once everything is there."""
        super().begin()
        self._supplier.begin()

    def spent(self) -> bool:
        """Whether no part comes any more."""
        return self.left + self._kept <= 0

    def rest(self) -> float:
        """Parts that it still has, offered at the moment or not."""
        return self.left + self._kept

    def awaited(self) -> bool:
        """Whether it brings parts in its own time: at the end of a disruption."""
        return self._supplier.down

    def row_of_ledger(self) -> SourceLedger:
        """Parts that entered, and the time disrupted, in the window."""
        return super().row_of_ledger()._replace(disrupted=self._supplier.disrupted)

    def stop(self) -> None:
        """Nothing is offered."""
        self._kept, self.left = self.left, 0.0
        for inlet in self.inlets:
            inlet.changed()

    def resume(self) -> None:
        """Parts are offered again."""
        self.left, self._kept = self._kept, 0.0
        self._offer()
