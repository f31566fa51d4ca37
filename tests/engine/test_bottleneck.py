"""The bottleneck of whole runs: the last period counts, and machines of one station do not shift among themselves."""

from __future__ import annotations

import pytest

from twin.engine import simulate

from .story import plan_of


def shares(text: str) -> list[float]:
    """Share of the window in which each station is the bottleneck."""
    ledger = simulate(plan_of(text))
    return [(sum(row.sole) + sum(row.shifting)) / ledger.window for row in ledger.stations.values()]


def test_a_machine_that_works_until_the_plant_is_empty_is_the_bottleneck_all_the_time() -> None:
    text = """
flow: [raw -> m -> out]
sources: {raw: {arrivals: saturated, limit: 10}}
stations: {m: {cycle: 2 min}}
sinks: {out: {}}
"""
    assert shares(text) == [1.0]


def test_two_machines_of_a_station_are_one_bottleneck() -> None:
    """M/M/2 with load 0.8: some machine works 1 - p0 = 8/9 of the time (60 d: ± 0.01)."""
    text = """
flow: [jobs -> m -> out]
sources: {jobs: {every: {exponential: 1.25 min}}}
stations: {m: {machines: 2, queue: {}, cycle: {exponential: 2 min}}}
sinks: {out: {}}
run: {horizon: 60 d}
"""
    assert shares(text) == [pytest.approx(8 / 9, abs=0.01)]


def test_memory_of_the_bottleneck_does_not_grow_beside_a_machine_that_never_stops() -> None:
    from twin.core.running.active import ActivePeriods

    most = 0
    settle = ActivePeriods.extend

    def watch(self: ActivePeriods, periods: list[tuple[int, float, float]]) -> None:
        nonlocal most
        settle(self, periods)
        most = max(most, self.undecided)

    text = """
flow: [raw -> m -> b -> n -> out]
sources: {raw: {arrivals: saturated}}
stations: {m: {cycle: {exponential: 60 s}}, n: {cycle: {exponential: 50 s}}}
buffers: {b: {capacity: unlimited}}
sinks: {out: {}}
run: {horizon: 60 d}
"""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ActivePeriods, "extend", watch)
        shares(text)
    assert 0 < most < 2000
