"""Dated items and simulated differences become flows, tax included."""

from __future__ import annotations

import numpy as np
import pytest

from twin.finance.depreciation import degressif, linear
from twin.finance.flows import Statement, statement
from twin.finance.item import Item, drawn, expected, item_lines
from twin.finance.month import Month, Span, span
from twin.finance.npv import npv
from twin.finance.operation import (
    Rollout,
    cost_line,
    margin_line,
    part_cost_line,
    rollout,
    sold,
    together,
    working_capital_line,
)
from twin.finance.price import growth, price_growth, price_path

EIGHT = span("2027-01", 8)
FULL = rollout(EIGHT)
FLAT = np.ones((1, 8))


def one(item: Item, over: Span = EIGHT) -> np.ndarray:
    """The cash of an item in one row."""
    return sum(line.cash[0] for line in item_lines(item, over, 1))


# -- dates


@pytest.mark.parametrize(
    ("month", "column", "fiscal"),
    [("2027-01", 0, 1), ("2027-02", 1, 1), ("2027-12", 1, 1), ("2028-01", 2, 2), ("2034-12", 8, 8)],
)
def test_a_month_is_counted_at_the_end_of_its_year(month: str, column: int, fiscal: int) -> None:
    at = Month.parse(month)
    assert (EIGHT.column(at), EIGHT.fiscal(at)) == (column, fiscal)


def test_years_that_begin_in_july() -> None:
    july = span("2027-07", 2)
    assert (july.column(Month(2028, 6)), july.column(Month(2028, 7))) == (1, 2)
    assert july.names() == ("2027-07", "2027-07…2028-06", "2028-07…2029-06")
    assert EIGHT.names()[:3] == ("2027-01", "2027", "2028")


@pytest.mark.parametrize(
    ("what", "text"),
    [
        (lambda: Month.parse("2027-13"), "'2027-13' is no month; write year and month, such as 2027-03"),
        (lambda: Month.parse("March"), "'March' is no month; write year and month, such as 2027-03"),
        (lambda: EIGHT.months(Month(2026, 12)), "2026-12 is before the study begins; money spent then is sunk: "
         "write 2027-01 or later"),
        (lambda: EIGHT.months(Month(2035, 1)), "2035-01 is after the study ends; write 2034-12 or earlier, or more "
         "years"),
        (lambda: span("2027-07", 1).months(Month(2028, 7)), "2028-07 is after the study ends; write 2028-06 or "
         "earlier, or more years"),
        (lambda: span("2027-01", 0), "years: a whole number from 1 to 100 is due, not 0"),
    ],
)  # fmt: skip
def test_dates_that_cannot_be(what: object, text: str) -> None:
    with pytest.raises(ValueError) as found:  # noqa: PT011
        what()  # type: ignore[operator]
    assert str(found.value) == text


# -- items


def test_one_off_money_is_not_inflated_and_taxed_in_its_year() -> None:
    workshop = item_lines(Item("SMED workshop", "opex", 18000.0, Month(2027, 1)), EIGHT, 2, {"general": 0.02})
    assert workshop[0].cash.tolist() == [[-18000] + [0] * 8] * 2
    assert workshop[0].taxable.tolist() == [[0, -18000] + [0] * 7] * 2
    assert statement(workshop, 0.25).flows[0].tolist() == [-18000, 4500] + [0] * 7


def test_yearly_money_grows_and_begins_by_twelfths() -> None:
    contract = Item("service contract", "opex", 9000.0, Month(2027, 7), yearly=True, category="labour")
    (line,) = item_lines(contract, EIGHT, 1, {"labour": 0.025, "general": 0.02})
    assert line.cash[0] == pytest.approx([0, -4500 * 1.025, *(-9000 * 1.025**t for t in range(2, 9))])
    assert (line.taxable == line.cash).all()
    general = item_lines(contract._replace(category="steam"), EIGHT, 1, {"general": 0.02})[0].cash[0]
    assert general[2] == pytest.approx(-9000 * 1.02**2)


