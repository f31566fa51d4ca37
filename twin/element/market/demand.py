"""Demand: what the customer at a sink wants, what waits for it and what waits for him.

A part that leaves through the sink serves the oldest open demand of its product, else it is finished stock until it
is wanted. Demand falls due and is open from that moment. Within an instant the parts in stock come before those that
leave then, and these go in the order in which they entered the plant; demand that is served at the instant it falls
due is on time. Nothing in the plant hangs on the demand, so it is settled afterwards, an instant at a time. Orders that
fall due after the plant is empty, but not after the horizon, are settled at the end; what no stock covers stays open.
"""

from __future__ import annotations

import heapq
import itertools
from collections import deque
from collections.abc import Iterator
from typing import Annotated, Any, NamedTuple

from pydantic import Field

from twin.core.compiling.names import Names
from twin.core.ledger import DemandLedger
from twin.core.place import FinalPlace
from twin.core.plan import NEVER, Micro, PlaceRow, Plan, ProductId
from twin.core.problem import quoted
from twin.core.run import Run
from twin.core.running.part import Part
from twin.core.spec import ByProduct, Reader, Spec
from twin.core.unit import MICRO, Quantity, json_schema
from twin.element.market.orders import MOST_PARTS, Table, When, order_reader, product_of, read_table, time_of
from twin.law.law import read_per_product

ANY: ProductId = -1
"""Demand that any product serves."""
MOST = 10_000_000
"""Parts that may be wanted at one sink in one run."""


class Wanted(Spec):
    """Parts that a customer wants at one moment."""

    due: When
    """When they are due."""
    product: str | None = None
    """What they are; without it any product serves."""
    quantity: Annotated[int, Field(ge=1, le=MOST_PARTS)] = 1
    """How many parts."""


WANTED = Table(Wanted, ("product", "quantity", "due"), "due", "{due: 8 h, quantity: 5}")
WantedParts = Annotated[Any, order_reader(WANTED)]

_RATE = Quantity("rate", most=1000.0, positive=True)
_RATES = Quantity("rate", most=1000.0)


def read_demand(value: object) -> float | ByProduct:
    """A rate such as '118000 /y', or one for each product."""
    return read_per_product(value, _RATES.read) if isinstance(value, dict) and value else _RATE.read(value)


def _schema() -> dict[str, Any]:
    rate = json_schema("rate")
    return {"anyOf": [rate, {"type": "object", "additionalProperties": rate}]}


Demand = Annotated[Any, Reader(read_demand, _schema)]


# -- numbers


class RateRow(NamedTuple):
    """Demand that comes evenly: one part at every multiple of ``every``."""

    every: Micro
    """Time between two parts, not rounded."""
    product: ProductId
    """-1: any."""


class WantedRow(NamedTuple):
    """Parts wanted at one moment."""

    due: Micro
    product: ProductId
    """-1: any."""
    quantity: int


class DemandRow(NamedTuple):
    """The demand at a sink in the plan."""

    rates: tuple[RateRow, ...]
    orders: tuple[WantedRow, ...]


def demand_row(names: Names, demand: Any, orders: Any) -> DemandRow | None:
    """The demand as numbers; None when nobody wants anything."""
    if demand is not None and orders is not None:
        names.problem(("orders",), "write 'demand', or 'orders', not both")
    if demand is None and orders is None:
        return None
    return DemandRow(_rate_rows(names, demand), _order_rows(names, orders) if orders is not None else ())


def _rate_rows(names: Names, demand: Any) -> tuple[RateRow, ...]:
    if isinstance(demand, ByProduct):
        rates = [(names.products.index(p), rate) for p, rate in names.per_product(("demand",), demand)]
    else:
        rates = [(ANY, demand)] if demand is not None else []
    _check_many(names, sum(rate for _, rate in rates))
    return tuple(RateRow(MICRO / rate, product) for product, rate in rates if rate)


def _check_many(names: Names, rate: float) -> None:
    run = names.layout.head.run
    parts = rate * (run.warm_up + (run.horizon or 0.0))
    if parts > MOST:
        names.problem(("demand",), f"{parts:,.0f} parts would be wanted in this run, at most {MOST:,} can be counted")


def never_served(names: Names, demand: Any, row: DemandRow | None) -> None:
    """Warn of demand for a product of which no part ever comes to the sink."""
    coming = {names.products.index(product) for product in names.arriving(names.index)} | {ANY}
    wanted: tuple[RateRow | WantedRow, ...] = (*row.rates, *row.orders) if row else ()
    for product in [p for p in dict.fromkeys(one.product for one in wanted) if p not in coming]:
        name = names.products[product]
        key = name if isinstance(demand, ByProduct) and name in demand else "other"
        text = f"no part of {quoted(name)} ever comes here, so what is wanted of it stays open"
        names.problem(("demand", key) if demand is not None else ("orders",), text, warning=True)


def _order_rows(names: Names, orders: Any) -> tuple[WantedRow, ...]:
    """The orders, sorted by due date; those of one moment keep their own order."""
    rows = [
        WantedRow(
            time_of(names, order.due, loc, before),
            ANY if order.product is None else product_of(names, order.product, loc, before),
            order.quantity,
        )
        for order, loc, before in read_table(names, orders, WANTED)
    ]
    return tuple(sorted(rows, key=lambda row: row.due))


# -- in a run


