"""Plans, documents and traces made by hand, so that reports are tested without an engine."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from twin.core.ledger import STATES
from twin.core.plan import ElementRow, PlaceRow, Plan, ProductRow

HOUR = 3.6e9
INF = math.inf


class Machines(NamedTuple):
    machines: int
    at: tuple[float, float] | None = None
    outputs: tuple[int, ...] = ()
    yard: float = INF
    balk: bool = False


class Crew(NamedTuple):
    count: int
    skills: tuple[int, ...]


@dataclass
class Found:
    """A result as a report sees it."""

    plan: Plan
    data: dict[str, Any]
    warnings: tuple[str, ...] = ()
    rows: tuple[dict[str, float], ...] = ()

    def document(self) -> dict[str, Any]:
        return self.data


@dataclass
class Maker:
    """Builds a plan from arrows; the section of an element is told by the first letter of its name:
    s source, b buffer, z sink, else station."""

    arrows: list[tuple[str, str]]
    machines: dict[str, int] = field(default_factory=dict)
    capacity: dict[str, float] = field(default_factory=dict)
    queues: tuple[str, ...] = ()
    crews: dict[str, Crew] = field(default_factory=dict)
    skills: tuple[str, ...] = ()
    at: dict[str, tuple[float, float]] = field(default_factory=dict)
    sections: dict[str, str] = field(default_factory=dict)
    name: str = "Plant"

    def section(self, name: str) -> str:
        by_letter = {"s": "sources", "b": "buffers", "z": "sinks"}
        return self.sections.get(name) or by_letter.get(name[0], "stations")

    def plan(self) -> Plan:
        names = list(dict.fromkeys(name for arrow in self.arrows for name in arrow))
        index = {name: i for i, name in enumerate(names)}
        elements = [ElementRow(n, self.section(n), self.section(n).removesuffix("s")) for n in names]
        rows: list[Any] = [Machines(self.machines.get(n, 1), self.at.get(n)) for n in names]
        elements += [ElementRow(n, "operators", "operators") for n in self.crews]
        places = [place for name in names for place in self.places(name, index)]
        return Plan(
            name=self.name, start=None, elements=tuple(elements), rows=(*rows, *self.crews.values()),
            places=tuple(places), movers=(), products=(ProductRow("part", (), -1, INF, 0),), skills=self.skills,
            laws=(), streams=("x",), warm_up=8 * HOUR, horizon=480 * HOUR, replications=20, seed=1, confidence=0.95,
        )  # fmt: skip

    def places(self, name: str, index: dict[str, int]) -> list[PlaceRow]:
        givers = tuple(index[a] for a, b in self.arrows if b == name)
        takers = tuple(index[b] for a, b in self.arrows if a == name)
        own, section = index[name], self.section(name)

        def row(owner: int, capacity: float, giving: tuple[int, ...], taking: tuple[int, ...]) -> PlaceRow:
            return PlaceRow(name, owner, capacity, "fifo", False, section == "sinks", giving, taking, ())

        if section == "buffers":
            return [row(own, self.capacity.get(name, 10.0), givers, takers)]
        if section == "sources":
            return [row(own, INF, (own,), takers)]
        if section == "sinks" or name in self.queues:
            return [row(own, INF, givers, (own,))]
        doors = [a for a, b in self.arrows if b == name and self.section(a) == "stations"]
        return [row(own, 0.0, (index[a],), (own,)) for a in doors]


PUMP = Maker(
    [
        ("castings", "mill"), ("mill", "mill_out"), ("mill_out", "wash"), ("wash", "washed"), ("washed", "kit"),
        ("motors", "motor_rack"), ("motor_rack", "kit"), ("kit", "test"), ("test", "kit"), ("test", "pack"),
        ("pack", "shipped"),
    ],
    machines={"mill": 2}, capacity={"mill_out": 20.0, "washed": 8.0, "motor_rack": 40.0}, queues=("kit",),
    crews={"team": Crew(3, (0, 1)), "fitters": Crew(1, (2,))}, skills=("machining", "assembly", "maintenance"),
    sections={
        "castings": "sources", "motors": "sources", "mill_out": "buffers", "washed": "buffers",
        "motor_rack": "buffers", "shipped": "sinks",
    },
    name="Pump line 2",
)  # fmt: skip
"""The plant of the language's first page."""


def interval(mean: float, half: float | None = None) -> dict[str, Any]:
    """A KPI object; without ``half`` as one replication gives it."""
    if half is None:
        return {"mean": mean, "low": None, "high": None, "sd": None, "n": 1}
    return {"mean": mean, "low": mean - half, "high": mean + half, "sd": 2 * half, "n": 20}


