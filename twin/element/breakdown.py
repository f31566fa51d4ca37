"""Breakdown: a mode of stop of a station, with its clock, its repair and who repairs."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple

from pydantic import ConfigDict, Field, model_validator

from twin.core.ledger import MICRO_STOP, REPAIR, WAITING_REPAIR
from twin.core.names import Names
from twin.core.plan import Draw, Micro, Needs
from twin.core.problem import Fault, Faults, quoted
from twin.core.spec import Reader, Spec, register
from twin.element.fields import By, Modes
from twin.element.stop import POLICIES, Stop
from twin.law.fitted import Fitted, breakdown_in, read_reference
from twin.law.law import FROM, LawOf


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


_FIRST = LawOf("time", "cycles", bare="exponential")


def read_first(value: object) -> Any:
    """A law of the first time up, or 'running'."""
    return value if value == "running" else _FIRST.read(value)


def first_schema() -> dict[str, Any]:
    """JSON Schema of ``first``."""
    return {"anyOf": [{"const": "running"}, _FIRST.__get_pydantic_json_schema__({"type": "any"}, None)]}


CLOCKS = ("working", "shift", "calendar", "cycles")
_NONE = LawOf("time").read("1 s")


def _read(names: Names, loc: tuple[str, ...], law: Any) -> Any:
    """A law of a fitted file as it is there, so that its dimension is known; other laws as they are."""
    if not isinstance(law, Fitted):
        return law
    names.file(law.file)
    try:
        return law.resolve(names.folder)
    except Faults as error:
        names.problem((*loc, FROM), error.faults[0].text, error.faults[0].nearest)
        return _NONE


def _either(schema: dict[str, Any]) -> None:
    """In an editor: both laws, or an entry of a fitted file."""
    schema.pop("required", None)
    schema["anyOf"] = [{"required": ["mtbf", "mttr"]}, {"required": [FROM]}]


@register("clock", "breakdowns")
class Breakdown(Spec):
    """A way a machine fails: time up until it fails, time to repair.

    breakdowns:
      spindle: {mtbf: {weibull: {mean: 310 h, cv: 0.7}}, mttr: {lognormal: {mean: 3.5 h, cv: 1.2}}, by: maintenance}
      chips:   {mtbf: 42 min, mttr: 90 s, micro_stop: true}
      belt:    {from: ../calibration/mill.fitted.yaml#mill.belt}
    """

    model_config = ConfigDict(json_schema_extra=_either)

    mtbf: Annotated[Any, LawOf("time", "cycles", bare="exponential", positive=True, fitted="up")]
    """Time up between failures, repair not included; a bare mean is exponential."""
    mttr: Annotated[Any, LawOf("time", bare="exponential", positive=True, fitted="repair")]
    """Time to repair, wait for people not included; a bare mean is exponential."""
    from_: Annotated[Any, Reader(read_reference, lambda: {"type": "string"})] | None = Field(default=None, alias="from")
    """In place of both: an entry of a fitted file, '../calibration/mill.fitted.yaml#mill.spindle', with its clock."""
    clock: Literal["working", "shift", "calendar", "cycles"] | None = None
    """When the time up runs: while working, while the calendar is open, always, or by cycles."""
    part: Literal["resume", "restart", "scrap"] = "resume"
    """What becomes of the part in work."""
    by: By | None = None
    """Who repairs; without it the repair starts at once."""
    first: Annotated[Any, Reader(read_first, first_schema)] | None = None
    """Law of the first time up, or 'running' for a machine in mid-life."""
    micro_stop: bool = False
    """Book wait and repair as micro-stop; people of the machine stay."""
    renews: list[str] = Field(default_factory=list)
    """Maintenance of this machine whose clock starts again after the repair."""

    @model_validator(mode="before")
    @classmethod
    def _from_a_fit(cls, data: Any) -> Any:
        """An entry of a fitted file stands for both laws."""
        if not isinstance(data, dict) or data.get(FROM) is None:
            return data
        if twice := [key for key in ("mtbf", "mttr") if key in data]:
            raise Faults(Fault((twice[0],), f"'from' brings both laws; leave out {quoted(twice[0])}, or 'from'"))
        try:
            read_reference(data[FROM])
        except Faults as error:
            raise Faults(*(one._replace(loc=(FROM,)) for one in error.faults)) from None
        return data | {key: {FROM: data[FROM]} for key in ("mtbf", "mttr")}

    def numbers(self, names: Names, name: str, machines: int, modes: Modes) -> BreakdownRow:
        """The row of this mode of a station."""
        return self._known(names, ("breakdowns", name))._row(names, name, machines, modes)

    def _known(self, names: Names, loc: tuple[str, ...]) -> Breakdown:
        """The same with what a fitted file says; its clock is that of the times it holds."""
        if self.from_ is None:
            return self.model_copy(update={k: _read(names, (*loc, k), getattr(self, k)) for k in ("mtbf", "mttr")})
        names.file(self.from_.file)
        try:
            found = breakdown_in(names.folder, self.from_)
            laws = {key: getattr(self, key).resolve(names.folder) for key in ("mtbf", "mttr")}
        except Faults as error:
            names.problem((*loc, FROM), error.faults[0].text, error.faults[0].nearest)
            return self.model_copy(update=dict.fromkeys(("mtbf", "mttr"), _NONE))
        if self.by and isinstance(found["repair"], dict) and found["repair"].get("includes_wait"):
            text = f"the repair times of {quoted(self.from_.name)} hold the wait for people already; leave 'by' out"
            names.problem((*loc, "by"), text)
        clock = found.get("clock") if found.get("clock") in CLOCKS else None
        if clock and self.clock not in (None, clock):
            text = f"the times up of {quoted(self.from_.name)} were counted on the clock '{clock}'; leave 'clock' out"
            names.problem((*loc, "clock"), text)
        return self.model_copy(update={**laws, "clock": self.clock or clock})

    def _row(self, names: Names, name: str, machines: int, modes: Modes) -> BreakdownRow:
        loc = ("breakdowns", name)
        clock = self._clock(names, loc)
        first, running = None, self.first == "running"
        if self.first is not None and not running:
            first = names.draw((*loc, "first"), self.first, f"{name}.first", machines)
        return BreakdownRow(
            name=name,
            clock=clock,
            up=names.draw((*loc, "mtbf"), self.mtbf, f"{name}.up", machines),
            repair=names.draw((*loc, "mttr"), self.mttr, f"{name}.repair", machines),
            first=first,
            running=names.stream(f"{name}.first", machines) if running else -1,
            part=POLICIES.index(self.part),
            needs=names.needs((*loc, "by"), self.by) if self.by else (),
            micro=self.micro_stop,
            renews=modes.positions(names, (*loc, "renews"), self.renews, "maintenance"),
        )

    def _clock(self, names: Names, loc: tuple[str, ...]) -> str:
        counted = self.mtbf.dimension == "cycles"
        if counted and self.clock not in (None, "cycles"):
            names.problem((*loc, "clock"), f"the clock '{self.clock}' needs 'mtbf' as a time, not in cycles")
        if self.first not in (None, "running") and (self.first.dimension == "cycles") != counted:
            names.problem((*loc, "first"), "'first' and 'mtbf' must both be times, or both cycles")
        if not counted and self.clock == "cycles":
            names.problem((*loc, "mtbf"), "the clock 'cycles' needs a number of cycles, such as '5000 cycles'")
        return "cycles" if counted else self.clock or "working"

    @staticmethod
    def live(machine: Any, row: BreakdownRow) -> Mode:
        """The mode on one machine in a run."""
        return Mode(machine, row)


class Mode(Stop):
    """A breakdown of one machine in a run."""

    def __init__(self, machine: Any, row: BreakdownRow) -> None:
        self.state, self.waiting = (MICRO_STOP, MICRO_STOP) if row.micro else (REPAIR, WAITING_REPAIR)
        self.part, self.micro = row.part, row.micro
        super().__init__(machine, row, row.repair)
        self.up = self.run.draw(row.up, machine.number)

    def begin(self) -> None:
        """The first time up."""
        self.wait(self._first())

    def renew(self) -> None:
        """A fresh time up."""
        self.wait(self.up())

    def _first(self) -> Micro:
        run, number = self.run, self.machine.number
        if self.row.first is not None:
            return float(run.draw(self.row.first, number)())
        if self.row.running >= 0:
            return float(run.remaining_life(self.row.up, self.row.running, number))
        return float(self.up())
