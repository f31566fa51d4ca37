"""The warm-up found by pilots."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import pytest

from tests.study.paired.stub import Stub
from twin.api.plant import load
from twin.core.run import RunError
from twin.study.paired.pilot import PERIODS, edges, find_warm_up, one_pilot

SLOW_START = """
twin: 1
plant: A long line that fills slowly
flow: [in -> first -> rack -> second -> out]
sources: {in: {arrivals: saturated}}
stations: {first: {cycle: {exponential: 60 s}}, second: {cycle: {exponential: 70 s}}}
buffers: {rack: {capacity: 40}}
sinks: {out: {}}
run: {horizon: 8 d}
"""
DAY = """
twin: 1
plant: Every day anew
start: 2027-01-04 00:00
calendar: day
flow: [in -> saw -> out]
sources: {in: {orders: orders.csv}}
stations: {saw: {cycle: {normal: {mean: 60 s, sd: 5 s}}, queue: {}}}
calendars: {day: {week: {mon-sun: [08:00-16:00]}}}
sinks: {out: {}}
run: {horizon: 20 d}
"""


def plan(text: str, folder: Path, **run: Any) -> Any:
    (folder / "plant.yaml").write_text(text)
    return load(folder / "plant.yaml").plan.with_run(**run)


def test_a_line_that_fills_warms_up_as_long_as_it_fills(tmp_path: Path) -> None:
    """The rack fills by 1/60 - 1/70 parts a second: its 40 places take 40 · 420 s = 4.7 h in the mean."""
    found = find_warm_up([Stub("lean", plan=plan(SLOW_START, tmp_path))], 10, workers=1)
    assert re.fullmatch(r"warm-up .+: (WIP|output) of lean needs it longest \(MSER-5 on 10 pilots\)", found.words)
    assert 40 * 420 <= found.time / 1e6 <= 4 * 86400, "at least as long as it fills, at most half of the pilot"
    assert found.time % 3600e6 == 0


def test_equal_parts_of_open_time(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("at\n2027-01-20 10:00\n")
    one = plan(DAY, tmp_path, horizon=5 * 86400e6)
    ends = edges(one)
    assert len(ends) == PERIODS
    assert all(a < b for a, b in itertools.pairwise(ends))
    # 40 h open in 1000 periods of 144 s; the first ends at 08:02:24
    assert ends[0] == (8 * 3600 + 144) * 1e6
    assert all(8 * 3600e6 < end % 86400e6 <= 16 * 3600e6 for end in ends)


def test_what_a_pilot_leaves(tmp_path: Path) -> None:
    one = plan(SLOW_START, tmp_path, horizon=86400e6)
    row = one_pilot([Stub("lean", plan=one)], 0).row
    from twin.engine import simulate

    flow = simulate(one, 0).flow
    assert sum(row[f"good.{i}"] for i in range(PERIODS)) == flow.good
    assert sum(row[f"wip.{i}"] for i in range(PERIODS)) / PERIODS == pytest.approx(flow.wip / 86400e6, rel=1e-12)


def test_a_run_until_empty_needs_none(tmp_path: Path) -> None:
    one = plan(SLOW_START.replace("arrivals: saturated", "arrivals: saturated, limit: 50"), tmp_path)
    assert find_warm_up([Stub("a", plan=one)], 10).words == (
        "no warm-up: the plant becomes empty for good within the horizon"
    )
    assert find_warm_up([Stub("a", plan=one.with_run(horizon=float("inf")))], 10).time == 0.0


def test_a_plant_that_is_empty_every_morning_needs_none(tmp_path: Path) -> None:
    """Twenty parts come every morning and are cut within the hour."""
    rows = [f"2027-01-{day:02} 08:00" for day in range(4, 24) for _ in range(20)]
    (tmp_path / "orders.csv").write_text("\n".join(["at", *rows, ""]))
    found = find_warm_up([Stub("a", plan=plan(DAY, tmp_path, horizon=18 * 86400e6))], 10, workers=1)
    assert found == (0.0, "no warm-up: the plant is empty whenever it opens")


def test_a_plant_that_never_settles_is_refused(tmp_path: Path) -> None:
    """More comes than can be cut, so what waits grows to the end."""
    text = DAY.replace("orders: orders.csv", "every: {exponential: 50 s}")
    with pytest.raises(RunError, match=r"^run\.warm_up: WIP of a has not settled: MSER-5 would cut .* more than half"):
        find_warm_up([Stub("a", plan=plan(text, tmp_path, horizon=10 * 86400e6))], 10, workers=1)


def test_a_plant_that_is_the_same_from_the_start_needs_none(tmp_path: Path) -> None:
    """One machine that works without end, no place to fill."""
    text = """
twin: 1
plant: One saw
flow: [in -> saw -> out]
sources: {in: {arrivals: saturated}}
stations: {saw: {cycle: 60 s}}
sinks: {out: {}}
run: {horizon: 1000 min}
"""
    found = find_warm_up([Stub("a", plan=plan(text, tmp_path))], 10, workers=1)
    assert found == (0.0, "no warm-up: MSER-5 on 10 pilots has nothing to cut")
