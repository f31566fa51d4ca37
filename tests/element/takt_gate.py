"""Takt gate: a place in the flow that lets one part pass each takt."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, NamedTuple

from twin.core.compiling.names import Names
from twin.core.instant import ENDS
from twin.core.kpi import Kpi
from twin.core.plan import Micro, PlaceId, PlaceRow, micro
from twin.core.run import Run
from twin.core.running.gated import guarded_place
from twin.core.running.held import HeldPlace
from twin.core.running.rule import key_of
from twin.core.spec import Kind, Stand, register
from twin.core.unit import Quantity
from twin.element.fields import Capacity, Spot, point


class GateRow(NamedTuple):
    """A gate in the plan."""

    place: PlaceId
    takt: Micro
    at: tuple[float, float] | None


class GateLedger(NamedTuple):
    """What a gate leaves behind."""

    missed: int
    """Beats on which no part was there."""


class GatePlace(HeldPlace):
    """A gate in a run: a part that comes is held until a beat lets it go."""

    def __init__(self, run: Run, place: PlaceRow, row: GateRow) -> None:
        super().__init__(run, place, key_of(run, place))
        self.takt = row.takt
        self.turn = run.instant.join(place.owner, self.open)
        run.later(self.takt, ENDS, self.beat)

    def beat(self) -> None:
        """Open once all that ends at this moment has ended, so that a part that just comes may go."""
        self.run.instant.ask(self.turn)
        self.run.later(self.takt, ENDS, self.beat)

    def open(self) -> None:
        """Let one part pass."""
        if self.held:
            self.release()
        else:
            self.missed += 1

    def clear(self, now: Micro) -> None:
        """Forget the beats so far: the run begins, or its warm-up is over."""
        super().clear(now)
        self.missed = 0


@register("element", "takt_gates")
class TaktGate(Kind):
    """A gate that lets one part pass each takt; parts wait before it.

    takt_gates:
      beat: {takt: 60 s}
      slow: {takt: 2 min, capacity: 5}
    """

    SECTION: ClassVar[str] = "takt_gates"
    WORD: ClassVar[str] = "takt gate"
    FLOWS: ClassVar[bool] = True
    OFFERS: ClassVar[bool] = True
    HEADING: ClassVar[tuple[str, str]] = ("Takt gates", "Portes de takt")
    KPIS: ClassVar[tuple[Kpi, ...]] = (
        Kpi("element", "missed", "takts", "Takts missed", "Takts manqués", "beats on which no part was there"),
    )

    takt: Annotated[float, Quantity("time", least=1e-3, positive=True)]
    """Time from one beat to the next; the first comes one takt after the start."""
    capacity: Capacity = float("inf")
    """Parts that may stand here, held or let go."""
    at: Spot | None = None
    """Where it stands: [x, y] in metres."""

    def stand(self) -> Stand:
        return Stand(self.capacity, watched=True)

    def mean_work(self, product: str, route: Any) -> float:
        return self.takt

    def numbers(self, names: Names) -> GateRow:
        if self.capacity == 0:
            names.problem(("capacity",), "a takt gate needs at least 1 place for the part that waits; write '1'")
        return GateRow(names.own_place(), micro(self.takt), point(self.at))

    @classmethod
    def make_place(cls, run: Run, row: GateRow, place: PlaceRow) -> GatePlace:
        return guarded_place(run, place, GatePlace)(run, place, row)

    @classmethod
    def build(cls, run: Run, index: int, row: GateRow) -> None:
        gate = run.parts[index] = run.places[row.place]
        run.leaves[index] = lambda: GateLedger(gate.missed)

    @classmethod
    def measure(cls, row: GateRow, left: GateLedger, window: Micro) -> dict[str, float]:
        return {"missed": float(left.missed)}
