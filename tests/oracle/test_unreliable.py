"""Machines that break down: operation-dependent clocks, parts that resume, restart or are lost, one repair crew."""

from __future__ import annotations

from twin.core.ledger import WAITING_REPAIR

from . import facts
from .controls import cycles, failures, repairs
from .plants import (
    blocked,
    breakdown,
    busy,
    content,
    down,
    downtime,
    erlang,
    line,
    share,
    starved,
    stops,
    throughput,
    times,
    total,
    wip,
    working,
)
from .study import Quantity, Study, headline, judged

WARM_UP = 1_000
LENGTHS = {
    "GB-EXP-1": (9_000, 12_000),
    "UL-STARVE-ODF": (5_000, 8_000),
    "UL-3-ODF": (4_500, 11_500),
    "UL-4-U-ODF": (4_500, 20_000),
    "UL-4-CREW": (6_000, 10_500),
}
"""Measured minutes of a replication, fast and long tier."""


def _states(number: int) -> list[Quantity]:
    name = f"m{number}"
    reads = {"util": working, "blocked": blocked, "starved": starved, "down": down}
    return [Quantity(f"{answer}_{number}", "share", read(name)) for answer, read in reads.items()]


def _quantities(stations: int) -> tuple[Quantity, ...]:
    return (
        headline("throughput", "throughput", throughput),
        *(quantity for number in range(1, stations + 1) for quantity in _states(number)),
        *(Quantity(f"buffer_mean_{number}", "mean", content(f"b{number}")) for number in range(1, stations)),
        Quantity("wip_total", "mean", wip),
        Quantity("wip_excl_station1", "mean", total(wip, times(-1.0, total(working("m1"), down("m1"))))),
    )


def _unreliable(case: str) -> Study:
    """A line whose machines fail while they work; with a crew, the most upstream waiting machine goes first."""
    given = facts.params(case)
    stations, crew = len(given["means"]), given["crew"]
    by = ", by: crew" if crew else ""
    fails = [breakdown(up, mttr, by) for up, mttr in zip(given["mttf"], given["mttr"], strict=True)]
    extras = [[stop, f"priority: {stations - n}" if crew else ""] for n, stop in enumerate(fails)]
    cycles = [erlang(mean, k) for mean, k in zip(given["means"], given["erlang_phases"], strict=True)]
    people = {"crew": f"{{count: {crew}, preempt: true}}"} if crew else {}
    text = line(cycles, given["buffers"], extras, operators=people)
    return Study(case, text, _quantities(stations), *LENGTHS[case], WARM_UP, controls=_controls(case))


def _controls(case: str) -> tuple[Quantity, ...]:
    """The times of work, the breakdowns and the repairs of every machine."""
    given, found = facts.params(case), []
    for n, (mean, mttf, mttr) in enumerate(zip(given["means"], given["mttf"], given["mttr"], strict=True), 1):
        found += [cycles(f"m{n}", mean)]
        found += [failures(f"m{n}", mttf, working(f"m{n}")), repairs(f"m{n}", mttr)] if mttf else []
    return tuple(found)


def _alone() -> Study:
    given = facts.params("UM-ALONE")
    text = line([f"{given['cycle']} min"], [], [[breakdown(given["mttf"], given["mttr"])]])
    available = Quantity("availability", "share", working("m1"))
    quantities = (headline("throughput", "throughput", throughput), available)
    return Study("UM-ALONE", text, quantities, 34_000, 45_000, WARM_UP)


def _interrupted(policy: str) -> Study:
    given = facts.params("UM-RESUME")
    stop = breakdown(given["mttf"], given["mttr"], f", part: {policy}")
    quantity = headline(f"throughput_{policy}", "throughput", throughput)
    text = line([f"{given['cycle']} min"], [], [[stop]])
    return Study("UM-RESUME", text, (quantity,), 20_000, 60_000, WARM_UP, policy)


def _renewal() -> Study:
    """Lognormal up times of sd 20 and repairs of sd 4: CV 0.5 and 1."""
    up, repair = "{lognormal: {mean: 40 min, cv: 0.5}}", "{lognormal: {mean: 4 min, cv: 1}}"
    text = line(["0.5 min"], [], [[f"breakdowns: {{stop: {{mtbf: {up}, mttr: {repair}}}}}"]])
    quantities = (
        headline("throughput", "throughput", throughput),
        Quantity("availability", "share", working("m1")),
        Quantity("failures_per_time", "mean", stops("m1")),
    )
    return Study("AVAIL-1", text, quantities, 3_300, 9_600, WARM_UP)


def _repairman() -> Study:
    """Saturated machines that always run when up; the length of a cycle plays no part."""
    given = facts.params("REPAIRMAN-1")
    machines = given["machines"]
    stop = breakdown(given["mttf"], given["mttr"], ", by: repairman")
    text = line(["20 min"], [], [[f"machines: {machines}", stop]], operators={"repairman": "{count: 1}"})
    quantities = (
        Quantity("availability", "share", working("m1"), True),
        Quantity("crew_util", "share", busy("repairman")),
        Quantity("machines_up", "mean", times(machines, working("m1"))),
        Quantity("waiting_for_repair", "mean", times(machines, share("m1", WAITING_REPAIR))),
        Quantity("failure_rate", "mean", times(machines, stops("m1"))),
        Quantity("mean_downtime", "time", downtime("m1")),
    )
    return Study("REPAIRMAN-1", text, quantities, 4_600, 7_700, WARM_UP)


STUDIES = (
    *(_unreliable(case) for case in LENGTHS),
    _alone(),
    *(_interrupted(policy) for policy in ("resume", "restart", "scrap")),
    _renewal(),
    _repairman(),
)

test_short, test_long = judged(STUDIES)
