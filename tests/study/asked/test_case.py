"""Cases: replication k of every scenario has the same effects, and is made from nothing but the case."""

from __future__ import annotations

import pickle
import time
from pathlib import Path

import pytest

from tests.lever.pulling import lever, study
from twin import api
from twin.core.run import RunError
from twin.engine import simulate
from twin.study.asked import Study

PUMP = Path(__file__).parents[3] / "layouts" / "pump_line.yaml"
FITTED = PUMP.with_name("pump_line_fitted.yaml")
TWO = """
levers:
  fast: {change: {stations.mill.cycle: {scale: {pert: [0.8, 0.9, 0.95]}}}}
  care: {tpm: {station: mill, mode: chips, mtbf: {scale: {uniform: [1.1, 1.9]}}, mttr: {scale: {uniform: [0.6, 0.9]}}}}
  rack: {buffer: {name: washed, add: 4}}
scenarios: {now: [], fast: [fast], both: [fast, care], all: [rack, care, fast]}
"""


@pytest.fixture
def two(tmp_path: Path) -> Study:
    return study(tmp_path, TWO, PUMP)


def test_effects_do_not_depend_on_the_scenario(two: Study) -> None:
    for k in range(5):
        alone = two.case("fast").effects_at(k)
        both, more = two.case("both").effects_at(k), two.case("all").effects_at(k)
        assert both == more
        assert alone.items() <= both.items()
        assert len(set(both.values())) == 3


def test_each_replication_has_its_own(two: Study) -> None:
    case = two.case("both")
    assert len({case.at(k).digest for k in range(6)}) == 6
    assert case.at(2).digest == case.at(2).digest == pickle.loads(pickle.dumps(case)).at(2).digest


def test_the_plan_has_effects_at_their_mean(two: Study) -> None:
    plan = two.case("fast").plan
    mean = (0.8 + 4 * 0.9 + 0.95) / 6
    assert any(law.mean == pytest.approx(88e6 * mean, abs=1) for law in plan.laws)


def test_draws_are_those_of_the_law(two: Study) -> None:
    values = [two.case("fast").effects_at(k)["lever fast#stations.mill.cycle"] for k in range(400)]
    assert min(values) >= 0.8
    assert max(values) <= 0.95
    assert sum(values) / 400 == pytest.approx(0.891667, abs=4 * 0.0277 / 20)


def test_a_case_without_effects_is_its_plan(two: Study) -> None:
    assert two.case("now").at(4) is two.case("now").plan
    assert two.case("now").digest == api.load(PUMP).plan.digest
    assert two.case("now").recipe is None


def test_the_digest_tells_effects_apart(tmp_path: Path) -> None:
    sure = lever(tmp_path, "{change: {stations.mill.cycle: {scale: 0.9}}}", PUMP).case("a")
    one = lever(tmp_path, "{change: {stations.mill.cycle: {scale: {uniform: [0.8, 1.0]}}}}", PUMP).case("a")
    wide = lever(tmp_path, "{change: {stations.mill.cycle: {scale: {uniform: [0.7, 1.1]}}}}", PUMP).case("a")
    assert sure.plan.digest == one.plan.digest == wide.plan.digest
    assert len({sure.digest, one.digest, wide.digest}) == 3


def test_inputs_are_drawn_with_the_replication(tmp_path: Path) -> None:
    text = "levers: {a: {tpm: {station: mill, mode: chips, mtbf: {scale: {uniform: [1.1, 1.9]}}}}}\n"
    one = study(tmp_path, text, FITTED)
    base, case = one.case("baseline"), one.case("a")
    assert base.drawn
    assert base.draws == case.draws == base.plan.inputs.digest
    assert base.at(3).draw == case.at(3).draw == 3
    factor = case.effects_at(3)["lever a#stations.mill.breakdowns.chips.mtbf"]
    name = ("mill.chips", "up")
    a, b = (next(law for law in c.at(3).laws if law.origin and law.origin[1:] == name) for c in (base, case))
    assert b.mean == pytest.approx(factor * a.mean)
    none = study(tmp_path, text + "run: {inputs: {draws: none}}\n", FITTED).case("baseline")
    assert none.draws == ""
    assert none.at(3) is none.plan


def test_other_run_settings_hold_in_every_replication(two: Study) -> None:
    case = two.case("both").with_run(warm_up=3.6e9, seed=5)
    assert (case.at(1).warm_up, case.at(1).seed) == (3.6e9, 5)
    assert case.effects_at(1) != two.case("both").effects_at(1)


def test_effects_that_make_no_sense_are_told(tmp_path: Path) -> None:
    text = "{change: {stations.wash.cycle: {add: {uniform: [-60 s, -20 s]}}}}"
    case = lever(tmp_path, text, PUMP).case("a")
    with pytest.raises(RunError, match=r"a, replication \d+: with the effects drawn .*must not be negative"):
        [case.at(k) for k in range(40)]


def test_a_value_may_be_drawn(tmp_path: Path) -> None:
    """An uncertain share is one value in a replication, the same in every scenario."""
    text = "levers: {a: {change: {stations.test.quality.scrap: {drawn: {pert: [1 %, 2 %, 4 %]}}}}}\n"
    one = study(tmp_path, text + "scenarios: {now: [], a: [a], again: [a]}\n", PUMP)
    case, again = one.case("a"), one.case("again")
    assert [effect.verb for effect in case.effects] == ["drawn"]
    assert case.at(4).digest == again.at(4).digest != case.at(5).digest
    (drawn,) = case.effects_at(4).values()
    assert 0.01 <= drawn <= 0.04
    sure = lever(tmp_path, f"{{change: {{stations.test.quality.scrap: {drawn * 100:.12g} %}}}}", PUMP).case("a")
    assert case.at(4).digest == sure.plan.digest
    assert one.changes("a")[0].drawn == "{pert: [1 %, 2 %, 4 %]}"


def test_people_that_are_drawn_are_whole(tmp_path: Path) -> None:
    case = lever(tmp_path, "{crew: {group: team, add: {uniform: [1, 3]}}}", PUMP).case("a")
    counts = {case.at(k).rows[case.plan.index("team")].count for k in range(30)}
    assert counts == {4, 5, 6}


def test_a_replication_runs(two: Study) -> None:
    plan = two.case("all").with_run(horizon=3.6e9, warm_up=0.0).at(0)
    assert simulate(plan, 0)


def test_a_replication_is_made_quickly(two: Study) -> None:
    """15 ms of CPU on an idle machine; twice that here, for a busy one."""
    case = two.case("all")
    case.at(0)
    began = time.process_time()
    for k in range(1, 21):
        case.at(k)
    assert (time.process_time() - began) / 20 < 0.030
