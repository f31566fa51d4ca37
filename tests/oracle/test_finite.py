"""Runs that end: the first customers of an empty queue, and the year of Law's job shop."""

from __future__ import annotations

import math
from functools import partial

import pytest

from twin.core.ledger import WORKING, Ledger

from . import facts
from .judge import FAST, LONG, REPLICATIONS, Answer, Tier, complaints
from .plants import MINUTE, View, erlang, exponential, lead_of, plan_of, plant, run, wait, working
from .study import Quantity, Study, headline, values

HOUR = 60 * MINUTE
LINES = 25
"""Independent queues in one plant: each of its runs is twenty-five first days."""


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


def _longer_service(ledger: Ledger, customers: int) -> float:
    """Mean time of service, less what was expected: a control."""
    work = sum(machine[WORKING] for station in ledger.stations.values() for machine in station.states)
    return work / (LINES * customers * MINUTE) - 1 / float(facts.params("Q-WARMUP")["mu"])


def _first_delays(customers: int, runs: int, seed: int, factor: float) -> list[Answer]:
    """Mean delay of the first customers in each of ``runs`` runs of all queues."""
    plan = plan_of(_first_days(customers)).with_run(seed=seed)
    ledgers = run(plan, round(runs * factor))
    control = Quantity("control: service", "mean", lambda view: _longer_service(view.ledger, customers), exact=0.0)
    views = [View(plan, ledger) for ledger in ledgers]
    service = control.answer("Q-WARMUP", values(control, views))
    delay = headline(f"first_{customers}", "time", lambda view: _mean_delay(view.ledger, customers))
    return [delay.answer("Q-WARMUP", values(delay, views), [service.values]), service]


def _check_first(customers: int, runs: int, tier: Tier) -> None:
    assert complaints("Q-WARMUP", partial(_first_delays, customers, runs), tier) == []


@pytest.mark.parametrize(("customers", "runs"), [(25, 100), (100, 100)])
def test_first_customers_short(customers: int, runs: int) -> None:
    _check_first(customers, runs, FAST)


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize(("customers", "runs"), [(25, 720), (100, 720)])
def test_first_customers_long(customers: int, runs: int) -> None:
    _check_first(customers, runs, LONG)


# --- LAW-JOBSHOP ---------------------------------------------------------------------------------

RUNS = 200


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


def _delays(view: View) -> dict[str, float]:
    """Mean delays of one year, h: of a job of each type, of any job, of a step at each group."""
    known, probs = facts.answers("LAW-JOBSHOP"), facts.params("LAW-JOBSHOP")["probs"]
    found = {f"delay_type_{n}": lead_of(f"type{n}")(view) - known[f"raw_time_{n}"] for n in (1, 2, 3)}
    found["delay_overall"] = math.fsum(p * found[f"delay_type_{n}"] for n, p in enumerate(probs, 1))
    return found | {f"delay_station_{n}": wait(f"m{n}")(view) for n in range(1, 6)}


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_law_year() -> None:
    """Our 99 % interval of 200 years meets the 99 % interval of the reference simulation."""
    given, reference = facts.params("LAW-JOBSHOP"), facts.answers("LAW-JOBSHOP")["finite_2920h"]
    plan = plan_of(law_shop()).with_run(horizon=given["horizon"] * HOUR, seed=LONG.seed)
    years = [_delays(View(plan, ledger, HOUR)) for ledger in run(plan, RUNS)]
    apart = []
    for name, known in reference.items():
        answer = Answer(name, "time", known["mean"], [year[name] for year in years])
        low, high = answer.interval(0.99)
        if high < known["mean"] - known["half99"] or low > known["mean"] + known["half99"]:
            apart.append(f"{name}: [{low:.4f}, {high:.4f}] h, reference {known['mean']} ± {known['half99']} h")
    assert apart == []


STEADY = Study(
    "LAW-JOBSHOP",
    law_shop(),
    tuple(Quantity(f"util_{n}", "share", working(f"m{n}")) for n in range(1, 6)),
    fast=4_600,
    long=6_000,
    warm_up=1_000,
    variant="steady",
    unit=HOUR,
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
