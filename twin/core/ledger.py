"""What a run leaves behind: times in state, counts, content integrals, lead times; numbers only.

Two engines given the same plan must leave ledgers that are equal with ``==``. All times are in whole
microseconds held as float, so sums are exact.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from twin.core.plan import ElementId, Micro, Money

STATES = (
    "off",
    "break",
    "repair",
    "waiting_repair",
    "micro_stop",
    "maintenance",
    "setup",
    "waiting_operator",
    "working",
    "blocked",
    "starved",
)
"""The states of a machine; where several apply the first wins."""
OFF, BREAK, REPAIR, WAITING_REPAIR, MICRO_STOP, MAINTENANCE, SETUP, WAITING_OPERATOR, WORKING, BLOCKED, STARVED = range(
    len(STATES)
)
_WAITING = (STARVED, BLOCKED, WAITING_OPERATOR, WAITING_REPAIR, OFF, BREAK)
ACTIVE = tuple(state not in _WAITING for state in range(len(STATES)))
"""Whether a machine in this state counts as active for the bottleneck (not starved, blocked or waiting)."""

BIN = math.log(1.01)
"""Width of a bin of lead times on the log scale: 1 %."""


class StopRow(NamedTuple):
    """One mode of stop of a station, over its machines."""

    mode: str
    times: int
    """How often it stopped a machine."""
    up: Micro
    """Production and set-up time of the machines (for the mean time between failures)."""
    wait: Micro
    """Time spent waiting for people."""
    down: Micro
    """Time in repair, the wait for people not included."""
    state: int = REPAIR
    """The state it is booked as: a failure is in repair, others are micro-stops, maintenance or set-up."""


class StationLedger(NamedTuple):
    """A station over the measured window."""

    states: tuple[tuple[Micro, ...], ...]
    """One tuple a machine, in order of ``STATES``; each adds up to the window."""
    done: tuple[int, ...]
    """Cycles completed by product (parts made)."""
    scrapped: tuple[int, ...]
    destroyed: tuple[int, ...]
    """Those of the scrapped parts that a stop destroyed in mid-cycle: they are not among those made."""
    reworked: tuple[int, ...]
    """Parts sent back, by product."""
    repeated: tuple[int, ...]
    net: Micro
    """Cycles completed × reference cycle."""
    useful: Micro
    """The same for parts that were good at first pass."""
    sole: tuple[Micro, ...]
    """Time each machine was the only bottleneck (longest active period)."""
    shifting: tuple[Micro, ...]
    """Time each machine was one of two while the bottleneck moved."""
    stops: tuple[StopRow, ...]
    switched_off: tuple[Micro, Micro] = (0.0, 0.0)
    """Time blocked and time starved after the machines had switched off, added over the machines."""
    carries: bool = False
    """Whether it only carries parts (a belt): it has no reference cycle, so no OEE, and is never the bottleneck."""


class PlaceLedger(NamedTuple):
    """A place where parts stand (buffer, queue, source)."""

    content: float
    """Integral of the number of parts over the window (part × µs)."""
    wait: Micro
    """Sum of the times that the parts taken in the window had stood here."""
    taken: int
    inside: int
    """Parts here at the end."""


class RackLedger(NamedTuple):
    """A buffer whose parts may stand only so long, over the window."""

    scrapped: tuple[int, ...]
    """Parts that stood here for too long, by product."""


class SourceLedger(NamedTuple):
    """A source over the window."""

    entered: int
    lost: int
    disrupted: Micro = 0.0
    """Time in which the supplier did not deliver."""


class GroupLedger(NamedTuple):
    """A group of people over the window (person × µs)."""

    held: Micro
    """Walking included."""
    scheduled: Micro
    """Working hours, absences included."""
    overtime: Micro
    absent: Micro = 0.0
    """Working hours in which people were away by their breakdowns."""


VEHICLE_STATES = ("loaded", "empty", "loading", "waiting", "charging", "idle")
"""What a vehicle does: it drives with or without parts, loads or unloads, waits for its driver, charges, has no trip
(driving to the charger is empty)."""
LOADED, EMPTY, LOADING, WAITING, CHARGING, IDLE = range(len(VEHICLE_STATES))


class FleetLedger(NamedTuple):
    """A fleet of vehicles over the window."""

    states: tuple[tuple[Micro, ...], ...]
    """One tuple a vehicle, in order of ``VEHICLE_STATES``; each adds up to the window."""
    trips: int
    """Trips on which parts were brought; those that ended in the window."""
    parts: int
    """Parts brought on them."""
    metres: float
    """Driven in the window."""


class DemandLedger(NamedTuple):
    """What the customer at a sink wanted in the window, and got."""

    due: int
    """Parts that fell due; where the plant was empty before the horizon, also those ordered for the rest of it."""
    on_time: int
    """Those of them that were served at that moment."""
    backlog: float
    """Integral of the parts that were due and not served (part × µs)."""
    stock: float
    """Integral of the finished parts that nobody wanted yet (part × µs)."""
    open_end: int
    """Parts due and not served at the end."""
    stock_end: int


class CardLedger(NamedTuple):
    """A loop of cards over the window."""

    limit: int
    held: float
    """Integral of the cards in use (card × µs)."""
    taken: int
    """How often a card was taken."""
    inside: int
    """Cards in use at the end."""


class SinkLedger(NamedTuple):
    """A sink over the window."""

    parts: tuple[int, ...]
    """Parts that left through it, by product."""
    demand: DemandLedger | None = None


Leaves = TypeVar("Leaves")


class LeadRow(NamedTuple):
    """Good parts of one product that left in the window."""

    parts: int
    total: Micro
    """Sum of lead times."""
    bins: tuple[tuple[int, int], ...]
    """(bin, count): lead times from 1.01^bin to 1.01^(bin+1) µs; bin -1 holds 0."""
    due: int
    """Parts that had a due date."""
    late: int
    tardiness: Micro
    longest: Micro = 0.0
    """The longest lead time."""


class FlowRow(NamedTuple):
    """The account of parts in the window.

    ``inside_start + entered + split = good + waste + scrapped + lost + joined + inside_end``.
    """

    inside_start: int
    entered: int
    good: int
    waste: int
    """Parts that left through a sink that is not good."""
    scrapped: int
    lost: int
    inside_end: int
    wip: float
    """Integral of the number of parts in the plant (part × µs)."""
    spent: float
    """Sum of the times parts spent in the plant within the window."""
    material: Money = 0.0
    """Cost of the material of the parts that left (good, waste, scrapped), with that of the parts joined to them."""
    split: int = 0
    """Parts that came into being when others were taken apart."""
    joined: int = 0
    """Parts that ended in others."""
    spoiled: Money = 0.0
    """Of the material, that of parts that are not good (waste, scrapped)."""


class Check(NamedTuple):
    """An identity that every run must satisfy."""

    name: str
    ok: bool
    found: str


@dataclass(frozen=True)
class Ledger:
    """All that one replication leaves; rows are keyed by the index of the element."""

    replication: int
    window: Micro
    """Measured time."""
    makespan: Micro | None
    """Time of the last departure when the plant emptied, else None."""
    flow: FlowRow
    products: tuple[LeadRow, ...]
    rows: Mapping[ElementId, Any]
    """What each element leaves, in the form of its kind (a NamedTuple of numbers)."""
    places: Mapping[ElementId, PlaceLedger]
    """Buffers and queues, by the element that owns the place."""
    warnings: tuple[str, ...] = ()

    def of(self, form: type[Leaves]) -> dict[ElementId, Leaves]:
        """The rows of this form, such as ``StationLedger``, by element in declared order."""
        return {index: row for index, row in self.rows.items() if isinstance(row, form)}

    @cached_property
    def stations(self) -> dict[ElementId, StationLedger]:
        """All that has machines."""
        return self.of(StationLedger)

    def checks(self) -> tuple[Check, ...]:
        """The identities of the language, verified on this ledger."""
        return (self._states_add_up(), self._parts_conserved(), self._little())

    def _states_add_up(self) -> Check:
        sums = [sum(machine) for row in self.stations.values() for machine in row.states]
        driven = [sum(vehicle) for row in self.of(FleetLedger).values() for vehicle in row.states]
        wrong = [s for s in (*sums, *driven) if s != self.window]
        found = f"{wrong[0]} ≠ {self.window}" if wrong else f"{len(sums)} machines"
        return Check("states add up", not wrong, found)

    def _parts_conserved(self) -> Check:
        f = self.flow
        came = f.inside_start + f.entered + f.split
        went = f.good + f.waste + f.scrapped + f.lost + f.joined + f.inside_end
        return Check("parts conserved", came == went, f"{came} in, {went} out or inside")

    def _little(self) -> Check:
        near = math.isclose(self.flow.wip, self.flow.spent, rel_tol=1e-9, abs_tol=1.0)
        return Check("Little's law", near, f"{self.flow.wip:.12g} = {self.flow.spent:.12g}")


def lead_bin(time: Micro) -> int:
    """The bin of a lead time."""
    return int(math.log(time) / BIN) if time >= 1.0 else -1


def percentile(bins: Mapping[int, int] | tuple[tuple[int, int], ...], share: float) -> Micro:
    """The lead time that ``share`` of the parts do not exceed, µs; linear inside a bin, NaN without parts."""
    pairs = sorted(dict(bins).items())
    total = sum(count for _, count in pairs)
    target, seen = share * total, 0
    for number, count in pairs:
        if seen + count >= target:
            if number < 0:
                return 0.0
            low, high = math.exp(number * BIN), math.exp((number + 1) * BIN)
            return low + (high - low) * (target - seen) / count
        seen += count
    return math.nan
