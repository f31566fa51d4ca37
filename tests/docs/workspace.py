"""A folder in which the blocks of a page are executed as a reader would, one after the other."""

from __future__ import annotations

import doctest
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

import twin
from twin.cli import app

from .pages import ROOT, Block, as_shown, commands, whole

RUNNER = CliRunner(env={"COLUMNS": "80"})
TWO_COMMANDS = ("python3 -m venv", "git clone", "cd ", "pip ")
"""Commands that make an environment; the first is tried by hand and by .ci/run, not here."""


def make(folder: Path) -> None:
    """A copy of the starter layouts."""
    shutil.copytree(ROOT / "layouts", folder / "layouts")


def execute(block: Block, folder: Path, names: dict[str, Any]) -> None:
    """Execute one block; AssertionError when it does not do what the page says."""
    if block.language == "yaml":
        check(block, folder)
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
    file.write_text(whole(block), encoding="utf-8")
    errors = [str(problem) for problem in twin.check(file) if not problem.warning]
    assert bool(errors) == ("bad" in block.words), f"{block}: {errors}"


def check_session(block: Block, names: dict[str, Any]) -> None:
    """A session at the Python prompt."""
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    test = doctest.DocTestParser().get_doctest(block.text, names, str(block), str(block.page), block.line)
    said: list[str] = []
    doctest.DocTestRunner(optionflags=flags).run(test, out=said.append, clear_globs=False)
    names.update(test.globs)
    assert not said, "".join(said)


def typed(command: str) -> str:
    """What a command prints: ``twin`` in this process, cp and sed in a shell; others are not executed."""
    if command.startswith("twin"):
        return RUNNER.invoke(app, shlex.split(command)[1:], prog_name="twin").output
    if command.startswith(("cp ", "sed ")):
        return subprocess.run(command, shell=True, check=True, capture_output=True, text=True).stdout
    assert command.startswith(TWO_COMMANDS), f"a command that the tests do not know: {command}"
    return ""