def station(machines: int, half: float | None, **states: float) -> dict[str, Any]:
    """The entry of a station; what is not named is starved."""
    rest = {"starved": 1 - sum(states.values())}
    shares = {s: interval({**rest, **states}.get(s, 0.0), half and half * 0.01) for s in STATES}
    kpis = {"oee": states["working"] * 0.97, "trs_intrinsic": 0.9, "availability": 0.95, "mttr_s": 300.0}
    found = {key: interval(x, half and half * 0.011) for key, x in kpis.items()}
    return {"kind": "station", "machines": machines, "states": shares, "kpis": found}


def pump_document(half: float | None = 1.0) -> dict[str, Any]:
    """A document of the pump line; ``half`` scales its intervals."""

    def of(mean: float, width: float) -> dict[str, Any]:
        return interval(mean, half and half * width)

    def place(content: float, wait: float) -> dict[str, Any]:
        return {"kind": "buffer", "kpis": {"content": of(content, 0.31), "wait_s": of(wait, wait / 30)}}

    return {
        "twin": "0.1.0", "layout": "layouts/pump_line.yaml", "plan": "5f0c1e6f2a9b4d3c8e7f6a5b", "engine": "simpy",
        "seed": 1, "warm_up_s": 28800, "horizon_s": 1728000, "replications": 20 if half else 1, "confidence": 0.95,
        "kpis": {
            "throughput_per_h": of(37.18, 0.42), "parts": of(17846.0, 201.0), "lead_time_s": of(2641.0, 63.0),
            "lead_time_p95_s": of(4400.0, 180.0), "wip": of(27.31, 0.61), "scrap_share": of(0.0203, 0.0004),
        },
        "products": {"part": {"parts": of(17846.0, 201.0), "lead_time_s": of(2641.0, 63.0)}},
        "elements": {
            "castings": {"kind": "source", "kpis": {}},
            "mill": station(2, half, working=0.71, repair=0.03, waiting_repair=0.01, micro_stop=0.035, blocked=0.02,
                            waiting_operator=0.045, **{"break": 0.05, "off": 0.09, "maintenance": 0.01}),
            "wash": station(1, half, working=0.47, blocked=0.08, off=0.09, **{"break": 0.05}),
            "kit": station(1, half, working=0.42, blocked=0.01, waiting_operator=0.12, off=0.09, **{"break": 0.05}),
            "test": station(1, half, working=0.41, off=0.09, **{"break": 0.05}),
            "pack": station(1, half, working=0.31, off=0.09, **{"break": 0.05}),
            "mill_out": place(7.34, 700.0), "washed": place(2.11, 200.0), "motor_rack": place(33.2, 3100.0),
            "team": {"kind": "operators", "kpis": {"busy": of(0.74, 0.012)}},
            "fitters": {"kind": "operators", "kpis": {"busy": of(0.11, 0.008)}},
            "shipped": {"kind": "sink", "kpis": {}},
        },
        "bottleneck": {"method": "active period", "shares": {"mill": 0.63, "kit": 0.2, "wash": 0.11, "test": 0.06}},
        "checks": [{"name": n, "ok": True} for n in ("states add up", "parts conserved", "Little's law")],
    }  # fmt: skip


def pump(half: float | None = 1.0) -> Found:
    """The result of the pump line."""
    document, rng = pump_document(half), random.Random(3)
    for name, share in document["bottleneck"]["shares"].items():
        kpis = document["elements"][name]["kpis"]
        kpis |= {"bottleneck_sole": interval(0.8 * share, half and 0.02), "bottleneck_shifting": interval(0.2 * share)}
    means = document["bottleneck"]["shares"].items()
    rows = tuple({f"bottleneck.{n}": x + rng.gauss(0, 0.03) for n, x in means} for _ in range(20 if half else 1))
    return Found(PUMP.plan(), document, rows=rows)


Row = tuple[float, str, int, str, int]


def trace(seed: int = 1, hours: float = 30.0) -> list[Row]:
    """A trace that looks like one: machines change state, parts pass through buffers."""
    rng = random.Random(seed)
    rows: list[Row] = []
    for name, count in {"mill": 2, "wash": 1, "kit": 1, "test": 1, "pack": 1}.items():
        for machine in range(1, count + 1):
            now, part = 0.0, 0
            while now < hours * HOUR:
                state = rng.choices(["working", "starved", "blocked", "repair", "micro_stop"], [9, 5, 2, 0.5, 1])[0]
                part += state == "working"
                rows.append((round(now), name, machine, state, part if state != "starved" else -1))
                now += rng.expovariate(1 / 90e6) + 20e6
    for name, size in {"mill_out": 20, "washed": 8, "motor_rack": 40}.items():
        now, level, part = 0.0, 0, 0
        while now < hours * HOUR:
            put = level == 0 or (level < size and rng.random() < 0.53)
            level += 1 if put else -1
            part += put
            rows.append((round(now), name, 0, "in" if put else "out", part if put else part - level))
            now += rng.expovariate(1 / 50e6)
    return sorted(rows, key=lambda row: row[0])
