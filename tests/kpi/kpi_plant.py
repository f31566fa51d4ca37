"""A hand-built plan and ledger: one source, a station of two machines, a buffer, a saw, a team, a sink."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from twin.core.ledger import (
    STATES,
    DemandLedger,
    FleetLedger,
    FlowRow,
    GroupLedger,
    LeadRow,
    Ledger,
    PlaceLedger,
    RackLedger,
    SinkLedger,
    SourceLedger,
    StationLedger,
    StopRow,
    lead_bin,
)
from twin.core.plan import ElementRow, EnergyRow, Plan, ProductRow
from twin.element.machines.power import PowerRow

S, H = 1e6, 3600e6
"""A second and an hour in µs."""
WINDOW = 100 * H
SOURCE, MILL, BUFFER, SAW, TEAM, SINK, CARTS = range(7)


class Bare(NamedTuple):
    """A row of which the KPIs read little."""

    machines: int = 1
    count: int = 2
    power: tuple[PowerRow, ...] = ()
    cost: float = 0.0
    wage: float = 0.0
    battery: tuple[float, ...] | None = None
    disruption: tuple[float, ...] | None = None
    modes: tuple[Any, ...] = ()


def kilowatts(idle: float, **states: float) -> tuple[float, ...]:
    """Powers by state, W, given in kW; nothing when off."""
    return tuple(1e3 * (states | {"off": states.get("off", 0.0)}).get(state, idle) for state in STATES)


DRAWS = kilowatts(4.0, working=14.0, repair=1.0, waiting_repair=1.0, micro_stop=1.0)
MILL_MODES = (("breakdowns", "spindle"), ("breakdowns", "belt"), ("start_up", "start_up"))
MILL_ROW = Bare(2, power=(PowerRow(0, DRAWS, (300.0, 300.0)),), cost=45 / 3600, modes=MILL_MODES)
TEAM_ROW = Bare(power=(PowerRow(0, kilowatts(0.5, working=2.0), (500.0, 500.0)),), wage=30 / 3600, modes=("illness",))
ORE_ROW = Bare(disruption=(90 * H, 10 * H))
CARTS_ROW = Bare(battery=(8 * H, H))
ELECTRICITY = EnergyRow("electricity", 0.14 / 3.6e6, 0.052 / 3.6e6, 0.010 / 3.6e6)


def states(**hours: float) -> tuple[float, ...]:
    """A machine's times by state, given in hours; ``break_`` is the state break."""
    named = {name.rstrip("_"): value * H for name, value in hours.items()}
    assert not named.keys() - set(STATES)
    return tuple(named.get(state, 0.0) for state in STATES)


def station(*machines: tuple[float, ...], **changes: Any) -> StationLedger:
    """A station that made nothing, with the given machines."""
    zero = tuple(0.0 for _ in machines)
    base = StationLedger(machines, (0, 0), (0, 0), (0, 0), (0, 0), (0, 0), 0.0, 0.0, zero, zero, ())
    return base._replace(**changes)


WARMING = StopRow("start_up", 4, 100 * H, 0.5 * H, 1.5 * H, STATES.index("setup"))


def mill() -> StationLedger:
    """Two machines that were open 90 h and 70 h, of which 88 h and 66 h required."""
    one = states(off=10, break_=2, repair=4, waiting_repair=2, micro_stop=3, setup=5, working=60, blocked=8, starved=6)
    two = states(off=30, maintenance=4, waiting_operator=6, working=40, starved=20)
    return station(
        one,
        two,
        done=(80, 20),
        scrapped=(2, 1),
        reworked=(0, 5),
        repeated=(4, 0),
        net=90 * H,
        useful=81 * H,
        sole=(30 * H, 10 * H),
        shifting=(15 * H, 5 * H),
        stops=(StopRow("spindle", 3, 100 * H, 2 * H, 3 * H), StopRow("belt", 2, 100 * H, 0.0, 1 * H), WARMING),
    )


def carts() -> FleetLedger:
    """Two vehicles over 100 h: loaded, empty, loading, waiting, charging, idle."""
    times = ((30 * H, 20 * H, 10 * H, 4 * H, 16 * H, 20 * H), (10 * H, 10 * H, 10 * H, 0.0, 0.0, 70 * H))
    return FleetLedger(times, 400, 700, 252_000.0)


def lead(*times: float, due: int = 0, late: int = 0, tardiness: float = 0.0) -> LeadRow:
    """Lead times in seconds."""
    bins: dict[int, int] = {}
    for time in times:
        bins[lead_bin(time * S)] = bins.get(lead_bin(time * S), 0) + 1
    return LeadRow(len(times), sum(times) * S, tuple(sorted(bins.items())), due, late, tardiness * S)


def plan(due: float = math.inf) -> Plan:
    """The plan to the ledger; ``due`` of product A in µs after arrival."""
    named = [
        ("ore", "sources"),
        ("mill", "stations"),
        ("out", "buffers"),
        ("saw", "stations"),
        ("team", "operators"),
        ("shipped", "sinks"),
        ("carts", "vehicles"),
    ]
    return Plan(
        name="hand-built",
        start=None,
        elements=tuple(ElementRow(name, section, section.rstrip("s")) for name, section in named),
        rows=tuple(
            {"ore": ORE_ROW, "mill": MILL_ROW, "team": TEAM_ROW, "carts": CARTS_ROW}.get(name, Bare())
            for name, _ in named
        ),
        places=(),
        movers=(),
        products=(ProductRow("A", (), SINK, due, 0), ProductRow("B", (), SINK, math.inf, 0, price=20e6)),
        skills=(),
        laws=(),
        streams=(),
        warm_up=0.0,
        horizon=WINDOW,
        replications=1,
        seed=1,
        confidence=0.95,
        energy=(ELECTRICITY,),
    )


def ledger(**changes: Any) -> Ledger:
    """A ledger whose figures the tests work out by hand."""
    base: dict[str, Any] = {
        "replication": 0,
        "window": WINDOW,
        "makespan": None,
        "flow": FlowRow(10, 120, 95, 2, 3, 5, 25, 1250 * H, 1250 * H),
        "products": (lead(*[100.0] * 90), lead(*[400.0] * 5)),
        "rows": {
            SOURCE: SourceLedger(120, 5, 20 * H),
            MILL: mill(),
            SAW: station(states(off=40, working=60), sole=(50 * H,)),
            TEAM: GroupLedger(90 * H, 150 * H, 30 * H),
            SINK: SinkLedger((90, 7), DemandLedger(100, 80, 300 * H, 50 * H, 6, 3)),
            BUFFER: RackLedger((2, 1)),
            CARTS: carts(),
        },
        "places": {BUFFER: PlaceLedger(250 * H, 3000 * S, 100, 4)},
    }
    return Ledger(**{**base, **changes})
