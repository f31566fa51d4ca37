"""The one door from the known answers to the engine: texts of plants, their runs, and what is read in a run.

Time is told in minutes: 1 unit of the cases = 1 min (hours where a case says so).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from twin.core.compile import compile_plan
from twin.core.layout import from_document
from twin.core.ledger import BLOCKED, MICRO_STOP, REPAIR, STARVED, WAITING_OPERATOR, WAITING_REPAIR, WORKING, Ledger
from twin.core.plan import Plan
from twin.core.text import parse

MINUTE = 60_000_000.0
"""A minute in the plan's microseconds."""
DOWN = (REPAIR, WAITING_REPAIR, MICRO_STOP)


# --- texts ---------------------------------------------------------------------------------------


def plant(flow: Iterable[str], **sections: Mapping[str, str]) -> str:
    """The text of a plant: its arrows, then each section as a map of name to a one-line body."""
    lines = ["twin: 1", "plant: known answer"]
    lines += ["flow:", *(f"  - {arrow}" for arrow in flow)] if flow else []
    for section, members in sections.items():
        lines += [f"{section}:", *(f"  {name}: {body}" for name, body in members.items())] if members else []
    return "\n".join(lines) + "\n"


def exponential(mean: float, unit: str = "min") -> str:
    """An exponential law."""
    return f"{{exponential: {mean!r} {unit}}}"


def erlang(mean: float, phases: int, unit: str = "min") -> str:
    """An Erlang law; one phase is exponential."""
    return exponential(mean, unit) if phases == 1 else f"{{erlang: {{mean: {mean!r} {unit}, phases: {phases}}}}}"


def breakdown(mttf: float, mttr: float, more: str = "") -> str:
    """The key ``breakdowns`` of a station with one mode of exponential times; nothing when it never fails."""
    return f"breakdowns: {{stop: {{mtbf: {mttf!r} min, mttr: {mttr!r} min{more}}}}}" if mttf else ""


def body(*keys: str) -> str:
    """A one-line map of the keys that are not empty."""
    return "{" + ", ".join(key for key in keys if key) + "}"


def line(
    cycles: Sequence[str],
    buffers: Sequence[int],
    extras: Sequence[Sequence[str]] = (),
    source: str = "{arrivals: saturated}",
    **sections: Mapping[str, str],
) -> str:
    """A serial line ``raw -> m1 -> b1 -> m2 -> … -> out``; a buffer of 0 places is a direct arrow."""
    path, stations = ["raw"], {}
    for number, cycle in enumerate(cycles, 1):
        stations[f"m{number}"] = body(f"cycle: {cycle}", *(extras[number - 1] if extras else ()))
        path.append(f"m{number}")
        path += [f"b{number}"] if number <= len(buffers) and buffers[number - 1] else []
    places = {f"b{number}": f"{{capacity: {size}}}" for number, size in enumerate(buffers, 1) if size}
    ends = {"sources": {"raw": source}, "stations": stations, "buffers": places, "sinks": {"out": "{}"}}
    return plant([" -> ".join([*path, "out"])], **ends, **sections)


def queue(arrivals: str, cycle: str, *more: str, room: str = "queue: {}") -> str:
    """An open queue: parts arrive, wait before the station ``server``, and leave."""
    servers = {"server": body(room, f"cycle: {cycle}", *more)}
    return plant(["raw -> server -> out"], sources={"raw": arrivals}, stations=servers, sinks={"out": "{}"})


# --- runs ----------------------------------------------------------------------------------------


def plan_of(text: str) -> Plan:
    """The plan of a plant's text."""
    import twin.element  # noqa: F401  (registers every kind and law)

    return compile_plan(from_document(parse(text.encode(), "case.yaml")))


def run(plan: Plan, n: int) -> list[Ledger]:
    """The ledgers of ``n`` replications; their identities hold."""
    from twin.engine import simulate

    ledgers = [simulate(plan, replication) for replication in range(n)]
    for ledger in ledgers:
        assert all(check.ok for check in ledger.checks()), ledger.checks()
    return ledgers


def trace_of(plan: Plan) -> tuple[Ledger, list[tuple[float, str, int, str, Any]]]:
    """One replication and its trace: (minutes, element, machine, state, part)."""
    from twin.engine import simulate

    rows: list[Any] = []
    ledger = simulate(plan, 0, trace=rows)
    assert all(check.ok for check in ledger.checks()), ledger.checks()
    return ledger, [(row[0] / MINUTE, *row[1:]) for row in rows]


