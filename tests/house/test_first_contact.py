"""First contact: the wheel in a fresh environment, without network, in a new folder; each answer says what next."""

from __future__ import annotations

import os
import shlex
import site
import subprocess
import sys
from pathlib import Path

import pytest

from .code import ROOT

pytest.importorskip("pip", reason="python -m ensurepip")
pytestmark = pytest.mark.long
WITHOUT_NETWORK = """\
import socket

def refuse(self, address, *rest):
    raise OSError(f"no network in this test: {address}")

for name in ("connect", "connect_ex"):
    setattr(socket.socket, name, refuse)
socket.getaddrinfo = refuse
"""
"""Runs at the start of every Python of the environment, workers included."""
STUDY = "experiments/packaging_automation.yaml"


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program, installed from the wheel alone; what it depends on is that of these tests."""
    from hatchling.builders.wheel import WheelBuilder

    folder = tmp_path_factory.mktemp("wheel")
    wheel = next(WheelBuilder(str(ROOT)).build(directory=str(folder)))
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "env"], check=True, timeout=60)
    python = folder / "env" / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--no-index", "--no-deps", "--quiet", wheel]
    subprocess.run(pip, check=True, timeout=120)
    own = Path(said(python, "-c", "import site; print(site.getsitepackages()[0])", folder=folder).strip())
    (own / "of_the_tests.pth").write_text("\n".join(site.getsitepackages()), encoding="utf-8")
    (own / "sitecustomize.py").write_text(WITHOUT_NETWORK, encoding="utf-8")
    assert said(python, "-c", "import twin; print(twin.__file__)", folder=folder).startswith(str(own))
    return folder / "env" / "bin" / "twin"


def said(*command: str | Path, folder: Path) -> str:
    """What a command prints, both streams in one; it must end well."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "TWIN_"))}
    done = subprocess.run(
        command, env=env | {"MPLBACKEND": "Agg"}, cwd=folder, check=False, timeout=240, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert done.returncode == 0, f"{command}:\n{done.stdout}"
    return done.stdout


def next_of(output: str) -> str:
    """The command that the last line names."""
    last = output.splitlines()[-1]
    assert last.startswith("next: "), last
    return last.removeprefix("next: ")


def test_a_study_leads_to_its_page(program: Path, tmp_path: Path) -> None:
    """init, study, report in a new folder; the command that the study names writes the page."""
    said(program, "init", ".", folder=tmp_path)
    answer = said(program, "study", STUDY, "--replications", "3", "--workers", "2", folder=tmp_path)
    assert "Decision:" in answer
    following = next_of(answer)
    assert following.startswith(f"twin report {STUDY}")
    assert next_of(said(program, *shlex.split(following)[1:], folder=tmp_path))
    page = (tmp_path / STUDY).with_suffix(".html").read_text(encoding="utf-8")
    assert page.lower().startswith("<!doctype html>")
    assert "<svg" in page


def test_what_comes_next_can_be_typed(program: Path, tmp_path: Path) -> None:
    """From a new folder on, each answer names a command that works as it stands, until the user has to choose."""
    command, typed = "twin init plant", list[str]()
    while command.startswith("twin "):
        assert command not in typed, f"the answers lead in a circle: {typed}"
        typed.append(command)
        command = next_of(said(program, *shlex.split(command)[1:], folder=tmp_path))
    assert [one.split()[1] for one in typed][:3] == ["init", "run", "report"]
    assert len(typed) > 3
    assert "twin diff" in command