def test_capex_is_depreciated_and_sold() -> None:
    robot = Item("robot cell", "capex", 400_000.0, Month(2027, 6), life=8, depreciation="degressif", residual=0.1)
    bought, resold = item_lines(robot, EIGHT, 1)
    assert bought.cash[0].tolist() == [-400_000] + [0] * 8
    assert bought.taxable[0, 1:] == pytest.approx(-degressif(400_000, 8, 2.25, 8, 5))
    assert resold.cash[0].tolist() == [0] * 8 + [40_000]
    assert resold.taxable[0, 8] == pytest.approx(40_000)  # all is written off: what it is sold for is profit
    assert statement((bought, resold), 0.25).taxable.sum() == pytest.approx(-360_000)


def test_what_is_not_written_off_at_the_end_is_deducted() -> None:
    rack = Item("flow rack", "capex", 31_000.0, Month(2027, 3), life=10)
    bought, resold = item_lines(rack, EIGHT, 1)
    assert bought.taxable[0, 1:] == pytest.approx(-linear(31_000, 10, 8, 2))
    assert resold.cash.sum() == 0
    assert bought.taxable.sum() + resold.taxable.sum() == pytest.approx(-31_000)


def test_sold_at_the_end_of_its_life() -> None:
    tool = Item("tool", "capex", 10_000.0, Month(2027, 1), life=3, residual=0.2)
    assert one(tool).tolist() == [-10_000, 0, 0, 2000, 0, 0, 0, 0, 0]
    late = Item("tool", "capex", 10_000.0, Month(2027, 4), life=3, residual=0.2)
    assert one(late).tolist() == [-10_000, 0, 0, 0, 2000, 0, 0, 0, 0]
    next_year = Item("tool", "capex", 10_000.0, Month(2028, 4), life=3, residual=0.2)
    assert one(next_year).tolist() == [0, -10_000, 0, 0, 0, 2000, 0, 0, 0]
    land = item_lines(Item("land", "capex", 10_000.0, residual=1.0, depreciation="none"), EIGHT, 1)
    assert statement(land, 0.25).flows[0].tolist() == [-10_000] + [0] * 7 + [10_000]


def test_a_grant_is_drawn_or_expected() -> None:
    grant = Item("CEE", "grant", 22_000.0, Month(2027, 12), probability=0.8)
    assert one(grant)[1] == pytest.approx(17_600)
    uniform = np.array([0.1, 0.79, 0.8, 0.99])
    assert item_lines(grant, EIGHT, 4, uniform=uniform)[0].cash[:, 1].tolist() == [22_000, 22_000, 0, 0]
    many = (np.arange(1000) + 0.5) / 1000
    assert drawn(grant, many).mean() == pytest.approx(expected(grant, 1)[0])


def test_amounts_that_are_drawn_stay_in_their_row() -> None:
    amounts = np.array([360e3, 410e3, 520e3])
    lines = item_lines(Item("robot", "capex", amounts, life=8), EIGHT, 3)
    assert lines[0].cash[:, 0].tolist() == (-amounts).tolist()
    assert npv(statement(lines, 0.25).flows, 0.08) == pytest.approx(amounts * (-1 + 0.25 / 8 * growthless(8)))


def growthless(years: int) -> float:
    """The present value of 1 EUR a year at 8 %."""
    return float((1 - 1.08**-years) / 0.08)


