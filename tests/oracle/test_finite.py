"""Runs that end: the first customers of an empty queue, and the year of Law's job shop."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import pytest

from twin.core.ledger import Ledger
from twin.core.plan import Plan

from . import facts
from .controls import arrivals
from .judge import FAST, LONG, REPLICATIONS, Answer, complaints
from .plants import MINUTE, erlang, exponential, plan_of, plant, run, working
from .recursions import lindley, some
from .study import Quantity, Study, headline

HOUR = 60 * MINUTE
LINES = 25
"""Independent queues in one plant: each of its runs is twenty-five first days."""
STOCK = 1_000
"""Draws that a stream has ready at once: the recursion alone makes as many first days of them as it can."""


# --- Q-WARMUP ------------------------------------------------------------------------------------


def _first_days(customers: int) -> str:
    given = facts.params("Q-WARMUP")
    source = f"{{every: {exponential(1 / given['lam'])}, limit: {customers}}}"
    server = f"{{queue: {{}}, cycle: {exponential(1 / given['mu'])}}}"
    lines = range(1, LINES + 1)
    return plant(
        [f"raw{n} -> server{n} -> out" for n in lines],
        sources={f"raw{n}": source for n in lines},
        stations={f"server{n}": server for n in lines},
        sinks={"out": "{}"},
    )


def _mean_delay(ledger: Ledger, customers: int) -> float:
    return sum(place.wait for place in ledger.places.values()) / (LINES * customers * MINUTE)


def _by_recursion(plan: Plan, replication: int, customers: int, days: int = 1) -> float:
    """The mean delay that the draws of the run give by Lindley's recursion; further days take the draws that follow."""
    total, shape = 0.0, (days, customers)
    for n in range(1, LINES + 1):
        every, cycle = plan.rows[plan.index(f"raw{n}")].every[0], plan.rows[plan.index(f"server{n}")].cycle[0]
        came = np.cumsum(some(plan, replication, every, days * customers).reshape(shape), axis=1)
        times = some(plan, replication, cycle, days * customers).reshape(shape)
        total += float((lindley(came, times) - times - came).sum())
    return total / (LINES * days * customers * MINUTE)


def _first_delays(customers: int, runs: int, seed: int, factor: float) -> list[Answer]:
    """Mean delay of the first customers in each of ``runs`` runs of all queues; the recursion is its control."""
    plan = plan_of(_first_days(customers)).with_run(seed=seed)
    ledgers = run(plan, round(runs * factor))
    exact = facts.answers("Q-WARMUP")[f"first_{customers}"]
    control = [_by_recursion(plan, ledger.replication, customers) - exact for ledger in ledgers]
    delays = [_mean_delay(ledger, customers) for ledger in ledgers]
    return [_delay(customers, delays, [control]), Answer("control: recursion", "mean", 0.0, control)]


def _delay(customers: int, values: list[float], controls: Sequence[Sequence[float]] = ()) -> Answer:
    return headline(f"first_{customers}", "time", lambda _: 0.0).answer("Q-WARMUP", values, controls)


def _recursion_alone(customers: int, runs: int, seed: int, factor: float) -> list[Answer]:
    """What the recursion alone says, in as many runs as the formula needs."""
    plan = plan_of(_first_days(customers)).with_run(seed=seed)
    days = STOCK // customers
    return [_delay(customers, [_by_recursion(plan, n, customers, days) for n in range(round(runs * factor))])]


@pytest.mark.parametrize("customers", [25, 100])
def test_first_customers_short(customers: int) -> None:
    assert complaints("Q-WARMUP", partial(_first_delays, customers, 20), FAST) == []


@pytest.mark.long
@pytest.mark.parametrize(("customers", "runs"), [(25, 50), (100, 160)])
def test_first_customers_long(customers: int, runs: int) -> None:
    assert complaints("Q-WARMUP", partial(_first_delays, customers, 60), LONG) == []
    assert complaints("Q-WARMUP", partial(_recursion_alone, customers, runs), LONG) == []


# --- LAW-JOBSHOP ---------------------------------------------------------------------------------


def law_shop() -> str:
    """Three job types over five groups of machines; Erlang-2 times; first in, first out."""
    given = facts.params("LAW-JOBSHOP")
    shares = ", ".join(f"type{n}: {100 * share:.10g} %" for n, share in enumerate(given["probs"], 1))
    steps = [
        ", ".join(f"{{m{at}: {erlang(float(time), 2, 'h')}}}" for at, time in zip(route, times, strict=True))
        for route, times in zip(given["routes"], given["means"], strict=True)
    ]
    return plant(
        [],
        sources={"raw": f"{{every: {exponential(given['interarrival'], 'h')}, products: {{{shares}}}}}"},
        stations={f"m{n}": f"{{machines: {count}, queue: {{}}}}" for n, count in enumerate(given["machines"], 1)},
        sinks={"out": "{}"},
        products={f"type{n}": f"{{route: [{route}]}}" for n, route in enumerate(steps, 1)},
    )


STEADY = Study(
    "LAW-JOBSHOP",
    law_shop(),
    tuple(Quantity(f"util_{n}", "share", working(f"m{n}")) for n in range(1, 6)),
    fast=2_900,
    long=3_200,
    warm_up=1_000,
    variant="steady",
    unit=HOUR,
    controls=(arrivals(1 / facts.params("LAW-JOBSHOP")["interarrival"]),),
    runs=REPLICATIONS,
)


def test_law_utilisations_short() -> None:
    assert STEADY.complaints(FAST) == []


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_law_utilisations_long() -> None:
    assert STEADY.complaints(LONG) == []


FINITE = ("Q-WARMUP", "LAW-JOBSHOP")
"""The cases of this file."""
