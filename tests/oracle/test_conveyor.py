"""A conveyor between two stations, counted by hand: transit, capacity, exits, makespan."""

from __future__ import annotations

from typing import Any

import pytest

from . import facts
from .plants import MINUTE, body, plan_of, plant, trace_of

SECONDS = 60.0
"""The unit of the case in one of ``trace_of``."""


def _text(given: dict[str, Any], kind: str) -> str:
    length, speed, pitch = (f"{key}: {given[key]} {unit}" for key, unit in _SIZES)
    return plant(
        ["raw -> m1 -> belt -> m2 -> out"],
        sources={"raw": f"{{arrivals: saturated, limit: {given['parts']}}}"},
        stations={f"m{n}": f"{{cycle: {given[f'c{n}']} s}}" for n in (1, 2)},
        conveyors={"belt": body(length, speed, pitch, kind)},
        sinks={"out": "{}"},
    )


_SIZES = (("length", "m"), ("speed", "m/s"), ("pitch", "m"))


def d_conv_1(kind: str = "accumulating: false") -> None:
    """The second station is the faster one, so that no part waits on the belt, whatever kind it is."""
    given, expected = facts.params("D-CONV-1"), facts.answers("D-CONV-1")
    plan = plan_of(_text(given, kind))
    ledger, trace = trace_of(plan)
    times = {(name, way, part): time * SECONDS for time, name, _, way, part in trace}
    exits = sorted(time for (name, way, _), time in times.items() if (name, way) == ("out", "in"))
    on = {part: time for (name, way, part), time in times.items() if (name, way) == ("belt", "in")}
    rides = {round(times["belt", "out", part] - time, 6) for part, time in on.items()}
    assert rides == {expected["transit"]}
    assert next(place.capacity for place in plan.places if place.name == "belt") == expected["capacity"]
    assert exits[0] == pytest.approx(expected["first_exit"], rel=1e-12)
    assert ledger.makespan == expected["makespan"] * MINUTE / SECONDS


SCHEDULES = {"D-CONV-1": d_conv_1}
"""What checks each case."""


@pytest.mark.parametrize("case", SCHEDULES)
def test_equal(case: str) -> None:
    SCHEDULES[case]()


def test_it_makes_no_difference_that_parts_may_close_up() -> None:
    d_conv_1("accumulating: true")
