"""The shipped fitted file says what its history says, the reference knows its keys, and a layout takes its laws."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import twin
from twin.study.validation import Validation
from twin.study.validity import validities

ROOT = Path(__file__).resolve().parents[2]
FITTED = ROOT / "calibration" / "pump_line.fitted.yaml"
TAKEN = {"mill.spindle", "mill.chips", "mill.greasing", "kit.cycle", "test.scrap", "test.rework"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the workspace."""
    for name in ("calibration", "layouts"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def test_nothing_has_moved(folder: Path) -> None:
    """Else, from the root: twin calibrate calibration/pump_line.yaml; then python -m tests.golden."""
    found = twin.fit(folder / "calibration" / "pump_line.yaml")
    assert [str(problem) for problem in found.check()] == []


def test_it_was_made_by_the_command_it_names() -> None:
    lines = FITTED.read_text(encoding="utf-8").splitlines()
    assert lines[1] == "# twin calibrate calibration/pump_line.yaml"


def test_the_kept_validation_is_of_this_history_and_layout() -> None:
    """Else, from the root: twin calibrate calibration/pump_line.yaml --validate layouts/pump_line_fitted.yaml."""
    layout = ROOT / "layouts" / "pump_line_fitted.yaml"
    (found,), wrong = validities(layout, twin.load(layout).layout.document.reads)
    assert (found.changed, found.same_layout, wrong) == ((), True, ())
    assert found.data["simulated_weeks"] == 200
    answer = Validation.of(found.data)
    assert 0.8 <= answer.covered <= 0.97
    assert "different" not in [one.said for one in answer.verdicts]


def test_the_layout_takes_all_of_it(folder: Path) -> None:
    layout = folder / "layouts" / "pump_line_fitted.yaml"
    named = re.findall(r"pump_line[.]fitted[.]yaml#([a-z.]+)", layout.read_text(encoding="utf-8"))
    assert set(named) == TAKEN == set(entries())
    assert [str(problem) for problem in twin.check(layout)] == []
    plan = twin.load(layout).plan
    assert {one.name for one in plan.inputs} == TAKEN - {"mill.greasing"}  # always as long: a constant is not drawn
    assert not plan.inputs.fixed


def test_the_layout_is_the_pump_line_but_for_its_laws() -> None:
    """So that the answers of both may be compared."""
    hand, fitted = (
        yaml.safe_load((ROOT / "layouts" / f"{name}.yaml").read_text(encoding="utf-8"))
        for name in ("pump_line", "pump_line_fitted")
    )
    moved = {path for path, value in leaves(fitted) if dict(leaves(hand)).get(path) != value}
    assert moved - {("plant",)} == {path for path, _ in leaves(fitted) if path[-1] == "from"}


def test_the_reference_knows_its_keys() -> None:
    page = (ROOT / "docs" / "reference" / "reading-file.md").read_text(encoding="utf-8")
    page = page.partition("## The fitted file")[2]
    keys = {key for entry in entries().values() for path, _ in leaves(entry) for key in path if isinstance(key, str)}
    assert sorted(key for key in keys if f"`{key}`" not in page) == []


def entries() -> dict[str, Any]:
    """The fitted file as data."""
    data: dict[str, Any] = yaml.safe_load(FITTED.read_text(encoding="utf-8"))
    return data


def leaves(value: Any, path: tuple[object, ...] = ()) -> Iterator[tuple[tuple[object, ...], Any]]:
    """All values with their paths."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if steps is None:
        yield path, value
        return
    for step, inner in steps:
        yield from leaves(inner, (*path, step))
