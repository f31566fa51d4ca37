"""The notebooks, as ``twin init`` copies them: a question first, asserts last, with and without sliders."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from twin import workspace

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
SLIDERS = [path for path in NOTEBOOKS if "ipywidgets" in path.read_text(encoding="utf-8")]
QUICK = ("04", "06")
"""Those that are run once more without sliders, whose cells are alike in all."""
FEW = """
import sys, warnings
import matplotlib
matplotlib.use("Agg")
warnings.filterwarnings("ignore", "FigureCanvasAgg is non-interactive")
import twin
from twin.api.plant import Plant
from twin.api.study import Study

shown = []
display = shown.append
if {without}:
    sys.modules["ipywidgets"] = None
plant_run, study_run = Plant.run, Study.run
Plant.run = lambda self, n=None, *, replications=2, **rest: plant_run(self, 2, **(rest | dict(workers=1)))
Study.run = lambda self, n=None, **rest: study_run(self, 2, **(rest | dict(workers=1)))
"""
"""What is done before the cells: two replications each, in this process; the numbers say nothing then."""


def cells(path: Path, kind: str) -> list[str]:
    """The text of the cells of a kind."""
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(one["source"]) for one in found if one["cell_type"] == kind]


def test_there_are_the_notebooks_agreed() -> None:
    assert [path.stem for path in NOTEBOOKS] == [
        "01_first_line", "02_calibration", "03_compare_two_layouts", "04_capex_case", "05_lean_levers",
        "06_buffers_and_bottlenecks",
    ]  # fmt: skip
    assert len(SLIDERS) >= 2


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_asks_first_and_asserts(path: Path) -> None:
    first, *_ = cells(path, "markdown")
    assert first.startswith("# ")
    assert "?" in first, "a notebook begins with a question"
    asserts = [
        node for text in cells(path, "code") for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Assert)
    ]
    assert asserts, "a notebook asserts what it found"


@pytest.mark.parametrize("path", SLIDERS, ids=lambda path: path.stem)
def test_a_notebook_with_sliders_ends_in_asserts(path: Path) -> None:
    last = ast.parse(cells(path, "code")[-1])
    assert len([node for node in ast.walk(last) if isinstance(node, ast.Assert)]) >= 3


def script(path: Path, without: bool) -> str:
    """A notebook as a script with few replications; without its last cell, whose asserts need more."""
    return "\n".join([FEW.format(without=without), *cells(path, "code")[:-1], "assert interact or shown"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("work") / "space"
    workspace.init(made)
    return made / "notebooks"


@pytest.mark.long
@pytest.mark.parametrize("path", [one for one in SLIDERS if one.stem[:2] in QUICK], ids=lambda path: path.stem)
def test_a_notebook_runs_without_sliders_from_a_workspace(path: Path, folder: Path) -> None:
    check_runs(path, folder, without=True)


@pytest.mark.long
def test_a_notebook_runs_with_sliders_from_a_workspace(folder: Path) -> None:
    """The quickest one; where they are installed, all are run with them when notebooks are run whole."""
    pytest.importorskip("ipywidgets", reason="pip install 'factory-twin[notebooks]'")
    check_runs(SLIDERS[0], folder, without=False)


def check_runs(path: Path, folder: Path, without: bool) -> None:
    """Run a notebook in a workspace, with two replications."""
    assert (folder / path.name).read_bytes() == path.read_bytes()
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script(path, without)],
        cwd=folder, check=False, capture_output=True, text=True, timeout=280, env={**os.environ, "MPLBACKEND": "Agg"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert ("No sliders: ipywidgets is not installed" in done.stdout) == without
