"""One study for all reports: run once, shown in many ways."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from tests.study.asking import written
from twin.api.study import load_study
from twin.report.run import page as run_page
from twin.report.study import html_page, search_page

ROWS = 40
"""Replications; from 30 on something is said of inputs."""


@pytest.fixture(scope="session")
def answer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """The document of the study of ``tests.study.asking``, which chooses 'both' and takes its gain apart.

    No test may change it: who does takes ``document``.
    """
    study = load_study(written(tmp_path_factory.mktemp("study")))
    found = study.run(ROWS, workers=1, explain="both").document()
    assert found["decision"]["chosen"] == "both"
    before = copy.deepcopy(found)
    yield found
    assert found == before, "a test changed what all share"


@pytest.fixture
def document(answer: dict[str, Any]) -> dict[str, Any]:
    """A copy that a test may change."""
    return copy.deepcopy(answer)


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages without their figures, where a test asks for words alone."""
    for module in (html_page, search_page, run_page):
        monkeypatch.setattr(module, "drawn", lambda *_: None)
    monkeypatch.setattr(html_page, "_drawn", lambda *_, **__: ())
