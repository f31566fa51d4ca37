"""What must hold for all flows."""

from __future__ import annotations

import math
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.finance.annuity import annuity, annuity_factor
from twin.finance.depreciation import degressif, degressif_coefficient, linear
from twin.finance.flows import tax_flows
from twin.finance.irr import irr, mirr, xirr
from twin.finance.month import Month
from twin.finance.npv import npv, npv_profile, xnpv
from twin.finance.payback import payback, payback_year
from twin.finance.price import growth

QUICK = settings(deadline=None, max_examples=40)
"""Time is no mistake on a busy machine."""
EUR = st.integers(-100_000, 100_000).map(float)
FLOWS = st.lists(EUR, min_size=2, max_size=12)
RATE = st.floats(-0.5, 1.0)
ROOTS = st.lists(st.sampled_from([-0.5, -0.2, 0.05, 0.1, 0.3, 0.8, 1.5, 4.0]), min_size=1, max_size=5, unique=True)


@QUICK
@given(FLOWS, FLOWS, RATE, st.floats(-10, 10))
def test_npv_is_linear(a: list[float], b: list[float], rate: float, factor: float) -> None:
    n = min(len(a), len(b))
    x, y = np.array(a[:n]), np.array(b[:n])
    size = npv(np.abs(x) + np.abs(factor * y), rate) + 1
    assert npv(x + factor * y, rate) == pytest.approx(npv(x, rate) + factor * npv(y, rate), abs=1e-12 * size)


@QUICK
@given(FLOWS, RATE)
def test_rows_are_worth_what_each_is(flows: list[float], rate: float) -> None:
    table = np.array([flows, flows[::-1]])
    alone = [npv(row, rate) for row in table]
    assert npv(table, rate) == pytest.approx(alone, rel=1e-9, abs=1e-6)
    assert npv(table, [rate, rate]) == pytest.approx(alone, rel=1e-9, abs=1e-6)
    assert npv_profile(table, [rate])[:, 0] == pytest.approx(alone, rel=1e-9, abs=1e-6)


@QUICK
@given(st.floats(-0.2, 0.5), st.floats(-0.05, 0.2), st.floats(1, 1e6))
def test_real_and_nominal_agree(real: float, inflation: float, a_year: float) -> None:
    """Prices that grow, at the nominal rate, are worth what level ones are at the real rate (Fisher)."""
    flat = np.append(0.0, np.full(8, a_year))
    grown = np.append(0.0, a_year * growth(inflation, 8))
    assert npv(grown, (1 + real) * (1 + inflation) - 1) == pytest.approx(npv(flat, real), rel=1e-10)


@QUICK
@given(FLOWS)
def test_each_rate_makes_npv_0(flows: list[float]) -> None:
    found = irr(flows)
    for rate in np.atleast_1d(found.roots)[: found.number]:
        powers = float(1 + rate) ** -np.arange(len(flows))
        assert abs(powers @ flows) <= 1e-9 * (powers @ np.abs(flows)) * len(flows)
    assert (found.roots[: found.number] > -1).all()


@QUICK
@given(ROOTS, st.integers(1, 1000))
def test_all_rates_that_were_put_in_are_found(rates: list[float], size: int) -> None:
    flows = -size * np.poly([1 + rate for rate in rates])
    found = irr(flows)
    assert found.roots[: found.number] == pytest.approx(sorted(rates), abs=1e-6)


@QUICK
@given(st.lists(st.lists(EUR, min_size=6, max_size=6), min_size=1, max_size=20))
def test_rows_have_the_rates_that_each_has(rows: list[list[float]]) -> None:
    together = irr(rows)
    for k, row in enumerate(rows):
        alone = irr(row)
        assert together.number[k] == alone.number
        assert together.roots[k][: alone.number] == pytest.approx(alone.roots[: alone.number], rel=1e-9, abs=1e-12)


