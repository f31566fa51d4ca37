"""A study file as a whole: what it holds, and the scenarios that it asks for."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tests.lever.pulling import study
from twin import api
from twin.core.plan import micro
from twin.core.spec import Spec
from twin.finance.month import Month
from twin.study.asked import Scenario, Study, study_schema
from twin.study.asked.run import Sequence

PUMP = Path(__file__).parents[3] / "layouts" / "pump_line.yaml"

FULL = """
question: Which?
levers:
  smed: {smed: {station: press, scale: {pert: [0.45, 0.55, 0.75]}}, cash: [{opex: 18 kEUR, at: 2027-01}]}
  rack:
    change: {buffers.rack.capacity: 16}
    cash: [{capex: 31 kEUR, label: flow rack, at: 2027-03, life: 8 y, depreciation: linear}]
  robot:
    label: Unloading robot
    automate: {station: press, unload: 7 s, cycle: same, people: {team: 1}}
    cash:
      - {capex: {pert: [360 kEUR, 410 kEUR, 520 kEUR]}, at: 2027-06, life: 8 y, depreciation: degressif, residual: 10 %}
      - {grant: 22 kEUR, label: CEE, at: 2027-12, probability: 80 %}
      - {opex: 9 kEUR/y, inflation: labour}
    ramp_up: {months: 4, from: 60 %}
    installation: {stop: 3 d}
scenarios: {today: [], lean: [smed, rack], robot: [robot], all: [robot, smed, rack]}
run:
  warm_up: {pilot: 12}
  replications: {start: 20, step: 10, most: 2000}
  stop: {metric: npv.difference, half_width: 15 kEUR, confidence: 90 %}
  seed: 7
  keep: [press.oee]
finance:
  from: 2027-01
  years: 8
  discount_rate: 8 %
  tax: 25 %
  inflation: {general: 2 %, electricity: 3 %}
  margin_per_part: {A: 1.90 EUR, other: {normal: {mean: 1.50 EUR, sd: 0.15 EUR}}}
  demand: 118000 /y
  carbon_price: {2027: 80 EUR/t, 2035: 150 EUR/t}
  working_capital: {value_per_part: 12 EUR}
  sensitive: {discount_rate: [6 %, 10 %], demand: [100000 /y, 130000 /y]}
decision:
  against: today
  accept_if: [npv.probability_positive >= 85 %, payback.median <= 4 y, lead_time.p95.difference <= 0 h]
  choose: max npv.mean
  indifference: 15 kEUR
