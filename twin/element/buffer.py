"""Buffer: a place where parts wait between stations."""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple

from pydantic import Field

from twin.core.compiling.names import Names
from twin.core.ledger import RackLedger
from twin.core.plan import Micro, PlaceId, PlaceRow, ProductId
from twin.core.run import Run
from twin.core.running.gated import guarded_place
from twin.core.running.rule import key_of
from twin.core.running.stock import fill
from twin.core.spec import Kind, Stand, register
from twin.element.fields import Capacity, Holds, Rule, Spot, held_parts, point
from twin.element.machines.idle import rule_without_setup
from twin.element.moving.rack import Dwell, DwellRow, Rack


class BufferRow(NamedTuple):
    """A buffer in the plan; its capacity and rule stand with its place."""

    place: PlaceId
    holds: tuple[ProductId, ...]
    at: tuple[float, float] | None = None
    dwell: DwellRow | None = None


@register("element", "buffers")
class Buffer(Kind):
    """A place where parts wait; a part in a machine is not in it.

    buffers:
      mill_out: {capacity: 20}
      rack:     {capacity: unlimited, rule: spt, holds: 5}
      curing:   {capacity: 200, dwell: {least: 10 min, most: 2 h}}
    """

    SECTION: ClassVar[str] = "buffers"
    WORD: ClassVar[str] = "buffer"
    FLOWS: ClassVar[bool] = True
    OFFERS: ClassVar[bool] = True

    capacity: Capacity
    """Places for waiting parts; must be written; 'unlimited' is allowed."""
    rule: Rule = "fifo"
    """Which waiting part is taken first."""
    holds: Holds = Field(default_factory=dict)
    """Parts that stand here at time 0."""
    dwell: Dwell | None = None
    """How long a part stands here: not less than 'least', and at 'most' it is scrapped: {least: 10 min, most: 2 h}."""
    prefer: list[str] = Field(default_factory=list)
    """Givers that go first, whatever their waiting time."""
    at: Spot | None = None
    """Where it stands: [x, y] in metres; for the way of vehicles and the drawing."""

    def stand(self) -> Stand:
        return Stand(self.capacity, self.rule, tuple(self.prefer), watched=self.dwell is not None)

    def starts_with(self) -> int:
        return sum(self.holds.values())

    def brings(self, products: list[str]) -> list[str]:
        return [word or products[0] for word in self.holds]

    def passed_on(self, product: str) -> float:
        return 0.0 if self.dwell is not None and self.dwell.most is not None else 1.0

    def numbers(self, names: Names) -> BufferRow:
        if self.capacity == 0:
            names.problem(("capacity",), "a buffer needs at least 1 place; leave it out for a direct arrow")
        if sum(self.holds.values()) > self.capacity:
            names.problem(("holds",), f"{sum(self.holds.values())} parts do not fit in {self.capacity:g} places")
        for i, giver in enumerate(self.prefer):
            names.giver(("prefer", i), giver)
        for product in self.holds:
            if product in names.layout.products and names.layout.products[product].route:
                names.problem(("holds", product), "parts that follow a route never stand in a buffer")
        dwell = self.dwell.numbers() if self.dwell is not None else None
        return BufferRow(names.own_place(), held_parts(names, ("holds",), self.holds), point(self.at), dwell)

    def review(self, names: Names, rows: tuple[Any, ...]) -> None:
        rule_without_setup(names, ("rule",), self.rule, names.all_followers(), rows)

    @classmethod
    def make_place(cls, run: Run, row: BufferRow, place: PlaceRow) -> Rack | None:
        if row.dwell is None:
            return None
        return guarded_place(run, place, Rack)(run, place, key_of(run, place), row.dwell)

    @classmethod
    def build(cls, run: Run, index: int, row: Any) -> None:
        place = run.places[row.place]
        run.parts[index] = place
        if row.dwell is not None:
            run.leaves[index] = place.row_of_ledger
        fill(run, index, row.holds, place)

    @classmethod
    def measure(cls, row: BufferRow, left: RackLedger, window: Micro) -> dict[str, float]:
        return {"scrapped": float(sum(left.scrapped))}
