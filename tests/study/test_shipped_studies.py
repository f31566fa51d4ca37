"""The studies that are shipped: without problems, each with a question and a decision, and quick."""

from __future__ import annotations

from pathlib import Path

import pytest

from twin.api.study import load_study

STUDIES = sorted((Path(__file__).resolve().parents[2] / "experiments").glob("*.yaml"))


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_a_shipped_study_asks_a_question_and_ends_in_a_decision(path: Path) -> None:
    study = load_study(path)
    assert [str(problem) for problem in study.problems] == []
    assert study.question.endswith("?")
    assert study.asked.decision.choose is not None
    assert "made-up" in path.read_text().lower().replace("made up", "made-up")
    for scenario in study.scenarios[1:]:
        assert study.diff(scenario), scenario


@pytest.mark.long
def test_a_shipped_study_answers() -> None:
    path = next(path for path in STUDIES if path.stem == "packaging_automation")
    result = load_study(path).run(3, workers=1)
    assert result.decision.startswith("Decision: ")
    assert result.frame()["scenario"].tolist() == ["baseline", "balance", "palletiser", "case_packer", "both"]
