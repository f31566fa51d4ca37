"""The ways of parts: how each ended is judged once, for figures and replay, and the ledger says the same."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

import twin
from twin.core.plan import Plan
from twin.core.run import Trace
from twin.engine import simulate
from twin.report.figures.flows import flows
from twin.report.ways.journey import Journey, journeys

LAYOUTS = sorted((Path(__file__).parents[2] / "layouts").glob("*.yaml"))
BALKED = """
twin: 1
plant: Parts that find no room
flow: [a -> m -> out]
sources: {a: {every: {exponential: 50 s}, yard: 2, balk: true}}
stations: {m: {cycle: 60 s, quality: {scrap: 10 %}}}
sinks: {out: {}}
run: {warm_up: 0 s, horizon: 20 h, replications: 1, seed: 1}
"""


def agree(plan: Plan) -> list[Journey]:
    """The ways of a run without a warm-up; as many left, are lost and are inside as the ledger counts."""
    rows: Trace = []
    flow = simulate(plan, 0, trace=rows).flow
    found = journeys(plan, rows)
    fates = Counter(way.fate for way in found)
    good = sum(way.fate == "left" and bool(plan.rows[way.at].good) for way in found)
    assert (good, fates["left"] - good + fates["scrapped"]) == (flow.good, flow.waste + flow.scrapped)
    assert fates["inside"] == flow.inside_end
    return found


@pytest.mark.long
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda path: path.stem)
def test_parts_end_as_the_ledger_counts(layout: Path) -> None:
    agree(twin.load(layout).run(replications=1, workers=1, warm_up="0 s", horizon="2 h").plan)


def test_parts_that_are_turned_away_are_not_inside(tmp_path: Path) -> None:
    """They stand neither in the replay nor in the flow that the Sankey draws."""
    (tmp_path / "plant.yaml").write_text(BALKED, encoding="utf-8")
    plan = twin.load(tmp_path / "plant.yaml").plan
    found = agree(plan)
    refused = sum(way.fate == "refused" for way in found)
    assert refused > 100
    assert flows(plan, found, 0.0).came(plan.index("a")) == len(found) - refused
