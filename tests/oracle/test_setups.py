"""Set-ups: a machine that stays with its product until nothing of it waits, and the best order of three batches."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from twin.core.ledger import SETUP

from . import facts
from .controls import arrivals, cycles, recursion
from .judge import FAST
from .plants import MINUTE, Read, View, exponential, lead_of, plan_of, plant, share, starved, trace_of, wip
from .recursions import same_setup
from .study import Quantity, Study, headline, judged
from .traced import Counts

WARM_UP = 100


def _polling_plant() -> str:
    """Two products, each from its own source; the machine changes over only when nothing else of its product waits."""
    given = facts.params("SETUP-2")
    numbers = range(1, len(given["lam"]) + 1)
    setup = f"setup: {exponential(given['setup'])}"
    return plant(
        ["raw1 -> server -> out", *(f"raw{n} -> server" for n in numbers[1:])],
        sources={
            f"raw{n}": f"{{every: {exponential(1 / rate)}, products: {{P{n}: 100 %}}}}"
            for n, rate in enumerate(given["lam"], 1)
        },
        stations={"server": f"{{queue: {{rule: same_setup}}, cycle: {exponential(1.0)}, {setup}}}"},
        sinks={"out": "{}"},
        products={f"P{n}": "{}" for n in numbers},
    )


def _inside(number: int) -> Read:
    """Mean number of parts of a product in the plant, by Little from those that left."""

    def read(view: View) -> float:
        return float(view.ledger.products[number - 1].total / view.ledger.window)

    return read


def _polling() -> Study:
    given, known = facts.params("SETUP-2"), facts.answers("SETUP-2")
    quantities = (
        headline("W1", "time", lead_of("P1")),
        headline("W2", "time", lead_of("P2")),
        Quantity("L1", "mean", _inside(1)),
        Quantity("L2", "mean", _inside(2)),
        Quantity("L_total", "mean", wip, exact=known["L1"] + known["L2"]),
        Quantity("setup_fraction", "share", share("server", SETUP)),
        Quantity("idle_fraction", "share", starved("server")),
    )
    alike = tuple(recursion(same_setup, known[f"W{n}"], n - 1) for n in (1, 2))
    return _study(quantities, (arrivals(sum(given["lam"])), cycles("server", 1.0)), alike)


def _study(quantities: tuple[Quantity, ...], controls: tuple[Quantity, ...], alike: tuple[Quantity, ...]) -> Study:
    text = _polling_plant()
    return Study("SETUP-2", text, quantities, 1_500, 5_000, WARM_UP, controls=controls, recursions=alike)


STUDIES = (_polling(),)

test_short, test_long = judged(STUDIES)


def test_as_many_set_ups_as_there_should_be() -> None:
    assert _set_ups(500).complaints(FAST) == []


def _set_ups(length: float) -> Counts:
    return Counts("SETUP-2", "setups_per_time", _polling_plant(), "server", "setup", length, WARM_UP)


def _time_of(order: str, matrix: dict[str, dict[str, float]]) -> float:
    """Minutes for batches of three products in this order."""
    given = facts.params("D-SETUP-1")
    rows = ", ".join(
        f"{a}: {{{', '.join(f'{b}: {time} min' for b, time in row.items())}}}" for a, row in matrix.items()
    )
    sequence = [product for product in order for _ in range(given["counts"][product])]
    cycle = ", ".join(f"{product}: {time} min" for product, time in given["unit"].items())
    text = plant(
        ["raw -> m -> out"],
        sources={"raw": f"{{arrivals: saturated, sequence: [{', '.join(sequence)}], limit: {len(sequence)}}}"},
        stations={"m": f"{{cycle: {{{cycle}}}, setup: {{first: {given['first']}, matrix: {{{rows}}}}}}}"},
        sinks={"out": "{}"},
        products=dict.fromkeys(given["unit"], "{}"),
    )
    ledger, _ = trace_of(plan_of(text))
    assert ledger.makespan is not None
    return ledger.makespan / MINUTE


def d_setup_1() -> None:
    """All orders of three batches; the matrix is read from row to column."""
    given, expected = facts.params("D-SETUP-1"), facts.answers("D-SETUP-1")
    orders = ["".join(order) for order in itertools.permutations(given["counts"])]
    times = {order: _time_of(order, given["matrix"]) for order in orders}
    assert times == expected["time_of"]
    assert min(times, key=times.__getitem__) == expected["best"]
    assert min(times.values()) == expected["makespan"]
    turned: dict[str, Any] = {b: {a: row[b] for a, row in given["matrix"].items()} for b in given["matrix"]}
    trap = facts.CASES["D-SETUP-1"]["traps"]["matrix_transposed"]["best_time"]
    assert min(_time_of(order, turned) for order in orders) == trap != expected["makespan"]


SCHEDULES = {"D-SETUP-1": d_setup_1}
"""What checks each case of exact times."""


@pytest.mark.parametrize("case", SCHEDULES)
def test_equal(case: str) -> None:
    SCHEDULES[case]()
