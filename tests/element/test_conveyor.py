"""A conveyor in the plan and in the figures: capacity, times, warnings, states without OEE, energy."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.story import Story, plan_of
from twin.core.compile import compile_plan
from twin.core.layout import from_document
from twin.core.text import parse
from twin.kpi import find, row

LINE = """
    flow: [a -> m -> belt -> n -> out]
    sources: {a: {arrivals: saturated}}
    stations: {m: {cycle: 2 s}, n: {cycle: 3 s}}
    conveyors: {belt: {length: 4 m, speed: 1 m/s, pitch: 1 m%s}}
    sinks: {out: {}}
    run: {horizon: 1 h, warm_up: 1 min}
    """


def problems(text: str) -> list[str]:
    """What the check says of a plant written without its head."""
    document = parse(f"twin: 1\nplant: by hand\n{text}".encode(), "plant.yaml")
    compile_plan(from_document(document))
    return [problem.text for problem in document.problems]


@pytest.mark.parametrize(
    ("length", "pitch", "parts"),
    [("12 m", "0.8 m", 15), ("0.3 m", "0.1 m", 3), ("1.2 m", "400 mm", 3), ("1.99 m", "1 m", 1), ("2 m", "2 m", 1)],
)
def test_it_holds_as_many_parts_as_there_are_pitches(length: str, pitch: str, parts: int) -> None:
    plan = plan_of((LINE % "").replace("length: 4 m", f"length: {length}").replace("pitch: 1 m", f"pitch: {pitch}"))
    assert next(place.capacity for place in plan.places if place.name == "belt") == parts


def test_times_are_rounded_once_to_whole_microseconds() -> None:
    plan = plan_of((LINE % "").replace("speed: 1 m/s", "speed: 0.3 m/s"))
    belt = plan.rows[plan.index("belt")]
    assert (belt.transit, belt.gap) == (13_333_333.0, 3_333_333.0)


def test_a_loop_through_a_belt_takes_time() -> None:
    text = """
flow: [a -> belt -> b -> belt, b -> m -> out]
sources: {a: {every: 60 s}}
conveyors: {belt: {length: 4 m, speed: 1 m/s, pitch: 1 m}}
buffers: {b: {capacity: 2}}
stations: {m: {cycle: 1 s}}
sinks: {out: {}}
run: {horizon: 1 h, warm_up: 1 min}
"""
    assert problems(text) == []


def test_a_belt_into_endless_room_is_no_buffer_that_never_fills() -> None:
    text = """
flow: [a -> belt -> out]
sources: {a: {arrivals: saturated}}
conveyors: {belt: {length: 4 m, speed: 1 m/s, pitch: 1 m}}
sinks: {out: {}}
run: {horizon: 1 h, warm_up: 1 min}
"""
    assert problems(text) == []


def test_a_source_that_is_faster_than_a_belt_is_told() -> None:
    text = """
flow: [a -> belt -> out]
sources: {a: {every: 1 s}}
conveyors: {belt: {length: 4 m, speed: 0.5 m/s, pitch: 1 m}}
sinks: {out: {}}
run: {horizon: 1 h, warm_up: 1 min}
"""
    assert problems(text) == ["parts come 2 times as fast as 'belt' can work; the line grows for ever"]


def kpis(text: str) -> dict[str, float]:
    """The row of one replication."""
    story = Story(text)
    return row(story.plan, story.ledger)


def test_it_has_states_and_failures_but_no_oee_and_is_never_the_bottleneck() -> None:
    mode = "breakdowns: {jam: {mtbf: {constant: 5 min}, mttr: {constant: 20 s}}}"
    found = kpis(LINE % f", {mode}")
    mine = {path.removeprefix("elements.belt.kpis."): value for path, value in found.items() if ".belt.kpis." in path}
    assert set(mine) == {"parts", "busy", "mtbf_s", "mttr_s", "content", "wait_s"}
    assert mine["mttr_s"] == pytest.approx(20)
    assert sum(value for path, value in found.items() if path.startswith("elements.belt.states.")) == pytest.approx(1)
    assert "bottleneck.belt" not in found
    assert all(find(path) for path in found)


def test_opening_time_is_that_of_stations() -> None:
    hours = "calendars: {d: {cycle: 10 min, open: [0 min-6 min]}}\n"
    closed, always = kpis(LINE % ", calendar: d" + hours), kpis(LINE % "")
    for found in (closed, always):
        assert found["kpis.throughput_per_open_h"] == found["kpis.throughput_per_h"]


def test_it_draws_power_by_state_and_switches_off() -> None:
    power = "power: {working: 3.6 kW, idle: 1.8 kW, switch_off: {after: 10 s, power: 0 kW}}, cost: 36 EUR/h"
    text = (LINE % f", {power}").replace("arrivals: saturated", "orders: [{at: 0 s}, {at: 100 s}]")
    found = kpis(text.replace("run: {horizon: 1 h, warm_up: 1 min}", "run: {horizon: 200 s}"))
    # Empty 0-2, 6-102 and 106-109, when the last part leaves the plant: it draws 15 s while empty, and works 8 s.
    assert found["elements.belt.kpis.energy_kwh"] == pytest.approx((8 * 3.6 + 15 * 1.8) / 3600)
    assert found["kpis.cost_eur_per_part"] == pytest.approx(109 * 36 / 3600 / 2)


def test_a_golden_plan() -> None:
    lines: Any = plan_of(LINE % ", accumulating: true").describe().split("\n\n")
    block = next(lines for lines in lines if lines.startswith("conveyor belt"))
    assert block.splitlines() == [
        "conveyor belt",
        "  place belt: 4 places, fifo, m -> n",
        "  transit 4 s",
        "  gap 1 s",
        "  accumulating yes",
    ]
