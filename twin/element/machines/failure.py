"""Failure: what all ways to fail have in common, of machines and of people: time up, time to repair, who repairs."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple, Self

from pydantic import ConfigDict, Field, model_validator

from twin.core.compiling.names import Names
from twin.core.ledger import REPAIR, WAITING_REPAIR
from twin.core.plan import Draw, Micro
from twin.core.problem import Fault, Faults, quoted
from twin.core.spec import Reader, Spec
from twin.element.fields import By
from twin.element.machines.stop import Stop
from twin.law.fitted import Beside, Clock, Fitted, Reference, beside_laws, read_reference
from twin.law.law import FROM, LawOf


class Times(NamedTuple):
    """The laws of a way to fail, as its row in the plan has them."""

    up: Draw
    repair: Draw
    first: Draw | None
    running: int


_FIRST = LawOf("time", "cycles", bare="exponential")


def read_first(value: object) -> Any:
    """A law of the first time up, or 'running'."""
    return value if value == "running" else _FIRST.read(value)


def first_schema() -> dict[str, Any]:
    """JSON Schema of ``first``."""
    return {"anyOf": [{"const": "running"}, _FIRST.__get_pydantic_json_schema__({"type": "any"}, None)]}


FASTEST = 1e-3
"""Time from one failure to the next, s, below which a run would never get on."""
LAWS = ("mtbf", "mttr")
_NONE = LawOf("time").read("1 s")


def _read(names: Names, loc: tuple[str, ...], law: Any) -> tuple[Any, Beside]:
    """A law of a fitted file as it is there, so that its dimension is known, and what stands beside it."""
    if not isinstance(law, Fitted):
        return law, Beside()
    names.file(law.file)
    try:
        return law.resolve(names.folder), beside_laws(names.folder, Reference(law.file, law.name), whole=False)
    except Faults as error:
        names.problem(loc, error.faults[0].text, error.faults[0].nearest)
        return _NONE, Beside()


def check_pace(names: Names, loc: tuple[str, ...], up: Any, repair: Any) -> None:
    """Refuse failures that follow one another so fast that a run would count nothing else."""
    if names.mean(up, "") + names.mean(repair, "") < FASTEST:
        names.problem(loc, "'mtbf' and 'mttr' together are less than 1 ms, so a run would never get on; write more")


def _either(schema: dict[str, Any]) -> None:
    """In an editor: both laws, or an entry of a fitted file."""
    schema.pop("required", None)
    schema["anyOf"] = [{"required": ["mtbf", "mttr"]}, {"required": [FROM]}]


class Failure(Spec):
    """What ways to fail have in common."""

    model_config = ConfigDict(json_schema_extra=_either)

    mtbf: Annotated[Any, LawOf("time", "cycles", bare="exponential", positive=True, fitted="up")]
    """Time up between failures, repair not included; a bare mean is exponential."""
    mttr: Annotated[Any, LawOf("time", bare="exponential", positive=True, fitted="repair")]
    """Time to repair, wait for people not included; a bare mean is exponential."""
    from_: Annotated[Any, Reader(read_reference, lambda: {"type": "string"})] | None = Field(default=None, alias="from")
    """In place of both: an entry of a fitted file, '../calibration/mill.fitted.yaml#mill.spindle', with its clock."""
    clock: Clock | None = None
    """When the time up runs: while working, while the calendar is open, always, or by cycles."""
    by: By | None = None
    """Who repairs; without it the repair starts at once."""
    first: Annotated[Any, Reader(read_first, first_schema)] | None = None
    """Law of the first time up, or 'running' for a machine in mid-life."""

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

    def known(self, names: Names, loc: tuple[str, ...]) -> Self:
        """The same with what a fitted file says; its clock is that of the times it holds."""
        if self.from_ is not None:
            try:
                beside_laws(names.folder, self.from_, whole=True)
            except Faults as error:
                names.file(self.from_.file)
                names.problem((*loc, FROM), error.faults[0].text, error.faults[0].nearest)
                return self.model_copy(update=dict.fromkeys(LAWS, _NONE))
        (up, counted), (repair, waits) = (_read(names, (*loc, *self._place(k)), getattr(self, k)) for k in LAWS)
        if self.by and waits.includes_wait:
            text = f"the repair times of {quoted(self.mttr.name)} hold the wait for people already; leave 'by' out"
            names.problem((*loc, "by"), text)
        clock = counted.clock
        if clock and self.clock not in (None, clock):
            text = f"the times up of {quoted(self.mtbf.name)} were counted on the clock '{clock}'; leave 'clock' out"
            names.problem((*loc, "clock"), text)
        if counted.micro_stop and not getattr(self, "micro_stop", True):
            text = f"the stops of {quoted(self.mtbf.name)} were logged as micro-stops; write 'micro_stop: true'"
            names.problem(loc, text, warning=True)
        if up.dimension == "time":
            check_pace(names, loc, up, repair)
        return self.model_copy(update={"mtbf": up, "mttr": repair, "clock": self.clock or clock})

    def _place(self, key: str) -> tuple[str, ...]:
        """Where a law of a fitted file is asked for."""
        return (key, FROM) if self.from_ is None else (FROM,)

    def _key(self, law: str) -> str:
        """The key that brings a law."""
        return law if self.from_ is None else FROM

    def times(self, names: Names, loc: tuple[str, ...], machines: int) -> Times:
        """Its laws with their streams; the last word of ``loc`` is its name."""
        name, first, running = loc[-1], None, self.first == "running"
        if self.first is not None and not running:
            first = names.draw((*loc, "first"), self.first, f"{name}.first", machines)
        return Times(
            up=names.draw((*loc, self._key("mtbf")), self.mtbf, f"{name}.up", machines),
            repair=names.draw((*loc, self._key("mttr")), self.mttr, f"{name}.repair", machines),
            first=first,
            running=names.stream(f"{name}.first", machines) if running else -1,
        )

    def clock_of(self, names: Names, loc: tuple[str, ...]) -> str:
        """The clock on which it falls due."""
        counted = self.mtbf.dimension == "cycles"
        if counted and self.clock not in (None, "cycles"):
            key = self._key("clock")
            names.problem((*loc, key), f"the clock '{self.clock}' needs 'mtbf' as a time, not in cycles")
        if self.first not in (None, "running") and (self.first.dimension == "cycles") != counted:
            names.problem((*loc, "first"), "'first' and 'mtbf' must both be times, or both cycles")
        if not counted and self.clock == "cycles":
            key = self._key("mtbf")
            names.problem((*loc, key), "the clock 'cycles' needs a number of cycles, such as '5000 cycles'")
        return "cycles" if counted else self.clock or "working"


class Mode(Stop):
    """A way to fail of one machine, or of one person, in a run."""

    state, waiting = REPAIR, WAITING_REPAIR

    def __init__(self, machine: Any, row: Any) -> None:
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
