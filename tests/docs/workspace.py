"""A folder in which the blocks of a page are executed as a reader would, one after the other."""

from __future__ import annotations

import atexit
import doctest
import json
import shlex
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

import twin
from twin import api
from twin.calibrate.history.reading import read_reading
from twin.cli import app

from .elsewhere import Elsewhere, environment
from .pages import ROOT, Block, as_shown, commands, whole

RUNNER = CliRunner(env={"COLUMNS": "80"})
TWO_COMMANDS = ("python3 -m venv", "git clone", "cd ", "pip ")
"""Commands that make an environment; the first is tried by hand and by .ci/run, not here."""


def make(folder: Path) -> None:
    """A copy of the starter layouts, of the history and of the studies, as ``twin init`` makes it."""
    for name in ("layouts", "calibration", "experiments"):
        shutil.copytree(ROOT / name, folder / name)


def execute(block: Block, folder: Path, names: dict[str, Any]) -> None:
    """Execute one block; AssertionError when it does not do what the page says."""
    if block.language == "yaml":
        (check_reading if "reading" in block.words else check)(block, folder)
    elif block.file:
        with (folder / block.file).open("a", encoding="utf-8") as file:
            file.write(block.text)
    elif block.language == "python" and ">>>" in block.text:
        check_session(block, names)
    elif block.language == "python":
        exec(compile(block.text, str(block), "exec"), names)
    elif block.language == "console":
        for command, shown in commands(block):
            printed = typed(command)
            assert not shown.strip() or as_shown(printed, shown), f"{block}: $ {command} prints\n{printed}"


def check(block: Block, folder: Path) -> None:
    """A layout without errors, or with them where the page says so."""
    file = folder / (block.file or "layouts/of_the_page.yaml")
    file.parent.mkdir(exist_ok=True)
    file.write_text(whole(block), encoding="utf-8")
    found = [problem.document() for problem in twin.check(file)] if not plug_ins() else problems_outside(file)
    errors = [problem for problem in found if not problem["warning"]]
    assert bool(errors) == ("bad" in block.words), f"{block}: {errors}"


def check_reading(block: Block, folder: Path) -> None:
    """A reading file without mistakes; PlantError names them."""
    file = folder / (block.file or "calibration/of_the_page.yaml")
    file.write_text(whole(block), encoding="utf-8")
    api.register()
    read_reading(file)


def check_session(block: Block, names: dict[str, Any]) -> None:
    """A session at the Python prompt."""
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    test = doctest.DocTestParser().get_doctest(block.text, names, str(block), str(block.page), block.line)
    said: list[str] = []
    doctest.DocTestRunner(optionflags=flags).run(test, out=said.append, clear_globs=False)
    names.update(test.globs)
    assert not said, "".join(said)


def install() -> None:
    """What ``pip install -e .`` leaves in an environment: who offers entry points, as pyproject.toml says."""
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    name, version = project["name"].replace("-", "_"), project["version"]
    about = Path(f"{name}-{version}.dist-info")
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {version}\n")
    groups = [
        f"[{group}]\n" + "".join(f"{k} = {v}\n" for k, v in of.items()) for group, of in project["entry-points"].items()
    ]
    (about / "entry_points.txt").write_text("\n".join(groups))


def plug_ins() -> bool:
    """Whether the page has installed something."""
    return any(Path().glob("*.dist-info"))


@cache
def elsewhere(folder: Path) -> Elsewhere:
    """The process in which the plug-ins of a page are installed; it ends with this one."""
    process = Elsewhere(folder)
    atexit.register(process.close)
    return process


def problems_outside(file: Path) -> list[dict[str, Any]]:
    """What ``twin check`` finds there."""
    found: list[dict[str, Any]] = json.loads(
        elsewhere(Path.cwd())(Path.cwd(), "-m", "twin", "check", "--json", str(file)).stdout
    )
    return found


def started(*words: str) -> str:
    """What Python prints in a process of its own in which the plug-ins of this folder are installed."""
    command, both = [sys.executable, *words], subprocess.STDOUT
    env = environment(Path.cwd())
    return subprocess.run(
        command, env=env, check=False, stdout=subprocess.PIPE, stderr=both, text=True, timeout=120
    ).stdout


def typed(command: str) -> str:
    """What a command prints: ``twin`` in this process, cp and sed in a shell; others are not executed.

    Where the page has installed a plug-in, ``twin`` and ``python`` run in another process, so that no other page
    knows of it.
    """
    if command == "pip install -e .":
        install()
        return ""
    if plug_ins() and command.startswith("python "):
        return started(*shlex.split(command)[1:])
    if plug_ins() and command.startswith("twin "):
        return elsewhere(Path.cwd())(Path.cwd(), "-m", *shlex.split(command)).output
    if command.startswith("twin"):
        return RUNNER.invoke(app, shlex.split(command)[1:], prog_name="twin").output
    if command.startswith(("cp ", "sed ")):
        return subprocess.run(command, shell=True, check=True, capture_output=True, text=True).stdout
    assert command.startswith(TWO_COMMANDS), f"a command that the tests do not know: {command}"
    return ""
