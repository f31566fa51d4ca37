"""Closed lines and kanban against their laws: Penny Fab (Hopp & Spearman), a kanban line (Markov chain)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pytest

from twin.core.ledger import CardLedger

from . import facts
from .controls import cycles
from .plants import (
    MINUTE,
    Read,
    View,
    body,
    content,
    exponential,
    lead,
    plan_of,
    plant,
    run,
    throughput,
    total,
    working,
)
from .study import Quantity, Study, headline, judged

HOUR = 60 * MINUTE
FIRST = 400
"""Hours until a deterministic line goes round in the same way for ever; a multiple of every cycle."""


def conwip(times: Sequence[str], limit: int, machines: Sequence[int] = ()) -> str:
    """A line whose stations have room for all; ``limit`` parts are in it, and one more comes in as one leaves."""
    names = [f"m{n}" for n in range(1, len(times) + 1)]
    counts = machines or [1] * len(times)
    stations = zip(names, times, counts, strict=True)
    return plant(
        [" -> ".join(["raw", *names, "out"])],
        sources={"raw": "{arrivals: saturated}"},
        stations={name: body("queue: {}", f"cycle: {time}", f"machines: {n}") for name, time, n in stations},
        cards={"line": f"{{limit: {limit}, over: [{', '.join(names)}]}}"},
        sinks={"out": "{}"},
    )


# --- constant times: the best case ---------------------------------------------------------------


def _best_case(case: str, times: Sequence[float], limit: int, machines: Sequence[int] = ()) -> None:
    """Throughput min(w / T0, rate of the bottleneck) and time by Little's law, without any error."""
    known = facts.answers(case)[f"w{limit}"]
    plan = plan_of(conwip([f"{time} h" for time in times], limit, machines))
    (ledger,) = run(plan.with_run(warm_up=FIRST * HOUR, horizon=10 * FIRST * HOUR), 1)
    view = View(plan, ledger, HOUR)
    assert throughput(view) == pytest.approx(known["TH_best"], rel=1e-12)
    assert lead(view) == pytest.approx(known["CT_best"], rel=1e-12)
    (cards,) = ledger.of(CardLedger).values()
    assert cards.held == limit * ledger.window


@pytest.mark.parametrize("limit", facts.params("PENNY1-DET")["w"])
def test_penny_fab_one(limit: int) -> None:
    _best_case("PENNY1-DET", facts.params("PENNY1-DET")["stations"], limit)


@pytest.mark.parametrize("limit", facts.params("PENNY2-DET")["w"])
def test_penny_fab_two(limit: int) -> None:
    given = facts.params("PENNY2-DET")
    _best_case("PENNY2-DET", given["means"], limit, given["servers"])


SCHEDULES = {"PENNY1-DET": test_penny_fab_one, "PENNY2-DET": test_penny_fab_two}
"""What checks each case without chance."""


# --- exponential times: the practical worst case -------------------------------------------------


def _inside(*names: str) -> Read:
    """Parts at stations of one machine and in buffers."""
    stations = [name for name in names if name.startswith("m")]
    return total(*map(working, stations), *(content(name) for name in names))


def _penny_exp(limit: int, fast: float, long: float) -> Study:
    given, known = facts.params("PENNY1-EXP"), facts.answers("PENNY1-EXP")[f"w{limit}"]
    mean, count = float(given["mean"]), given["stations"]
    names = range(1, count + 1)
    quantities = (
        headline("throughput", "throughput", throughput, known["throughput"]),
        headline("cycle_time", "time", lead, known["cycle_time"]),
        *(Quantity(f"wip_{n}", "mean", _inside(f"m{n}"), exact=known[f"wip_{n}"]) for n in names),
    )
    controls = tuple(cycles(f"m{n}", mean) for n in names)
    text = conwip([exponential(mean, "h")] * count, limit)
    return Study("PENNY1-EXP", text, quantities, fast, long, 200, f"w{limit}", HOUR, controls)


# --- kanban --------------------------------------------------------------------------------------


def kanban() -> str:
    """Stages of a queue, a machine and a store; a part holds its card until the next stage has one for it."""
    given = facts.params("KANBAN-3")
    stages = range(1, len(given["rates"]) + 1)
    inside = {n: [f"q{n}", f"m{n}", f"b{n}"] for n in stages}
    buffers = {name: "{capacity: unlimited}" for names in inside.values() for name in (names[0], names[2])}
    last = len(given["rates"])
    inside[last].remove(f"b{last}")
    del buffers[f"b{last}"]
    cards = {f"k{n}": f"{{limit: {given['cards'][n - 1]}, over: [{', '.join(inside[n])}]}}" for n in stages}
    return plant(
        [" -> ".join(["raw", *(name for names in inside.values() for name in names), "out"])],
        sources={"raw": "{arrivals: saturated}"},
        stations={f"m{n}": body(f"cycle: {exponential(1 / given['rates'][n - 1])}") for n in stages},
        buffers=buffers,
        cards=cards,
        sinks={"out": "{}"},
    )


def _stage_wip(number: int, view: View) -> float:
    row = view.ledger.of(CardLedger)[view.plan.index(f"k{number}")]
    return row.held / view.ledger.window


def _kanban() -> Study:
    given = facts.params("KANBAN-3")
    stages = range(1, len(given["rates"]) + 1)
    quantities = (
        headline("throughput", "throughput", throughput),
        Quantity("wip_total", "mean", lambda view: view.ledger.flow.wip / view.ledger.window),
        *(Quantity(f"stage_wip_{n}", "mean", partial(_stage_wip, n)) for n in stages),
        *(Quantity(f"util_{n}", "share", working(f"m{n}")) for n in stages),
    )
    controls = tuple(cycles(f"m{n}", 1 / given["rates"][n - 1]) for n in stages)
    return Study("KANBAN-3", kanban(), quantities, 1_600, 5_800, 200, controls=controls)


STUDIES = (_penny_exp(1, 700, 1_700), _penny_exp(4, 2_800, 8_500), _penny_exp(8, 3_500, 9_000), _kanban())

test_short, test_long = judged(STUDIES)
