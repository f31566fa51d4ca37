"""The rules of the house: floors, public names, lazy imports, docstrings, types, schema, versions, wheel."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import twin
from twin import api
from twin.api.study import study_schema

from .code import ROOT, functions, modules, public_without_words, tree

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
HEAVY = ("scipy", "pandas", "matplotlib", "simpy")
EXTRAS = {"test", "notebooks", "excel", "parquet", "postgres", "sql", "slides", "optimise", "cluster", "docs"}
"""The names that extras may have; those of later versions need not be there yet."""
CORE = {
    "simpy", "numpy", "scipy", "pyyaml", "pydantic", "typer", "rich", "matplotlib", "pandas", "jinja2", "xlsxwriter",
    "tzdata",
}  # fmt: skip
PUBLIC = {
    "Calibration", "Plant", "PlantError", "Result", "Study", "StudyResult", "__version__", "check", "fit", "load",
    "load_study", "run",
}  # fmt: skip
TEXTS = {".py", ".md", ".yaml", ".yml", ".toml", ".json", ".ipynb", ".csv", ".svg", ".txt", ".out", ".cfg", ""}
FOLDERS = ("twin", "layouts", "calibration", "experiments", "notebooks", "docs", "tests", ".ci")


def outside(*words: str) -> subprocess.CompletedProcess[str]:
    """A command in another process, from the root of the project."""
    return subprocess.run(words, cwd=ROOT, check=False, capture_output=True, text=True, timeout=280)


def test_imports_point_down() -> None:
    code = "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"
    done = outside(sys.executable, "-c", code)
    assert done.returncode == 0, done.stdout


# -- public names


def test_public_names_are_those_documented_and_can_be_imported() -> None:
    assert set(twin.__all__) == PUBLIC == set(dir(twin))
    for name in twin.__all__:
        value = getattr(twin, name)
        assert name == "__version__" or value.__doc__, f"twin.{name} has no docstring"
    with pytest.raises(AttributeError, match="has no attribute 'laod'"):
        twin.laod  # noqa: B018


def test_public_names_stand_in_the_documentation() -> None:
    pages = "".join(page.read_text(encoding="utf-8") for page in (ROOT / "docs").rglob("*.md"))
    for name in PUBLIC - {"Plant", "Result", "__version__"}:
        assert f"twin.{name}" in pages, f"no page shows twin.{name}"


# -- lazy imports


LIGHT = f"""
import sys
def heavy(): print([m for m in {HEAVY} if m in sys.modules])
import twin
heavy()
from twin.cli import app
from typer.testing import CliRunner
assert not CliRunner().invoke(app, ["--help"]).exit_code
heavy()
assert not CliRunner().invoke(app, ["check", "layouts/three_machines.yaml"]).exit_code
heavy()
"""


def test_heavy_modules_are_imported_late() -> None:
    """Not by ``import twin``, ``twin --help`` and ``twin check``, one after the other."""
    done = outside(sys.executable, "-c", LIGHT)
    assert done.stdout.splitlines() == ["[]", "[]", "[]"], done.stdout + done.stderr


# -- size and words


def test_files_are_short() -> None:
    long = {str(path): n for path in modules() if (n := len(path.read_text(encoding="utf-8").splitlines())) > 400}
    assert not long


def test_functions_are_short() -> None:
    lengths = sorted((one.length, f"{one.path.name}:{one.name}") for one in functions())
    bodies = [length for length, _ in lengths]
    assert not [found for found in lengths if found[0] > 60]
    assert bodies[int(len(bodies) * 0.9)] <= 25
    assert bodies[len(bodies) // 2] <= 6


def test_public_names_have_docstrings() -> None:
    assert not [f"{path.relative_to(ROOT)}: {name}" for path in modules() for name in public_without_words(path)]


def test_nothing_is_swallowed_or_printed() -> None:
    for path in modules():
        for node in ast.walk(tree(path)):
            silent = isinstance(node, ast.ExceptHandler) and all(isinstance(one, ast.Pass) for one in node.body)
            assert not silent, f"{path}:{getattr(node, 'lineno', 0)}: except … pass"


# -- tools


def test_types_are_checked() -> None:
    done = outside(sys.executable, "-m", "mypy")
    assert done.returncode == 0, done.stdout


def test_style_is_checked() -> None:
    done = outside(sys.executable, "-m", "ruff", "check", "--quiet", ".")
    assert done.returncode == 0, done.stdout
    done = outside(sys.executable, "-m", "ruff", "format", "--check", "--quiet", ".")
    assert done.returncode == 0, done.stdout


# -- the repository


def test_schema_is_current() -> None:
    text = (ROOT / "layouts" / "plant.schema.json").read_text(encoding="utf-8")
    assert json.loads(text) == json.loads(json.dumps(api.schema())), "run: twin schema > layouts/plant.schema.json"
    text = (ROOT / "experiments" / "study.schema.json").read_text(encoding="utf-8")
    command = "twin schema --of study > experiments/study.schema.json"
    assert json.loads(text) == json.loads(json.dumps(study_schema())), f"run: {command}"


def test_starter_layouts_name_the_schema() -> None:
    for layout in (ROOT / "layouts").glob("*.yaml"):
        first = layout.read_text(encoding="utf-8").partition("\n")[0]
        assert first == "# yaml-language-server: $schema=plant.schema.json", layout.name
    for study in (ROOT / "experiments").glob("*.yaml"):
        first = study.read_text(encoding="utf-8").partition("\n")[0]
        assert first == "# yaml-language-server: $schema=study.schema.json", study.name


def test_no_machine_is_named() -> None:
    places = r"/(?:ho" r"me|Us" r"ers|ro" r"ot|wo" r"rk)/\w|[A-Z]:\\\\\w"
    hosts = r"local" r"host|\b(?:\d{1,3}\.){3}\d{1,3}\b"
    home = re.compile(f"{places}|{hosts}")
    for path in texts():
        found = home.search(path.read_text(encoding="utf-8", errors="replace"))
        assert found is None, f"{path.relative_to(ROOT)} names {found[0] if found else ''}"


def texts() -> list[Path]:
    """The files of the project that people read, caches left out."""
    inside = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*"))]
    return [
        path
        for path in [*inside, *sorted(ROOT.glob("*"))]
        if path.is_file() and path.suffix in TEXTS and not any("cache" in part for part in path.parts)
    ]


def test_notebooks_have_no_outputs() -> None:
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        assert not [c for c in cells if c.get("outputs") or c.get("execution_count")], f"{path.name}: clear the outputs"


# -- packaging


def test_version_is_one() -> None:
    from hatchling.metadata.core import ProjectMetadata
    from hatchling.plugin.manager import PluginManager

    assert PROJECT["project"]["dynamic"] == ["version"]
    assert ProjectMetadata(str(ROOT), PluginManager()).version == twin.__version__
    assert f"## {twin.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_extras_and_dependencies_are_those_agreed() -> None:
    extras = PROJECT["project"]["optional-dependencies"]
    assert {"test", "notebooks"} <= set(extras) <= EXTRAS
    bounds = [re.fullmatch(r"([a-z0-9]+)>=[\d.]+", line) for line in PROJECT["project"]["dependencies"]]
    assert {found[1] for found in bounds if found} == CORE
    assert all(bounds), "lower bounds only"


def test_wheel_holds_the_workspace(tmp_path: Path) -> None:
    from hatchling.builders.wheel import WheelBuilder

    wheel = next(WheelBuilder(str(ROOT)).build(directory=str(tmp_path)))
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"twin/workspace/layouts/{path.name}" for path in (ROOT / "layouts").glob("*.*")} <= names
    assert {f"twin/workspace/experiments/{path.name}" for path in (ROOT / "experiments").glob("*.*")} <= names
    history = [path.relative_to(ROOT).as_posix() for path in (ROOT / "calibration").rglob("*.*")]
    assert {f"twin/workspace/{path}" for path in history} <= names
    assert {f"twin/workspace/notebooks/{path.name}" for path in (ROOT / "notebooks").glob("*.ipynb")} <= names
    assert {"twin/py.typed", "twin/cli/__init__.py"} <= names
    assert not [name for name in names if name.startswith(("tests/", "docs/"))]


def test_readme_names_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    run = "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/twin run layouts/pump_line.yaml"
    test = "python3 -m venv .venv && .venv/bin/pip install -e '.[test]' && .venv/bin/pytest"
    assert f"\n{run}\n" in readme
    assert f"\n{test}\n" in readme
    script = ROOT / ".ci" / "run"
    lines = script.read_text(encoding="utf-8").splitlines()
    assert "set -euo pipefail" in lines
    assert lines[-1] == test.rpartition("&& ")[2]
    assert script.stat().st_mode & 0o111