@pytest.mark.parametrize(
    ("item", "text"),
    [
        (Item("rack", "capex", 10.0), "capex 'rack': its life is needed to depreciate it; write life: 8 y, or "
         "depreciation: none"),
        (Item("rack", "capex", -10.0, life=8), "capex 'rack': an amount of 0 or more is due, not -10.0; the kind gives "
         "the sign"),
        (Item("rack", "capex", 10.0, life=8, yearly=True), "capex 'rack': something bought is paid once; write opex "
         "for what is paid every year"),
        (Item("rack", "capex", 10.0, life=-1), "capex 'rack': a life of more than 0 years is due, such as 8, not -1"),
        (Item("rack", "capex", 10.0, life=8, residual=10), "capex 'rack': a residual share from 0 to 1 is due, such as "
         "0.1, not 10"),
        (Item("CEE", "grant", 10.0, probability=80), "grant 'CEE': a probability from 0 to 1 is due, such as 0.8, not "
         "80"),
        (Item("x", "gift", 10.0), "gift 'x': the kind is unknown; write capex, opex, grant, saving"),  # type: ignore[arg-type]
        (Item("rack", "capex", 10.0, life=8, depreciation="slow"),  # type: ignore[arg-type]
         "capex 'rack': depreciation 'slow' is unknown; write linear, degressif or none"),
        (Item("rack", "capex", 10.0, life=2.5, depreciation="degressif"),
         "no dégressif for a life of 2.5 y; write 3 y or more, in whole years, or linear"),
        (Item("rack", "capex", float("nan"), life=2.5), "capex 'rack': finite numbers are due, not nan"),
        (Item("rack", "capex", [1.0, 2.0], life=2.5), "capex 'rack': one number or one for each of the 3 rows is due, "
         "not shape (2,)"),
    ],
)  # fmt: skip
def test_items_that_cannot_be(item: Item, text: str) -> None:
    with pytest.raises(ValueError) as found:  # noqa: PT011
        item_lines(item, EIGHT, 3)
    assert str(found.value) == text


# -- prices


def test_prices() -> None:
    assert growth(0.02, 3)[0] == pytest.approx([1.02, 1.02**2, 1.02**3])
    assert growth([0.0, 0.1], 2) == pytest.approx(np.array([[1, 1], [1.1, 1.21]]))
    assert price_growth({}, "labour", 2).tolist() == [[1, 1]]
    carbon = price_path({2027: 80, 2035: 150}, span("2026-01", 12))[0]
    assert carbon == pytest.approx([80, 80, *(80 + 70 * k / 8 for k in range(1, 9)), 150, 150])
    half = price_path({2027: 80, 2028: 100}, span("2027-07", 1))
    assert half.tolist() == [[90]]  # half of the year in 2027, half in 2028
    with pytest.raises(ValueError, match="a price path needs one price or more"):
        price_path({}, EIGHT)


# -- operation


def test_ramp_up_and_installation() -> None:
    robot = rollout(EIGHT, Month(2027, 6), ramp_months=4, ramp_from=0.6, stop_days=3)
    # From June 7 months: 4 at a mean of 80 %, 3 in full.
    assert robot.share == pytest.approx([(4 * 0.8 + 3) / 12, *[1] * 7])
    assert robot.lost_days.tolist() == [3, 0, 0, 0, 0, 0, 0, 0]
    assert robot.level == pytest.approx([0, *[1] * 8])
    late = rollout(EIGHT, Month(2027, 11), ramp_months=4, ramp_from=0.6)
    assert late.level[:3] == pytest.approx([0, 0.8, 1])
    assert late.share[:2] == pytest.approx([2 * 0.7 / 12, (2 * 0.9 + 10) / 12])
    assert FULL.share.tolist() == [1] * 8
    both = together([robot, late])
    assert both.share[0] == late.share[0]
    assert both.lost_days.sum() == 3


def test_no_more_is_sold_than_is_asked_for() -> None:
    parts = sold([100_000.0, 120_000.0], [130_000.0, 150_000.0], 118_000.0, FULL)
    assert (parts.new - parts.base)[:, 0].tolist() == [18_000, 0]
    rising = sold(100_000.0, 130_000.0, np.array([[90e3, 110e3, *[140e3] * 6]]), FULL)
    assert (rising.new - rising.base)[0, :3].tolist() == [0, 10_000, 30_000]


def test_days_lost_cost_production_unless_there_is_room() -> None:
    stop = rollout(EIGHT, stop_days=3)
    tight = sold(100_000.0, 100_000.0, 1e9, stop, days=200)
    assert (tight.new - tight.base)[0].tolist() == [-1500] + [0] * 7
    room = sold(100_000.0, 100_000.0, 90_000.0, stop, days=200)
    assert not (room.new - room.base).any()


