"""Worth of information, shares, tornado, break-even, waterfall and effects where the answer is known."""

from __future__ import annotations

import json
import math
import time
from pathlib import Path

import numpy as np
import pytest

from tests.study.judged.plants import NOISY, SAW, Floats, made_up, simulated, study
from twin.study.judged.document import document
from twin.study.judged.fail import break_even, varied
from twin.study.judged.gain import factorial_effects, waterfall
from twin.study.judged.judge import Judged, judge

RISKY = """
levers:
  a:
    change: {stations.saw.cycle: {exponential: 59 s}}
    cash: [{capex: {normal: {mean: 100 kEUR, sd: 30 kEUR}}, depreciation: none}]
  b:
    change: {stations.feed.cycle: 9 s}
    cash: [{capex: {normal: {mean: 100 kEUR, sd: 10 kEUR}}, label: b, depreciation: none}]
finance: {from: 2027-01, years: 5, discount_rate: 0 %, margin_per_part: {normal: {mean: 2 EUR, sd: 0.1 EUR}},
          demand: 600000 /y, sensitive: {discount_rate: [0 %, 10 %], tax: [0 %, 50 %]}}
decision: {choose: max npv.mean}
"""
EACH = 5 * 8760


@pytest.fixture(scope="module")
def risky(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    """Both levers gain 1.2 parts an hour for 2 EUR ± 0.1 in five years, 105,120 EUR, for 100 kEUR ± 30 or ± 10."""
    one = study(tmp_path_factory.mktemp("risky"), RISKY, NOISY)
    rows = np.full(2000, 60.0)
    return judge(one, made_up(one, {"baseline": rows, "a": rows + 1.2, "b": rows + 1.2}))


def test_what_knowing_all_is_worth(risky: Judged) -> None:
    """E max(0, A, B) - 5120 of the normals: by a large sample of its own."""
    rng, n = np.random.default_rng(1), 2_000_000
    gain = 1.2 * EACH * rng.normal(2, 0.1, n)
    both = np.stack([np.zeros(n), gain - rng.normal(1e5, 3e4, n), gain - rng.normal(1e5, 1e4, n)])
    perfect = float(both.max(axis=0).mean() - 1.2 * EACH * 2 + 1e5)
    assert risky.perfect is not None
    assert risky.perfect.value == pytest.approx(perfect, abs=4 * risky.perfect.error)


def test_what_each_input_is_worth(risky: Judged) -> None:
    """Knowing the investment a: E max(5120, 5120 + 30,000 z) - 5120 = 30,000 / √(2 π)."""
    assert next(iter(risky.worth)) == "a: capex"
    found = risky.worth["a: capex"]
    assert found.value == pytest.approx(3e4 / math.sqrt(2 * math.pi), abs=4 * found.error + abs(found.bias))


def test_shares_of_the_variance(risky: Judged) -> None:
    own, price = 3e4**2, (1.2 * EACH * 0.1) ** 2
    shares = risky.shares("a")
    assert shares["a: capex"].value == pytest.approx(own / (own + price), abs=0.02)
    assert shares["margin_per_part"].value == pytest.approx(price / (own + price), abs=0.02)
    assert "b: b" not in shares, "what is drawn for another scenario has no part in the money of this one"


def test_a_drawn_effect_of_another_scenario_is_no_input_of_this_one(tmp_path: Path) -> None:
    text = "levers:\n" + "".join(
        f"  {name}: {{change: {{stations.saw.cycle: {{scale: {{uniform: [0.8, 0.9]}}}}}}, cash: [{{capex: 1 kEUR}}]}}\n"
        for name in ("a", "b")
    )
    one = study(
        tmp_path, text + "finance: {from: 2027-01, years: 1, discount_rate: 0 %, margin_per_part: 1 EUR}\n", NOISY
    )
    gained = np.random.default_rng(1).normal(1, 0.1, 40)
    rows = np.full(40, 60.0)
    judged = judge(one, made_up(one, {"baseline": rows, "a": rows + gained, "b": rows + gained}))
    assert len(judged.inputs) == 2
    for name in ("a", "b"):
        (found,) = judged.shares(name)
        assert found.startswith(f"{name}: ")
        assert [bar.input for bar in judged.tornado(name)] == [found]


def test_tornado(risky: Judged) -> None:
    """From P10 to P90 of a normal is 2.563 standard deviations; dearer is worse."""
    bars = {bar.input: bar for bar in risky.tornado("a")}
    assert bars["a: capex"].swing == pytest.approx(-2.563 * 3e4, rel=0.1)
    assert bars["margin_per_part"].swing == pytest.approx(2.563 * 1.2 * EACH * 0.1, rel=0.35)
    assert next(iter(bars)) == "a: capex"


def test_break_even(risky: Judged) -> None:
    money = risky.scene("a").money
    assert money is not None
    assert risky.assumed is not None
    found = {one.assumption: one for one in break_even(risky, "a")}
    spent, earned = money.capex.mean(), money.npv.mean() + money.capex.mean()
    assert found["capex"].at == pytest.approx((earned / spent,), rel=1e-9)
    assert found["margin_per_part"].at == pytest.approx((spent / (1.2 * EACH),), rel=1e-9)
    assert found["discount_rate"].at == pytest.approx(((0.0 + _irr(spent, earned / 5)),), abs=1e-6)
    margin = risky.assumed.by_product("margin_per_part", ("A",))["A"]
    assert margin is not None
    more = spent / 5 / margin.mean()
    assert found["demand"].at == pytest.approx(((60 * 8760 + more) / (365 * 86400),), rel=1e-7)


def _irr(spent: float, a_year: float) -> float:
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        worth = sum(a_year / (1 + middle) ** t for t in range(1, 6))
        low, high = (middle, high) if worth > spent else (low, middle)
    return low


def test_what_the_study_wants_varied(risky: Judged) -> None:
    found = {one.assumption: one for one in varied(risky, "a")}
    assert found["discount_rate"].low > found["discount_rate"].high
    assert found["tax"].low == pytest.approx(found["discount_rate"].low)


SUBSETS = """
levers:
  x: {change: {stations.saw.cycle: 50 s}}
  y: {change: {stations.feed.cycle: 9 s}}
scenarios: {baseline: [], x: [x], y: [y], both: [x, y]}
factorial: {test: {levers: [x, y], fraction: full}}
"""


def test_waterfall_and_factorial(tmp_path: Path) -> None:
    """Alone 3 and 1, together 6: of the 2 that they make together each has one half."""
    one, rng = study(tmp_path, SUBSETS), np.random.default_rng(7)
    base = rng.normal(60, 3, 30)
    gains = {"baseline": 0.0, "x": 3.0, "y": 1.0, "both": 6.0}
    names = [scenario.name for scenario in one.scenarios]
    levers = {name: one.scenario(name).levers for name in names}
    by_levers = {(): 0.0, ("x",): 3.0, ("y",): 1.0, ("x", "y"): 6.0}
    judged = judge(one, made_up(one, {name: base + by_levers[levers[name]] for name in names}))
    fall = waterfall(one, judged.runs, "both", "kpis.throughput_per_h", 0.95)
    assert fall is not None
    assert {part.lever: part.share.mean for part in fall.levers} == pytest.approx({"x": 4.0, "y": 2.0})
    assert fall.gain.mean == pytest.approx(gains["both"])
    assert fall.interaction.mean == pytest.approx(2.0)
    effects = {effect.of: effect.interval.mean for effect in factorial_effects(judged, "kpis.throughput_per_h")["test"]}
    assert effects == pytest.approx({("x",): 4.0, ("y",): 2.0, ("x", "y"): 1.0})


def test_the_document_is_plain_and_quick(risky: Judged) -> None:
    """JSON without NaN, the same twice; four scenarios of 200 rows take less than a second of CPU."""
    few = risky.runs.first(200)
    text = json.dumps(document(judge(risky.study, few)), allow_nan=False)
    begin = time.process_time()
    found = document(judge(risky.study, few))
    assert time.process_time() - begin < 1.0
    assert json.dumps(found, allow_nan=False) == text
    assert [key for key in found if not key.endswith("_said")] == [
        "study", "question", "layout", "against", "decision", "scenarios", "kpis", "factorials", "information",
        "assumptions", "screened", "plant", "notes", "run", "provenance",
    ]  # fmt: skip


@pytest.mark.parametrize("n", [0, 1, 2, 9])
def test_few_rows_make_a_document_all_the_same(risky: Judged, n: int) -> None:
    found = document(judge(risky.study, risky.runs.first(n)))
    json.dumps(found, allow_nan=False)
    if n < 2:
        assert found["decision"]["chosen"] is None or n == 0


def test_nothing_random_is_told_by_one_replication(tmp_path: Path) -> None:
    text = """
levers: {fast: {change: {stations.saw.cycle: 50 s}, cash: [{capex: 100 kEUR}]}}
finance: {from: 2027-01, years: 3, discount_rate: 8 %, margin_per_part: 1 EUR}
decision:
  accept_if: [payback.median <= 2 y, npv.mean >= 0 EUR, throughput_per_h.difference >= 10 /h]
  choose: max npv.mean
"""
    assert simulated(study(tmp_path, text), 1).decided.chosen == "fast"


def test_carbon_that_nothing_emits_is_noted(tmp_path: Path) -> None:
    text = "levers: {fast: {change: {stations.saw.cycle: 50 s}}}\n"
    text += "finance: {from: 2027-01, years: 3, discount_rate: 8 %, carbon_price: 80 EUR/t}\n"
    one = study(tmp_path, text, SAW.replace(", carbon: 50 g/kWh", ""))
    rows: dict[str, Floats] = {name: np.full(2, 60.0) for name in ("baseline", "fast")}
    assert [note[:29] for note in judge(one, made_up(one, rows)).notes] == [
        "the carbon price changes noth", "no margin_per_part is given, "
    ]  # fmt: skip
