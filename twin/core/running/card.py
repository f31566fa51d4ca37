"""Cards: at most so many parts inside some elements; a part that goes in takes a card, and gives it back outside.

One primitive for CONWIP, kanban and limits of work in process. A part goes from one element to another through a
*gate*; where loops of cards begin or end between the two, the gate is open to a part when each loop that begins
there has a free card for it. Who moves parts through such gates asks before (``open``) and tells it (``passed``).
Cards are a choice of the instant: while a card is free, the part that has waited longest goes first, then declared
order of where the parts stand. The next part of a supply that is never short has waited since the one before it left.
Sources: Hopp and Spearman, Factory Physics, ch. 10 (CONWIP); Monden, Toyota Production System, ch. 2 (kanban).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from twin.core.ledger import CardLedger
from twin.core.plan import ElementId, Micro, ProductId
from twin.core.run import Run
from twin.core.running.part import Part

NOWHERE: ElementId = -1
"""Where a part comes from that comes into being (at time 0, or out of another one)."""


class CardRow(NamedTuple):
    """A loop of cards in the plan."""

    limit: int
    """Cards of the loop."""
    over: tuple[ElementId, ...]
    """The elements inside."""
    products: tuple[ProductId, ...]
    """Only these need a card; empty: all."""


class Wish(NamedTuple):
    """A move that needs cards; the smaller goes first."""

    since: Micro
    """Since when the part has waited."""
    where: ElementId
    """Where it stands."""
    order: tuple[float, ...]
    """The machine that holds it, or the order in which parts entered the plant."""
    needs: tuple[Loop, ...]
    """The loops of which cards are needed, each as often as cards."""


class Loop:
    """The cards of one loop."""

    def __init__(self, run: Run, index: ElementId, row: CardRow, cards: Cards) -> None:
        self.env, self.index, self.row = run.env, index, row
        self._cards, self._ask = cards, run.instant.ask
        self.choosers: list[_Chooser] = []
        """Those who may want its cards."""
        self.free = 0
        """Cards that nobody holds; none before the plant has begun."""
        self.kept = 0
        """Cards kept for parts that vehicles bring."""
        self._area, self._since, self.taken = 0.0, 0.0, 0
        run.lived.append(self)

    def needed_by(self, product: ProductId) -> bool:
        """Whether parts of this product need a card."""
        return not self.row.products or product in self.row.products

    def take(self, part: Part) -> None:
        """The part goes in."""
        self._book(self.env.now)
        self.free -= 1
        self.taken += 1
        part.cards += (self,)

    def keep(self) -> None:
        """Keep a card for a part that comes later."""
        self._book(self.env.now)
        self.free -= 1
        self.kept += 1

    def let_go(self) -> None:
        """The part for which a card was kept comes now (``take`` follows), or does not come."""
        self.kept -= 1
        self.give_back()

    def give_back(self) -> None:
        """A part is inside no more; whoever waits for a card is told."""
        self._book(self.env.now)
        self.free += 1
        if self.free <= self._cards.at_once:
            for entry in self.choosers:
                self._ask(entry.chooser.code)

    def begin(self, inside: Iterable[Part]) -> None:
        """Parts that stand inside at time 0 hold cards from the start."""
        self.free = self.row.limit
        for part in inside:
            self.take(part)
        self.taken = 0

    def _book(self, now: Micro) -> None:
        self._area += (self.row.limit - self.free) * (now - self._since)
        self._since = now

    def clear(self, now: Micro) -> None:
        """Forget the statistics so far."""
        self._area, self._since, self.taken = 0.0, now, 0

    def close(self, now: Micro) -> None:
        """Add what is open."""
        self._book(now)

    def ledger(self) -> CardLedger:
        """The row of the ledger."""
        return CardLedger(self.row.limit, self._area, self.taken, self.row.limit - self.free)


class Gate:
    """Between two elements: the loops that begin there, by product, and those that end."""

    def __init__(self, begins: tuple[tuple[Loop, ...], ...], ends: tuple[Loop, ...]) -> None:
        self.begins, self.ends = begins, ends
        self.shuts = any(begins)
        """Whether a part may need a card here."""

    def open(self, part: Part) -> bool:
        """Whether the part may come through now."""
        return all(loop.free > 0 for loop in self.begins[part.product])

    def shut(self) -> bool:
        """Whether no part may come through now, whatever its product."""
        return not any(all(loop.free > 0 for loop in loops) for loops in self.begins)

    def needs(self, part: Part) -> tuple[Loop, ...]:
        """The loops of which the part needs a card here."""
        return self.begins[part.product]

    def returns(self, part: Part) -> list[Loop]:
        """The loops whose cards the part gives back here."""
        return [loop for loop in part.cards if loop in self.ends]

    def passed(self, part: Part) -> None:
        """The part comes through: it gives back cards and takes others."""
        back = self.returns(part)
        if back:
            part.cards = tuple(loop for loop in part.cards if loop not in back)
        for loop in self.begins[part.product]:
            loop.take(part)
        for loop in back:
            loop.give_back()

    def keep(self) -> None:
        """Keep the cards that any part needs here, for one that comes later."""
        for loop in self.begins[0]:
            loop.keep()

    def let_go(self) -> None:
        """The part comes now, or does not come."""
        for loop in self.begins[0]:
            loop.let_go()


class Cards:
    """All loops of a plant, its gates, and those who choose parts that need cards."""

    def __init__(self, run: Run) -> None:
        self.run = run
        rows = [(i, row) for i, row in enumerate(run.plan.rows) if isinstance(row, CardRow)]
        self.loops = {index: Loop(run, index, row, self) for index, row in rows}
        self.at_once = 1
        """The most parts that need cards at one moment."""
        self._joined = 0
        self._sharing: set[Any] = set()
        """Choosers that want cards of a loop which others want too."""
        self._gates: dict[tuple[ElementId, ElementId], Gate | None] = {}
        self._ways = [pair for pair in dict.fromkeys(_ways(run)) if self.gate(*pair) is not None]
        self.guarded = {end for pair in self._ways for end in pair}
        """Elements at a gate."""

    def gate(self, giver: ElementId, taker: ElementId) -> Gate | None:
        """The gate from one element to another; None when no loop begins or ends between them."""
        if (giver, taker) not in self._gates:
            self._gates[giver, taker] = self._made(giver, taker)
        return self._gates[giver, taker]

    def _made(self, giver: ElementId, taker: ElementId) -> Gate | None:
        begins = [loop for loop in self.loops.values() if taker in loop.row.over and giver not in loop.row.over]
        ends = [loop for loop in self.loops.values() if giver in loop.row.over and taker not in loop.row.over]
        products = range(len(self.run.plan.products))
        by_product = tuple(tuple(loop for loop in begins if loop.needed_by(p)) for p in products)
        return Gate(by_product, tuple(ends)) if begins or ends else None

    def gates_from(self, giver: ElementId) -> list[Gate | None]:
        """The gates that parts of an element may go through."""
        return [self.gate(*pair) for pair in self._ways if pair[0] == giver]

    def begin(self) -> None:
        """The plant is built: who stands inside a loop holds a card of it; then parts may move."""
        for loop in self.loops.values():
            inside = [h for h in self.run.holders if h.owner in loop.row.over]
            loop.begin(p for holder in inside for p in holder.standing() if loop.needed_by(p.product))

    # -- choices

    def join(self, rank: ElementId, chooser: Any, gates: Iterable[Gate | None]) -> None:
        """Register who chooses parts that need cards at these gates.

        ``wish()`` tells the move it would make now, or None when it has none that needs a card; ``grant()`` lets
        it make that move; ``code`` is what the instant asks it by.
        """
        entry = _Chooser(rank, self._joined, chooser)
        self._joined += 1
        begun = (loop for gate in gates if gate is not None for loops in gate.begins for loop in loops)
        for loop in dict.fromkeys(begun):
            loop.choosers.append(entry)
            if len(loop.choosers) > 1:
                self._sharing |= {one.chooser for one in loop.choosers}

    def before(self, chooser: Any) -> Any:
        """Who must go before a chooser, lest there be no card left for one who goes first; None: nobody."""
        if chooser not in self._sharing:
            return None
        wish: Wish | None = chooser.wish()
        if wish is None or all(loop.free > len(loop.choosers) * self.at_once for loop in wish.needs):
            return None
        entries = dict.fromkeys(entry for loop in wish.needs for entry in loop.choosers)
        wanted = [_Wanted(one[:3], *entry, one.needs) for entry in entries if (one := entry.chooser.wish()) is not None]
        ahead, needs = list[_Wanted](), [*wish.needs]
        for one in sorted(wanted, key=lambda one: one[:3]):
            if one.chooser is chooser:
                break
            ahead.append(one)
            needs += one.needs
        return ahead[0].chooser if ahead and not enough(needs, ()) else None


class _Wanted(NamedTuple):
    """A move among those that need cards."""

    order: tuple[Any, ...]
    rank: ElementId
    number: int
    chooser: Any
    needs: tuple[Loop, ...]


class _Chooser(NamedTuple):
    """Who chooses parts that need cards, by declared order."""

    rank: ElementId
    number: int
    chooser: Any


def _ways(run: Run) -> Iterator[tuple[ElementId, ElementId]]:
    """Where parts go from one element to another."""
    for place in (place for place in run.plan.places if not place.final):
        yield from ((giver, place.owner) for giver in place.givers)
        if place.capacity:
            yield from ((place.owner, taker) for taker in place.takers)


def enough(needs: Iterable[Loop], returns: Iterable[Loop]) -> bool:
    """Whether there are cards for several parts that move at one moment, those given back then included."""
    wanted = Counter(needs)
    wanted.subtract(Counter(returns))
    return all(count <= loop.free for loop, count in wanted.items() if count > 0)


def cards_of(run: Run) -> Cards | None:
    """The loops of the plan of a run; None when it has none."""
    return Cards(run) if any(isinstance(row, CardRow) for row in run.plan.rows) else None