"""


@pytest.fixture
def full(tmp_path: Path) -> Study:
    return study(tmp_path, FULL)


def test_run_settings(full: Study) -> None:
    run = full.run
    assert (run.pilot, run.spec.warm_up, run.spec.horizon, run.spec.seed) == (12, 0.0, 5 * 86400.0, 7)
    assert run.replications == type(run.replications)(start=20, step=10, most=2000)  # type: ignore[call-arg]
    assert run.stop is not None
    assert (run.stop.half_width, run.stop.confidence, run.stop.metric.base) == (15_000.0, 0.9, "npv")
    assert [one.base for one in run.keep] == ["elements.press.kpis.oee"]
    plan = full.case("lean").plan
    assert (plan.warm_up, plan.horizon, plan.seed, plan.replications) == (0.0, micro(5 * 86400), 7, 20)


def test_money(full: Study) -> None:
    rack, robot, finance = full.levers["rack"].cash[0], full.levers["robot"], full.finance
    assert (rack.kind, rack.amount.mean, rack.at, rack.life) == ("capex", 31_000.0, Month(2027, 3), 8 * 31_536_000.0)
    capex, grant, opex = robot.cash
    assert (capex.amount.mean, capex.residual, capex.depreciation) == (pytest.approx(420_000), 0.1, "degressif")
    assert (grant.kind, grant.probability, opex.is_yearly, opex.inflation) == ("grant", 0.8, True, "labour")
    assert opex.amount.mean * 31_536_000 == pytest.approx(9000)
    assert robot.ramp_up is not None
    assert robot.installation is not None
    assert (robot.ramp_up.months, robot.ramp_up.begin, robot.installation.stop) == (4, 0.6, 3 * 86400.0)
    assert finance is not None
    assert (finance.begin, finance.discount_rate.mean, finance.tax) == (Month(2027, 1), 0.08, 0.25)
    assert {key: one.mean for key, one in finance.inflation.items()} == {"general": 0.02, "electricity": 0.03}
    assert finance.carbon_price is not None
    assert {year: one.mean for year, one in finance.carbon_price.items()} == {2027: 0.08, 2035: 0.15}
    assert isinstance(finance.margin_per_part, dict)
    assert finance.margin_per_part.of("B").mean == pytest.approx(1.5)
    low, high = finance.varied()["demand"]
    assert (low * 31_536_000, high * 31_536_000) == pytest.approx((100_000, 130_000))


def test_the_decision(full: Study) -> None:
    assert full.decision.against == full.baseline == "today"
    clause = full.decision.clauses[1]
    assert (clause.metric.base, clause.metric.end, clause.operator, clause.value) == ("payback", "median", "<=", 4.0)
    assert (clause.holds(3.9), clause.holds(4.1)) == (True, False)
    assert full.decision.choose is not None
    assert (full.decision.choose.maximise, full.decision.indifference) == (True, 15_000.0)


def test_scenarios_without_a_list_are_each_lever_alone(tmp_path: Path) -> None:
    one = study(tmp_path, "levers: {a: {machine: {station: weld}}, b: {buffer: {name: rack, add: 1}}}\n")
    assert [(s.name, s.levers) for s in one.scenarios] == [("baseline", ()), ("a", ("a",)), ("b", ("b",))]


def test_the_baseline_stands_first(tmp_path: Path) -> None:
    one = study(tmp_path, "levers: {a: {machine: {station: weld}}}\nscenarios: {b: [a], now: []}\n")
    assert [s.name for s in one.scenarios] == ["now", "b"]
    assert one.decision.against == "now"


def test_a_sweep_is_a_grid(tmp_path: Path) -> None:
    text = "sweep: {g: {buffers.rack.capacity: [4, 8], stations.weld.cycle: [{scale: 0.9}, 40 s]}}\n"
    one = study(tmp_path, text)
    assert [s.name for s in one.scenarios] == ["baseline", "g[4,scale:0.9]", "g[4,40 s]", "g[8,scale:0.9]", "g[8,40 s]"]
    assert len({case.digest for case in one.cases()}) == 5


def test_a_factorial_has_all_combinations(tmp_path: Path) -> None:
    levers = (
        "levers: {a: {machine: {station: weld}}, b: {buffer: {name: rack, add: 1}}, c: {crew: {group: team, add: 1}}}\n"
    )
    one = study(tmp_path, levers + "scenarios: {now: [], both: [b, a]}\nfactorial: {f: {levers: [a, b, c]}}\n")
    (found,) = one.factorials
    assert found.scenarios == ("now", "f[a]", "f[b]", "both", "f[c]", "f[a,c]", "f[b,c]", "f[a,b,c]")
    assert [found.design.on(i) for i in (0, 3, 7)] == [(), ("a", "b"), ("a", "b", "c")]
    half = study(tmp_path, levers + "factorial: {f: {levers: [a, b, c], fraction: half}}\n").factorials[0]
    assert len(half.scenarios) == 4
    assert half.design.resolution == 3


def test_any_other_combination_can_be_compiled(full: Study) -> None:
    assert full.case(Scenario("x", ("robot", "rack"))).plan.digest not in {case.plan.digest for case in full.cases()}
    assert full.case(Scenario("x", ("rack", "smed"))).digest == full.case("lean").digest


def test_changes_tell_path_old_new_lever_and_line(full: Study) -> None:
    setup, rack = full.changes("lean")
    assert str(rack) == f"{full.file}:9:37: buffers.rack.capacity: 10 → 16 (lever rack)"
    assert setup.drawn == "{scale: {pert: [0.45, 0.55, 0.75]}}"
    assert setup.path == "stations.press.setup"


def test_a_lever_comes_after_another_whatever_the_list_says(tmp_path: Path) -> None:
    text = """
