"""The section 'optimise:' of a study: decisions, what they cost, limits, goals."""

from __future__ import annotations

import math
from pathlib import Path

from tests.lever.pulling import study
from twin.study.asked.optimise import Search

SEARCH = """
levers:
  rack: {buffer: {name: rack, add: 2}, cash: [{capex: {pert: [2 kEUR, 3 kEUR, 10 kEUR]}}, {capex: 1 kEUR}]}
  fitter: {crew: {group: team, add: 1}}
scenarios: {now: []}
optimise:
  decide:
    places: {path: buffers.rack.capacity, from: 8, to: 14, step: 2, cost: 400 EUR}
    speed: {path: stations.test.cycle, values: {2: 20 s, 1: 25 s}, cost: 3 kEUR}
    weld: {path: stations.weld.cycle, values: {1: 40 s, 2: 30 s}, now: 1.5, cost: 1 kEUR}
    new_rack: {lever: rack}
    fitter: {lever: fitter, cost: 9 kEUR}
  limits:
    - 2 places - 3*speed + 1 <= weld + 20.5
    - new_rack + fitter = 1
    - places >= 9
    - budget ≤ 12 kEUR
    - lead_time.p95 <= 4 h
    - team.utilization <= 85 %
  goals: [max throughput_per_h, min budget]
  indifference: 0.5 /h
  confidence: 90 %
"""


def search(folder: Path, text: str = SEARCH) -> Search:
    found = study(folder, text).optimise
    assert isinstance(found, Search)
    return found


def test_levels_and_costs(tmp_path: Path) -> None:
    places, speed, weld, rack, fitter = search(tmp_path).choices
    assert [tuple(level) for level in places.levels] == [(8, 8, 0), (10, 10, 0), (12, 12, 800), (14, 14, 1600)]
    assert [tuple(level) for level in speed.levels] == [(1, "25 s", 0), (2, "20 s", 3000)]
    assert [level.cost for level in weld.levels] == [0, 500]
    assert [level.cost for level in rack.levels] == [0, (2000 + 4 * 3000 + 10000) / 6 + 1000]
    assert [tuple(level) for level in fitter.levels] == [(0, False, 0), (1, True, 9000)]


def test_limits(tmp_path: Path) -> None:
    first, second, third, money = search(tmp_path).sums
    assert first.weights == {"places": 2.0, "speed": -3.0, "weld": -1.0}
    assert (first.low, first.high) == (-math.inf, 19.5)
    assert (second.weights, second.low, second.high) == ({"new_rack": 1.0, "fitter": 1.0}, 1.0, 1.0)
    assert (third.low, third.high) == (9.0, math.inf)
    assert (money.weights, money.high) == (None, 12_000.0)


def test_kpis_and_goals(tmp_path: Path) -> None:
    found = search(tmp_path)
    lead, team = found.ceilings
    assert (lead.metric.base, lead.at_most, lead.value) == ("kpis.lead_time_p95_s", True, 14_400.0)
    assert (team.metric.unit, team.value) == ("share", 0.85)
    more, cost = found.aims
    assert (more.name, more.maximise, more.unit) == ("throughput_per_h", True, "1/h")
    assert (cost.name, cost.maximise, cost.unit, cost.metric) == ("cost", False, "EUR", None)
    assert (found.indifference, found.confidence, found.replications, found.method) == (0.5, 0.9, 3000, "auto")


def test_one_goal_and_one_limit_need_no_list(tmp_path: Path) -> None:
    text = "optimise: {decide: {n: {path: buffers.rack.capacity, from: 1, to: 3}}, limits: n <= 2, goals: min wip}"
    found = search(tmp_path, text)
    assert [aim.name for aim in found.aims] == ["wip"]
    assert [one.text for one in found.sums] == ["n <= 2"]


def test_a_lever_that_only_the_search_pulls_is_pulled(tmp_path: Path) -> None:
    assert not [one for one in study(tmp_path, SEARCH).warnings if "no scenario pulls" in one.text]
