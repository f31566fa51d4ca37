"""Serial lines of reliable stations against Markov chains: blocking after service, buffers of waiting parts."""

from __future__ import annotations

from collections.abc import Sequence

from . import facts
from .controls import cycles as worked
from .plants import blocked, content, erlang, exponential, line, starved, throughput, total, wip, working
from .plants import times as scaled
from .study import Quantity, Study, headline, judged

LENGTHS = {
    "SL-2-0": (1_000, 3_100),
    "SL-3-0": (1_400, 4_000),
    "SL-4-0": (1_900, 6_200),
    "SL-5-0": (1_600, 4_200),
    "SL-6-0": (2_700, 5_800),
    "SL-3-1": (1_500, 4_100),
    "SL-4-1": (1_900, 5_600),
    "SL-5-1": (1_900, 6_100),
    "SL-4-4": (2_400, 5_800),
    "SL-6-2": (3_300, 8_200),
    "SL-3-U": (1_000, 4_400),
    "SL-E2-3-0": (700, 3_700),
    "SL-E4-3-0": (560, 2_000),
}
"""Measured minutes of a replication, fast and long tier."""
WARM_UP = 200


def _states(number: int) -> list[Quantity]:
    name = f"m{number}"
    reads = {"util": working, "blocked": blocked, "starved": starved}
    return [Quantity(f"{answer}_{number}", "share", read(name)) for answer, read in reads.items()]


def line_quantities(stations: int, buffers: list[int]) -> tuple[Quantity, ...]:
    """What the exact solution of a line tells: throughput, states, contents."""
    outside_first = total(wip, scaled(-1.0, working("m1")))
    return (
        headline("throughput", "throughput", throughput),
        *(quantity for number in range(1, stations + 1) for quantity in _states(number)),
        *(Quantity(f"buffer_mean_{n}", "mean", content(f"b{n}")) for n, size in enumerate(buffers, 1) if size),
        Quantity("wip_total", "mean", wip),
        Quantity("wip_excl_station1", "mean", outside_first),
    )


def _serial(case: str) -> Study:
    given = facts.params(case)
    cycles = [erlang(mean, k) for mean, k in zip(given["means"], given["erlang_phases"], strict=True)]
    quantities = line_quantities(len(cycles), given["buffers"])
    text, controls = line(cycles, given["buffers"]), _worked(given["means"])
    return Study(case, text, quantities, *LENGTHS[case], WARM_UP, controls=controls)


def _worked(means: Sequence[float]) -> tuple[Quantity, ...]:
    """The controls of a line: the times of work of every station."""
    return tuple(worked(f"m{number}", float(mean)) for number, mean in enumerate(means, 1))


def _bowl(middle: float, answer: str, variant: str) -> Study:
    given = facts.params("SL-BOWL-3")
    outer = (given["total"] - middle) / 2
    means = (outer, middle, outer)
    text = line([exponential(mean) for mean in means], given["buffers"])
    quantities = (headline(answer, "throughput", throughput),)
    return Study("SL-BOWL-3", text, quantities, 1_400, 4_200, WARM_UP, variant, controls=_worked(means))


def _allocation(buffers: str) -> Study:
    exact = facts.answers("BAP-4-4")["throughput_of"][buffers]
    text = line([exponential(1.0)] * 4, [int(size) for size in buffers.split(",")])
    quantity = headline(f"throughput of {buffers}", "throughput", throughput, exact)
    return Study("BAP-4-4", text, (quantity,), 1_700, 6_700, WARM_UP, buffers, controls=_worked([1.0] * 4))


def _parallel() -> Study:
    given = facts.params("PAR-3")
    extras = [[f"machines: {servers}"] for servers in given["servers"]]
    quantities = (
        headline("throughput", "throughput", throughput),
        *(Quantity(f"util_{n}", "share", working(f"m{n}")) for n in (1, 2, 3)),
        *(Quantity(f"buffer_mean_{n}", "mean", content(f"b{n}")) for n in (1, 2)),
    )
    means = [1 / rate for rate in given["rates"]]
    text = line([exponential(mean) for mean in means], given["buffers"], extras)
    return Study("PAR-3", text, quantities, 1_300, 4_200, WARM_UP, controls=_worked(means))


STUDIES = (
    *(_serial(case) for case in LENGTHS),
    _bowl(facts.answers("SL-BOWL-3")["best_middle_mean"], "throughput", "best"),
    _bowl(1.0, "throughput_balanced", "balanced"),
    *(_allocation(buffers) for buffers in ("1,2,1", "1,1,2", "2,1,1")),
    _parallel(),
)

test_short, test_long = judged(STUDIES)