levers:
  a: {change: {stations.weld.cycle: 30 s}}
  b: {change: {stations.weld.cycle: {scale: 0.5}}, after: [a]}
  c: {change: {stations.weld.cycle: {add: 1 s}}, after: [b]}
scenarios: {one: [], two: [c, b, a], three: [c, a]}
"""
    one = study(tmp_path, text)
    assert [c.new for c in one.changes("two")] == ["30 s", "15 s", "16 s"]
    assert [c.new for c in one.changes("three")] == ["30 s", "31 s"]


def test_warnings_of_the_layout_are_told_once(tmp_path: Path) -> None:
    text = "levers: {a: {machine: {station: weld}}, b: {buffer: {name: rack, add: 1}}}\n"
    assert study(tmp_path, text).warnings == ()


def test_stop_alone_has_replications_that_go_on(tmp_path: Path) -> None:
    one = study(tmp_path, "run: {stop: {metric: throughput_per_h, half_width: 1 /h}}\n")
    assert isinstance(one.run.replications, Sequence)


def test_what_a_lever_brings_has_metrics(tmp_path: Path) -> None:
    """Names of shorthands, of whole sections, and of products too."""
    text = """
levers:
  pull: {kanban: {over: [weld], cards: 3}}
  third:
    change:
      products.C: {new: {}}
      sources.sheets.products: {A: 50 %, B: 30 %, C: 20 %}
      stations.press.setup: remove
  cards: {change: {cards: {line: {limit: 9, over: [weld, test]}}}}
run: {keep: [kanban_weld.wait, C.parts, line.wait]}
"""
    assert [one.base for one in study(tmp_path, text).run.keep] == [
        "elements.kanban_weld.kpis.wait_s", "products.C.parts", "elements.line.kpis.wait_s",
    ]  # fmt: skip


def test_many_scenarios_are_read_quickly(tmp_path: Path) -> None:
    """500 scenarios of a real plant: 0.4 s of CPU on an idle machine."""
    axes = {"washed": range(1, 26), "mill_out": range(1, 21)}
    grid = ", ".join(f"buffers.{name}.capacity: {list(values)}" for name, values in axes.items())
    began = time.process_time()
    one = study(tmp_path, f"sweep: {{g: {{{grid}}}}}\n", PUMP)
    assert len(one.scenarios) == 501
    assert time.process_time() - began < 3


def test_files_that_it_reads(full: Study) -> None:
    assert [path.name for path in full.reads] == ["plant.yaml"]


def test_schema_lists_all_keys_and_shorthands() -> None:
    api.register()
    from twin.core.spec import kinds

    schema = study_schema()
    json.dumps(schema)
    lever = schema["properties"]["levers"]["additionalProperties"]["properties"]
    assert set(kinds("lever")) <= set(lever)
    assert {"change", "cash", "ramp_up", "installation", "after", "label"} <= set(lever)
    assert {"run", "finance", "decision", "sweep", "factorial", "optimise"} <= set(schema["properties"])


def test_every_field_says_what_it_means() -> None:
    from twin.study.asked import decision, levers, money, run, spec
    from twin.study.asked import grid as spread

    for module in (decision, levers, money, run, spec, spread):
        for one in vars(module).values():
            if isinstance(one, type) and issubclass(one, Spec) and one.__module__ == module.__name__:
                assert not [name for name, field in one.model_fields.items() if not field.description], one
