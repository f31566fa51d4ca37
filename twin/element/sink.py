"""Sink: where parts leave the plant."""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple

from twin.core.ledger import SinkLedger
from twin.core.names import Names
from twin.core.place import FinalPlace
from twin.core.plan import PlaceId, PlaceRow
from twin.core.run import Run
from twin.core.spec import Kind, Stand, register
from twin.element.fields import Spot, point


class SinkRow(NamedTuple):
    """A sink in the plan."""

    place: PlaceId
    good: bool
    at: tuple[float, float] | None = None


@register("element", "sinks")
class Sink(Kind):
    """Where parts leave the plant; good parts count as throughput.

    sinks:
      shipped: {}
      waste:   {good: false}
    """

    SECTION: ClassVar[str] = "sinks"
    WORD: ClassVar[str] = "sink"
    FLOWS: ClassVar[bool] = True
    ENDS: ClassVar[bool] = True
    LATER: ClassVar[frozenset[str]] = frozenset({"demand", "orders"})

    good: bool = True
    """Whether parts that leave here count as good."""
    at: Spot | None = None
    """Where it is: [x, y] in metres; for the way of vehicles and the drawing."""

    def stand(self) -> Stand:
        return Stand(float("inf"))

    def numbers(self, names: Names) -> SinkRow:
        return SinkRow(names.own_place(), self.good, point(self.at))

    @classmethod
    def make_place(cls, run: Run, row: Any, place: PlaceRow) -> FinalPlace:
        return FinalPlace(run, place, row.good)

    @classmethod
    def build(cls, run: Run, index: int, row: Any) -> None:
        place = run.parts[index] = run.places[row.place]
        run.leaves[index] = lambda: SinkLedger(tuple(place.parts))
