"""NF E 60-182 and ISO 22400-2: a worked example to six digits, a published definition, degenerate stations."""

from __future__ import annotations

import math

import pytest
from kpi_plant import MILL, WINDOW, H, ledger, mill, plan, states, station

from twin.core.ledger import STATES, StopRow
from twin.kpi.oee import Times, first_pass_yield, iso, mtbf, mttr, nf, oee, times_of

CYCLE = 30 / 3600
WEEK = Times(
    total=168,
    off=48,
    planned=4 + 6 + 2,
    breakdown=6,
    setup=5,
    adjustment=2,
    micro_stop=3,
    induced=3 + 2,
    net=9900 * CYCLE,
    useful=9801 * CYCLE,
)
"""A week in hours: opening 120; maintenance 4, breaks 6, meetings 2; cycle 30 s; 9,900 parts, 9,801 good."""


def test_times_of_the_week() -> None:
    assert (WEEK.opening, WEEK.required, WEEK.running) == (120, 108, 87)
    assert (WEEK.net, WEEK.useful) == pytest.approx((82.5, 81.675), abs=5e-7)
    assert (WEEK.processing, WEEK.delay, WEEK.busy, WEEK.induced) == (92, 11, 103, 5)


def test_nf_e_60_182_to_six_digits() -> None:
    found = nf(WEEK)
    assert (found.do, found.tp, found.tq) == pytest.approx((0.805556, 0.948276, 0.99), abs=5e-7)
    assert (found.trs, found.trg, found.tre) == pytest.approx((0.756250, 0.680625, 0.486161), abs=5e-7)
    assert (found.tc, found.ts) == pytest.approx((0.9, 0.714286), abs=5e-7)
    assert found.trs == pytest.approx(found.do * found.tp * found.tq, rel=1e-12)


def test_iso_22400_2_to_six_digits() -> None:
    found = iso(WEEK)
    assert (found.oee, found.nee) == pytest.approx((0.756250, 0.799713), abs=5e-7)
    assert (found.allocation, found.utilization) == pytest.approx((0.953704, 0.844660), abs=5e-7)
    assert (found.technical_efficiency, found.setup_ratio) == pytest.approx((0.887755, 0.054348), abs=5e-7)
    assert found.oee == pytest.approx(found.availability * found.performance * found.quality, rel=1e-12)


def test_changeovers_and_tool_changes_stay_inside_required_time() -> None:
    """Taken out of tR they would give 0.808663, the usual mistake."""
    wrong = WEEK._replace(planned=WEEK.planned + WEEK.setup + WEEK.adjustment, setup=0.0, adjustment=0.0)
    assert nf(wrong).trs == pytest.approx(0.808663, abs=5e-7)
    assert nf(WEEK).trs != pytest.approx(0.808663, abs=1e-2)


def test_intrinsic_trs_leaves_induced_stops_out() -> None:
    assert nf(WEEK).trs_intrinsic == pytest.approx(81.675 / 103, rel=1e-12)


def test_oee_of_a_day_by_definition() -> None:
    """Opening 480 min, planned stops 45, stops and set-ups 47, ideal cycle 1 min, 271 parts, 258 good."""
    found = iso(Times(total=480, planned=45, breakdown=47, net=271 * 1.0, useful=258 * 1.0))
    expected = (0.891954022989, 0.698453608247, 0.952029520295, 0.593103448276)
    assert (found.availability, found.performance, found.quality, found.oee) == pytest.approx(expected, abs=5e-13)


def test_states_go_where_the_norms_put_them() -> None:
    times = times_of(mill())
    assert times == Times(
        total=200 * H, off=40 * H, planned=6 * H, breakdown=6 * H, setup=5 * H, adjustment=0.0, micro_stop=3 * H,
        induced=40 * H, net=90 * H, useful=81 * H,
    )  # fmt: skip
    assert times.running == 100 * H
    """Required less all stops is the state working, exactly."""


def test_machines_are_added_before_ratios() -> None:
    """tR is 88 h and 66 h: the mean of the machines' availabilities would be wrong."""
    found = oee(plan(), ledger())
    assert found["elements.mill.kpis.availability"] == pytest.approx(100 / 154, rel=1e-12)
    assert found["elements.mill.kpis.availability"] != pytest.approx((60 / 88 + 40 / 66) / 2, rel=1e-6)
    assert found["elements.mill.kpis.trs"] == pytest.approx(81 / 154, rel=1e-12)
    assert found["elements.mill.kpis.trs_intrinsic"] == pytest.approx(81 / 114, rel=1e-12)
    assert found["elements.mill.kpis.trg"] == pytest.approx(81 / 160, rel=1e-12)
    assert found["elements.mill.kpis.tre"] == pytest.approx(81 / 200, rel=1e-12)


def test_state_shares_are_means_over_machines_and_add_up_to_one() -> None:
    found = oee(plan(), ledger())
    shares = {state: found[f"elements.mill.states.{state}"] for state in STATES}
    assert (shares["working"], shares["off"], shares["starved"], shares["break"]) == (0.5, 0.2, 0.13, 0.01)
    assert sum(shares.values()) == pytest.approx(1.0, abs=1e-12)


def test_counts() -> None:
    found = oee(plan(), ledger())
    assert found["elements.mill.kpis.parts"] == 100
    assert found["elements.mill.kpis.scrap_ratio"] == 0.03
    assert found["elements.mill.kpis.rework_ratio"] == 0.05


def test_a_repeated_cycle_is_not_another_part() -> None:
    """Ten parts in 12 cycles of 1 h, 8 good at first: 8/10, while the quality ratio is 8/12."""
    row = station(states(working=12, starved=88), done=(12,), repeated=(2,), net=12 * H, useful=8 * H)
    assert first_pass_yield(row) == pytest.approx(0.8, rel=1e-12)
    assert iso(times_of(row)).quality == pytest.approx(8 / 12, rel=1e-12)


def test_mtbf_counts_production_and_set_up_time() -> None:
    assert mtbf(mill()) == 105 * 3600 / 5
    assert mttr(mill()) == 4 * 3600 / 5


def test_without_failures_mtbf_is_unknown_or_left_out() -> None:
    never = station(states(working=100), stops=(StopRow("spindle", 0, 100 * H, 0.0, 0.0),))
    found = oee(plan(), ledger(rows={MILL: never}))
    assert math.isnan(found["elements.mill.kpis.mtbf_s"])
    assert math.isnan(found["elements.mill.kpis.mttr_s"])
    assert "elements.saw.kpis.mtbf_s" not in oee(plan(), ledger())


def test_a_station_that_never_ran_has_oee_zero() -> None:
    found = iso(times_of(station(states(starved=WINDOW / H))))
    assert found.oee == found.availability == 0.0
    assert math.isnan(found.performance)


def test_a_station_that_never_opened_has_no_oee() -> None:
    assert math.isnan(iso(times_of(station(states(off=100)))).oee)
