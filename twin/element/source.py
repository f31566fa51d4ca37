"""Source: where parts enter the plant."""

from __future__ import annotations

import math
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from pydantic import Field

from twin.core.compiling.names import Names
from twin.core.layout import Element
from twin.core.ledger import SourceLedger
from twin.core.plan import Draws, ElementId, Micro, PlaceId, PlaceRow, Plan, ProductId
from twin.core.problem import quoted
from twin.core.run import Run
from twin.core.spec import Kind, Stand, register
from twin.element.fields import Spot, Weights, point
from twin.element.lots import LotArrivals, LotDeliveries
from twin.element.market.arrivals import Arrivals, EndlessPlace
from twin.element.market.orders import OrderRow, Orders, order_rows
from twin.element.market.supply import Deliveries, Disruption, DisruptionRow, FailingPlace
from twin.element.send import SAY_SEND, Send, SendRow, send_row, sends, split
from twin.law.law import LawOf

MOST_AT_ONCE = 10_000_000
"""Parts that may come into unlimited room at one instant."""


class SourceRow(NamedTuple):
    """A source in the plan."""

    mode: str
    """'saturated', 'every' or 'orders'."""
    every: Draws
    first: Draws
    lot: int
    limit: float
    yard: float
    balk: bool
    calendar: ElementId
    """Hours in which the time between arrivals runs; -1: always."""
    mix: tuple[float, ...]
    """Cumulative shares of the products; empty: one product or a sequence."""
    mix_stream: int
    sequence: tuple[ProductId, ...]
    orders: tuple[OrderRow, ...]
    ways: tuple[PlaceId, ...]
    """The places parts stand in while they wait here, one for each way when the way is drawn on arrival."""
    ways_to: tuple[ElementId, ...]
    """Where each way leads (indices of elements)."""
    send: SendRow | None
    at: tuple[float, float] | None = None
    delay: Draws = ()
    disruption: DisruptionRow | None = None
    moves: str = "piece"

    def told(self, plan: Plan) -> dict[str, str]:
        """What its numbers mean, for the plan as text."""
        usual = {"lot": self.lot == 1, "moves": self.moves == "piece", "sequence": len(plan.products) == 1}
        return {key: "" for key, left_out in usual.items() if left_out}


