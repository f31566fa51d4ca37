"""The notebooks, as ``twin init`` copies them: a question first, asserts last, with and without sliders."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

from twin import workspace

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
SLIDERS = [path for path in NOTEBOOKS if "ipywidgets" in path.read_text(encoding="utf-8")]
NAMED = re.compile(r"\"\.\./([^\"*]+)\"")
"""A file or folder of the workspace, as a notebook names it."""
SWITCH = re.compile(r"^([A-Z]+) = (\d+) if os\.environ\.get\(\"TWIN_FAST\"\) else (\d+) ", re.MULTILINE)
"""What the tests run in place of what a reader runs."""


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


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_fast_switch_lowers_a_number_of_the_first_cell(path: Path) -> None:
    first, *rest = cells(path, "code")
    ((name, fast, whole),) = SWITCH.findall(first)
    assert 2 <= int(fast) < int(whole)
    assert any(name in text for text in rest), "what is fast must be asked for"
    assert not any("TWIN_FAST" in text for text in rest), "the asserts hold for both"


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


@pytest.mark.parametrize("path", SLIDERS, ids=lambda path: path.stem)
def test_sliders_begin_where_a_notebook_without_them_looks(path: Path) -> None:
    """The last cell with a function, which only notes what it is asked; no plant is simulated."""
    widgets = pytest.importorskip("ipywidgets", reason="pip install 'factory-twin[notebooks]'")
    (cell,) = [ast.parse(text) for text in cells(path, "code") if "interact(" in text]
    *_, function, choice = [node for node in cell.body if isinstance(node, ast.FunctionDef | ast.If)]
    assert isinstance(function, ast.FunctionDef)
    function.body = ast.parse("asked.append(locals())").body
    slid, plain = (asked_of([function, choice], vars(widgets) | {"interact": how}) for how in (widgets.interact, None))
    assert slid == plain
    assert slid


def asked_of(nodes: list[ast.stmt], names: dict[str, Any]) -> list[dict[str, Any]]:
    """What the function of a cell is asked for."""
    asked: list[dict[str, Any]] = []
    exec(compile(ast.Module(nodes, []), "cell", "exec"), names | {"asked": asked, "display": lambda shown: None})
    return asked
