"""Every line of the cash flows and the NPV to the cent, against calculations by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy_financial
import pytest
import pyxirr

from tests.study.judged.plants import SAW, made_up, npv, simulated, study
from twin.core.stream import generator
from twin.study.judged.document import document
from twin.study.judged.judge import Judged, judge

CENT = pytest.approx
YEARS = range(1, 6)
ROBOT = """
levers:
  robot:
    change: {stations.saw.cycle: 50 s, operators.team.count: {add: -1}, buffers.rack.capacity: 20}
    cash:
      - {capex: 600 kEUR, label: robot, at: 2027-06, life: 5 y, depreciation: degressif, residual: 10 %}
      - {grant: 22 kEUR, label: aid, at: 2027-12, probability: 80 %}
      - {opex: 9 kEUR/y, label: service, at: 2027-06}
    ramp_up: {months: 4, from: 60 %}
    installation: {stop: 3 d}
  rack:
    change: {buffers.rack.capacity: 12}
    cash: [{capex: 6 kEUR, label: rack, life: 3 y}, {saving: 1 kEUR, at: 2028-03}]
scenarios: {baseline: [], robot: [robot], rack: [rack]}
finance:
  from: 2027-01
  years: 5
  discount_rate: 8 %
  tax: 25 %
  inflation: {general: 2 %, labour: 3 %, electricity: 4 %}
  margin_per_part: 1.5 EUR
  demand: 600000 /y
  carbon_price: {2027: 80 EUR/t, 2031: 120 EUR/t}
  working_capital: {value_per_part: 12 EUR}
