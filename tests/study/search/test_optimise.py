"""The search on a plant: the same answer with any workers and after an interruption; what a user reads."""

from __future__ import annotations

import json
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.lever.pulling import study
from twin.core.problem import PlantError
from twin.core.run import RunError
from twin.report.study import search as plain
from twin.study.asked import Study
from twin.study.paired.store import Store
from twin.study.search.designs import kpis
from twin.study.search.optimise import Optimised, asked_of, optimise
from twin.study.work import spread

PLANT = """
twin: 1
plant: Two stations
flow: [raw -> saw -> rack -> mill -> out]
sources: {raw: {arrivals: saturated}}
stations:
  saw: {cycle: {exponential: 60 s}}
  mill: {cycle: {exponential: 60 s}}
buffers: {rack: {capacity: 2}}
sinks: {out: {}}
"""
LEVERS = """
run: {warm_up: 15 min, horizon: 4 h, seed: 3}
levers:
  faster: {change: {stations.mill.cycle: {scale: 0.4}}, cash: [{capex: 8 kEUR}, {grant: 1 kEUR}, {opex: 1 kEUR}]}
scenarios: {now: []}
"""
SEARCH = """
optimise:
  decide:
    places: {path: buffers.rack.capacity, from: 1, to: 6, cost: 1 kEUR}
    mill: {lever: faster}
  limits: [budget <= 10 kEUR, PLANT]
  goals: [max throughput_per_h]
  replications: 150
  indifference: 1 /h
"""


@pytest.fixture
def two(tmp_path: Path) -> Study:
    return asked(tmp_path, SEARCH.replace(", PLANT", ""))


@pytest.fixture
def quick(tmp_path: Path) -> Study:
    """For what does not depend on the answer."""
    return asked(tmp_path, SEARCH.replace(", PLANT", "").replace("replications: 150", "replications: 80"))


def asked(folder: Path, search: str, plant: str = PLANT) -> Study:
    (folder / "plant.yaml").write_text(plant)
    return study(folder, LEVERS + search, folder / "plant.yaml")


def document(found: Optimised) -> Any:
    return found.document() | {"from_store": 0}


def test_the_answer(two: Study) -> None:
    told: list[tuple[int, int]] = []
    found = optimise(two, workers=1, progress=lambda *now: told.append(now))
    page = json.loads(json.dumps(found.document()))
    assert page["possible"] == page["visited"] == 10, "six without the lever, four within the budget with it"
    assert page["exhaustive"]
    assert page["neighbours_visited"]
    words = " ".join(plain.text(page).split())
    assert re.search(r"the best of 8 leaders of all 10 possible designs, at 95 %", words)
    assert "not visited" not in words
    assert page["chosen"]["mill"] == 1.0
    assert found.found.spent == page["replications"] <= 150
    assert told[-1] == (found.found.spent, 150)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    best = page["best"][0]
    assert best["cost"] == 1000 * (best["decisions"]["places"] - 2) + 8000
    assert best["goals"][0]["unit"] == "1/h"
    assert best["goals"][0]["interval"]["n"] == best["fresh"]
    assert page["decisions"]["places"]["levels"][0] == {"amount": 1.0, "value": 1, "cost": 0.0}
    assert page["decisions"]["mill"]["lever"] == "faster"


def test_what_is_claimed_where_not_all_were_visited(tmp_path: Path) -> None:
    text = SEARCH.replace(", PLANT", "").replace("replications: 150", "replications: 100")
    page = optimise(asked(tmp_path, text.replace("to: 6, cost: 1 kEUR", "to: 60")), workers=1).document()
    assert (page["exhaustive"], page["settled"], page["possible"]) == (False, False, 120)
    assert page["visited"] < 40
    among = f"of the {page['visited']} designs visited (of 120 possible), at 95 %"
    assert among in " ".join(plain.text(page).split())
    assert "One that was not visited may be better" in " ".join(plain.text(page).split())
    french = " ".join(plain.text(page, "fr").split())
    assert f"parmi les {page['visited']} solutions visitées (sur 120 possibles)" in french
    about = " ".join(plain.text(page | {"possible": 4_200_000, "possible_is_estimate": True}).split())
    assert "(of about 4,200,000 possible)" in about
    many = plain.text(page | {"possible": 42 * 10**59, "possible_is_estimate": True}, width=300)
    assert "(of about 4.2e+60 possible)" in many


@pytest.mark.parametrize(
    ("cash", "cost", "warned"),
    [("{capex: 8 kEUR}", "", 0), ("{capex: 8 kEUR}", ", cost: 1 kEUR", 1), ("{capex: 8 kEUR}, {opex: 1 kEUR}", "", 1)],
)
def test_money_that_the_search_counts_needs_no_finance(cash: str, cost: str, warned: int, tmp_path: Path) -> None:
    levers = LEVERS.replace("{capex: 8 kEUR}, {grant: 1 kEUR}, {opex: 1 kEUR}", cash)
    search = SEARCH.replace(", PLANT", "").replace("lever: faster", f"lever: faster{cost}")
    (tmp_path / "plant.yaml").write_text(PLANT)
    found = study(tmp_path, levers + search, tmp_path / "plant.yaml").document.problems
    assert [one.text for one in found] == ["without 'finance:' nothing counts the money of levers"] * warned


