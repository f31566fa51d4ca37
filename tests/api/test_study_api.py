"""A study as a notebook holds it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import twin
from tests.study.asking import SEARCH, written
from twin.api import OutputError
from twin.api.search import SearchResult


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> twin.Study:
    return twin.load_study(written(tmp_path_factory.mktemp("study"), more=SEARCH))


@pytest.fixture(scope="module")
def result(study: twin.Study) -> twin.StudyResult:
    return study.run(30, workers=1, explain="both")


def test_a_study_says_what_it_is(study: twin.Study) -> None:
    assert study.name == "Two machines, next year"
    assert study.question == "Which project pays?"
    assert study.scenarios == ["baseline", "drills", "places", "both"]
    assert [path.name for path in study.reads] == ["plant.yaml"]
    assert study.store == Path(study.file).with_name("study.runs.sqlite")
    assert repr(study).startswith("Study('Two machines, next year', 4 scenarios, ")
    assert study.problems == []


def test_a_plan_of_a_scenario_and_what_it_changes(study: twin.Study) -> None:
    assert [str(one).partition(": ")[2] for one in study.diff("places")] == [
        "buffers.rack.capacity: 4 → 12 (lever places)"
    ]
    assert "place rack: 12 places" in study.plan("places").describe()
    with pytest.raises(ValueError, match="did you mean 'places'"):
        study.plan("place")


def test_the_answer_as_frames(result: twin.StudyResult) -> None:
    frame, npv = result.frame(), result.npv()
    assert list(frame["scenario"]) == list(npv.columns) == ["baseline", "drills", "places", "both"]
    assert npv.shape == (30, 4)
    assert (npv["baseline"] == 0).all()
    means = frame.set_index("scenario")["npv_positive"]
    assert means["drills"] == pytest.approx((npv["drills"] > 0).mean())
    assert result.replications == 30
    assert not result.interrupted


def test_the_decision_in_words(result: twin.StudyResult) -> None:
    assert result.decision.startswith("Decision: ")
    assert (result.chosen is None) == ("cannot tell yet" in result.decision)


def test_figures_and_files(result: twin.StudyResult, tmp_path: Path) -> None:
    from matplotlib.figure import Figure

    figures = [result.plot.npv(), result.plot.tornado(), result.plot.waterfall("both"), result.plot.differences("wip")]
    figures += [result.plot.cash(), result.plot.pareto("wip"), result.plot.trs(), result.plot.bottleneck()]
    for figure in figures:
        assert figure.axes[0].get_title(loc="left")
    own = Figure().subplots()
    assert result.plot.npv(ax=own) is own.figure
    result.save_plot(tmp_path / "a.svg", "tornado")
    assert json.loads(result.to_json(tmp_path / "a.json")) == json.loads((tmp_path / "a.json").read_text())
    with pytest.raises(ValueError, match="there is no NPV of 'x'"):
        result.plot.tornado("x")
    with pytest.raises(ValueError, match=r"no differences of 'x'; there are those of throughput_per_h"):
        result.plot.differences("x")
    with pytest.raises(OutputError, match=r"plant\.yaml: the name must end in \.json"):
        result.to_json(result.found.study.reads[0])


def test_it_shows_itself(result: twin.StudyResult) -> None:
    assert str(result).splitlines()[0] == "Two machines, next year: Which project pays?"
    assert "<table>" in result._repr_html_()


def test_any_executor_gives_the_same(study: twin.Study, result: twin.StudyResult) -> None:
    with ThreadPoolExecutor(2) as pool:
        again = study.run(30, executor=pool, explain="both")
    assert again.to_json() == result.to_json()


def test_a_search(study: twin.Study, tmp_path: Path) -> None:
    found = study.optimise(workers=1, store=tmp_path / "a.sqlite")
    assert isinstance(found, SearchResult)
    assert found.chosen is not None
    frame = found.frame()
    assert set(frame["status"]) <= {"may be best", "behind", "breaks a limit"}
    assert {"rack", "drills", "throughput_per_h", "throughput_per_h_low", "cost"} <= set(frame.columns)
    assert "Answer: rack" in str(found)
    assert "<table>" in found._repr_html_()
    found.save_plot(tmp_path / "front.svg", lang="fr")
    assert "Réponse" in (tmp_path / "front.svg").read_text()
    with pytest.raises(OutputError, match=r"must end in \.svg or \.png or \.pdf"):
        found.save_plot(tmp_path / "front.txt")


def test_options_that_make_no_sense(study: twin.Study) -> None:
    with pytest.raises(ValueError, match="workers: a whole number"):
        study.run(workers=0)
    with pytest.raises(ValueError, match=r"keep: 'all' or 'named' is due, not 'x'"):
        study.run(keep="x")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"executor: one of concurrent\.futures is due"):
        study.run(executor=3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"the name of a file such as 'experiments/pump_line_2027\.yaml' is due"):
        twin.load_study(3)  # type: ignore[arg-type]


def test_a_study_without_money_has_no_npv(tmp_path: Path) -> None:
    path = written(tmp_path, "horizon: 2 h, replications: 3")
    text = path.read_text()
    path.write_text(text[: text.index("finance:")])
    found = twin.load_study(path).run(workers=1)
    assert found.chosen is None
    assert "no decision rule" in found.decision
    with pytest.raises(ValueError, match="the study has no 'finance:', so there is no NPV"):
        found.npv()
    found.save_plot(tmp_path / "a.svg")