def test_margin_and_costs() -> None:
    parts = sold(100.0, [110.0, 120.0], 1e9, FULL)
    assert margin_line(parts, [2.0, 3.0], growth(0.1, 8)).cash[:, 1] == pytest.approx([22, 66])
    energy = cost_line("electricity", 1000.0, [900.0, 1100.0], 0.2 * growth(0.0, 8), FULL)
    assert energy.cash[:, 1] == pytest.approx([20, -20])
    each = part_cost_line("electricity", 10.0, 9.0, 0.2 * FLAT, parts, change=FULL)
    assert each.cash[:, 1] == pytest.approx([-(110 * 9 - 1000) * 0.2, -(120 * 9 - 1000) * 0.2])
    assert (each.taxable == each.cash).all()
    assert not energy.cash[:, 0].any()


def test_working_capital_comes_back() -> None:
    half = Rollout(FULL.share, np.array([0, 0.5, *[1] * 7]), FULL.lost_days)
    line = working_capital_line(20_000.0, 12_000.0, FLAT, half)
    assert line.cash[0].tolist() == [0, 4000, 4000, 0, 0, 0, 0, 0, -8000]
    grown = working_capital_line([0.0, 0.0], [10.0, 20.0], growth(0.02, 8), FULL)
    assert grown.cash.sum(axis=1) == pytest.approx([0, 0], abs=1e-9)
    assert not grown.taxable.any()


# -- the whole


def whole(rows: int) -> Statement:
    """A robot as in a study."""
    rng = np.random.default_rng(5)
    robot = rollout(EIGHT, Month(2027, 6), 4, 0.6, 3)
    inflation = {"general": 0.02, "labour": 0.025}
    parts = sold(rng.normal(100e3, 2e3, rows), rng.normal(120e3, 2e3, rows), 118_000.0, robot)
    items = [
        Item("robot", "capex", rng.uniform(360e3, 520e3, rows), Month(2027, 6), False, 8, "degressif", 0.1),
        Item("CEE", "grant", 22e3, Month(2027, 12), probability=0.8),
        Item("service", "opex", 9e3, Month(2027, 6), True),
    ]
    lines = [line for item in items for line in item_lines(item, EIGHT, rows, inflation, rng.random(rows))]
    lines.append(margin_line(parts, rng.normal(1.9, 0.15, rows), price_growth(inflation, "general", 8)))
    carbon = price_path({2027: 80, 2035: 150}, EIGHT) / 1000
    lines.append(cost_line("carbon", rng.normal(5e4, 10, rows), 6e4, carbon, robot))
    lines.append(working_capital_line(30e3, rng.normal(25e3, 1e3, rows), growth(0.02, 8), robot))
    return statement(lines, 0.25)


def test_lines_add_up() -> None:
    found = whole(50)
    assert found.flows.shape == (50, 9)
    assert found.flows == pytest.approx(sum(line.cash for line in found.lines))
    assert found.of("tax") == pytest.approx(-0.25 * found.taxable)
    assert npv(found.flows, 0.08) == pytest.approx(sum(npv(line.cash, 0.08) for line in found.lines))
    assert found.of("capex")[:, 0].max() < 0
    assert found.lines[0].mean.shape == (9,)
    no_tax = statement(found.lines[:-1], 0.0)
    assert no_tax.flows == pytest.approx(found.flows - found.of("tax"))


def test_shapes_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match=r"demand: shape \(1 or 2, 8\) is due, rows and years, not \(1, 3\)"):
        sold([1.0, 2.0], 3.0, np.ones((1, 3)), FULL)
    with pytest.raises(ValueError, match=r"tax: a share from 0 to less than 1 is due, such as 0.25 for 25 %, not 25"):
        statement(whole(2).lines, 25)
    with pytest.raises(ValueError, match="losses: 'lost' is unknown; write used or forward"):
        statement(whole(2).lines, 0.25, "lost")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"lines: one or more of one shape are due, not shapes \[\]"):
        statement([], 0.25)
    with pytest.raises(ValueError, match=r"rate: more than -100 % a year is due, such as 0.08 for 8 %, not -1"):
        npv([1.0, 2.0], -1)
    with pytest.raises(ValueError, match=r"flows: finite numbers are due, not inf"):
        npv([1.0, np.inf], 0.1)
    with pytest.raises(ValueError, match=r"ramp-up: a share from 0 to 1 is due, such as 0.6, not 60"):
        rollout(EIGHT, None, 4, 60)
