"""Breakdown: a mode of stop of a station, with its clock, its repair and who repairs."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from pydantic import Field

from twin.core.compiling.names import Names
from twin.core.ledger import MICRO_STOP
from twin.core.plan import Draw, Needs, Plan
from twin.core.spec import register
from twin.element.fields import Modes
from twin.element.machines.failure import Failure, Mode
from twin.element.machines.stop import POLICIES


class BreakdownRow(NamedTuple):
    """A mode of stop in the plan."""

    name: str
    clock: str
    up: Draw
    repair: Draw
    first: Draw | None
    """The first time up, when it has a law of its own."""
    running: int
    """Stream for a machine in mid-life at time 0; -1: the first time up is a fresh draw."""
    part: int
    needs: Needs
    micro: bool
    renews: tuple[int, ...]
    """Positions among the modes of the station."""

    def told(self, plan: Plan) -> dict[str, str]:
        """What its numbers mean, for the plan as text."""
        return {"part": POLICIES[self.part]}


@register("clock", "breakdowns")
class Breakdown(Failure):
    """A way a machine fails: time up until it fails, time to repair.

    breakdowns:
      spindle: {mtbf: {weibull: {mean: 310 h, cv: 0.7}}, mttr: {lognormal: {mean: 3.5 h, cv: 1.2}}, by: maintenance}
      chips:   {mtbf: 42 min, mttr: 90 s, micro_stop: true}
      belt:    {from: ../calibration/mill.fitted.yaml#mill.belt}
    """

    part: Literal["resume", "restart", "scrap"] = "resume"
    """What becomes of the part in work."""
    micro_stop: bool = False
    """Book wait and repair as micro-stop; people of the machine stay."""
    renews: list[str] = Field(default_factory=list)
    """Maintenance of this machine whose clock starts again after the repair."""

    def numbers(self, names: Names, name: str, machines: int, modes: Modes) -> BreakdownRow:
        """The row of this mode of a station."""
        loc = ("breakdowns", name)
        known = self.known(names, loc)
        return BreakdownRow(
            name=name,
            clock=known.clock_of(names, loc),
            **known.times(names, loc, machines)._asdict(),
            part=POLICIES.index(self.part),
            needs=names.needs((*loc, "by"), self.by) if self.by else (),
            micro=self.micro_stop,
            renews=modes.positions(names, (*loc, "renews"), self.renews, "maintenance"),
        )

    @staticmethod
    def live(machine: Any, row: BreakdownRow) -> Mode:
        """The mode on one machine in a run."""
        return MachineMode(machine, row)


class MachineMode(Mode):
    """A breakdown or micro-stop of one machine in a run."""

    def __init__(self, machine: Any, row: BreakdownRow) -> None:
        super().__init__(machine, row)
        self.part, self.micro, self.renews = row.part, row.micro, row.renews
        if row.micro:
            self.state = self.waiting = MICRO_STOP
