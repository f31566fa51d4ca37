"""Open queues against their formulas: servers, laws, losses, priorities, breakdowns."""

from __future__ import annotations

from typing import Any

import pytest

from twin.core.ledger import REPAIR, WORKING

from . import facts, recursions
from .controls import arrivals, cycles, failures, recursion, repairs
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
    case: str,
    text: str,
    quantities: tuple[Quantity, ...],
    *controls: Quantity,
    lengths: tuple[float, float],
    of: recursions.Recursion,
) -> Study:
    """A queue whose time in the system a recursion gives from the run's draws; ``lengths``: fast and long tier."""
    again = (recursion(of, facts.answers(case)["W"]),)
    return Study(case, text, quantities, *lengths, WARM_UP, controls=controls, recursions=again)


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
    controls = _served(given["lam"])
    return _study("Q-MM1", text, _usual(UTIL), *controls, lengths=(2_500, 7_500), of=recursions.single)


def _mm3() -> Study:
    given = facts.params("Q-MM3")
    text = queue(_poisson(given["lam"]), exponential(1.0), f"machines: {given['c']}")
    controls = _served(given["lam"])
    return _study("Q-MM3", text, _usual(UTIL), *controls, lengths=(1_600, 5_000), of=recursions.several)


def _md1() -> Study:
    given = facts.params("Q-MD1")
    text = queue(_poisson(given["lam"]), f"{given['s']} min")
    controls = (arrivals(given["lam"]),)
    return _study("Q-MD1", text, _usual(UTIL), *controls, lengths=(2_500, 7_500), of=recursions.single)


def _mln1() -> Study:
    given = facts.params("Q-MLN1")
    cycle = f"{{lognormal: {{mean: {given['mean']} min, cv: {given['sd'] / given['mean']}}}}}"
    text = queue(_poisson(given["lam"]), cycle)
    controls = _served(given["lam"])
    return _study("Q-MLN1", text, _usual(UTIL), *controls, lengths=(5_000, 15_000), of=recursions.single)


def _dm1() -> Study:
    given = facts.params("Q-DM1")
    text = queue(f"{{every: {given['a']} min}}", exponential(1.0))
    controls = (cycles("server", 1.0),)
    return _study("Q-DM1", text, _usual()[:2], *controls, lengths=(2_500, 7_500), of=recursions.single)


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
    return Study("Q-MM2-5", text, quantities, 1_600, 4_200, WARM_UP, controls=_served(given["lam"]))


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
    again = tuple(recursion(recursions.priority, facts.answers("Q-PRIO-NP")[f"W_{n}"], n - 1) for n in (1, 2))
    controls = _served(first + second)
    return Study("Q-PRIO-NP", text, quantities, 3_000, 10_000, WARM_UP, controls=controls, recursions=again)


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
    lengths = (5_500, 20_000)
    return _study("Q-BRK-ODF", text, quantities, *controls, lengths=lengths, of=recursions.fails_at_work)


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
    lengths = (7_000, 20_000)
    return _study("Q-BRK-TDF", text, quantities, *controls, lengths=lengths, of=recursions.fails_always)


def _hare() -> Study:
    given = facts.params("Q-HARE")
    cycle = f"{{gamma: {{mean: {given['t0']} min, cv: {given['scv'] ** 0.5!r}}}}}"
    text = queue(_poisson(given["lam"]), cycle, breakdown(given["mttf"], given["mttr"]))
    controls = (*_served(given["lam"], given["t0"]), *_stopped(given, working("server")))
    quantities = _usual(
        Quantity("util", "share", share("server", WORKING, REPAIR)),
        Quantity("util_processing", "share", working("server")),
    )
    again = (recursion(recursions.fails_at_work, facts.answers("Q-HARE")["W"]),)
    return Study("Q-HARE", text, quantities, 0, 2_000_000, 300_000, controls=controls, recursions=again)


STUDIES = (
    *(_mm1(), _mm3(), _md1(), _mln1(), _dm1(), _mm2_5(), _priorities()),
    *(_fails_at_work(), _fails_always(), _hare()),
)


@pytest.mark.parametrize("study", [study for study in STUDIES if study.fast], ids=str)
def test_short(study: Study) -> None:
    assert study.complaints(FAST) == []
