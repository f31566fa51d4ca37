"""Buffer: a place where parts wait between stations."""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple

from pydantic import Field

from twin.core.names import Names
from twin.core.plan import PlaceId, ProductId
from twin.core.run import Run
from twin.core.spec import Kind, Stand, register
from twin.core.stock import fill
from twin.element.fields import Capacity, Holds, Rule, Spot, held_parts, point


class BufferRow(NamedTuple):
    """A buffer in the plan; its capacity and rule stand with its place."""

    place: PlaceId
    holds: tuple[ProductId, ...]
    at: tuple[float, float] | None = None


@register("element", "buffers")
class Buffer(Kind):
    """A place where parts wait; a part in a machine is not in it.

    buffers:
      mill_out: {capacity: 20}
      rack:     {capacity: unlimited, rule: spt, holds: 5}
    """

    SECTION: ClassVar[str] = "buffers"
    WORD: ClassVar[str] = "buffer"
    FLOWS: ClassVar[bool] = True
    OFFERS: ClassVar[bool] = True
    LATER: ClassVar[frozenset[str]] = frozenset({"dwell"})

    capacity: Capacity
    """Places for waiting parts; must be written; 'unlimited' is allowed."""
    rule: Rule = "fifo"
    """Which waiting part is taken first."""
    holds: Holds = Field(default_factory=dict)
    """Parts that stand here at time 0."""
    prefer: list[str] = Field(default_factory=list)
    """Givers that go first, whatever their waiting time."""
    at: Spot | None = None
    """Where it stands: [x, y] in metres; for the way of vehicles and the drawing."""

    def stand(self) -> Stand:
        return Stand(self.capacity, self.rule, tuple(self.prefer))

    def starts_with(self) -> int:
        return sum(self.holds.values())

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
        return BufferRow(names.own_place(), held_parts(names, ("holds",), self.holds), point(self.at))

    @classmethod
    def build(cls, run: Run, index: int, row: Any) -> None:
        place = run.places[row.place]
        run.parts[index] = place
        fill(run, index, row.holds, place)
