"""Runs over draws of uncertain inputs: ranges, expected values, shares of the variance, and that they hold."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from typer.testing import CliRunner

import twin
from twin import api
from twin.calibrate.fitting.posterior import posterior
from twin.calibrate.fitting.sample import sample
from twin.cli import app
from twin.core.compile import compile_plan
from twin.core.drawfile import Drawn, beside, write_draws
from twin.core.inputs import Input, Inputs, middle
from twin.core.layout import load_layout
from twin.core.origin import sha256_of_text
from twin.core.plan import Plan
from twin.core.run import RunError
from twin.engine import simulate
from twin.kpi import row
from twin.report.table import html
from twin.study.inputs import expected, few_seen, spread
from twin.study.statistics.weigh import noncentralities, weigh

api.register()

HOUR = 3600.0
LAYOUT = """twin: 1
plant: Mill by itself
flow: [in -> mill -> out]
sources: {in: {arrivals: saturated}}
stations:
  mill:
    cycle: 2 h
    breakdowns: {spindle: {from: mill.fitted.yaml#mill.spindle}}
sinks: {out: {}}
run: {warm_up: 0 s, horizon: 500 h, replications: 30}
"""
FITTED = """mill.spindle:
  clock: working
  up: {exponential: {mean: 10 h}}
  repair: {exponential: {mean: 3 h}, includes_wait: true}
"""


def drawn(mean: float, sd: float, n: int, seed: int, seen: int = 20) -> Drawn:
    """Draws whose ln mean is normal, all exponential."""
    means = mean * np.exp(sd * np.random.default_rng(seed).standard_normal(n))
    return Drawn(seen, ("weibull",) * n, tuple(means.tolist()), (1.0,) * n)


@pytest.fixture
def layout(tmp_path: Path) -> Path:
    """A plant whose repairs are uncertain, its times up nearly certain; 20 draws."""
    (tmp_path / "plant.yaml").write_text(LAYOUT, encoding="utf-8")
    fitted = tmp_path / "mill.fitted.yaml"
    fitted.write_text(FITTED, encoding="utf-8", newline="\n")
    inputs = {("mill.spindle", "up"): drawn(10 * HOUR, 0.05, 20, 1),
              ("mill.spindle", "repair"): drawn(3 * HOUR, 0.6, 20, 2)}  # fmt: skip
    beside(fitted).write_bytes(write_draws(fitted, sha256_of_text(fitted.read_bytes()), inputs))
    return tmp_path / "plant.yaml"


def plan(layout: Path) -> Plan:
    """Its plan."""
    return compile_plan(load_layout(layout))


# -- a run over draws


def test_replication_k_is_draw_k(layout: Path) -> None:
    known = plan(layout)
    rows = twin.run(layout, replications=22, inputs="draws", workers=1).rows
    for k in (0, 7, 21):
        assert rows[k] == row(known, simulate(known.with_draw(k), k))


def test_a_result_over_draws_is_the_same_for_any_number_of_workers(
    layout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twin.study.work.spread.SHORT", 0.0)
    plant = twin.load(layout)
    one, two = (plant.run(12, inputs="draws", workers=workers).document() for workers in (1, 2))
    assert json.dumps(one) == json.dumps(two)


def test_low_and_high_are_percentiles_of_the_replications(layout: Path) -> None:
    result = twin.run(layout, replications=39, inputs="draws", workers=1)
    found = result.intervals["kpis.throughput_per_h"]
    ranked = sorted(row["kpis.throughput_per_h"] for row in result.rows)
    assert (found.low, found.high, found.n) == (ranked[1], ranked[37], 39)  # 2 of 40 and 38 of 40
    fixed = twin.run(layout, replications=39, workers=1).intervals["kpis.throughput_per_h"]
    assert found.high - found.low > 5 * (fixed.high - fixed.low)


def test_the_document_says_what_was_drawn(layout: Path) -> None:
    document = json.loads(json.dumps(twin.run(layout, replications=40, inputs="draws", workers=1).document()))
    assert document["confidence"] == 0.9
    found = document["inputs"]
    assert (found["draws"], found["of"], found["percentiles"]) == (20, 20, [5, 95])
    assert found["draw_set"] == plan(layout).inputs.digest
    assert found["uncertain"] == ["mill.spindle up", "mill.spindle repair"]
    assert found["kpi"] == "throughput_per_h"
    assert found["variance"][0]["input"] == "mill.spindle repair"
    assert found["variance"][0]["low"] > 0.3
    assert 0 < found["chance"] < 0.5
    assert found["expected"]["low"] < document["kpis"]["throughput_per_h"]["mean"] < found["expected"]["high"]
    assert found["next"]["entry"] == "mill.spindle"
    assert "inputs" not in twin.run(layout, replications=2, workers=1).document()


def test_the_plan_and_the_laws_of_the_file_stay_the_default(layout: Path) -> None:
    fixed, open_ = (twin.run(layout, replications=3, inputs=inputs, workers=1) for inputs in (None, "draws"))
    beside(layout.with_name("mill.fitted.yaml")).unlink()
    assert twin.run(layout, replications=3, workers=1).rows == fixed.rows != open_.rows
    assert fixed.document()["plan"] == open_.document()["plan"]


def test_the_trace_is_that_of_the_draw(layout: Path) -> None:
    result = twin.run(layout, replications=3, inputs="draws", workers=1)
    trace: list[object] = []
    simulate(plan(layout).with_draw(1), 1, trace=trace)
    assert result.trace(2) == trace


def test_other_words_and_layouts_without_draws(layout: Path) -> None:
    with pytest.raises(ValueError, match=r"inputs: 'draws' is due, not 'draw'"):
        twin.run(layout, inputs="draw")
    beside(layout.with_name("mill.fitted.yaml")).unlink()
    with pytest.raises(
        RunError,
        match=r"no file 'mill\.draws\.npz' with draws of 'mill\.spindle up' stands beside 'mill\.fitted\.yaml'",
    ):
        twin.run(layout, inputs="draws")
    text = LAYOUT.replace("{from: mill.fitted.yaml#mill.spindle}", "{mtbf: 10 h, mttr: 3 h}")
    layout.write_text(text, encoding="utf-8")
    with pytest.raises(RunError, match="no input of this layout is uncertain: it takes none from a fitted file"):
        twin.run(layout, inputs="draws")


# -- the command


def test_the_command_tells_the_shares(layout: Path) -> None:
    done = CliRunner().invoke(app, ["run", str(layout), "--inputs", "draws", "--replications", "40", "--workers", "1"])
    assert done.exit_code == 0
    words = " ".join(done.stdout.split())
    assert "Uncertain inputs (Good parts per hour)" in words
    assert "mill.spindle repair" in words
    assert "chance, not explained" in words
    assert "each with its own draw of the uncertain inputs; ± is half of the range from 5 % to 95 %" in words
    assert f"draws {plan(layout).inputs.digest}" in words
    assert "% of the variance is chance" in words


def test_the_same_in_french(layout: Path) -> None:
    page = html(twin.run(layout, replications=40, inputs="draws", workers=1), "fr")
    for words in ("Données incertaines (", "hasard, non expliqué", "Parts de la variance par régression", " à "):
        assert words in page


def test_few_replications_are_said_to_be_few(layout: Path) -> None:
    done = CliRunner().invoke(app, ["run", str(layout), "--inputs", "draws", "--replications", "6", "--workers", "1"])
    assert "6 of 20 draws are used; 5 % and 95 % are rough, take --replications 20" in done.stderr
    assert "Too few replications to share the variance among the inputs: take 14 or more." in " ".join(
        done.stdout.split()
    )


def test_the_command_refuses_in_one_line(layout: Path) -> None:
    with open(layout.with_name("mill.fitted.yaml"), "a", encoding="utf-8") as file:
        file.write("mill.more: 1 min\n")
    done = CliRunner().invoke(app, ["run", str(layout), "--inputs", "draws"])
    assert done.exit_code == 1
    text = "'mill.draws.npz' belongs to another state of 'mill.fitted.yaml'; calibrate again"
    assert done.stderr.splitlines()[-1] == text
    done = CliRunner().invoke(app, ["run", str(layout), "--inputs", "laws"])
    assert done.exit_code == 2


# -- the numbers


def test_a_range_needs_two_values() -> None:
    assert spread([]) is None
    assert spread([math.nan, 3.0]) == (3.0, None, None, None, 1)
    assert spread([1.0, 3.0, None]) == (2.0, 1.0, 3.0, math.sqrt(2), 2)


def test_a_new_value_lies_in_the_range_nine_times_of_ten() -> None:
    """The order statistics 1 and 19 of 19 hold the next of the same law with probability 18/20, whatever the law."""
    rng = np.random.default_rng(3)
    values = rng.lognormal(0, 1, (4000, 20))
    inside = np.mean([low < new < high for *seen, new in values for low, high in [middle(seen)]])
    assert inside == pytest.approx(0.9, abs=3.3 * math.sqrt(0.09 / 4000))


def test_chance_is_taken_out_of_the_expected_value() -> None:
    """Two runs a draw, sd 3 between draws and 4 within: the range of the expected value is that of sd 3."""
    rng = np.random.default_rng(4)
    means = 100 + 3 * rng.standard_normal(4000)
    values = [float(v) for noise in rng.standard_normal((2, 4000)) for v in means + 4 * noise]
    found = expected(values, [*range(4000), *range(4000)])
    assert found is not None
    assert found.interval.sd == pytest.approx(3, rel=0.1)
    assert found.chance == pytest.approx(16 / 25, rel=0.05)
    assert (found.interval.low, found.interval.high) == pytest.approx((100 - 4.93, 100 + 4.93), abs=0.4)


def test_an_unbalanced_analysis_of_variance_by_hand() -> None:
    """Draws with values 1 3 2 … | 5 | 9 11 13 …: mean squares as any textbook computes them."""
    groups = [[1.0, 3.0, 2.0] * 4, [5.0], [9.0, 11.0, 13.0, 11.0, 6.0] * 2]
    values, draws = [v for g in groups for v in g], [k for k, g in enumerate(groups) for _ in g]
    found = expected(values, draws)
    assert found is not None
    within = (4 * 2 + 0 + 2 * (1 + 1 + 9 + 1 + 16)) / 20
    mean = (24 + 5 + 100) / 23
    between = (12 * (2 - mean) ** 2 + (5 - mean) ** 2 + 10 * (10 - mean) ** 2) / 2
    size = (23 - (144 + 1 + 100) / 23) / 2
    assert found.interval.sd == pytest.approx(math.sqrt((between - within) / size))
    assert found.chance == pytest.approx(within / (within + (between - within) / size))


def test_without_repeated_draws_nothing_is_said_of_the_expected_value() -> None:
    assert expected([1.0, 2.0, 3.0], [0, 1, 2]) is None
    assert expected([1.0, 2.0, 3.0, math.nan], [0, 0, 0, 0]) is None
    few = [float(i % 7) for i in range(240)]
    assert expected(few, [i % 200 for i in range(240)]) is None


def test_where_chance_hides_what_the_draws_make_nothing_is_said() -> None:
    """Draws whose means are more alike than chance makes them."""
    assert expected([1.0, 9.0, 9.0, 1.0] * 10, [i // 2 for i in range(40)]) is None


@pytest.mark.parametrize(
    ("df", "freedom", "noncentrality"), [(1, 20, 0.5), (2, 60, 8.0), (2, 30, 100.0), (1, 80, 4000.0)]
)
def test_the_interval_of_a_noncentrality_is_that_of_the_distribution(
    df: int, freedom: int, noncentrality: float
) -> None:
    """Its ends are the 95 % and 5 % points of scipy's noncentral F."""
    for q in (0.3, 0.5, 0.9):
        f = float(stats.ncf.ppf(q, df, freedom, noncentrality))
        _, low, high = noncentralities(f, df, freedom)
        for end, level in ((low, 0.95), (high, 0.05)):
            exact = stats.ncf.cdf(f, df, freedom, end) if end else stats.f.cdf(f, df, freedom)
            assert exact == pytest.approx(level, abs=0.003) or (not end and exact < level)


def inputs_of(sds: tuple[float, ...], n: int, seed: int) -> list[Input]:
    """Inputs with draws of ln mean of these standard deviations."""
    return [Input("x", f"m{i}", "up", drawn(1.0, sd, n, 100 * seed + i), (i,)) for i, sd in enumerate(sds)]


def test_shares_of_a_variance_that_is_known() -> None:
    """KPI = 2 ln m0 + ln m1 + noise: variances 0.16, 0.04, 0.05 of 0.25; the interval holds the share nine of ten."""
    shares = (0.64, 0.16, 0.0)
    found, hits = np.zeros(3), np.zeros(3)
    for seed in range(200):
        inputs = inputs_of((0.2, 0.2, 0.2), 60, seed)
        logs = np.log([one.drawn.means for one in inputs])
        noise = np.random.default_rng(7000 + seed).standard_normal(60) * math.sqrt(0.05)
        weighed = weigh(inputs, (2 * logs[0] + logs[1] + noise).tolist(), range(60))
        assert weighed is not None
        parts = sorted(weighed.parts, key=lambda part: part.input)
        found += [part.share for part in parts]
        hits += [part.low <= share <= part.high for part, share in zip(parts, shares, strict=True)]
    assert found / 200 == pytest.approx(shares, abs=0.03)
    assert (hits / 200 > 0.83).all()


def test_the_next_stops_narrow_most_where_few_were_seen() -> None:
    inputs = inputs_of((0.2, 0.2), 100, 1)
    few = replace(inputs[1], drawn=inputs[1].drawn._replace(seen=5))
    logs = np.log([one.drawn.means for one in inputs])
    found = weigh([inputs[0], few], (logs[0] + logs[1]).tolist(), range(100))
    assert found is not None
    assert found.rest < 1e-6
    assert found.next_times is not None
    share = next(part.share for part in found.parts if part.input == "m1 up")
    assert found.next_times == {
        "entry": "m1", "file": "x", "times": 20, "narrower": pytest.approx(1 - math.sqrt(1 - share * 20 / 25))
    }  # fmt: skip


def test_too_few_replications_and_kpis_that_do_not_vary_are_not_weighed() -> None:
    inputs = inputs_of((0.2, 0.2), 100, 1)
    assert weigh(inputs, [float(k) for k in range(11)], range(11)) is None
    assert weigh(inputs, [1.0] * 50, range(50)) is None


# -- that it holds


@pytest.mark.long
def test_a_new_period_lies_in_the_range_of_draws_and_not_in_that_of_the_fit(layout: Path) -> None:
    """40 histories of 6 stops: a new real period is held by 19 draws nine times of ten, by 19 runs of the fit seldom.

    Both ranges are 5 % to 95 % of 19 replications; the bounds are those of a binomial count at 0.1 %.
    """
    known, truth = plan(layout), (10 * HOUR, 3 * HOUR)
    rng = np.random.default_rng(11)
    held = {"draws": 0, "fixed": 0}
    for history in range(40):
        posteriors = [posterior(sample(rng.exponential(mean, 6))) for mean in truth]
        inputs = tuple(
            replace(one, drawn=_drawn(found.draws(19, 2 * history + i)))
            for i, (one, found) in enumerate(zip(known.inputs, posteriors, strict=True))
        )
        world = replace(known, inputs=Inputs(inputs)).with_run(seed=history)
        fit = _only(known, [_drawn([found.central]) for found in posteriors]).with_run(seed=history)
        real = _made(_only(known, [drawn(mean, 0.0, 1, 1) for mean in truth]).with_run(seed=10_000 + history), 0)
        for name, model in (("draws", world), ("fixed", fit)):
            low, high = middle([_made(model, k) for k in range(19)])
            held[name] += low <= real <= high
    low = stats.binom.ppf(0.001, 40, 0.9)
    assert held["draws"] >= low
    assert held["fixed"] < held["draws"] - 3.1 * math.sqrt(40 * 0.25)


def _drawn(laws: list[object]) -> Drawn:
    return Drawn(6, *(tuple(getattr(law, key) for law in laws) for key in ("family", "mean", "cv")))


def _only(known: Plan, laws: list[Drawn]) -> Plan:
    """The plan with one law for each input."""
    inputs = tuple(replace(one, drawn=law) for one, law in zip(known.inputs, laws, strict=True))
    return replace(known, inputs=Inputs(inputs))


def _made(model: Plan, k: int) -> float:
    return float(simulate(model.with_draw(k), k).flow.good)


def test_entries_of_one_name_in_two_files_are_told_apart() -> None:
    """Both make half of the variance: the next stops of one narrow the range by its own half only."""
    inputs = inputs_of((0.2, 0.2), 100, 1)
    logs = np.log([one.drawn.means for one in inputs])
    alike = [replace(one, name="m", file=file) for one, file in zip(inputs, ("x", "y"), strict=True)]
    found = weigh(alike, (logs[0] + logs[1]).tolist(), range(100))
    assert found is not None
    assert found.next_times is not None
    best = max(part.share for part in found.parts)
    assert found.next_times["narrower"] == pytest.approx(1 - math.sqrt(1 - best * 20 / 40))


def test_a_plain_run_says_which_laws_rest_on_few_times(layout: Path) -> None:
    result = twin.run(layout, replications=2, workers=1)
    assert result.doubt == "few times were seen of mill.spindle (20): other laws may be true, and the answer another"
    assert twin.run(layout, replications=2, inputs="draws", workers=1).doubt == ""
    done = CliRunner().invoke(app, ["run", str(layout), "--replications", "2"])
    assert done.stderr.splitlines()[-2:] == [result.doubt, f"next: twin run {layout} --inputs draws"]


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        ((30, 400), ""),
        ((29, 400), "m0 (29)"),
        ((3, 2), "m1 (2), m0 (3)"),
        ((9, 9, 9, 9, 9), "m0 (9), m1 (9), m2 (9) and 2 more"),
    ],
)
def test_entries_of_few_times_seen_the_fewest_first(layout: Path, seen: tuple[int, ...], words: str) -> None:
    inputs = [
        replace(one, drawn=one.drawn._replace(seen=n))
        for one, n in zip(inputs_of((0.2,) * len(seen), 10, 1), seen, strict=True)
    ]
    text = few_seen(replace(plan(layout), inputs=Inputs(tuple(inputs))))
    assert text == (words and f"few times were seen of {words}: other laws may be true, and the answer another")
