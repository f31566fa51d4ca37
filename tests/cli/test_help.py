"""The help of every command: an example that can be typed as it stands."""

from __future__ import annotations

import shlex
from typing import Any, cast

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from tests.docs.pages import ROOT
from twin.cli import app

COMMANDS: dict[str, Any] = cast("Any", get_command(app)).commands
FOLDERS = ("layouts/", "experiments/", "calibration/")
"""What stands in a workspace."""


def help_of(command: str) -> str:
    """What ``twin COMMAND --help`` prints on a narrow terminal."""
    answer = CliRunner(env={"COLUMNS": "60"}).invoke(app, [command, "--help"], prog_name="twin")
    assert answer.exit_code == 0
    return answer.output


def examples(command: str) -> list[str]:
    """The examples in the help, as they are printed: one a line, never broken."""
    _, _, below = help_of(command).partition("Examples:\n")
    return [line.strip() for line in below.splitlines() if line.strip()]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_ends_with_examples(command: str) -> None:
    found = examples(command)
    assert found
    assert all(line.startswith(f"twin {command} ") or line == f"twin {command}" for line in found), found


@pytest.mark.parametrize("command", COMMANDS)
def test_examples_can_be_typed(command: str) -> None:
    """The words are understood, and the files are those of a workspace."""
    for line in examples(command):
        words = shlex.split(line.partition(" > ")[0])[2:]
        COMMANDS[command].make_context(command, list(words))  # UsageError where a word is not known
        read = [word for word in words if word.startswith(FOLDERS)]
        assert not [word for word in read if not (ROOT / word).exists()], line
