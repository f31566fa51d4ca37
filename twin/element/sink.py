"""Sink: where parts leave the plant."""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple

from twin.core.compiling.names import Names
from twin.core.ledger import SinkLedger
from twin.core.place import FinalPlace
from twin.core.plan import Micro, PlaceId, PlaceRow, Plan
from twin.core.run import Run
from twin.core.spec import Kind, Stand, register
from twin.element.fields import Spot, point
from twin.element.market.demand import Demand, DemandRow, ServedPlace, WantedParts, demand_row, never_served


class SinkRow(NamedTuple):
    """A sink in the plan."""

    place: PlaceId
    good: bool
    at: tuple[float, float] | None = None
    demand: DemandRow | None = None
    """What the customer wants here."""

    def told(self, plan: Plan) -> dict[str, str]:
        """What its numbers mean, for the plan as text."""
        return {"good": "" if self.good else "no: what leaves here is waste"}


@register("element", "sinks")
class Sink(Kind):
    """Where parts leave the plant; good parts count as throughput.

    sinks:
      shipped: {}
      waste:   {good: false}
      market:  {demand: 118000 /y}
      clients: {orders: [{due: 8 h, quantity: 40}, {due: 16 h, quantity: 60}]}
    """

    SECTION: ClassVar[str] = "sinks"
    WORD: ClassVar[str] = "sink"
    FLOWS: ClassVar[bool] = True
    ENDS: ClassVar[bool] = True

    good: bool = True
    """Whether parts that leave here count as good."""
    demand: Demand | None = None
    """Parts that the customer wants in a time, '118000 /y', or {A: 70000 /y, B: 48000 /y}: they fall due evenly, the
    first after one interval. Without a product any part serves."""
    orders: WantedParts | None = None
    """What the customer wants and when, in a list, a CSV or an Excel file: product, quantity, due. A part serves the
    oldest demand that is due; until it is wanted it is finished stock. The part leaves the plant here all the same."""
    at: Spot | None = None
    """Where it is: [x, y] in metres; for the way of vehicles and the drawing."""

    def stand(self) -> Stand:
        return Stand(float("inf"))

    def numbers(self, names: Names) -> SinkRow:
        if not self.good and (self.demand is not None or self.orders is not None):
            names.problem(("good",), "a waste sink serves no customer; leave 'good' out, or the demand")
        demand = demand_row(names, self.demand, self.orders)
        return SinkRow(names.own_place(), self.good, point(self.at), demand)

    def review(self, names: Names, rows: tuple[Any, ...]) -> None:
        never_served(names, self.demand, rows[names.index].demand)

    @classmethod
    def make_place(cls, run: Run, row: Any, place: PlaceRow) -> FinalPlace:
        if row.demand is not None:
            return ServedPlace(run, place, row.good, row.demand)
        return FinalPlace(run, place, row.good)

    @classmethod
    def build(cls, run: Run, index: int, row: Any) -> None:
        place = run.parts[index] = run.places[row.place]
        customer = getattr(place, "customer", None)
        run.leaves[index] = lambda: SinkLedger(tuple(place.parts), customer and customer.ledger())

    @classmethod
    def measure(cls, row: SinkRow, left: SinkLedger, window: Micro) -> dict[str, float]:
        return {"parts": float(sum(left.parts))}