@pytest.mark.long
def test_workers_change_nothing(quick: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = document(optimise(quick, workers=1))
    monkeypatch.setattr(spread, "SHORT", 0.0)
    assert document(optimise(quick, workers=2)) == expected
    with ThreadPoolExecutor(3) as executor:
        assert document(optimise(quick, executor=executor)) == expected


def test_stopped_and_gone_on(quick: Study, tmp_path: Path) -> None:
    expected = document(optimise(quick, workers=1))

    def stop(done: int, wanted: int) -> None:
        if done >= 50:
            raise KeyboardInterrupt

    with Store(tmp_path / "runs.sqlite") as store:
        first = optimise(quick, store=store, workers=1, progress=stop)
        assert first.interrupted
        assert first.found.spent == 50
        assert first.chosen is not None
        again = optimise(quick, store=store, workers=1)
        assert again.from_store == 50
        assert document(again) == expected
        cached = optimise(quick, store=store, workers=1)
        assert cached.from_store == cached.found.spent
        assert document(cached) == expected


def test_a_store_of_named_kpis(quick: Study, tmp_path: Path) -> None:
    with Store(tmp_path / "runs.sqlite", kpis(asked_of(quick)), whole=False) as store:
        expected = document(optimise(quick, store=store, workers=1))
        again = optimise(quick, store=store, workers=1)
        assert again.from_store == again.found.spent
        assert document(again) == expected
    with (
        Store(tmp_path / "others.sqlite", ["kpis.wip"], whole=False) as store,
        pytest.raises(ValueError, match=r"the store must keep kpis\.throughput_per_h"),
    ):
        optimise(quick, store=store, workers=1)


def test_a_limit_on_a_kpi_and_two_goals(tmp_path: Path) -> None:
    text = SEARCH.replace("PLANT", "wip <= 5").replace("[max throughput_per_h]", "[max throughput_per_h, min cost]")
    page = optimise(asked(tmp_path, text), workers=1).document()
    assert page["chosen"] is None
    assert page["limits"] == ["budget <= 10 kEUR", "wip <= 5"]
    costs = [one["goals"][1]["mean"] for one in page["best"]]
    assert costs == sorted(costs)
    assert len(costs) >= 3
    assert all(one["limits"][0]["unit"] == "parts" for one in page["best"])


def test_designs_that_the_plant_cannot_have(tmp_path: Path) -> None:
    text = SEARCH.replace(", PLANT", "").replace("from: 1", "from: 0")
    page = optimise(asked(tmp_path, text), workers=1).document()
    assert [one["decisions"]["places"] for one in page["failed"]] == [0.0, 0.0]
    assert "a buffer needs at least 1 place" in page["failed"][0]["why"]
    assert page["chosen"]["mill"] == 1.0
    none = text.replace("from: 0, to: 6", "from: 0, to: 0")
    with pytest.raises(
        RunError, match=r"no design could be simulated; the first, places=0, mill=0: .*at least 1 place"
    ):
        optimise(asked(tmp_path, none), workers=1)


def test_the_warm_up_by_pilots(tmp_path: Path) -> None:
    text = SEARCH.replace(", PLANT", "").replace("replications: 150", "replications: 40")
    (tmp_path / "plant.yaml").write_text(PLANT)
    levers = LEVERS.replace("warm_up: 15 min, horizon: 4 h", "warm_up: {pilot: 10}, horizon: 10 h")
    found = optimise(study(tmp_path, levers + text, tmp_path / "plant.yaml"), workers=1)
    assert "MSER-5 on 10 pilots" in found.warm_up
    assert found.designs.case(found.found.chosen or ()).plan.warm_up == found.designs.warm_up


def test_a_plant_without_chance(tmp_path: Path) -> None:
    text = """
optimise:
  decide: {places: {path: buffers.rack.capacity, from: 1, to: 6, cost: 1 kEUR}}
  goals: min lead_time
"""
    fixed = PLANT.replace("{exponential: 60 s}", "60 s")
    found = optimise(asked(tmp_path, text, fixed), workers=1)
    assert found.found.spent == 6
    assert found.chosen == {"places": 1.0}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("limits: [budget <= 10 kEUR, PLANT]", "limits: places + mill >= 9",
         "study.yaml:14:11: optimise.limits: no design fulfils the limits on the decisions"),
        ("replications: 150", "replications: 12\n  method: exhaustive",
         "study.yaml:17:11: optimise.method: 12 replications are too few for all designs, of which there are more than "
         "2; allow more, or write 'method: auto'"),
        ("replications: 150", "replications: 150\n  method: optuna",
         "study.yaml:17:11: optimise.method: 'optuna' is not installed; install it with: pip install "
         "'factory-twin[optimise]'"),
    ],
)  # fmt: skip
def test_what_a_user_reads(old: str, new: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    wrong = asked(tmp_path, SEARCH.replace(old, new).replace(", PLANT", ""))
    with pytest.raises(PlantError) as raised:
        optimise(wrong, workers=1)
    assert str(raised.value).endswith(said)


def test_nothing_to_search_for(tmp_path: Path) -> None:
    with pytest.raises(PlantError, match="nothing to search for; add 'optimise:' with 'decide' and 'goals'"):
        optimise(asked(tmp_path, ""))