"""


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    return simulated(study(tmp_path_factory.mktemp("robot"), ROBOT))


def lines_by_hand(aid: bool) -> dict[str, list[float]]:
    """The robot, year ends 0 to 5, before tax."""
    base, new = 60 * 8760, 72 * 8760
    share = [0.0, (4 * 0.8 + 3) / 12, 1, 1, 1, 1]  # four months from 60 % to all of it, then October to December
    sold = [0.0, base + share[1] * (new - base) - 3 / 365 * base, *[600_000] * 4]
    before, after = 10 / 60 * 0.2, 10 / 72 * 0.2  # EUR a part; the saw works all the time at 10 kW
    each = [before + one * (after - before) for one in share]
    kg = [one / 0.2 * 0.05 for one in each]
    bound = [0.0, *(12 * 12 * 1.02**t for t in YEARS)]  # 22 parts instead of 10
    return {
        "robot: robot": [-600_000, 0, 0, 0, 0, 0],
        "residual": [0, 0, 0, 0, 0, 60_000],
        "robot: aid": [0, 22_000.0 * aid, 0, 0, 0, 0],
        "robot: service": [0, -9000 * 7 / 12 * 1.02, *(-9000 * 1.02**t for t in (2, 3, 4, 5))],
        "margin": [0, *((sold[t] - base) * 1.5 * 1.02**t for t in YEARS)],
        "wages": [0, *(36 * 8760 * share[t] * 1.03**t for t in YEARS)],
        "electricity": [0, *(-(each[t] * sold[t] - before * base) * 1.04**t for t in YEARS)],
        "carbon": [0, *(-(kg[t] * sold[t] - kg[0] * base) * (0.08 + 0.01 * (t - 1)) for t in YEARS)],
        "working capital": [0, *(bound[t - 1] - bound[t] for t in (1, 2, 3, 4)), bound[4]],
    }


def tax_by_hand(lines: dict[str, list[float]]) -> list[float]:
    """Written off by 35 % of the rest a year, seven twelfths of the first, linear when that is more."""
    left, written = 600_000.0, [0.0]
    for rate in (0.35 * 7 / 12, 0.35, 0.35, 0.5, 1.0):
        written.append(left * rate)
        left -= written[-1]
    taxed = [one for name, one in lines.items() if name not in ("robot: robot", "working capital")]
    return [-0.25 * (sum(one[t] for one in taxed) - written[t]) for t in range(6)]


def test_every_line_by_hand(judged: Judged) -> None:
    money = judged.scene("robot").money
    assert money is not None
    drawn = [generator(5, k, "lever robot#cash.1.probability").random() < 0.8 for k in range(4)]
    for k, aid in enumerate(drawn):
        hand = lines_by_hand(aid)
        hand["tax"] = tax_by_hand(hand)
        for line in money.statement.lines:
            name = "residual" if line.kind == "residual" else line.label
            assert line.cash[k].tolist() == CENT(hand.pop(name), abs=0.005), name
        assert not hand
        whole = lines_by_hand(aid)
        flows = [sum(column) for column in zip(*whole.values(), tax_by_hand(whole), strict=True)]
        assert money.npv[k] == CENT(npv(flows, 0.08), abs=0.005)
        assert money.npv[k] == CENT(numpy_financial.npv(0.08, flows), abs=0.005)
        assert money.irr.unique[k] == CENT(pyxirr.irr(flows), abs=1e-9)
        assert money.capex[k] == 600_000
        assert money.rows("mirr")[k] == CENT(numpy_financial.mirr(flows, 0.08, 0.08), abs=1e-9)
        invested = 600_000
        assert money.rows("profitability_index")[k] == CENT(1 + npv(flows, 0.08) / invested, abs=1e-9)


def test_a_lever_without_gain_costs_its_money(judged: Judged) -> None:
    """Two more parts inside, 24 EUR; 6 kEUR at once, written off over three years; 1 kEUR not spent in 2028."""
    money = judged.scene("rack").money
    assert money is not None
    bound = [24 * 4 / 2 * 1.02**t for t in YEARS]  # the rack holds four more
    flows = [-6000.0, 500 - bound[0], 500 + 750 + bound[0] - bound[1], 500 + bound[1] - bound[2],
             bound[2] - bound[3], bound[3]]  # fmt: skip
    assert money.flows[0].tolist() == CENT(flows, abs=0.005)


def test_against_another_scenario(tmp_path: Path, judged: Judged) -> None:
    """NPVs are differences; what both have is not listed."""
    one = simulated(study(tmp_path, f"{ROBOT}decision: {{against: rack}}\n"))
    mine = [judged.scene(name).money for name in ("robot", "rack")]
    found, back = one.scene("robot").money, one.scene("baseline").money
    assert found is not None
    assert back is not None
    assert mine[0] is not None
    assert mine[1] is not None
    assert found.flows == CENT(mine[0].flows - mine[1].flows, abs=0.005)
    assert back.flows == CENT(-mine[1].flows, abs=0.005)
    assert found.capex.tolist() == [594_000] * 4
    assert back.capex.tolist() == [-6000] * 4
    labels = [line.label for line in found.statement.lines]
    assert labels.count("working capital") == labels.count("tax") == 1
    assert labels[-1] == "tax"
    assert "without: rack: rack" in labels
    assert found.statement.taxable == CENT(mine[0].statement.taxable - mine[1].statement.taxable, abs=0.005)


def test_scrap_pays_its_material_and_products_their_margins(tmp_path: Path) -> None:
    """Of three parts the one B is scrapped: 5 EUR over two good ones; then it is good too, and sold for its margin."""
    layout = SAW.replace("{arrivals: saturated}", "{arrivals: saturated, sequence: [A, A, B]}")
    layout = layout.replace("cycle: 60 s, by: team", "cycle: 60 s, quality: {scrap: {A: 0 %, B: 100 %}}")
    layout = layout.replace(
        "products: {A: {material: 3 EUR}}", "products: {A: {material: 3 EUR}, B: {material: 5 EUR}}"
    )
    text = """