class _Count:
    """Parts that wait together: demand that fell due, or finished parts, at one moment."""

    __slots__ = ("left", "number", "since")

    def __init__(self, number: int, since: Micro, left: int) -> None:
        self.number, self.since, self.left = number, since, left


class Customer:
    """The demand at one sink in a run."""

    def __init__(self, run: Run, row: DemandRow) -> None:
        self._run, self._env = run, run.env
        self._listed = bool(row.orders)
        """Whether what is wanted is a list, which has an end."""
        self._coming = _moments(row)
        self._next = next(self._coming)
        products = len(run.plan.products)
        self._open: list[deque[_Count]] = [deque() for _ in range(products + 1)]
        """Demand that is due and not served, by product; the last: any."""
        self._stock: list[deque[_Count]] = [deque() for _ in range(products)]
        """Parts that nobody wanted yet, by product."""
        self._number = 0
        self._leaving: list[Part] = []
        self._at: Micro = 0.0
        """The instant at which those leave."""
        self.open = self.stock = 0
        run.lived.append(self)
        self.clear(0.0)

    # -- the ledger

    def clear(self, now: Micro) -> None:
        """Forget the statistics so far; what is open stays open, what is in stock stays there."""
        self._since = now
        self.due = self.on_time = 0
        self.backlog = self.stored = 0.0

    def close(self, now: Micro) -> None:
        """Settle all that has happened; the instant ``now`` is complete."""
        self._settle(now)
        if self._leaving or self._next.due == now:
            self._instant(now)
        self._book(now)
        if self._listed and self._run.over:
            self._look_ahead(self._run.plan)

    def _look_ahead(self, plan: Plan) -> None:
        """Nothing comes any more: what is ordered for later is there in time as far as the stock goes."""
        while self._next.due <= plan.warm_up + plan.horizon and self._next.quantity:
            self._fall_due(self._next)
            self._next = next(self._coming)

    def ledger(self) -> DemandLedger:
        """What becomes part of the sink's row."""
        return DemandLedger(self.due, self.on_time, self.backlog, self.stored, self.open, self.stock)

    def _book(self, now: Micro) -> None:
        self.backlog += self.open * (now - self._since)
        self.stored += self.stock * (now - self._since)
        self._since = now

    # -- what happens

    def deliver(self, part: Part) -> None:
        """A part leaves through the sink."""
        now = self._env.now
        if now > self._at:
            self._settle(now)
            self._at = now
        self._leaving.append(part)

    def _settle(self, now: Micro) -> None:
        """Settle the instants before ``now``."""
        while (at := min(self._next.due, self._at if self._leaving else NEVER)) < now:
            self._instant(at)

    def _instant(self, now: Micro) -> None:
        """Demand falls due and takes from stock; then the parts that leave serve what is open."""
        self._book(now)
        while self._next.due == now:
            self._fall_due(self._next)
            self._next = next(self._coming)
        if self._at == now:
            leaving, self._leaving = sorted(self._leaving, key=lambda part: part.order), []
            for part in leaving:
                self._serve(part, now)

    def _fall_due(self, wanted: WantedRow) -> None:
        left = wanted.quantity
        self.due += left
        fitting = self._stock if wanted.product == ANY else self._stock[wanted.product : wanted.product + 1]
        while left and (line := _oldest(fitting)) is not None:
            left -= _take(line, left)
        served = wanted.quantity - left
        self.on_time += served
        self.stock -= served
        self._wait(self._open[wanted.product], wanted.due, left)
        self.open += left

    def _serve(self, part: Part, now: Micro) -> None:
        pieces = left = part.pieces
        fitting = (self._open[part.product], self._open[ANY])
        while left and (line := _oldest(fitting)) is not None:
            due = line[0].since
            served = _take(line, left)
            left -= served
            self.on_time += served if due == now else 0
        self.open -= pieces - left
        self._wait(self._stock[part.product], now, left)
        self.stock += left

    def _wait(self, line: deque[_Count], since: Micro, left: int) -> None:
        if left:
            self._number += 1
            line.append(_Count(self._number, since, left))


def _moments(row: DemandRow) -> Iterator[WantedRow]:
    """All demand in the order in which it falls due: of one moment by product, orders in their own order."""
    evenly = [_evenly(rate) for rate in row.rates]
    return itertools.chain(heapq.merge(*evenly, row.orders, key=lambda one: one.due), [WantedRow(NEVER, ANY, 0)])


def _evenly(rate: RateRow) -> Iterator[WantedRow]:
    return (WantedRow(float(round(number * rate.every)), rate.product, 1) for number in itertools.count(1))


def _oldest(lines: Any) -> deque[_Count] | None:
    """Of several lines the one whose first has waited longest; None when all are empty."""
    return min((line for line in lines if line), key=lambda line: line[0].number, default=None)


def _take(line: deque[_Count], most: int) -> int:
    """Take up to so many from the first of a line; gives how many."""
    first = line[0]
    taken = min(first.left, most)
    first.left -= taken
    if not first.left:
        line.popleft()
    return taken


class ServedPlace(FinalPlace):
    """A sink where a customer waits."""

    def __init__(self, run: Run, row: PlaceRow, good: bool, demand: DemandRow) -> None:
        super().__init__(run, row, good)
        self.customer = Customer(run, demand)

    def put(self, part: Part, giver: Any) -> bool:
        """Every part is accepted and leaves, to the customer."""
        self.customer.deliver(part)
        return super().put(part, giver)
