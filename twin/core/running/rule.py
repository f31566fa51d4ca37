"""Queue rules: in which order waiting parts are taken.

Parts sent back for rework go before new ones; parts that tie go in the order in which they entered the plant.
"""

from __future__ import annotations

from bisect import insort
from collections import deque
from collections.abc import Callable, Iterator
from heapq import heapify, heappop, heappush
from typing import Any

from twin.core.plan import ElementId, Micro, PlaceRow
from twin.core.run import Run
from twin.core.running.part import Part

Key = Callable[[Part], Any]
"""What a rule orders parts by, smallest first."""
Stands = tuple[Part, Micro]
"""A part and since when it stands here."""

RULES = ("fifo", "lifo", "spt", "lpt", "mwkr", "lwkr", "mopnr", "edd", "cr", "priority", "same_setup")
DYNAMIC = ("cr",)
"""Rules whose order changes while parts wait."""


class Arrived(deque[Stands]):
    """First in, first out: a part goes to the end, unless it was sent back or is older than one that came with it."""

    pop_first = deque.popleft

    @property
    def first(self) -> Stands:
        """The part that goes next."""
        return self[0]

    def look(self) -> None:
        """The order does not change while parts wait."""

    def in_order(self) -> Iterator[Stands]:
        """The parts, that which goes next first."""
        return iter(self)

    def push(self, part: Part) -> None:
        """Let a part wait that has come now (``part.since``)."""
        since = part.since
        if self and (part.back or (self[-1][1] == since and part.order < self[-1][0].order)):
            insort(self, (part, since), key=_arrival)
        else:
            self.append((part, since))


def _arrival(stands: Stands) -> tuple[Any, ...]:
    part, since = stands
    return (not part.back, since, part.order)


class Ranked:
    """Parts by the key of a rule."""

    def __init__(self, key: Key, dynamic: bool) -> None:
        self._key, self._dynamic = key, dynamic
        self._heap: list[tuple[Any, Part, Micro]] = []

    def __len__(self) -> int:
        return len(self._heap)

    def __iter__(self) -> Iterator[Stands]:
        return (entry[1:] for entry in self._heap)

    @property
    def first(self) -> Stands:
        """The part that goes next."""
        return self._heap[0][1:]

    def push(self, part: Part) -> None:
        """Let a part wait that has come now."""
        heappush(self._heap, (self._key(part), part, part.since))

    def pop_first(self) -> Stands:
        """Take the part that goes next."""
        return heappop(self._heap)[1:]

    def remove(self, stands: Stands) -> None:
        """Take that part away."""
        self._heap = [entry for entry in self._heap if entry[1] is not stands[0]]
        heapify(self._heap)

    def in_order(self) -> Iterator[Stands]:
        """The parts, that which goes next first."""
        self.look()
        return (entry[1:] for entry in sorted(self._heap))

    def look(self) -> None:
        """Bring the parts in the order of this moment, where that changes."""
        if self._dynamic:
            self._heap = sorted((self._key(part), part, since) for _, part, since in self._heap)


def waiting_line(row: PlaceRow, key: Key) -> Arrived | Ranked:
    """What keeps the parts of a place in order; ``look()`` comes before one is chosen."""
    return Arrived() if row.rule == "fifo" else Ranked(key, row.rule in DYNAMIC)


def key_of(run: Run, row: PlaceRow) -> Key:
    """The sort key of a place's rule."""
    value = _values(run, row)[row.rule]
    return lambda part: (not part.back, value(part), part.order)


def _values(run: Run, row: PlaceRow) -> dict[str, Callable[[Part], Any]]:
    work = _LotWork(run, row) if run.plan.in_lots else _Work(run, row)
    return {
        "fifo": lambda part: part.since,
        "lifo": lambda part: -part.since,
        "spt": work.here,
        "lpt": lambda part: -work.here(part),
        "mwkr": lambda part: -work.left(part),
        "lwkr": work.left,
        "mopnr": lambda part: -work.steps_left(part),
        "edd": lambda part: part.due,
        "cr": lambda part: (part.due - run.env.now) / max(work.left(part), 1.0),
        "priority": lambda part: (-part.priority, part.since),
        "same_setup": lambda part: part.since,
    }


class _Work:
    """Mean work of a part here and on the rest of its way."""

    def __init__(self, run: Run, row: PlaceRow) -> None:
        self.run = run
        self.station = next((t for t in row.takers if hasattr(run.plan.rows[t], "cycle")), row.owner)

    def here(self, part: Part) -> float:
        route = self.run.plan.products[part.product].route
        return self._step(part, part.step) if route else self._cycle(self.station, part)

    def left(self, part: Part) -> float:
        route = self.run.plan.products[part.product].route
        if not route:
            return self._cycle(self.station, part)
        return sum(self._step(part, step) for step in range(part.step, len(route)))

    def steps_left(self, part: Part) -> int:
        return max(1, len(self.run.plan.products[part.product].route) - part.step)

    def _step(self, part: Part, step: int) -> float:
        works = self.run.plan.products[part.product].route[step].work
        return sum(self.run.plan.laws[work[0].law].mean for work in works) / len(works)

    def _cycle(self, station: ElementId, part: Part) -> float:
        cycle = getattr(self.run.plan.rows[station], "cycle", ())
        if not cycle:
            return 0.0
        mean: float = self.run.plan.laws[cycle[part.product if len(cycle) > 1 else 0].law].mean
        return mean


class _LotWork(_Work):
    """The same where parts may be lots: their pieces are worked on one by one."""

    def here(self, part: Part) -> float:
        return super().here(part) * part.pieces

    def left(self, part: Part) -> float:
        return super().left(part) * part.pieces
