"""Allocating service rates and places of a line of three exponential stations, whose best design is known.

m1 + m2 + m3 = 20 parts an hour, b2 + b3 = 20 places that count the part in service (so a queue has one less), endless
parts, blocking after service. Source: Pichitlamken, Nelson & Hong (2006), European Journal of Operational Research
173; throughputs by the Markov chain. Best of the 399 designs with rates of at least 5: 5.776 an hour.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from tests.lever.pulling import study
from twin.study.search.optimise import Optimised, optimise

BEST = 5.776121751463527
LAYOUT = """
twin: 1
plant: A line of three
flow: [raw -> s1 -> s2 -> s3 -> out]
sources: {raw: {arrivals: saturated}}
stations:
  s1: {cycle: {exponential: 10 min}}
  s2: {queue: {capacity: 9}, cycle: {exponential: 10 min}}
  s3: {queue: {capacity: 9}, cycle: {exponential: 10 min}}
sinks: {out: {}}
"""
_RATES = ", ".join(f"{rate}: {{exponential: {60 / rate!r} min}}" for rate in range(5, 11))
STUDY = f"""
run: {{warm_up: 10 h, horizon: 20 h, seed: SEED}}
optimise:
  decide:
    m1: {{path: stations.s1.cycle, values: {{{_RATES}}}}}
    m2: {{path: stations.s2.cycle, values: {{{_RATES}}}}}
    m3: {{path: stations.s3.cycle, values: {{{_RATES}}}}}
    q2: {{path: stations.s2.queue.capacity, from: 0, to: 18}}
    q3: {{path: stations.s3.queue.capacity, from: 0, to: 18}}
  limits: [m1 + m2 + m3 = 20, q2 + q3 = 18]
  goals: max throughput_per_h
  replications: 3000
  indifference: 0.01 /h
"""


def tried(folder: Path, seed: int, workers: int | None = 1) -> Optimised:
    """One search with 3,000 replications."""
    (folder / "line.yaml").write_text(LAYOUT)
    return optimise(study(folder, STUDY.replace("SEED", str(seed)), folder / "line.yaml"), workers=workers)


def exact(design: Mapping[str, float]) -> float:
    """Throughput of a design, parts an hour: the Markov chain solved.

    A state is (parts at station 2, one that blocks station 1 included; parts at station 3; whether station 2 is
    blocked).
    """
    rates = design["m1"], design["m2"], design["m3"]
    room2, room3 = int(design["q2"]) + 1, int(design["q3"]) + 1
    states = [
        (two, three, blocked)
        for two in range(room2 + 2)
        for three in range(room3 + 1)
        for blocked in (0, 1)
        if not blocked or (two and three == room3)
    ]
    number = {state: i for i, state in enumerate(states)}
    balance = np.zeros((len(states), len(states)))
    for (two, three, blocked), i in number.items():
        for rate, to in _moves((two, three, blocked), rates, room2, room3):
            balance[number[to], i] += rate
            balance[i, i] -= rate
    balance[0] = 1.0
    share = np.linalg.solve(balance, np.eye(len(states))[0])
    return float(rates[2] * sum(share[i] for (_, three, _), i in number.items() if three))


State = tuple[int, int, int]


def _moves(state: State, rates: tuple[float, float, float], room2: int, room3: int) -> list[tuple[float, State]]:
    two, three, blocked = state
    found: list[tuple[float, State]] = []
    if two <= room2:
        found.append((rates[0], (two + 1, three, blocked)))
    if two and not blocked:
        found.append((rates[1], (two - 1, three + 1, 0) if three < room3 else (two, three, 1)))
    if three:
        found.append((rates[2], (two - 1, three, 0) if blocked else (two, three - 1, 0)))
    return found