@QUICK
@given(FLOWS)
def test_as_many_rates_as_a_polynomial_has_roots(flows: list[float]) -> None:
    """Beside numpy's companion matrix, where its roots are well apart; Descartes bounds their number."""
    found = irr(flows)
    signs = [x for x in np.sign(flows) if x]
    changes = sum(a != b for a, b in pairwise(signs))
    assert found.number <= changes
    if changes == 1:
        assert found.number == 1
    roots = np.roots(flows)  # in 1 + r
    near = [abs(a - b) / abs(a) for i, a in enumerate(roots) for b in roots[:i] if abs(a) > 0]
    real = sorted(x.real - 1 for x in roots if abs(x.imag) <= 1e-9 * abs(x) and x.real > 1e-6)
    if min(near, default=1.0) > 1e-3:
        assert found.roots[: found.number] == pytest.approx(real, rel=1e-6, abs=1e-6)


def test_a_rate_that_only_touches_0_is_found_once() -> None:
    found = irr(np.poly([1.1, 1.1]) * -1000)
    assert found.number == 1
    assert found.unique == pytest.approx(0.1, abs=1e-7)
    assert irr(np.poly([1.1, 1.1, 1.5])).roots[:2] == pytest.approx([0.1, 0.5], abs=1e-6)


@pytest.mark.parametrize("flows", [[100, 50], [-100, -50], [0, 0, 0], [-100], [0, 5]])
def test_no_rate_where_there_is_none(flows: list[float]) -> None:
    found = irr(flows)
    assert found.number == 0
    assert np.isnan(found.unique)


def test_rates_of_odd_sizes() -> None:
    assert irr([-1e12, 0, 0, 1.0]).unique == pytest.approx(1e-4 - 1, rel=1e-9)
    assert irr([-1.0, 0, 1e12]).unique == pytest.approx(1e6 - 1, rel=1e-9)
    assert irr([0, 0, -100, 121, 0]).unique == pytest.approx(0.21, abs=1e-12)
    assert irr([-100, 110, 1e-14]).unique == pytest.approx(0.1, abs=1e-12)  # what rounding left of 0
    forty = np.append(-1000.0, np.full(40, 100.0))
    assert irr(forty).unique == pytest.approx(0.0976, abs=1e-3)
    assert npv(forty, irr(forty).unique) == pytest.approx(0, abs=1e-8)


@QUICK
@given(st.lists(st.tuples(EUR, st.integers(0, 2000)), min_size=2, max_size=8))
def test_each_rate_of_dates_makes_xnpv_0(pairs: list[tuple[float, int]]) -> None:
    flows = [flow for flow, _ in pairs]
    days = [date(2027, 1, 1), *(date(2027, 1, 1) + timedelta(days=later) for _, later in pairs[1:])]
    found = xirr(flows, days)
    for rate in found.roots[: found.number][np.isfinite(found.roots[: found.number])]:
        if -0.999 < rate < 1e6:
            ages = np.array([(day - days[0]).days / 365 for day in days])
            size = np.abs(flows) @ np.exp(-np.log1p(rate) * ages)
            assert abs(xnpv(flows, days, rate)) <= 1e-8 * size


def test_dates_a_year_apart_are_years() -> None:
    days = [date(2025, 6, 30), date(2026, 6, 30), date(2027, 6, 30)]
    assert xirr([-1600, 10000, -10000], days).roots == pytest.approx([0.25, 4.0], abs=1e-9)


@QUICK
@given(st.floats(1, 1e6), st.lists(st.floats(0, 1e6), min_size=1, max_size=10), st.floats(0, 1e5), st.floats(0, 0.5))
def test_more_income_pays_back_no_later(cost: float, income: list[float], more: float, rate: float) -> None:
    flows = np.array([-cost, *income])
    richer = flows + np.append(0.0, np.full(len(income), more))
    assert payback(richer, rate) <= payback(flows, rate) + 1e-9
    assert payback(flows) <= payback(flows, rate) + 1e-9
    year = payback_year(flows, rate)
    assert year == math.inf if payback(flows, rate) == math.inf else year - 1 - 1e-9 <= payback(flows, rate) <= year


