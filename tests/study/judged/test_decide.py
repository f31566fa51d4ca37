"""Clauses and choice: true, false or undecided, and when it cannot be told yet."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from tests.study.judged.plants import NOISY, Floats, made_up, study
from twin.study.asked.decision import Clause
from twin.study.asked.metric import Metric
from twin.study.judged.answer import Answer
from twin.study.judged.clause import Told, truth_of
from twin.study.judged.judge import Judged, judge
from twin.study.statistics.interval import mean_interval

NPV = Metric("npv.mean", "npv", "mean", "EUR")
EACH = 8760
"""EUR of NPV for one part an hour more."""
LEVERS = """
levers:
  cheap: {change: {stations.saw.cycle: {exponential: 59 s}}, cash: [{capex: 1 kEUR, depreciation: none}]}
  dear: {change: {stations.saw.cycle: {exponential: 58 s}}, cash: [{capex: 5 kEUR, depreciation: none}]}
finance: {from: 2027-01, years: 1, discount_rate: 0 %, margin_per_part: 1 EUR}
"""


def decided(folder: Path, rule: str, cheap: Floats, dear: Floats, levers: str = LEVERS) -> Judged:
    """A study of which the NPVs are given, EUR, row by row."""
    one = study(folder, f"{levers}decision: {rule}\n", NOISY)
    base = np.full(len(cheap), 60.0)
    return judge(one, made_up(one, {
        "baseline": base, "cheap": base + (cheap + 1000) / EACH, "dear": base + (dear + 5000) / EACH,
    }))  # fmt: skip


def rows(mean: float, sd: float, n: int = 30, seed: int = 1) -> Floats:
    """Of exactly this mean and standard deviation."""
    found = np.random.default_rng(seed).normal(size=n)
    return np.asarray(mean + sd * (found - found.mean()) / found.std(ddof=1))


@pytest.mark.parametrize(("operator", "low", "high", "truth"), [
    (">=", 1.0, 2.0, "true"), (">=", 0.0, 1.0, "undecided"), (">=", 0.0, 0.9, "false"), (">", 1.0, 2.0, "undecided"),
    ("<=", 0.0, 1.0, "true"), ("<=", 1.0, 2.0, "undecided"), ("<", 1.0, 2.0, "false"), ("<", 0.0, 1.0, "undecided"),
    ("<=", math.inf, math.inf, "false"), (">=", -math.inf, math.inf, "undecided"), ("<=", 0.5, math.inf, "undecided"),
])  # fmt: skip
def test_a_clause_is_true_when_the_whole_interval_fulfils_it(
    operator: str, low: float, high: float, truth: str
) -> None:
    value = low if math.isinf(high) else (low + high) / 2
    assert truth_of(Clause(NPV, operator, 1.0, ""), Answer(NPV, value, low, high, 9)) == truth


def test_no_value_is_no_answer() -> None:
    assert truth_of(Clause(NPV, ">=", 1.0, ""), Answer(NPV, math.nan, -math.inf, math.inf, 0)) == "undecided"


def clause(judged: Judged, scenario: str = "cheap") -> Told:
    return next(one for one in judged.decided.verdicts if one.scenario == scenario).clauses[0]


def test_more_of_a_mean_is_as_many_as_would_tell(tmp_path: Path) -> None:
    """100 ± 1000 from 30 rows: t s / √n = 100 needs about 387."""
    told = clause(decided(tmp_path, "{accept_if: [npv.mean >= 0 EUR]}", rows(100, 1000), rows(0, 1)))
    assert told.truth == "undecided"
    assert told.more == pytest.approx(387 - 30, abs=3)
    more = mean_interval(rows(100, 1000, 387).tolist())
    assert more is not None
    assert more.low is not None
    assert more.low > 0


LONG = LEVERS.replace("cash: [{capex: 1 kEUR,", "cash: [{capex: {normal: {mean: 1 kEUR, sd: 0.2 kEUR}},")


def test_more_of_a_share_is_as_many_as_would_tell(tmp_path: Path) -> None:
    """P(NPV > 0) of 60 rows near 84 %, for the investment is uncertain: Wilson leaves 75 % after some 100."""
    judged = decided(
        tmp_path, "{accept_if: [npv.probability_positive >= 75 %]}", rows(200, 1, 60), rows(0, 1, 60), LONG
    )
    told = clause(judged)
    share = told.answer.value
    assert told.truth == "undecided"
    assert told.more is not None
    need = 1.96**2 * 0.75 * 0.25 / (share - 0.75) ** 2
    assert told.more == pytest.approx(need - 60, rel=0.25, abs=25)


def test_a_mean_that_chance_leaves_open_leaves_the_share_open(tmp_path: Path) -> None:
    """Nearly all averaged rows are above 0, but their mean is not known to be.

    A share of 85 % is reached 1.04 standard deviations of the average above 0, so some more are due than for the mean.
    """
    judged = decided(tmp_path, "{accept_if: [npv.probability_positive >= 85 %, npv.mean >= 0 EUR]}",
                     rows(100, 1000), rows(0, 1))  # fmt: skip
    share, mean = next(one for one in judged.decided.verdicts if one.scenario == "cheap").clauses
    above = 1.04 * 1000 / np.sqrt(876)
    assert share.answer.value > 0.9
    assert share.truth == "undecided"
    assert share.more is not None
    assert mean.more is not None
    assert mean.more == pytest.approx(357, abs=3)
    assert share.more == pytest.approx(387 * (100 / (100 - above)) ** 2 - 30, rel=0.25)


def test_few_rows_leave_a_low_quantile_open(tmp_path: Path) -> None:
    judged = decided(tmp_path, "{accept_if: [npv.p05 >= 0 EUR]}", rows(5000, 1), rows(0, 1), LONG)
    assert clause(judged).truth == "undecided"
    assert clause(judged).answer.low == -math.inf
    assert clause(judged).more == pytest.approx(72 - 30, abs=8), "72 rows bound the 5 % quantile"


def test_a_payback_that_never_comes_is_refused(tmp_path: Path) -> None:
    judged = decided(tmp_path, "{accept_if: [payback.median <= 4 y, payback.mean <= 4 y]}", rows(-900, 1), rows(-9, 1))
    for one in judged.decided.verdicts[0].clauses:
        assert (one.truth, one.answer.value) == ("false", math.inf)
    assert judged.decided.chosen == "baseline"
    assert judged.decided.words == "no scenario fulfils the conditions, so baseline stays"


def test_a_loss_at_every_rate_is_below_every_rate(tmp_path: Path) -> None:
    """A grant at once and a loss after it: no rate of return, but no gap in the rows either."""
    judged = decided(tmp_path, "{accept_if: [irr.median >= 5 %]}", rows(-1500, 1), rows(100, 1))
    assert clause(judged).truth == "false"
    assert clause(judged).answer.value == -math.inf
    assert clause(judged, "dear").answer.value == pytest.approx(100 / 5000, rel=1e-3)


def test_the_better_by_far_is_chosen(tmp_path: Path) -> None:
    found = decided(tmp_path, "{accept_if: [npv.mean >= 0 EUR], choose: max npv.mean}", rows(500, 50), rows(900, 50))
    assert found.decided.chosen == "dear"
    assert found.decided.words == "dear fulfils all conditions and has the largest npv.mean"
    assert [one.name for one in found.decided.standings] == ["dear", "cheap", "baseline"]


def test_inside_the_indifference_the_smaller_investment_wins(tmp_path: Path) -> None:
    rule = "{accept_if: [npv.mean >= 0 EUR], choose: max npv.mean, indifference: 600 EUR}"
    found = decided(tmp_path, rule, rows(2500, 50), rows(2900, 50))
    assert found.decided.chosen == "cheap"
    assert found.decided.alike == ("dear", "cheap")
    assert "as good as dear inside the indifference" in found.decided.words


def test_what_noise_leaves_open_is_not_chosen(tmp_path: Path) -> None:
    """2500 and 2900 ± 1000 with 500 indifferent: a difference of 400 ± 500 may be more, or less."""
    rule = "{accept_if: [npv.mean >= 0 EUR], choose: max npv.mean, indifference: 500 EUR}"
    found = decided(tmp_path, rule, rows(2500, 1000), rows(2900, 1000, seed=2)).decided
    assert found.chosen is None
    assert found.alike == ("dear", "cheap")
    assert found.words.startswith(
        "cannot tell yet whether cheap is as good as dear within the indifference by npv.mean"
    )
    assert found.more is not None
    assert 200 < found.more < 3000


def test_pairs_tell_what_means_alone_do_not(tmp_path: Path) -> None:
    """Both vary by 3000, together: their difference of 400 is known to a few EUR."""
    common = rows(0, 3000)
    found = decided(tmp_path, "{choose: max npv.mean}", common + 9000, common + 9400 + rows(0, 20, seed=3))
    assert found.decided.chosen == "dear"


def test_a_scenario_that_is_open_but_behind_does_not_matter(tmp_path: Path) -> None:
    rule = "{accept_if: [npv.mean >= 0 EUR], choose: max npv.mean}"
    found = decided(tmp_path, rule, rows(10, 500), rows(9000, 100)).decided
    assert [one.truth for one in found.verdicts] == ["undecided", "true"]
    assert found.chosen == "dear"


def test_a_scenario_that_is_open_and_may_be_best_does(tmp_path: Path) -> None:
    rule = "{accept_if: [payback.median <= 1 y], choose: max npv.mean}"
    found = decided(tmp_path, rule, rows(900, 10), rows(100, 8000)).decided
    assert [one.truth for one in found.verdicts] == ["true", "undecided"]
    assert found.chosen is None
    assert found.words.startswith("cannot tell yet: dear: 'payback.median <= 1 y' is undecided; about ")


def test_the_best_is_told_first_where_the_others_matter_no_more_then(tmp_path: Path) -> None:
    """All 30 of dear are positive, 6 more would tell; cheap, far behind it, takes hundreds."""
    rule = "{accept_if: ['npv.probability_positive >= 90 %'], choose: max npv.mean}"
    found = decided(tmp_path, rule, rows(1300, 1000), rows(9000, 100)).decided
    assert [one.truth for one in found.verdicts] == ["undecided", "undecided"]
    assert found.words.startswith("cannot tell yet: dear: 'npv.probability_positive >= 90 %' is undecided; about ")
    assert found.more is not None
    assert found.more < 10


def test_the_slowest_is_told_first_where_it_may_be_the_best(tmp_path: Path) -> None:
    rule = "{accept_if: ['npv.probability_positive >= 90 %'], choose: max npv.mean}"
    found = decided(tmp_path, rule, rows(1300, 1000), rows(1500, 10)).decided
    assert [one.truth for one in found.verdicts] == ["undecided", "undecided"]
    assert found.words.startswith("cannot tell yet: cheap: 'npv.probability_positive >= 90 %' is undecided")


def test_the_baseline_is_one_of_those_to_choose(tmp_path: Path) -> None:
    found = decided(tmp_path, "{choose: max npv.mean}", rows(-500, 50), rows(-900, 50)).decided
    assert found.chosen == "baseline"
    assert found.words == "baseline stays: no scenario that is accepted is better by npv.mean"
    within = decided(tmp_path, "{choose: max npv.mean, indifference: 2 kEUR}", rows(500, 50), rows(-900, 50)).decided
    assert within.chosen == "baseline", "a gain inside the indifference is not worth an investment"


def test_the_baseline_competes_by_a_kpi_too(tmp_path: Path) -> None:
    found = decided(tmp_path, "{choose: max throughput_per_h}", rows(-9000, 50), rows(-99_000, 50)).decided
    assert found.chosen == "baseline"


def test_by_a_median_intervals_must_be_apart(tmp_path: Path) -> None:
    apart = decided(tmp_path, "{choose: min payback.median}", rows(500, 10), rows(100, 10)).decided
    assert apart.chosen == "cheap"
    close = decided(tmp_path, "{choose: min payback.median}", rows(500, 400), rows(3200, 400, seed=2)).decided
    assert close.chosen is None
    assert close.more is not None
    assert 10 < close.more < 3000


def test_the_choice_is_right_as_often_as_it_says(tmp_path: Path) -> None:
    """Cheap is 300 behind with 200 indifferent: to take it is wrong, and that may happen in 5 % at most."""
    one = study(tmp_path, f"{LEVERS}decision: {{choose: max npv.mean, indifference: 200 EUR}}\n", NOISY)
    rng, tries, wrong, taken = np.random.default_rng(11), 150, 0, 0
    for _ in range(tries):
        cheap, dear = rng.normal(5000, 300, 20), rng.normal(5300, 300, 20)
        base = np.full(20, 60.0)
        npvs = {"baseline": base, "cheap": base + (cheap + 1000) / EACH, "dear": base + (dear + 5000) / EACH}
        chosen = judge(one, made_up(one, npvs)).decided.chosen
        wrong, taken = wrong + (chosen == "cheap"), taken + (chosen == "dear")
    assert wrong / tries <= 0.05
    assert taken / tries < 0.5, "100 beyond the indifference, 95 the error: mostly it cannot be told yet"