# --- what is read in a run -----------------------------------------------------------------------


@dataclass(frozen=True)
class View:
    """One replication seen by the names of its plan; ``unit``: µs in a unit of the case."""

    plan: Plan
    ledger: Ledger
    unit: float = MINUTE

    @property
    def window(self) -> float:
        """Measured time, in units of the case."""
        return self.ledger.window / self.unit

    def station(self, name: str) -> Any:
        """The row of a station."""
        return self.ledger.stations[self.plan.index(name)]

    def place(self, name: str) -> Any:
        """The row of a buffer or of a station's queue."""
        return self.ledger.places[self.plan.index(name)]

    def share(self, name: str, *states: int) -> float:
        """Share of time that the machines of a station spend in ``states``."""
        rows = self.station(name).states
        return float(sum(machine[state] for machine in rows for state in states) / (len(rows) * self.ledger.window))


Read = Callable[[View], float]


def throughput(view: View) -> float:
    """Good parts per unit of time."""
    return view.ledger.flow.good / view.window


def wip(view: View) -> float:
    """Mean number of parts in the plant."""
    return view.ledger.flow.wip / view.ledger.window


def lead(view: View) -> float:
    """Mean lead time of good parts."""
    rows = view.ledger.products
    return sum(row.total for row in rows) / sum(row.parts for row in rows) / view.unit


def lost(view: View) -> float:
    """Share of the arrivals that were lost."""
    return view.ledger.flow.lost / view.ledger.flow.entered


def lead_of(product: str) -> Read:
    """Mean lead time of the good parts of one product."""

    def read(view: View) -> float:
        row = view.ledger.products[[one.name for one in view.plan.products].index(product)]
        return row.total / row.parts / view.unit

    return read


def share(name: str, *states: int) -> Read:
    """Share of time in the states, mean over the machines."""
    return lambda view: view.share(name, *states)


def working(name: str) -> Read:
    """Share of time working."""
    return share(name, WORKING)


def blocked(name: str) -> Read:
    """Share of time blocked."""
    return share(name, BLOCKED)


def starved(name: str) -> Read:
    """Share of time without a part."""
    return share(name, STARVED)


def down(name: str) -> Read:
    """Share of time in repair or waiting for it."""
    return share(name, *DOWN)


def waiting_operator(name: str) -> Read:
    """Share of time with a part but without people."""
    return share(name, WAITING_OPERATOR)


def content(name: str) -> Read:
    """Mean number of parts in a buffer or a queue."""
    return lambda view: view.place(name).content / view.ledger.window


def wait(name: str) -> Read:
    """Mean time that a part stood in a buffer or a queue."""
    return lambda view: view.place(name).wait / view.place(name).taken / view.unit


def flow_out(name: str) -> Read:
    """Parts taken out of a buffer or a queue per unit of time."""
    return lambda view: view.place(name).taken / view.window


def busy(group: str) -> Read:
    """Share of their scheduled time that people are held."""

    def read(view: View) -> float:
        row = view.ledger.rows[view.plan.index(group)]
        return float(row.held / row.scheduled)

    return read


def per_time(name: str, count: str) -> Read:
    """A count of a station (done, scrapped, repeated) per unit of time."""
    return lambda view: sum(getattr(view.station(name), count)) / view.window


def stops(name: str) -> Read:
    """Breakdowns per unit of time and machine."""
    return lambda view: sum(s.times for s in view.station(name).stops) / view.window / len(view.station(name).states)


def downtime(name: str) -> Read:
    """Mean time that a breakdown lasts, the wait for people included."""

    def read(view: View) -> float:
        rows = view.station(name).stops
        return float(sum(s.wait + s.down for s in rows) / sum(s.times for s in rows) / view.unit)

    return read


def times(factor: float, read: Read) -> Read:
    """A read-out times a constant."""
    return lambda view: factor * read(view)


def total(*reads: Read) -> Read:
    """The sum of read-outs."""
    return lambda view: sum(read(view) for read in reads)


def mean(*reads: Read) -> Read:
    """The mean of read-outs."""
    return times(1 / len(reads), total(*reads))
