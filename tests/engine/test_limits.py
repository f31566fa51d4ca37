"""Plants that would need more memory, or run farther, than numbers and machines can hold: one clear line."""

from __future__ import annotations

import pytest

import twin.core.running.account
from twin.core.run import RunError
from twin.engine.simpy import simulate

from .story import plan_of

SPREAD = """
    flow: [a -> d -> q -> m -> done]
    sources: {a: {arrivals: saturated, limit: 3}}
    buffers: {q: {capacity: unlimited}}
    stations: {d: {cycle: 1 s, gives: {q: 60}}, m: {cycle: 1 h}}
    sinks: {done: {}}
"""
LOTS = """
    flow: [a -> m -> done]
    sources: {a: {every: 1 s, lot: 60, moves: lot, limit: %d}}
    stations: {m: {cycle: 1 min, queue: {}}}
    sinks: {done: {}}
"""


def test_too_many_parts_inside_are_told_with_where_they_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Found by an attack: 'gives: 10000' twice into unlimited buffers ended in a MemoryError."""
    monkeypatch.setattr(twin.core.running.account, "MOST_INSIDE", 100)
    with pytest.raises(RunError, match="parts are inside at 2 s, at d, m, a, q: memory would not hold them"):
        simulate(plan_of(SPREAD))


def test_of_lots_each_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twin.core.running.account, "MOST_INSIDE", 100)
    assert simulate(plan_of(LOTS % 1200)).flow.good == 1200
    with pytest.raises(RunError, match="parts are inside"):
        simulate(plan_of(LOTS % 12000))


def test_a_run_without_end_stops_where_times_are_no_longer_exact() -> None:
    plant = """
        flow: [a -> m -> done]
        sources: {{a: {{arrivals: saturated, limit: {parts}}}}}
        stations: {{m: {{cycle: 100 y}}}}
        sinks: {{done: {{}}}}
    """
    assert simulate(plan_of(plant.format(parts=2))).makespan == 200 * 365 * 86_400e6
    with pytest.raises(RunError, match="the run has come to 285 years, and no farther are times exact"):
        simulate(plan_of(plant.format(parts=3)))


@pytest.mark.parametrize(
    "keys",
    ["m: {cycle: 5 s, quality: {scrap: 0 %}}", "m: {cycle: 5 s, quality: {scrap: {A: 100 %, other: 0 %}}}"],
)
@pytest.mark.parametrize("mix", ["A: 100 %", "A: 100 %, B: 0 %"])
def test_shares_of_nothing_or_all_are_no_chance(keys: str, mix: str) -> None:
    plan = plan_of(f"""
        flow: [a -> m -> done]
        products: {{A: {{}}, B: {{}}}}
        sources: {{a: {{every: 10 s, limit: 5, products: {{{mix}}}}}}}
        stations: {{{keys}}}
        sinks: {{done: {{}}}}
    """)
    assert not plan.is_random
    flow = simulate(plan).flow
    assert (flow.good, flow.scrapped) == ((5, 0) if "A: 100 %, other" not in keys else (0, 5))