def test_payback_begins_when_money_is_out() -> None:
    assert payback([0, -100, 60, 80]) == pytest.approx(2.5)  # a year 0 in which nothing happens pays nothing back
    assert payback([10, -100, 60, 80]) == pytest.approx(2 + 30 / 80)
    assert payback([5, 5]) == payback_year([5, 5]) == 0
    assert payback([-10, 5]) == payback_year([-10, 5]) == math.inf
    assert payback([-10, 10, -50]) == 1
    assert list(payback([[-10, 5, 5], [-10, 20, 0]])) == [2, 0.5]


@QUICK
@given(st.integers(3, 20), st.integers(0, 11), st.floats(0, 1e9))
def test_depreciation_sums_to_the_cost(life: int, skipped: int, cost: float) -> None:
    coefficient = degressif_coefficient(life, Month(2027, 1))
    for years in (degressif(cost, life, coefficient, life, skipped), linear(cost, life, life + 1, skipped)):
        assert years.sum() == pytest.approx(cost)
        assert (years >= -1e-9 * cost).all()
    assert degressif(cost, life, coefficient, 1)[0] >= linear(cost, life, 1)[0]


def test_first_year_by_twelfths() -> None:
    # BOFiP: bought in June, 7 twelfths: 10,000 × 35 % × 7/12, then 35 % of the rest, linear over what is left.
    first = 3500 * 7 / 12
    left = 10000 - first
    expected = [first, 0.35 * left, 0.35 * 0.65 * left, 0.65**2 * left / 2, 0.65**2 * left / 2]
    assert degressif(10000, 5, 1.75, 6, 5) == pytest.approx([*expected, 0])
    assert linear(12000, 5, 6, 5) == pytest.approx([1400, 2400, 2400, 2400, 2400, 1000])


@QUICK
@given(st.lists(st.lists(EUR, min_size=5, max_size=5), min_size=1, max_size=5), st.floats(0, 0.9))
def test_tax_neutral_at_0_and_never_less_with_losses_carried(rows: list[list[float]], tax: float) -> None:
    taxable = np.array(rows)
    assert not tax_flows(taxable, 0.0).any()
    used, forward = tax_flows(taxable, tax), tax_flows(taxable, tax, "forward")
    assert (forward <= 1e-9).all()
    assert (np.cumsum(forward, axis=1) <= np.cumsum(used, axis=1) + 1e-6).all()
    if (taxable >= 0).all():
        assert forward == pytest.approx(used)


def test_losses_carried_forward() -> None:
    assert tax_flows(np.array([[0.0, -100, 60, 80]]), 0.25, "forward").tolist() == [[0, 0, 0, -10]]
    assert tax_flows(np.array([[0.0, -100, 60, 80]]), 0.25).tolist() == [[0, 25, -15, -20]]


@QUICK
@given(st.floats(1, 1e6), st.floats(-0.5, 1), st.integers(1, 40))
def test_an_annuity_is_worth_its_value(value: float, rate: float, years: int) -> None:
    each = annuity(value, rate, years)
    assert npv(np.append(0.0, np.full(years, each)), rate) == pytest.approx(value, rel=1e-6)
    assert annuity_factor(0.0, years) == years


@QUICK
@given(st.floats(1, 1e5), st.floats(1, 1e5), st.floats(-0.3, 1.0))
def test_mirr_at_the_rate_itself(cost: float, income: float, rate: float) -> None:
    """Reinvested and financed at the IRR, MIRR is the IRR."""
    flows = [-cost, income, income]
    own = irr(flows).unique
    if -0.9 < own < 100:
        assert mirr(flows, own, own) == pytest.approx(own, rel=1e-6, abs=1e-9)
    assert np.isnan(mirr([1, 2], rate, rate))
