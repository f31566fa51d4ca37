"""Vehicles: shares of their time, trips, metres; what they draw."""

from __future__ import annotations

import pytest
from kpi_plant import CARTS, CARTS_ROW, H, carts, kilowatts, ledger, plan

from twin.core.ledger import EMPTY, LOADED
from twin.element.machines.power import PowerRow
from twin.kpi import row
from twin.kpi.energy import drawn
from twin.kpi.vehicles import share, vehicles


def test_shares_are_means_over_the_vehicles() -> None:
    found = row(plan(), ledger())
    assert found["elements.carts.kpis.busy"] == pytest.approx((64 + 30) / 200)
    assert found["elements.carts.kpis.loaded_share"] == 40 / 200
    assert found["elements.carts.kpis.empty_share"] == 30 / 200
    assert found["elements.carts.kpis.charging_share"] == 16 / 200
    assert share(carts(), LOADED, EMPTY) == 70 / 200


def test_trips_and_metres_are_added() -> None:
    found = row(plan(), ledger())
    assert found["elements.carts.kpis.trips"] == 400
    assert found["elements.carts.kpis.metres"] == 252_000


def test_without_a_battery_nothing_is_said_of_charging() -> None:
    base = plan()
    rows = (*base.rows[:CARTS], CARTS_ROW._replace(battery=None))
    bare = type(base)(**{**vars(base), "rows": rows})
    assert "elements.carts.kpis.charging_share" not in vehicles(bare, ledger())


def test_a_trip_is_work_and_all_else_is_idle() -> None:
    base = plan()
    power = (PowerRow(0, kilowatts(0.5, working=2.0), (500.0, 500.0)),)
    powered = type(base)(**{**vars(base), "rows": (*base.rows[:CARTS], CARTS_ROW._replace(power=power))})
    (joules,) = drawn(powered, ledger())[CARTS]
    assert joules == pytest.approx((94 * 2000 + 106 * 500) * H / 1e6)