levers: {better: {change: {stations.saw.quality.scrap: {A: 0 %, B: 0 %}}}}
finance: {from: 2027-01, years: 2, discount_rate: 0 %, margin_per_part: {A: 2 EUR, B: 1 EUR}}
"""
    one = simulated(study(tmp_path, text, layout), 1)
    money, hours = one.scene("better").money, 8760
    assert money is not None
    found = {line.label: line.cash[0, 1] for line in money.statement.lines}
    assert found["margin B"] == CENT(20 * hours * 1.0, abs=0.005)
    assert "margin A" not in found
    assert found["scrapped material"] == CENT(20 * hours * 5.0, abs=0.005)
    assert found.get("electricity", 0.0) == CENT(0.0, abs=0.005), "2 EUR an hour, whatever is good"
    assert money.npv[0] == CENT(2 * 20 * hours * 6.0, abs=0.01)


def test_what_is_joined_is_no_scrap(tmp_path: Path) -> None:
    """A body takes two motors, and becomes another product: all its material is in good parts."""
    layout = """
twin: 1
plant: Kits
flow: [a -> bodies -> kit -> done, b -> motors -> kit]
sources: {a: {every: 60 s, first: 0 s, sequence: [A]}, b: {every: 30 s, first: 0 s, sequence: [B]}}
buffers: {bodies: {capacity: unlimited}, motors: {capacity: unlimited}}
stations: {kit: {cycle: 20 s, takes: {bodies: 1, motors: 2}, makes: pump}}
products: {A: {material: 12 EUR}, B: {material: 5 EUR}, pump: {}}
sinks: {done: {}}
run: {warm_up: 1 h, horizon: 10 h}
"""
    text = """
levers: {more: {change: {sources.a.every: 50 s, sources.b.every: 25 s}}}
finance: {from: 2027-01, years: 1, discount_rate: 0 %, margin_per_part: 2 EUR}
"""
    money = simulated(study(tmp_path, text, layout), 1).scene("more").money
    assert money is not None
    assert [(line.label, line.cash[0, 1]) for line in money.statement.lines if line.cash.any()] == [
        ("margin pump", CENT(12 * 8760 * 2.0, abs=0.005))
    ]


def test_the_gain_begins_with_what_is_spent_not_with_what_is_received(tmp_path: Path) -> None:
    text = """
levers: {train: {change: {stations.saw.cycle: 50 s}, cash: [{opex: 1 EUR, at: 2027-07}, {grant: 1 EUR, at: 2028-12}]}}
finance: {from: 2027-01, years: 2, discount_rate: 0 %, margin_per_part: 1 EUR}
"""
    money = simulated(study(tmp_path, text), 1).scene("train").money
    assert money is not None
    margin = next(line for line in money.statement.lines if line.kind == "margin")
    assert margin.cash[0].tolist() == CENT([0, 6 * 8760, 12 * 8760], abs=0.005)


def test_two_rates_of_return_are_both_told(tmp_path: Path) -> None:
    """-1000, +2300, -1320 has 10 % and 20 %: no row has one rate, the document lists both."""
    text = """
levers:
  odd:
    change: {buffers.rack.capacity: 8}
    cash: [{capex: 1 kEUR, depreciation: none}, {saving: 2300 EUR, at: 2027-06}, {opex: 1320 EUR, at: 2028-06}]
finance: {from: 2027-01, years: 2, discount_rate: 15 %}
decision: {accept_if: [irr.median >= 5 %]}
"""
    one = study(tmp_path, text)
    found = judge(one, made_up(one, {name: np.full(3, 60.0) for name in ("baseline", "odd")}))
    told = document(found)
    money = told["scenarios"][0]["money"]
    assert money["irr"]["of_mean_flows"] == CENT([0.1, 0.2], abs=1e-9)
    assert told["notes"][-1] == (
        "the flows of odd have 2 rates of return, 10 % and 20 %; NPV is above 0 from 10 % to 20 %, and the MIRR, which "
        "is one rate, is 15.1 %"  # √(2300 · 1.15 / (1000 + 1320 / 1.15²)) - 1
    )
    curve = money["irr"]["profile"]
    assert all((0.1 < at["rate"] < 0.2) == (at["npv"] > 0) for at in curve)
    assert curve[0] == {"rate": 0.0, "npv": CENT(-20)}
    assert money["irr"]["rows_with_several"] == 1
    assert money["irr"]["median"] is None
    assert found.decided.verdicts[0].truth == "undecided"
    assert found.decided.verdicts[0].clauses[0].words == "no row has such a value"
