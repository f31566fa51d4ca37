"""The notebooks, as ``twin init`` copies them: a question first, asserts last, with and without sliders."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from twin import workspace

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
SLIDERS = [path for path in NOTEBOOKS if "ipywidgets" in path.read_text(encoding="utf-8")]
WITHOUT = """
import sys, warnings
import matplotlib
matplotlib.use("Agg")
warnings.filterwarnings("ignore", "FigureCanvasAgg is non-interactive")
sys.modules["ipywidgets"] = None
shown = []
display = shown.append
"""
"""What is done before the cells of a notebook that is run as a script, as if ``ipywidgets`` were not installed."""
NAMED = re.compile(r"\"\.\./([^\"*]+)\"")
"""A file or folder of the workspace, as a notebook names it."""


def all_cells(path: Path, kind: str) -> list[dict[str, Any]]:
    """The cells of a kind."""
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [one for one in found if one["cell_type"] == kind]


def code(path: Path) -> list[dict[str, Any]]:
    """The cells with code."""
    return all_cells(path, "code")


def cells(path: Path, kind: str) -> list[str]:
    """The text of the cells of a kind."""
    return ["".join(one["source"]) for one in all_cells(path, kind)]


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


def switch(cell: dict[str, Any]) -> dict[str, int]:
    """The fast switch: what nbmake takes for a name after this cell."""
    found: dict[str, int] = cell["metadata"].get("nbmake", {}).get("mock", {})
    return found


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_fast_switch_lowers_a_number_of_the_first_cell(path: Path) -> None:
    first, *rest = code(path)
    ((name, fast),) = switch(first).items()
    (told,) = [
        ast.literal_eval(node.value) for node in ast.parse("".join(first["source"])).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name
    ]  # fmt: skip
    assert 2 <= fast < told
    assert not any(map(switch, rest))
    assert any(name in "".join(cell["source"]) for cell in rest), "what is fast must be asked for"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("work") / "space"
    workspace.init(made)
    return made / "notebooks"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_workspace_has_the_notebook_and_all_it_names(path: Path, folder: Path) -> None:
    assert (folder / path.name).read_bytes() == path.read_bytes()
    named = [name for text in cells(path, "code") for name in NAMED.findall(text)]
    assert [name for name in named if not (folder.parent / name).exists()] == []


@pytest.mark.long
def test_a_notebook_runs_without_sliders_from_a_workspace(folder: Path) -> None:
    """The quickest one, with the fast switch; the cells of sliders are alike in all."""
    first, *rest = cells(SLIDERS[-1], "code")
    fast = [f"{name} = {value}" for name, value in switch(code(SLIDERS[-1])[0]).items()]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "\n".join([WITHOUT, first, *fast, *rest, "assert interact or shown"])],
        cwd=folder, check=False, capture_output=True, text=True, timeout=280, env={**os.environ, "MPLBACKEND": "Agg"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert "No sliders: ipywidgets is not installed" in done.stdout
