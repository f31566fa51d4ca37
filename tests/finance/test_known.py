"""Published answers, to the tolerance they are published with; beside them the libraries people use."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np
import numpy_financial as npf
import pytest
import pyxirr

from twin.finance.annuity import annuity, equivalent_annual
from twin.finance.depreciation import (
    degressif,
    degressif_coefficient,
    double_declining,
    linear,
    straight_line,
    sum_of_years,
)
from twin.finance.information import evpi, evsi
from twin.finance.irr import irr, mirr, xirr
from twin.finance.month import Month
from twin.finance.npv import discount, npv, profitability_index, spreadsheet_npv, xnpv
from twin.finance.payback import payback, payback_year

NPF = "numpy-financial documentation and test suite (numpy_financial/tests/test_financial.py)"
EXCEL = "Microsoft Excel function reference"
BREALEY = "Brealey, Myers and Allen, Principles of Corporate Finance"


class Case(NamedTuple):
    """A published answer."""

    flows: list[float]
    published: float
    tolerance: float
    source: str
    rate: float = 0.0


NPVS = [
    Case([-40000, 5000, 8000, 12000, 30000], 3065.22267, 1e-5, NPF, 0.08),
    Case([-15000, 1500, 2500, 3500, 4500, 6000], 122.89, 0.01, NPF, 0.05),
    Case([-40000, 8000, 9200, 10000, 12000, 14500], 1922.06, 0.005, f"{EXCEL}, NPV", 0.08),
    Case([-1000, 500, 400, 300, 100], 78.82, 0.006, "Brigham and Ehrhardt, Financial Management, project S", 0.1),
    Case([-2000, 500, 500, 5000], 2624, 0.6, f"{BREALEY}, payback rule", 0.1),
]
IRRS = [
    Case([-70000, 12000, 15000, 18000, 21000], -0.021, 0.0005, f"{EXCEL}, IRR"),
    Case([-70000, 12000, 15000, 18000, 21000, 26000], 0.087, 0.0005, f"{EXCEL}, IRR"),
    Case([-100, 39, 59, 55, 20], 0.28095, 5e-5, NPF),
    Case([-100, 0, 0, 74], -0.0955, 5e-5, NPF),
    Case([-100, 100, 0, 7], 0.06206, 5e-5, NPF),
    Case([-1000, 500, 400, 300, 100], 0.1449, 0.006, "Brigham and Ehrhardt, project S"),
]
MIRRS = [
    Case([-120000, 39000, 30000, 21000, 37000, 46000], 0.126094, 1e-6, f"{EXCEL}, MIRR; {NPF}"),
    Case([-120000, 39000, 30000, 21000], -0.048, 5e-5, f"{EXCEL}, MIRR after 3 years"),
]


@pytest.mark.parametrize("case", NPVS)
def test_npv(case: Case) -> None:
    found = npv(case.flows, case.rate)
    assert found == pytest.approx(case.published, abs=case.tolerance)
    assert found == pytest.approx(npf.npv(case.rate, case.flows), rel=1e-11)
    assert found == pytest.approx(pyxirr.npv(case.rate, case.flows), rel=1e-11)


def test_npv_of_spreadsheets_discounts_the_first_flow() -> None:
    flows = [-10000, 3000, 4200, 6800]  # Excel function reference, NPV
    assert spreadsheet_npv(flows, 0.1) == pytest.approx(1188.44, abs=0.005)
    assert spreadsheet_npv(flows, 0.1) == pytest.approx(pyxirr.npv(0.1, flows, start_from_zero=False), rel=1e-11)


@pytest.mark.parametrize("case", IRRS)
def test_irr(case: Case) -> None:
    found = irr(case.flows)
    assert found.number == 1
    assert found.unique == pytest.approx(case.published, abs=case.tolerance)
    assert found.unique == pytest.approx(npf.irr(case.flows), abs=1e-9)
    assert found.unique == pytest.approx(pyxirr.irr(case.flows), abs=1e-9)


def test_two_rates_are_listed_and_neither_is_chosen() -> None:
    pump = irr([-1600, 10000, -10000])  # Lorie and Savage (1955); numpy-financial says 0.25, pyxirr 4
    assert pump.number == 2
    assert pump.roots == pytest.approx([0.25, 4.0], abs=1e-9)
    assert np.isnan(pump.unique)
    late = irr([-100, 100, 0, -7])  # test_financial.py expects -0.0833 alone
    assert late.roots == pytest.approx([-0.678894373632387, -0.0832996661849327], abs=1e-12)
    assert np.isnan(late.unique)


@pytest.mark.parametrize("case", MIRRS)
def test_mirr(case: Case) -> None:
    found = mirr(case.flows, 0.1, 0.12)
    assert found == pytest.approx(case.published, abs=case.tolerance)
    assert found == pytest.approx(npf.mirr(case.flows, 0.1, 0.12), rel=1e-11)
    assert found == pytest.approx(pyxirr.mirr(case.flows, 0.1, 0.12), rel=1e-11)


def test_flows_on_days() -> None:
    days = [date(2008, 1, 1), date(2008, 3, 1), date(2008, 10, 30), date(2009, 2, 15), date(2009, 4, 1)]
    flows = [-10000, 2750, 4250, 3250, 2750]  # Excel function reference, XIRR and XNPV
    assert xirr(flows, days).unique == pytest.approx(0.373362535, abs=1e-8)
    assert xnpv(flows, days, 0.09) == pytest.approx(2086.647602, abs=1e-6)
    assert xnpv(flows, days, 0.09) == pytest.approx(pyxirr.xnpv(0.09, days, flows), rel=1e-11)


def test_all_criteria_of_one_project() -> None:
    flows = [-1000, 500, 400, 300, 100]  # Brigham and Ehrhardt, project S at 10 %
    assert mirr(flows, 0.1, 0.1) == pytest.approx(0.1211, abs=5e-5)
    assert payback(flows) == pytest.approx(2.33, abs=0.006)
    assert payback(flows, 0.1) == pytest.approx(2.95, abs=0.006)
    assert profitability_index(flows, 0.1) == pytest.approx(1.079, abs=5e-4)


def test_payback_in_both_readings() -> None:
    flows = [-2000, 500, 500, 5000]  # Brealey, Myers and Allen, payback rule
    assert payback_year(flows) == 3
    assert payback(flows) == pytest.approx(2.2)


def test_annuities() -> None:
    costs = [15, 5, 5, 5]  # Brealey, Myers and Allen, machine A
    assert npv(costs, 0.06) == pytest.approx(28.37, abs=0.006)
    assert equivalent_annual(costs, 0.06) == pytest.approx(10.61, abs=0.006)
    payment = annuity(15000, 0.08 / 12, 60)
    assert -payment == pytest.approx(-304.145914, abs=1e-6)  # numpy-financial, pmt
    assert -payment == pytest.approx(npf.pmt(0.08 / 12, 60, 15000), rel=1e-12)


def test_schedules_of_spreadsheets() -> None:
    assert straight_line(30000, 7500, 10) == pytest.approx(2250, abs=1e-9)
    years = double_declining(2400, 300, 10)
    assert (years[0], years[9]) == pytest.approx((480.0, 22.12), abs=0.005)
    years = sum_of_years(30000, 7500, 10)
    assert (years[0], years[9]) == pytest.approx((4090.91, 409.09), abs=0.005)


def test_degressif() -> None:
    coefficient = degressif_coefficient(5, Month(2027, 1))  # CGI art. 39 A
    assert coefficient == 1.75
    assert degressif(10000, 5, coefficient, 5) == pytest.approx([3500, 2275, 1478.75, 1373.125, 1373.125], abs=1e-6)


def test_tax_saved_by_depreciation() -> None:
    factors = discount(0.08, 5)[1:]
    assert linear(100_000, 5, 5) @ factors * 0.25 == pytest.approx(19963.550185390428, abs=1e-6)
    assert degressif(100_000, 5, 1.75, 5) @ factors * 0.25 == pytest.approx(20772.199130959936, abs=1e-6)


def test_what_a_survey_is_worth() -> None:
    drill, sell = [700.0, -100.0], [90.0, 90.0]  # Hillier and Lieberman, Goferbroke
    prior, favourable = [0.25, 0.75], np.array([0.6, 0.2])
    values = np.column_stack([drill, sell])
    assert max(np.array(prior) @ values) == pytest.approx(100, abs=1e-9)
    assert evpi(values, prior).value == pytest.approx(142.5, abs=1e-9)
    survey = evsi([drill, sell], prior, [favourable, 1 - favourable])
    assert survey == pytest.approx(53, abs=1e-9)
    assert 100 + survey - 30 == pytest.approx(123, abs=1e-9)
