"""When it is enough: what may end the replications, and many scenarios screened on the way."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from tests.study.judged.plants import NOISY, made_up, study
from twin.core.problem import PlantError
from twin.study.judged.document import document
from twin.study.judged.judge import judge
from twin.study.judged.stop import MANY, checkpoints, deciding, named_paths
from twin.study.paired.runner import Case, run_cases
from twin.study.work.crew import Outcome

SWEEP = """
levers: {}
sweep: {rack: {buffers.rack.capacity: [%s]}}
run: {replications: {start: 20, step: 10, most: 400}, stop: {metric: throughput_per_h.difference, half_width: 0.25 /h}}
decision: {choose: max throughput_per_h, indifference: 0.5 /h%s}
"""
SIZES = ", ".join(str(size) for size in range(9, 33))


def draw(cases: Sequence[Case], code: int) -> Outcome:
    """Common noise of 3, own noise of 1; the case of number 17 is ahead by 1, the others are behind by number / 8."""
    replication, index = divmod(code, len(cases))
    common = np.random.default_rng([1, replication]).normal(0, 3)
    own = np.random.default_rng([2, replication, index]).normal()
    ahead = 1.0 if index == 17 else -index / 8
    return Outcome(code, {"kpis.throughput_per_h": 60 + ahead + common + own}, (), ())


def test_many_scenarios_are_screened(tmp_path: Path) -> None:
    one = study(tmp_path, SWEEP % (SIZES, ""), NOISY)
    assert len(one.scenarios) == 25 > MANY
    runs = run_cases(one.cases(), checkpoints(one), deciding(one), workers=1, one=draw)
    assert runs.checkpoint.done
    assert "of 24 scenarios are left; throughput_per_h.difference is known as asked" in runs.checkpoint.words
    best = one.scenarios[17].name
    assert best not in runs.out
    assert "baseline" not in runs.out
    assert len(runs.out) >= 20
    assert sum(map(len, runs.kept)) < 0.4 * runs.n * 25, "replications spared"
    judged = judge(one, runs)
    assert judged.decided.chosen == best or judged.decided.alike[0] == best
    found = document(judged)
    assert [row["name"] for row in found["screened"]] == list(runs.out)
    assert all(row["value"] < 61 for row in found["screened"])
    again = run_cases(one.cases(), checkpoints(one), deciding(one), workers=1, one=draw)
    assert again.out == runs.out


@pytest.mark.parametrize(("sizes", "rule"), [
    ("9, 10", ""), (SIZES, ", accept_if: [throughput_per_h >= 60 /h]"),
])  # fmt: skip
def test_few_scenarios_and_those_with_conditions_are_not(tmp_path: Path, sizes: str, rule: str) -> None:
    one = study(tmp_path, SWEEP % (sizes, rule), NOISY)
    enough = deciding(one)
    assert enough is not None
    rng = np.random.default_rng(1)
    rows = {scenario.name: rng.normal(60 - i, 1, 20) for i, scenario in enumerate(one.scenarios)}
    assert enough(made_up(one, rows)).out == ()


@pytest.mark.parametrize("metric", ["payback.median", "npv.probability_positive", "irr.mean", "npv.shortfall"])
def test_what_is_no_mean_cannot_end_it(tmp_path: Path, metric: str) -> None:
    text = "finance: {from: 2027-01, years: 1, discount_rate: 0 %}\nlevers: {a: {cash: [{capex: 1 EUR}]}}\n"
    text += f"run: {{replications: {{start: 20}}, stop: {{metric: {metric}, half_width: 1 y}}}}\n"
    with pytest.raises(PlantError, match=f"'{metric}' cannot say when there are enough; write npv.mean"):
        study(tmp_path, text, NOISY)


def test_it_ends_at_the_first_checkpoint_that_is_narrow_enough(tmp_path: Path) -> None:
    text = "finance: {from: 2027-01, years: 1, discount_rate: 0 %, margin_per_part: 1 EUR}\n"
    text += "levers: {a: {change: {stations.saw.cycle: {exponential: 50 s}}}}\n"
    text += "run: {replications: {start: 20, step: 10, most: 90}, stop: {metric: npv.mean, half_width: 3 kEUR}}\n"
    one, rng = study(tmp_path, text, NOISY), np.random.default_rng(2)
    base = rng.normal(60, 4, 90)
    runs, enough = made_up(one, {"baseline": base, "a": base + rng.normal(1, 1, 90)}), deciding(one)
    assert enough is not None
    assert checkpoints(one) == (20, 30, 40, 50, 60, 70, 80, 90)
    first = enough(runs.first(20))
    assert (first.done, first.words[:44]) == (False, "npv.mean is not yet known as asked; about 17")
    assert enough(runs.first(40)).words == "npv.mean is known as asked after 40 replications"


def test_the_store_has_columns_for_the_money(tmp_path: Path) -> None:
    text = "finance: {from: 2027-01, years: 1, discount_rate: 0 %}\nlevers: {a: {cash: [{capex: 1 EUR}]}}\n"
    found = named_paths(study(tmp_path, text, NOISY))
    assert {"kpis.cost_scrap_eur_per_part", "energy.electricity.cost_eur_per_part", "products.A.parts"} <= {*found}
    assert len(found) == len(dict.fromkeys(found))


def test_what_is_varied_has_one_value(tmp_path: Path) -> None:
    text = "finance: {from: 2027-01, years: 1, discount_rate: 0 %, margin_per_part: {A: 1 EUR}, "
    text += "sensitive: {margin_per_part: [1 EUR, 2 EUR]}}\n"
    with pytest.raises(PlantError, match="'margin_per_part' is written by product, so it has no one value to vary"):
        study(tmp_path, text, NOISY)
