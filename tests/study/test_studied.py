"""A study from its file to its answer."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.study.asking import PLANT, written
from twin.api.plant import register
from twin.study.asked import Study, read_study
from twin.study.listed import table
from twin.study.studied import Studied, check_scenario, default_store, open_store, run_study, with_replications


def read(folder: Path, **words: str) -> Study:
    register()
    return read_study(written(folder, **words))


def shown(found: Studied) -> str:
    return json.dumps(found.document(), allow_nan=False)


def without_minutes(found: Studied) -> str:
    """What is shown but the minutes of a day of each station, which take the KPIs of all states."""
    document = found.document()
    for stations in document["plant"].values():
        for one in stations.values():
            del one["minutes"]
    return json.dumps(document, allow_nan=False)


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> Studied:
    return run_study(read(tmp_path_factory.mktemp("study")), workers=1)


def test_the_answer_is_the_same_on_an_executor(answer: Studied) -> None:
    with ThreadPoolExecutor(2) as pool:
        assert shown(run_study(answer.study, executor=pool)) == shown(answer)


def test_the_answer_is_the_same_from_a_store_with_all_kpis_and_with_the_named(answer: Studied, tmp_path: Path) -> None:
    """A store that keeps only what is named has all that money, tables and bottlenecks are made of; no minutes."""
    for keep in ("all", "named"):
        for again in (False, True):
            with open_store(answer.study, tmp_path / f"{keep}.sqlite", keep) as store:  # type: ignore[arg-type]
                found = run_study(answer.study, workers=1, store=store)
            assert found.runs.from_store == (48 if again else 0)
            assert without_minutes(found) == without_minutes(answer), keep
            assert (shown(found) == shown(answer)) == (keep == "all")


def test_what_is_named_is_less_than_all(answer: Studied, tmp_path: Path) -> None:
    with open_store(answer.study, tmp_path / "named.sqlite", "named") as store:
        row = run_study(answer.study, replications=2, workers=1, store=store).runs.rows("baseline")[0]
    whole = answer.runs.rows("baseline")[0]
    assert set(row) < set(whole)
    assert all(row[path] == whole[path] for path in row)


def test_a_gain_taken_apart_leaves_the_rest_as_it_is(tmp_path: Path) -> None:
    """Subsets that are no scenarios are simulated besides; the warm-up and the answer stay those of the study."""
    study = read(tmp_path, run="warm_up: {pilot: 10}, horizon: 20 h, replications: 4")
    few = replace(study, scenarios=tuple(one for one in study.scenarios if one.name in ("baseline", "both")))
    plain, apart = (run_study(few, workers=1, explain=name) for name in (None, "both"))
    assert plain.waterfall is None
    assert apart.waterfall is not None
    assert [one.lever for one in apart.waterfall.levers] == ["drills", "places"]
    told = json.loads(shown(apart))
    assert told.pop("explained") == "both"
    assert told["scenarios"][0].pop("waterfall")["kpi"] == "throughput_per_h"
    assert told | {"explained": None} == json.loads(shown(plain))


def test_a_warm_up_is_found_by_pilots_and_frozen(tmp_path: Path) -> None:
    words: list[str] = []
    found = run_study(
        read(tmp_path, run="warm_up: {pilot: 10}, horizon: 20 h, replications: 2"), workers=1, told=words.append
    )
    warm_ups = {case.plan.warm_up for case in found.runs.cases}
    assert len(warm_ups) == 1
    assert found.document()["run"]["warm_up_s"] == warm_ups.pop() / 1e6
    assert found.notes[0].startswith(("warm-up ", "no warm-up"))
    assert words == ["10 pilots of each scenario, to find the warm-up", found.notes[0]]


def test_a_plant_that_runs_until_it_is_empty(tmp_path: Path) -> None:
    plant = PLANT.replace("arrivals: saturated", "arrivals: saturated, limit: 200").replace(", horizon: 8 h", "")
    study = read(tmp_path, run="warm_up: {pilot: 10}, replications: 4", plant=plant)
    found = run_study(study, workers=1).document()
    assert found["run"]["horizon_s"] is None
    assert found["run"]["notes"] == ["no warm-up: the plant runs until it is empty"]
    assert found["scenarios"][0]["money"]["npv"]["mean"]["value"] is not None


def test_replications_that_are_asked_for_replace_those_of_the_study(answer: Studied) -> None:
    assert run_study(answer.study, replications=2, workers=1).runs.n == 2
    assert with_replications(answer.study, None) is answer.study
    with pytest.raises(ValueError, match="replications: a whole number from 1 to 1000000 is due, not 0"):
        with_replications(answer.study, 0)


def test_what_is_said_at_checkpoints_is_told(tmp_path: Path) -> None:
    study = written(
        tmp_path,
        "horizon: 8 h, replications: {start: 5, step: 5, most: 10}, stop: {metric: npv.difference, half_width: 1 EUR}",
    )
    register()
    words: list[str] = []
    found = run_study(read_study(study), workers=1, told=words.append)
    assert [one.partition(":")[0] for one in words] == ["5 replications each", "10 replications each"]
    assert found.runs.n == 10


def test_a_scenario_that_is_not_there_is_told_with_the_nearest(answer: Studied) -> None:
    with pytest.raises(ValueError, match=r"Two machines, next year has no scenario 'bth'; did you mean 'both'\?"):
        check_scenario(answer.study, "bth")
    with pytest.raises(ValueError, match="no scenario 'x'; there is baseline, drills, places, both"):
        check_scenario(answer.study, "x")
    with pytest.raises(ValueError, match="a waterfall takes 2 to 6 levers; 'places' has 1"):
        run_study(answer.study, explain="places")


def test_the_bottleneck_is_the_station_with_the_largest_share(answer: Studied) -> None:
    """The drill is slower than the lathe; with faster drills the lathe, which stops, is what limits."""
    necks = answer.necks()
    assert list(necks) == ["baseline", "drills", "places", "both"]
    assert necks["baseline"].station == "drill"
    assert necks["both"].station == "turn"
    rows = answer.runs.rows("baseline")
    share = sum(row["bottleneck.drill"] for row in rows) / len(rows)
    assert necks["baseline"].share == pytest.approx(share, rel=1e-12)


def test_warnings_of_replications_name_their_scenarios(answer: Studied) -> None:
    kept = [tuple(one._replace(warnings=("odd",)) for one in answer.runs.kept[0]), *answer.runs.kept[1:]]
    runs = replace(answer.runs, kept=tuple(kept))
    assert replace(answer, judged=replace(answer.judged, runs=runs)).warnings == ["baseline: odd"]
    every = replace(answer.runs, kept=tuple(kept[:1] * 4))
    assert replace(answer, judged=replace(answer.judged, runs=every)).warnings == ["all scenarios: odd"]


def test_the_table_has_a_row_a_scenario_and_what_the_document_says(answer: Studied) -> None:
    document = answer.document()
    head, rows = table(document)
    found: dict[str, dict[str, Any]] = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    assert list(found) == ["baseline", "drills", "places", "both"]
    money = {one["name"]: one["money"] for one in document["scenarios"]}
    assert found["both"]["npv_mean"] == money["both"]["npv"]["mean"]["value"]
    assert found["both"]["capex_median"] == money["both"]["capex"]["median"]
    assert found["both"]["levers"] == "drills + places"
    assert found["baseline"]["npv_mean"] is None
    assert sum(row["verdict"] == "chosen" for row in found.values()) == (document["decision"]["chosen"] is not None)
    difference = found["both"]["throughput_per_h"] - found["baseline"]["throughput_per_h"]
    assert found["both"]["throughput_per_h_difference"] == pytest.approx(difference, rel=1e-9)


def test_the_store_stands_beside_the_study() -> None:
    assert default_store("experiments/a.yaml") == Path("experiments/a.runs.sqlite")
