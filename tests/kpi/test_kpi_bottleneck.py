"""Bottleneck shares, turning point, arrow rule."""

from __future__ import annotations

import pytest
from kpi_plant import MILL, H, ledger, mill, plan

from twin.kpi.bottleneck import arrow, bottleneck, turning_point


def test_shares() -> None:
    found = bottleneck(plan(), ledger())
    assert (found["bottleneck.mill"], found["bottleneck.saw"]) == (0.6, 0.5)
    assert found["elements.mill.kpis.bottleneck_sole"] == 0.4
    assert found["elements.mill.kpis.bottleneck_shifting"] == pytest.approx(0.2, abs=1e-15)


def test_a_share_is_at_most_one() -> None:
    """A bottleneck that moves between two machines of one station is there all the time, not 1.2 times."""
    moving = mill()._replace(sole=(40 * H, 40 * H), shifting=(20 * H, 20 * H))
    assert bottleneck(plan(), ledger(rows={MILL: moving}))["bottleneck.mill"] == 1.0


@pytest.mark.parametrize(
    ("blocked", "starved", "expected"),
    [
        ([0.4, 0.3, 0.05, 0.1, 0.0], [0.0, 0.1, 0.02, 0.3, 0.5], 2),
        ([0.4, 0.3, 0.02, 0.1, 0.0], [0.0, 0.1, 0.05, 0.3, 0.5], 2),
        ([0.0, 0.1, 0.0], [0.0, 0.3, 0.5], 0),
        ([0.4, 0.3, 0.0], [0.0, 0.1, 0.0], 2),
        ([0.2], [0.1], 0),
        ([0.1, 0.1], [0.3, 0.4], 0),
        ([0.4, 0.3], [0.1, 0.1], 1),
        ([0.3, 0.1, 0.3, 0.0], [0.1, 0.15, 0.1, 0.1], 1),
    ],
    ids=["inner, +", "inner, −", "first", "last", "one station", "all −", "all +", "first of two turns"],
)
def test_turning_point(blocked: list[float], starved: list[float], expected: int) -> None:
    assert turning_point(blocked, starved) == expected


def test_arrows_meet_at_the_bottleneck() -> None:
    """0.4 > 0.1: 0→1; 0.3 > 0.02: 1→2; 0.05 < 0.3: 3→2."""
    assert arrow([0.4, 0.3, 0.05, 0.0], [0.0, 0.1, 0.02, 0.3]) == (2,)


def test_arrows_can_meet_twice() -> None:
    """0.1 < 0.3: 1→0; 0.4 > 0.1: 1→2."""
    blocked, starved = [0.1, 0.4, 0.0], [0.0, 0.3, 0.1]
    assert arrow(blocked, starved) == (0, 2)


def test_equal_shares_point_upstream() -> None:
    assert arrow([0.2, 0.0], [0.0, 0.2]) == (0,)


def test_a_line_of_one_station_is_its_bottleneck() -> None:
    assert arrow([0.0], [0.0]) == (0,)


@pytest.mark.parametrize("blocked", [[], [0.1]])
def test_lines_that_do_not_fit_are_refused(blocked: list[float]) -> None:
    with pytest.raises(ValueError, match=f"not {len(blocked)} and {2 * len(blocked)}"):
        turning_point(blocked, blocked * 2)
    with pytest.raises(ValueError, match="one blocked and one starved share a station are due"):
        arrow(blocked, blocked * 2)
