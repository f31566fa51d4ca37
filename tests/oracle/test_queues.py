"""Open queues against their formulas: servers, laws, losses, priorities, breakdowns."""

from __future__ import annotations

from typing import Any

import pytest

from twin.core.ledger import REPAIR, WORKING

from . import facts
from .controls import arrivals, cycles, failures, repairs
from .judge import FAST
from .plants import (
    Read,
    breakdown,
    content,
    erlang,
    exponential,
    lead,
    lead_of,
    lost,
    plant,
    queue,
    share,
    throughput,
    times,
    total,
    wait,
    wip,
    working,
)
from .study import Quantity, Study, headline

WARM_UP = 1_000


def _poisson(rate: float) -> str:
    return f"{{every: {exponential(1 / rate)}}}"


UTIL = Quantity("util", "share", working("server"))


def _served(rate: float, mean: float = 1.0) -> tuple[Quantity, ...]:
    """The controls of an open queue: its Poisson arrivals and its times of service."""
    return (arrivals(rate), cycles("server", mean))


def _study(
    case: str, text: str, quantities: tuple[Quantity, ...], fast: float, long: float, *controls: Quantity
) -> Study:
    return Study(case, text, quantities, fast, long, WARM_UP, controls=controls)


def _usual(*more: Quantity) -> tuple[Quantity, ...]:
    """Time and number in the system and in the queue."""
    return (
        headline("W", "time", lead),
        Quantity("Wq", "time", wait("server")),
        Quantity("L", "mean", wip),
        Quantity("Lq", "mean", content("server")),
        *more,
    )


def _mm1() -> Study:
    given = facts.params("Q-MM1")
    text = queue(_poisson(given["lam"]), exponential(1.0))
    return _study("Q-MM1", text, _usual(UTIL), 40_000, 350_000, *_served(given["lam"]))


def _mm3() -> Study:
    given = facts.params("Q-MM3")
    text = queue(_poisson(given["lam"]), exponential(1.0), f"machines: {given['c']}")
    return _study("Q-MM3", text, _usual(UTIL), 8_500, 80_000, *_served(given["lam"]))


def _md1() -> Study:
    given = facts.params("Q-MD1")
    text = queue(_poisson(given["lam"]), f"{given['s']} min")
    return _study("Q-MD1", text, _usual(UTIL), 15_000, 135_000, arrivals(given["lam"]))


def _mln1() -> Study:
    given = facts.params("Q-MLN1")
    cycle = f"{{lognormal: {{mean: {given['mean']} min, cv: {given['sd'] / given['mean']}}}}}"
    text = queue(_poisson(given["lam"]), cycle)
    return _study("Q-MLN1", text, _usual(UTIL), 80_000, 720_000, *_served(given["lam"]))


def _dm1() -> Study:
    given = facts.params("Q-DM1")
    text = queue(f"{{every: {given['a']} min}}", exponential(1.0))
    return _study("Q-DM1", text, _usual()[:2], 12_000, 105_000, cycles("server", 1.0))


def _mm2_5() -> Study:
    """At most five in the system: two in work, three in the queue."""
    given = facts.params("Q-MM2-5")
    source = f"{{every: {exponential(1 / given['lam'])}, balk: true}}"
    room = f"queue: {{capacity: {given['k'] - given['c']}}}"
    text = queue(source, exponential(1.0), f"machines: {given['c']}", room=room)
    quantities = (
        headline("throughput", "throughput", throughput),
        Quantity("loss_prob", "share", lost),
        Quantity("W", "time", lead, True),
        Quantity("L", "mean", wip),
        Quantity("Lq", "mean", content("server")),
    )
    return _study("Q-MM2-5", text, quantities, 3_000, 8_000, *_served(given["lam"]))


def _priorities() -> Study:
    """Two kinds of parts, each from its own source; the urgent ones are chosen first, nothing is interrupted."""
    first, second = facts.params("Q-PRIO-NP")["lams"]
    text = plant(
        ["calls -> server -> out", "stock -> server"],
        sources={
            "calls": f"{{every: {exponential(1 / first)}, products: {{urgent: 100 %}}}}",
            "stock": f"{{every: {exponential(1 / second)}, products: {{usual: 100 %}}}}",
        },
        stations={"server": f"{{queue: {{rule: priority}}, cycle: {exponential(1.0)}}}"},
        sinks={"out": "{}"},
        products={"urgent": "{priority: 2}", "usual": "{priority: 1}"},
    )
    quantities = (headline("W_1", "time", lead_of("urgent")), headline("W_2", "time", lead_of("usual")))
    return _study("Q-PRIO-NP", text, quantities, 35_000, 280_000, *_served(first + second))


def _stopped(given: dict[str, Any], clock: Read) -> tuple[Quantity, ...]:
    """The controls of breakdowns: how many there were, how long they took."""
    return failures("server", given["mttf"], clock), repairs("server", given["mttr"])


def _fails_at_work() -> Study:
    given = facts.params("Q-BRK-ODF")
    cycle, stop = erlang(float(given["s"]), 2), breakdown(given["mttf"], given["mttr"])
    quantities = _usual(
        Quantity("util", "share", share("server", WORKING, REPAIR)),
        Quantity("util_processing", "share", working("server")),
    )
    text = queue(_poisson(given["lam"]), cycle, stop)
    controls = (*_served(given["lam"]), *_stopped(given, working("server")))
    return _study("Q-BRK-ODF", text, quantities, 80_000, 620_000, *controls)


def _fails_always() -> Study:
    given = facts.params("Q-BRK-TDF")
    stop = breakdown(given["mttf"], given["mttr"], ", clock: calendar")
    up = total(lambda _: 1.0, times(-1.0, share("server", REPAIR)))
    quantities = (
        headline("W", "time", lead),
        Quantity("L", "mean", wip),
        Quantity("availability", "share", up),
        Quantity("util_processing", "share", working("server")),
    )
    text = queue(_poisson(given["lam"]), exponential(1.0), stop)
    controls = (*_served(given["lam"]), *_stopped(given, up))
    return _study("Q-BRK-TDF", text, quantities, 90_000, 800_000, *controls)


def _hare() -> Study:
    given = facts.params("Q-HARE")
    cycle = f"{{gamma: {{mean: {given['t0']} min, cv: {given['scv'] ** 0.5!r}}}}}"
    text = queue(_poisson(given["lam"]), cycle, breakdown(given["mttf"], given["mttr"]))
    controls = (*_served(given["lam"], given["t0"]), *_stopped(given, working("server")))
    quantities = _usual(
        Quantity("util", "share", share("server", WORKING, REPAIR)),
        Quantity("util_processing", "share", working("server")),
    )
    return Study("Q-HARE", text, quantities, 0, 30_000_000, 300_000, controls=controls)


STUDIES = (
    *(_mm1(), _mm3(), _md1(), _mln1(), _dm1(), _mm2_5(), _priorities()),
    *(_fails_at_work(), _fails_always(), _hare()),
)


@pytest.mark.parametrize("study", [study for study in STUDIES if study.fast], ids=str)
def test_short(study: Study) -> None:
    assert study.complaints(FAST) == []
