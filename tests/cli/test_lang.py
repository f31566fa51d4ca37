"""``--lang fr``: the answers of ``run``, ``study`` and ``optimise`` in French; another language is a mistake."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typed import twin

from tests.study.asking import SEARCH, written


def test_a_study_answers_in_french_and_programs_get_the_same_document(folder: Path) -> None:
    written(folder)
    words = ("study", "study.yaml", "--workers", "1", "--json", "a.json", "--plot", "a.svg")
    done = twin(*words, "--lang", "fr")
    assert done.exit_code == 0, done.output
    assert "\nPourquoi\u202f: " in done.stdout
    assert "P(VAN > 0) ≥ 75\u202f%" in done.stdout
    assert done.stderr.rstrip().endswith("--lang fr"), "the page will be in French too"
    assert "VAN" in Path("a.svg").read_text(encoding="utf-8")
    french = json.loads(Path("a.json").read_text(encoding="utf-8"))
    assert twin(*words).exit_code == 0
    assert json.loads(Path("a.json").read_text(encoding="utf-8")) == french


def test_a_search_answers_in_french(folder: Path) -> None:
    written(folder, more=SEARCH)
    done = twin("optimise", "study.yaml", "--workers", "1", "--no-store", "--lang", "fr")
    assert done.exit_code == 0, done.output
    assert "Réponse\u202f: " in done.stdout


def test_a_run_answers_in_french(folder: Path) -> None:
    written(folder)
    done = twin("run", "plant.yaml", "--replications", "2", "--workers", "1", "--lang", "fr")
    assert done.exit_code == 0, done.output
    assert "Pièces bonnes par heure" in done.stdout


@pytest.mark.parametrize("words", [("run", "plant.yaml"), ("study", "study.yaml"), ("optimise", "study.yaml")])
def test_another_language_is_refused_before_anything_is_done(folder: Path, words: tuple[str, ...]) -> None:
    done = twin(*words, "--lang", "de")
    assert done.exit_code == 2
    assert "lang must be 'en' or 'fr', not 'de'" in done.stderr
