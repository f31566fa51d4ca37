"""Every key of a study's document is described in the reference."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import twin

from .pages import ROOT

NAMED = {
    "means", "inputs", "inputs_said", "variance", "factorials", "plant", "bottlenecks", "plans", "draws", "values",
}  # fmt: skip
"""Keys of maps whose keys are names: of scenarios, inputs, plans."""
FACTORIAL = """\
twin: 1
study: Two at once
question: Does one help the other?
layout: layouts/three_machines.yaml
levers:
  rack: {change: {buffers.rack.capacity: 12}}
  tool: {change: {stations.mill.breakdowns.tool.mttr: 4 min}}
factorial: {all: {levers: [rack, tool]}}
run: {horizon: 4 h, warm_up: 1 h, replications: 4}
"""


def keys(value: Any, named: int = 0) -> Iterator[str]:
    """The keys of a document, names left out; ``named`` levels of keys from here on are names."""
    if isinstance(value, list):
        for one in value:
            yield from keys(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            if not named:
                yield key
            yield from keys(one, named - 1 if named else levels(key, one))


def levels(key: str, value: Any) -> int:
    """How many levels of keys below a key are names; 'best' is an estimate, or one for each scenario."""
    if key == "plant":
        return 2
    return int(key in NAMED or (key == "best" and "value" not in value))


def documents(folder: Path) -> Iterator[dict[str, Any]]:
    """Of a case with money, levers taken apart and prices to be varied, and of a factorial."""
    case = twin.load_study(ROOT / "experiments" / "packaging_automation.yaml")
    yield case.run(2, workers=1, store=None, explain="both").document()
    yield twin.load_study(folder / "study.yaml").run(workers=1, store=None).document()


@pytest.mark.long
def test_the_document_of_a_study_is_described(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "reference" / "json.md").read_text(encoding="utf-8")
    described = set(re.findall(r"`(\w+)`", text.partition("## The document of a study")[2]))
    (tmp_path / "study.yaml").write_text(FACTORIAL.replace("layouts/", f"{ROOT}/layouts/"), encoding="utf-8")
    found = {key for document in documents(tmp_path) for key in keys(document)}
    assert len(found) > 100
    assert not sorted(found - described), "describe these keys in docs/reference/json.md"
    assert "scenario" in found
    assert "palletiser" not in found, "a name was taken for a key"
