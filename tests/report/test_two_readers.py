"""Two readers of one trace: the ways of parts that figures draw, and what a replay tells, must agree."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

import twin
from twin.report.ways.journey import Journey, journeys
from twin.report.ways.replayed import Step, tell
from twin.report.ways.trace import last_time

LAYOUTS = sorted((Path(__file__).parents[2] / "layouts").glob("*.yaml"))


def _times(steps: Iterable[Step]) -> list[float]:
    return sorted(step.time for step in steps)


@pytest.mark.long
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda path: path.stem)
def test_they_see_the_same_parts_leave_at_the_same_times(layout: Path) -> None:
    plant = twin.load(layout)
    result = plant.run(replications=1, workers=1, warm_up="0 s", horizon="2 h")
    plan, rows = result.plan, result.trace()
    ways, told = journeys(plan, rows), tell(plan, rows, last_time(plan, rows))

    def good(way: Journey) -> bool:
        return way.fate == "left" and bool(plan.rows[way.at].good)

    def lost(way: Journey) -> bool:
        return way.fate == "scrapped" or (way.fate == "left" and not plan.rows[way.at].good)

    assert _times(told.good) == sorted(way.end for way in ways if good(way))
    assert _times(told.lost) == sorted(way.end for way in ways if lost(way))
    assert sum(step.by for step in told.inside) == sum(way.fate == "inside" for way in ways)
