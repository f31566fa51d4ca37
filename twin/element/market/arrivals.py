"""How parts arrive: an endless supply, or a rhythm; what a source does while a plan runs."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from twin.core.instant import ENDS, LATE
from twin.core.ledger import SourceLedger
from twin.core.plan import Micro, PlaceRow, ProductId
from twin.core.run import Run, Steps
from twin.core.running.gather import SPENT
from twin.core.running.part import Part
from twin.core.running.rule import key_of
from twin.core.running.shared import Mover, SharedPlace
from twin.element.market.mix import Mix
from twin.element.send import SETTLED, drawn_way


def has_more(run: Run) -> bool:
    """Whether some product has a due time, a priority or material of its own."""
    return any(product.due != float("inf") or product.priority or product.material for product in run.plan.products)


def tell_spent(run: Run) -> None:
    """Tell loads that wait for more that a source is spent."""
    for tell in run.services.get(SPENT, ()):
        tell()


class EndlessPlace(SharedPlace):
    """A saturated source: a place that never empties; a part enters the plant when it is first taken.

    Where parts need cards, each product is there as soon as its card is: the first part of each is offered, in the
    order of the mix. A product of which a part waits so for its card loses its turns meanwhile.
    """

    private: bool
    endless = True
    in_orders = False
    """Whether parts of one order may come at several moments."""

    def __init__(self, run: Run, place: PlaceRow, row: Any) -> None:
        self.private, self.index = place.private, place.owner
        self.entered = self.number = 0
        self.ahead: deque[Part] = deque()
        """Parts that somebody has looked at and nobody has taken."""
        self.deep = 1
        """Parts of each product that are offered where they need cards: so many may be taken at one moment."""
        self._left_at: list[Micro] = [0.0] * len(run.plan.products)
        """When the last part of each product left: since then the next has waited for its card."""
        super().__init__(run, place, key_of(run, place))
        self.mix = Mix(run, row)
        self.listed = False
        self.left: float = row.limit
        self._limited: bool = row.limit < float("inf")
        self.special = has_more(run)

    def clear(self, now: Micro) -> None:
        """Forget the parts counted so far."""
        super().clear(now)
        self.entered = 0

    def begin(self) -> None:
        """Fill the places that parts go on to by themselves, once everything is there."""
        self.run.later(0.0, ENDS, self._offer)

    def take(self, taker: Any) -> Part | None:
        """A new part, or None when the source is spent."""
        return self.pull() if self.left > 0 else None

    def offers(self) -> bool:
        """Whether it is not spent."""
        return self.left > 0

    def first(self) -> tuple[Any, ...] | None:
        """Parts have stood here since ever."""
        return (True, 0.0, self.owner, (0.0, self.owner, 0)) if self.left > 0 else None

    def head(self) -> Part | None:
        """The part that enters next, for those who move it on; None when the source is spent."""
        return next(self.candidates(), None)

    def candidates(self) -> Iterator[Part]:
        """The parts that enter next, without end unless their number is limited."""
        for number in itertools.count():
            if number >= self.left:
                return
            if number == len(self.ahead):
                self._bring(self.mix.next())
            yield self._shown(self.ahead[number])

    def offered(self) -> Iterator[Part]:
        """The parts that may be taken where they need cards: the first of each product, in the order of the mix."""
        shown = dict.fromkeys(self.mix.products, 0)
        for number in itertools.count():
            if number >= self.left:
                return
            if number == len(self.ahead):
                others = {product for product in self.mix.products if shown[product] >= self.deep}
                if len(others) == len(self.mix.products):
                    return
                self._bring(self.mix.next_but(others))
            part = self._shown(self.ahead[number])
            part.since = self._left_at[part.product]
            shown[part.product] += 1
            yield part

    def samples(self) -> list[Part]:
        """One part of each product that may still come; nothing changes by a look at them."""
        found, rest = dict[ProductId, Part](), self.rest()
        for part in self.ahead if rest > 0 else ():
            found.setdefault(part.product, part)
        for product in self.mix.products if rest > len(self.ahead) else ():
            found.setdefault(product, Part(product, self.env.now, self.owner, 0))
        return list(found.values())

    def _bring(self, product: ProductId) -> None:
        """One part more to look at."""
        self.ahead.append(Part(product, 0.0, self.owner, self.number + len(self.ahead) + 1))

    def _shown(self, part: Part) -> Part:
        """A part as it would enter the plant now."""
        part.entered = self.env.now
        if self.special:
            self.run.account.describe(part)
        return part

    def head_since(self) -> Micro:
        """Parts have stood here since ever."""
        return 0.0

    def since_at(self, position: int) -> Micro | None:
        """Parts have stood here since ever."""
        return 0.0 if self.left > position else None

    def pull(self, chosen: Part | None = None) -> Part:
        """A new part enters the plant."""
        if not self.ahead:
            self._bring(self.mix.next())
        part = self._shown(chosen or self.ahead[0])
        self.ahead.remove(part)
        self._left_at[part.product] = part.entered
        self.left -= 1
        self.number += 1
        self.entered += 1
        self.run.account.enter()
        if self.traced:
            self.trace("in", part)
            self.trace("out", part)
        if self.left <= 0:
            for mover in self.movers:
                mover.changed()
            tell_spent(self.run)
        return part

    def leave(self, who: Any) -> None:
        """Nobody waits here but for a spent source."""

    @property
    def made(self) -> int:
        """Parts that have come."""
        return self.number

    def may_end(self) -> bool:
        """Whether its parts are limited in number."""
        return self._limited

    def spent(self) -> bool:
        """Whether no part comes any more."""
        return self.left <= 0

    def rest(self) -> float:
        """Parts that it still has, offered at the moment or not."""
        return self.left

    def awaited(self) -> bool:
        """Whether it brings parts in its own time: never, they are there."""
        return False

    def row_of_ledger(self) -> SourceLedger:
        """Parts that entered in the window; none is ever turned away."""
        return SourceLedger(self.entered, 0)


class Arrivals:
    """A source with a rhythm: parts arrive, choose their way and wait in order."""

    number = 0
    endless = False

    def __init__(self, run: Run, index: int, row: Any, ways: list[SharedPlace]) -> None:
        self.run, self.env, self.index, self.row, self.ways = run, run.env, index, row, ways
        self.account = run.account
        self.next_product = Mix(run, row).next
        self.choose = _way_chooser(run, row)
        self.code = run.instant.join(LATE + index, self._turn_away)
        self.code_way = run.instant.join(index, self._go_next)
        self.looks = _looks(run, row)
        """Whether the way of a part hangs on what stands at its ends: then it is a choice of the instant."""
        self.undecided: deque[Part] = deque()
        self.lost = self.made = self._made_before = 0
        self.over = False
        run.lived.append(self)
        self.room: Any = None
        self.me: Any = None
        self.movers: list[Mover | None] = []
        self.special = has_more(run)
        self.at_once: int = row.lot
        """Parts that come at once."""
        if row.yard != float("inf"):
            for way in ways:
                way.movers.append(self)

    def clear(self, now: Micro) -> None:
        """Forget the parts counted so far."""
        self.lost, self._made_before = 0, self.made

    def close(self, now: Micro) -> None:
        """Nothing is open."""

    def may_end(self) -> bool:
        """Whether its parts are limited in number."""
        return self.row.mode == "orders" or bool(self.row.limit < float("inf"))

    def spent(self) -> bool:
        """Whether no part comes any more."""
        return self.over

    @property
    def in_orders(self) -> bool:
        """Whether parts of one order may come at several moments."""
        return bool(self.row.mode == "orders")

    def awaited(self) -> bool:
        """Whether more parts come in its own time, and not as soon as there is room."""
        return not self.over and self.room is None

    def _end(self) -> None:
        """All parts have been planned."""
        self.over = True
        tell_spent(self.run)

    def row_of_ledger(self) -> SourceLedger:
        """Parts that arrived, and those turned away, in the window."""
        return SourceLedger(self.made - self._made_before, self.lost)

    # -- arriving

    def begin(self) -> None:
        """Begin to live."""
        self.movers = [next((i for i in way.inlets if isinstance(i, Mover)), None) for way in self.ways]
        self.me = self.run.start(self._orders() if self.row.mode == "orders" else self._rhythm())

    def _orders(self) -> Steps:
        for line, order in enumerate(self.row.orders):
            if order.at > self.env.now:
                self.me.sleep(order.at - self.env.now)
                yield
            for _ in range(self.parts_of(order)):
                self._more_may_come()
                self._arrive(self._ordered(order, line))
        self._end()

    def _rhythm(self) -> Steps:
        every, product, row, sleep = self.run.draw(self.row.every[0]), self.next_product, self.row, self.me.sleep
        bounded, alone = row.yard != float("inf") and not row.balk, self.at_once == 1 and not row.balk
        lot, limit = range(self.at_once), row.limit
        wait = self.run.draw(row.first[0])() if row.first else every()
        hours = self.run.timetable(row.calendar) if row.calendar >= 0 else None
        while not self.over:
            sleep(wait if hours is None else hours.due(self.env.now, wait) - self.env.now)
            yield
            wait = every()
            for _ in lot:
                if bounded:
                    yield from self._until_room()
                if not (alone and wait):
                    self._more_may_come()
                self._arrive(self._part(product()))
                if self.made >= limit:
                    self._end()
                    break

    def _more_may_come(self) -> None:
        """More parts may come at this instant, so nobody chooses on the spot; those who balk are looked at last."""
        self.run.instant.ask(self.code)

    def _until_room(self) -> Iterator[Any]:
        while self.waiting() >= self.row.yard:
            self.room = self.run.event(self.env)
            yield self.room

    def changed(self) -> None:
        """A part has left the yard."""
        if self.room is not None:
            room, self.room = self.room, None
            room.succeed()

    def _part(self, product: ProductId) -> Part:
        """A new part; it enters the plant."""
        self.made += 1
        part = Part(product, self.env.now, self.index, self.made)
        self.account.enter()
        if self.special:
            self.account.describe(part)
        return part

    def parts_of(self, order: Any) -> int:
        """Parts that come for an order."""
        return int(order.quantity)

    def _ordered(self, order: Any, line: int) -> Part:
        """A new part of an order."""
        return self._mark(self._part(order.product), order, line)

    def _mark(self, part: Part, order: Any, line: int) -> Part:
        """What the order says of a part goes before what its product says."""
        part.origin = order.order or (self.index, line)
        if order.due is not None:
            part.due = order.due
        if order.priority is not None:
            part.priority = order.priority
        return part

    def _arrive(self, part: Part) -> None:
        if self.looks:
            self.undecided.append(part)
            self.run.instant.ask(self.code_way)
        else:
            self._send(self.choose(part), part)

    def _send(self, way: int, part: Part) -> None:
        mover = self.movers[way]
        if mover is None or not mover.pass_on(part):
            self.ways[way].add(part)

    def _go_next(self) -> None:
        """The part that has waited longest for it chooses its way."""
        part = self.undecided.popleft()
        self._send(self.choose(part), part)
        self.changed()
        if self.undecided:
            self.run.instant.ask(self.code_way)

    def waiting(self) -> int:
        """Parts that wait here."""
        return len(self.undecided) + sum(way.n for way in self.ways)

    def _turn_away(self) -> None:
        """Once all choices of the instant are made: who balks and finds no room goes away, the last first."""
        if not self.row.balk:
            return
        bound = self.row.yard if self.row.yard != float("inf") else 0
        while self.waiting() > bound:
            way = max((way for way in self.ways if way.n), key=lambda way: way.newest().order)
            part = way.remove_newest()
            self.run.account.lose(part)
            self.lost += part.pieces


def _way_chooser(run: Run, row: Any) -> Callable[[Part], int]:
    """A function that gives the way of an arriving part."""
    if len(row.ways) == 1:
        return lambda part: 0
    drawn = drawn_way(run, row.send) or (lambda part: _shortest(run, row, range(len(row.ways))))
    routes = [product.route for product in run.plan.products]

    def choose(part: Part) -> int:
        route = routes[part.product]
        if not route:
            return drawn(part)
        return _shortest(run, row, [row.ways_to.index(station) for station in route[0].stations])

    return choose


def _looks(run: Run, row: Any) -> bool:
    """Whether parts look at what stands at the ends of their ways."""
    routes = [product.route for product in run.plan.products]
    free = any(not route for route in routes) and (row.send is None or row.send.how not in SETTLED)
    return len(row.ways) > 1 and (free or any(len(route[0].stations) > 1 for route in routes if route))


def _load(run: Run, row: Any, way: int) -> int:
    return int(run.places[row.ways[way]].n + run.parts[row.ways_to[way]].load())


def _shortest(run: Run, row: Any, ways: Iterable[int]) -> int:
    return int(min(ways, key=lambda way: (_load(run, row, way), way)))
