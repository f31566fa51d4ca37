"""Flow, people: each figure worked out by hand."""

from __future__ import annotations

import math

import pytest
from kpi_plant import H, S, lead, ledger, plan

from twin.core.ledger import FlowRow, GroupLedger, PlaceLedger
from twin.kpi import row
from twin.kpi.flow import flow, lead_time
from twin.kpi.people import busy, people


def test_plant() -> None:
    found = flow(plan(), ledger())
    assert found["kpis.parts"] == 95
    assert found["kpis.throughput_per_h"] == pytest.approx(0.95, rel=1e-12)
    assert found["kpis.wip"] == pytest.approx(12.5, rel=1e-12)
    assert found["kpis.scrap_share"] == pytest.approx((3 + 2) / 100, rel=1e-12)
    assert found["kpis.lead_time_s"] == pytest.approx((90 * 100 + 5 * 400) / 95, rel=1e-12)


def test_open_hours_are_the_mean_over_stations() -> None:
    """The mill is off 20 h (mean of 10 and 30), the saw 40 h: open 70 h on average, not 73.3 h over machines."""
    assert flow(plan(), ledger())["kpis.throughput_per_open_h"] == pytest.approx(95 / 70, rel=1e-12)


def test_a_plant_without_stations_has_no_open_hours() -> None:
    assert "kpis.throughput_per_open_h" not in flow(plan(), ledger(rows={}))


def test_p95_is_over_all_products_within_a_bin() -> None:
    """90 of 95 parts take 100 s, 5 take 400 s: 95 % of the parts is inside the second group."""
    assert flow(plan(), ledger())["kpis.lead_time_p95_s"] == pytest.approx(400, rel=0.01)
    assert lead_time((lead(*[100.0] * 99), lead(400.0)), 0.95) == pytest.approx(100, rel=0.01)


def test_products() -> None:
    found = flow(plan(), ledger())
    assert (found["products.A.parts"], found["products.A.lead_time_s"]) == (90, 100)
    assert (found["products.B.parts"], found["products.B.lead_time_s"]) == (5, 400)


def test_without_parts_times_are_unknown_and_counts_zero() -> None:
    empty = FlowRow(0, 0, 0, 0, 0, 0, 0, 0.0, 0.0)
    found = flow(plan(), ledger(flow=empty, products=(lead(), lead())))
    unknown = {path for path, value in found.items() if math.isnan(value)}
    assert unknown == {
        "kpis.lead_time_s", "kpis.lead_time_p95_s", "kpis.scrap_share", "products.A.lead_time_s",
        "products.B.lead_time_s",
    }  # fmt: skip
    assert found["kpis.throughput_per_h"] == found["kpis.parts"] == 0


def test_due_dates() -> None:
    leads = (lead(*[100.0] * 8, due=8, late=2, tardiness=60.0), lead(400.0))
    found = flow(plan(due=90 * S), ledger(products=leads))
    assert (found["kpis.on_time_share"], found["kpis.tardiness_s"]) == (0.75, 7.5)


def test_due_dates_are_decided_by_the_plan() -> None:
    """With a due date in the plan and no part left the figures are there and unknown; without one they are not."""
    assert math.isnan(flow(plan(due=90 * S), ledger())["kpis.on_time_share"])
    assert not {"kpis.on_time_share", "kpis.tardiness_s"} & flow(plan(), ledger()).keys()


def test_due_dates_of_orders_count_too() -> None:
    found = flow(plan(), ledger(products=(lead(100.0, due=1), lead())))
    assert (found["kpis.on_time_share"], found["kpis.tardiness_s"]) == (1.0, 0.0)


def test_makespan() -> None:
    assert flow(plan(), ledger(makespan=36 * S))["kpis.makespan_s"] == 36
    assert "kpis.makespan_s" not in flow(plan(), ledger())


def test_buffers_sources_sinks() -> None:
    found = flow(plan(), ledger())
    assert (found["elements.out.kpis.content"], found["elements.out.kpis.wait_s"]) == (2.5, 30)
    assert (found["elements.ore.kpis.entered"], found["elements.ore.kpis.lost"]) == (120, 5)
    assert found["elements.ore.kpis.disrupted"] == 0.2
    assert found["elements.shipped.kpis.parts"] == 97


def test_a_station_queue_has_content_and_wait() -> None:
    found = flow(plan(), ledger(places={1: PlaceLedger(50 * H, 0.0, 0, 1)}))
    assert found["elements.mill.kpis.content"] == 0.5
    assert math.isnan(found["elements.mill.kpis.wait_s"])


def test_busy_counts_overtime_as_time_there() -> None:
    assert people(plan(), ledger()) == {"elements.team.kpis.busy": 0.5, "elements.team.kpis.absent": 0.0}
    assert busy(GroupLedger(90 * H, 150 * H, 30 * H, 60 * H)) == 90 / 120
    assert math.isnan(busy(GroupLedger(0.0, 0.0, 0.0)))


def test_demand_and_finished_stock_are_means_over_the_window() -> None:
    """100 fell due, 80 were served then; 300 part-hours of backlog and 50 of stock in 100 h."""
    found = row(plan(), ledger())
    names = ("demand", "on_time_share", "backlog", "finished_stock")
    assert [found[f"elements.shipped.kpis.{name}"] for name in names] == [100.0, 0.8, 3.0, 0.5]
    assert found["elements.out.kpis.scrapped"] == 3.0


def test_p95_of_equal_lead_times_is_exact() -> None:
    alike = [lead(*[360.0] * 10)._replace(longest=360 * S), lead(*[360.0] * 3)._replace(longest=360 * S)]
    assert lead_time(tuple(alike), 0.95) == 360.0
