"""Machines that take or send several parts at one moment: assembly, disassembly, ovens that work on loads."""

from __future__ import annotations

from collections import Counter

import pytest

from . import facts
from .controls import arrivals, cycles, recursion
from .judge import FAST
from .plants import (
    MINUTE,
    blocked,
    content,
    exponential,
    plan_of,
    plant,
    queue,
    throughput,
    times,
    trace_of,
    wait,
    working,
)
from .recursions import loads
from .study import Quantity, Study, headline, judged
from .traced import Counts, rows

WARM_UP = 100
"""Few parts are inside, so the empty start is soon forgotten."""


def _assembly() -> Study:
    """Two feeders, each with its own buffer; the assembler takes one part from each as it begins."""
    given = facts.params("ASM-2")
    numbers = range(1, len(given["feeders"]) + 1)
    takes = ", ".join(f"b{n}: 1" for n in numbers)
    stations = {f"m{n}": f"{{cycle: {exponential(1 / rate)}}}" for n, rate in enumerate(given["feeders"], 1)}
    text = plant(
        ["raw1 -> m1 -> b1 -> asm -> out", *(f"raw{n} -> m{n} -> b{n} -> asm" for n in numbers[1:])],
        sources={f"raw{n}": "{arrivals: saturated}" for n in numbers},
        stations=stations | {"asm": f"{{takes: {{{takes}}}, cycle: {exponential(1 / given['asm'])}}}"},
        buffers={f"b{n}": f"{{capacity: {size}}}" for n, size in enumerate(given["buffers"], 1)},
        sinks={"out": "{}"},
    )
    quantities = [headline("throughput", "throughput", throughput), Quantity("util_asm", "share", working("asm"))]
    for n in numbers:
        quantities.append(Quantity(f"buffer_mean_{n}", "mean", content(f"b{n}")))
        quantities.append(Quantity(f"blocked_{n}", "share", blocked(f"m{n}")))
    controls = (*(cycles(f"m{n}", 1 / rate) for n, rate in enumerate(given["feeders"], 1)), cycles("asm", 1.0))
    return Study("ASM-2", text, tuple(quantities), 1_400, 4_800, WARM_UP, controls=controls)


def _disassembly() -> Study:
    """A finished job needs room in both branches at one moment; the line's pace is that of jobs, not of pieces."""
    given = facts.params("DIS-2")
    numbers = range(1, len(given["rates"]) + 1)
    gives = ", ".join(f"b{n}: 1" for n in numbers)
    stations = {"first": f"{{gives: {{{gives}}}, cycle: {exponential(1 / given['rate'])}}}"}
    text = plant(
        ["raw -> first -> b1 -> m1 -> out", *(f"first -> b{n} -> m{n} -> out" for n in numbers[1:])],
        sources={"raw": "{arrivals: saturated}"},
        stations=stations
        | {f"m{n}": f"{{cycle: {exponential(1 / rate)}}}" for n, rate in enumerate(given["rates"], 1)},
        buffers={f"b{n}": f"{{capacity: {size}}}" for n, size in enumerate(given["buffers"], 1)},
        sinks={"out": "{}"},
    )
    quantities = (
        headline("throughput", "throughput", times(1 / len(numbers), throughput)),
        Quantity("blocked", "share", blocked("first")),
        *(Quantity(f"buffer_mean_{n}", "mean", content(f"b{n}")) for n in numbers),
    )
    controls = (cycles("first", 1.0), *(cycles(f"m{n}", 1 / rate) for n, rate in enumerate(given["rates"], 1)))
    return Study("DIS-2", text, quantities, 1_400, 5_200, WARM_UP, controls=controls)


def _oven_plant() -> str:
    """An oven for four parts that starts only full."""
    given = facts.params("Q-OVEN-FULL")
    arrive = f"{{every: {exponential(1 / given['lam'])}}}"
    return queue(arrive, exponential(1 / given["mu"]), f"batch: {{size: {given['size']}}}")


def _oven() -> Study:
    given = facts.params("Q-OVEN-FULL")
    quantities = (
        headline("Wq", "time", wait("server")),
        Quantity("Lq", "mean", content("server")),
        Quantity("oven_util", "share", working("server")),
    )
    controls = (arrivals(given["lam"]), cycles("server", 1 / given["mu"] / given["size"]))
    alike = (recursion(loads, facts.answers("Q-OVEN-FULL")["Wq"], waits=True),)
    text = _oven_plant()
    return Study("Q-OVEN-FULL", text, quantities, 4_500, 12_000, 300, controls=controls, recursions=alike)


STUDIES = (_assembly(), _disassembly(), _oven())

test_short, test_long = judged(STUDIES)


def test_loads_are_full_and_as_many_as_they_should_be() -> None:
    counts = Counts("Q-OVEN-FULL", "batches_per_time", _oven_plant(), "server", "working", 500, 300)
    assert counts.complaints(FAST) == []
    plan = plan_of(_oven_plant()).with_run(horizon=10_000 * MINUTE)
    together = Counter(row[0] for row in rows(plan, 0) if row[1] == "out")
    assert set(together.values()) == {facts.answers("Q-OVEN-FULL")["mean_batch"]}


def d_oven_1() -> None:
    """The last, incomplete load starts when the oven is free and no more parts come."""
    given, expected = facts.params("D-OVEN-1"), facts.answers("D-OVEN-1")
    orders = ", ".join(f"{{at: {at} min}}" for at in given["arrivals"])
    first, second, *_ = given["arrivals"]
    rhythm = f"{{every: {second - first} min, limit: {len(given['arrivals'])}}}"
    for source in (f"{{orders: [{orders}]}}", rhythm):
        ledger, trace = trace_of(plan_of(queue(source, f"{given['cycle']} min", f"batch: {{size: {given['size']}}}")))
        starts = [row[0] for row in trace if row[1] == "server" and row[3] == "working"]
        ends = Counter(row[0] for row in trace if row[1] == "out" and row[3] == "in")
        assert [[start, *end] for start, end in zip(starts, ends.items(), strict=True)] == expected["loads"]
        assert ledger.makespan == expected["makespan"] * MINUTE


SCHEDULES = {"D-OVEN-1": d_oven_1}
"""What checks each case of exact times."""


@pytest.mark.parametrize("case", SCHEDULES)
def test_equal(case: str) -> None:
    SCHEDULES[case]()