@register("element", "sources")
class Source(Kind):
    """Where parts enter the plant; arrivals keep their rhythm, what cannot enter waits here in order.

    sources:
      castings: {arrivals: saturated}
      motors:   {every: {exponential: 55 s}, products: {A: 60 %, B: 40 %}}
      orders:   {orders: orders.csv}
    """

    SECTION: ClassVar[str] = "sources"
    WORD: ClassVar[str] = "source"
    FLOWS: ClassVar[bool] = True
    BEGINS: ClassVar[bool] = True
    OFFERS: ClassVar[bool] = True
    LIVES: ClassVar[bool] = True

    arrivals: Literal["saturated"] | None = None
    """'saturated': never short of parts; where products need cards of their own, each comes as its card does."""
    every: Annotated[Any, LawOf("time")] | None = None
    """Law of the time between arrivals."""
    first: Annotated[Any, LawOf("time")] | None = None
    """Law of the time of the first arrival; default one draw of 'every'."""
    lot: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    """Parts that arrive at once."""
    moves: Literal["piece", "lot"] = "piece"
    """'lot': what arrives at once, or an order, travels as one part of several pieces of one product: cycle and quality
    for each piece; set-up, load, unload, way and place for the lot. Figures count pieces, buffers and belts lots."""
    orders: Orders | None = None
    """Orders in a list, a CSV or an Excel file: product, quantity, at, due, priority."""
    limit: Annotated[int, Field(ge=1)] | None = None
    """Parts after which the source is spent."""
    yard: Annotated[int, Field(ge=1)] | None = None
    """Parts that may wait here; arrivals then stop until there is room (with balk: go away)."""
    calendar: str | None = None
    """Hours in which the time between arrivals runs; without it always, whatever the calendar of the layout."""
    delay: Annotated[Any, LawOf("time")] | None = None
    """How much later than planned each delivery comes (a lot, or a line of the orders), so that one may overtake
    another; the plan goes on as it is."""
    disruption: Disruption | None = None
    """Times in which the supplier does not deliver: {mtbf: 30 d, mttr: 2 d}. What falls due then comes at the end, in
    order; from a source that is never short nobody can take then."""
    balk: bool = False
    """Parts that find no room go away and count as lost."""
    products: Weights | None = None
    """Shares of the products, drawn for each part."""
    sequence: list[str] = Field(default_factory=list)
    """Products in this order, again and again."""
    send: Send | None = None
    """How parts choose among several ways."""
    at: Spot | None = None
    """Where it is: [x, y] in metres; for the way of vehicles and the drawing."""

    def stand(self) -> Stand:
        failing = self.disruption is not None and self.arrivals is not None
        return Stand(float("inf"), watched=self.balk or self.yard is not None or failing)

    def sends(self) -> str | None:
        return sends(self.send)

    def split(self, product: str, ways: list[str]) -> tuple[float, ...]:
        return split(self.send, product, ways)

    def endless(self) -> bool:
        return self.limit is None and self.orders is None

    def in_orders(self) -> bool:
        return self.orders is not None

    def in_lots(self) -> bool:
        return self.moves == "lot"

    def never_short(self) -> bool:
        return self.arrivals is not None and self.limit is None

    def rates(self, products: list[str]) -> dict[str, float]:
        if self.every is None or self.in_lots() or self.limit is not None or self.yard is not None or self.balk:
            return {}
        mean = self.every.moments().mean
        shares = self.products or {p: self.sequence.count(p) / len(self.sequence) for p in self.sequence}
        return {p: share * self.lot / mean for p, share in (shares or {products[0]: 1.0}).items()}

    def brings(self, products: list[str]) -> list[str]:
        if self.orders is not None:
            return products if isinstance(self.orders, str) else [one.product or products[0] for one in self.orders]
        return [*(self.products or ()), *self.sequence] or products[:1]

    def numbers(self, names: Names) -> SourceRow:
        mode = self._mode(names)
        self._check(names, mode)
        self._check_lots(names)
        mix, stream, sequence = self._mix(names)
        ways_to = names.all_followers()
        branches = names.branches()
        if self.arrivals is not None and branches:
            text = "a source that is never short cannot serve routes that begin at several stations"
            names.problem(("arrivals",), text)
        orders = order_rows(names, self.orders) if self.orders is not None else ()
        mixed = [names.products.index(p) for p in self.products or () if p in names.products]
        sent = [order.product for order in orders] if self.orders is not None else [*mixed, *sequence]
        self._check_routes(names, {*sent} - {-1})
        self._check_send(names, ways_to)
        return SourceRow(
            mode=mode,
            every=names.draws(("every",), self.every, "every"),
            first=names.draws(("first",), self.first, "first"),
            lot=self.lot,
            limit=float("inf") if self.limit is None else float(self.limit),
            yard=float("inf") if self.yard is None else float(self.yard),
            balk=self.balk,
            calendar=names.calendar(("calendar",), self.calendar or "always"),
            mix=mix,
            mix_stream=stream,
            sequence=sequence,
            orders=orders,
            ways=branches or (names.own_place(),),
            ways_to=ways_to,
            send=send_row(names, self.send, ways_to),
            at=point(self.at),
            delay=names.draws(("delay",), self.delay, "delay"),
            disruption=self.disruption.numbers(names) if self.disruption else None,
            moves=self.moves,
        )

    def _mode(self, names: Names) -> str:
        given = {"saturated": self.arrivals, "every": self.every, "orders": self.orders}
        found = [mode for mode, value in given.items() if value is not None]
        if len(found) != 1:
            text = "write one of 'arrivals: saturated', 'every:' or 'orders:'"
            keys = ["arrivals" if mode == "saturated" else mode for mode in found]
            names.problem((), text + (f", not {' and '.join(map(quoted, keys))} together" if found else ""))
        return found[0] if found else "saturated"

    def _check(self, names: Names, mode: str) -> None:
        wrong = {
            "first": self.first is not None and mode != "every",
            "lot": self.lot != 1 and mode != "every",
            "limit": self.limit is not None and mode == "orders",
            "yard": self.yard is not None and (mode != "every" and not (mode == "orders" and self.balk)),
            "balk": self.balk and mode == "saturated",
            "delay": self.delay is not None and mode == "saturated",
            "calendar": self.calendar is not None and mode != "every",
            "products": self.products is not None and (mode == "orders" or bool(self.sequence)),
            "sequence": bool(self.sequence) and mode == "orders",
        }
        for key, bad in wrong.items():
            if bad:
                beside = "sequence" if key == "products" and self.sequence else mode
                other = "'arrivals: saturated'" if beside == "saturated" else f"'{beside}'"
                names.problem((key,), f"'{key}' has no meaning beside {other}; take it out")
        bounded = self.limit is not None or not names.knows_ways()
        if mode == "saturated" and not bounded and (room := names.endless_room()):
            text = f"a source that is never short would fill {quoted(room.name)} for ever"
            names.problem(("arrivals",), f"{text}; {_say_limit(room)}")
        room = names.endless_room() if mode == "saturated" else None
        if room and not room.kind.ENDS and (self.limit or 0) > MOST_AT_ONCE:
            text = f"{self.limit:,} parts would come into {quoted(room.name)} at once, and memory would not hold them"
            names.problem(("limit",), f"{text}; write at most {MOST_AT_ONCE:,}, or give it a capacity")
        if self.every is not None and self.every.moments().mean <= 0:
            names.problem(("every",), "the time between arrivals must be more than 0")

    def _check_lots(self, names: Names) -> None:
        """Lots come from a rhythm or from orders, to stations that work on one piece after the other."""
        if self.moves == "lot" and self.arrivals is not None:
            text = "a source that is never short has no lots; write 'every:' and 'lot:', or 'orders:'"
            names.problem(("moves",), text)
            return
        for index in names.wiring.downstream(names.index) if self.in_lots() else ():
            element = names.layout.elements[index]
            if key := element.kind.singles():
                text = f"lots come to {quoted(element.name)}, where '{key}' is for single parts; leave one of them out"
                names.problem(("moves",), text)

    def _mix(self, names: Names) -> tuple[tuple[float, ...], int, tuple[ProductId, ...]]:
        if self.orders is not None:
            return (), -1, (0,)
        if self.sequence:
            return (), -1, tuple(max(names.product(("sequence", i), p), 0) for i, p in enumerate(self.sequence))
        if self.products is None:
            return (), -1, self._only_product(names)
        known = {max(names.product(("products", p), p), 0): share for p, share in self.products.items()}
        if 1.0 in known.values():
            return (), -1, tuple(product for product, share in known.items() if share == 1.0)
        total, cumulative = 0.0, [0.0] * len(names.products)
        for i in range(len(names.products)):
            total += known.get(i, 0.0)
            cumulative[i] = total
        return tuple(cumulative), names.stream("mix"), ()

    def _only_product(self, names: Names) -> tuple[ProductId, ...]:
        if len(names.products) > 1:
            names.problem((), "say which products come: 'products: {A: 60 %, B: 40 %}' or 'sequence: [A, B]'")
        return (0,)

    def _check_routes(self, names: Names, sent: set[ProductId]) -> None:
        """Products whose route begins elsewhere have no way on from here."""
        for product in sorted(sent):
            name = names.products[product]
            begins = names.layout.products[name].from_ if name in names.layout.products else None
            if begins not in (None, names.element.name):
                names.problem((), f"{quoted(name)} comes from {quoted(begins)} by its route, not from here")

    def _check_send(self, names: Names, ways_to: tuple[int, ...]) -> None:
        known = [names.name_of(i) for i in ways_to]
        drawn = names.followers()
        if len(drawn) > 1 and self.send is None:
            names.problem((), f"several arrows lead from here ({', '.join(known)}); {SAY_SEND}")
        if self.arrivals is not None and len(drawn) > 1 and self.send not in (None, "first_free"):
            names.problem(("send",), "a saturated source gives to whoever asks; write 'first_free'")

    @classmethod
    def make_place(cls, run: Run, row: SourceRow, place: PlaceRow) -> Any:
        if row.mode != "saturated":
            return None
        return EndlessPlace(run, place, row) if row.disruption is None else FailingPlace(run, place, row)

    @classmethod
    def build(cls, run: Run, index: int, row: SourceRow) -> None:
        ways = [run.places[way] for way in row.ways]
        rhythm = _ARRIVALS[bool(row.delay or row.disruption), row.moves == "lot"]
        source = ways[0] if row.mode == "saturated" else rhythm(run, index, row, ways)
        run.parts[index] = source
        run.leaves[index] = source.row_of_ledger
        run.sources.append(source)
        source.begin()

    @classmethod
    def measure(cls, row: SourceRow, left: SourceLedger, window: Micro) -> dict[str, float]:
        found = {"entered": float(left.entered), "lost": float(left.lost)}
        return found | {"disrupted": left.disrupted / (window or math.nan)} if row.disruption else found


_ARRIVALS: dict[tuple[bool, bool], type[Arrivals]] = {
    (False, False): Arrivals,
    (True, False): Deliveries,
    (False, True): LotArrivals,
    (True, True): LotDeliveries,
}
"""By whether deliveries may be late, and whether they are lots."""


def _say_limit(room: Element) -> str:
    """What helps against an endless supply straight into unlimited room."""
    if room.kind.ENDS:
        return "write 'limit:' here"
    if room.kind.OFFERS:
        return "give that a capacity, or 'limit:' here"
    return f"put a buffer with a capacity before {quoted(room.name)}, or write 'limit:' here"
