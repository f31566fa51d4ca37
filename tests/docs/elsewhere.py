"""A Python in another process that stays: command after command, without the price of a start for each.

``python -m tests.docs.elsewhere`` is that Python. A line of its input is a folder and the words that would follow
``python`` (``-m twin …`` or ``-c CODE``); a line of its output is what such a process would leave. What is installed
in the folder in which it starts is known there and nowhere else.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import traceback
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]


class Done(NamedTuple):
    """What a command leaves: as of a process, and ``output`` with both streams as a terminal shows them."""

    returncode: int
    stdout: str
    stderr: str
    output: str


def environment(installed: Path) -> dict[str, str]:
    """Variables of a process in which what a folder holds is installed."""
    path = os.pathsep.join([str(installed), str(ROOT)])
    return os.environ | {"PYTHONPATH": path, "COLUMNS": "80", "MPLBACKEND": "Agg", "PYTHONDONTWRITEBYTECODE": "1"}


class Elsewhere:
    """The other process, seen from here."""

    def __init__(self, installed: Path) -> None:
        words = [sys.executable, "-W", "error", "-m", "tests.docs.elsewhere"]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            words, cwd=installed, env=environment(installed), stdin=pipe, stdout=pipe, stderr=pipe, text=True
        )

    def __call__(self, folder: Path, *words: str) -> Done:
        """What the words leave that would follow ``python`` in a folder."""
        assert self.process.stdin
        assert self.process.stdout
        assert self.process.stderr
        self.process.stdin.write(json.dumps([str(folder), *words]) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, self.process.stderr.read()
        return Done(*json.loads(answer))

    def close(self) -> None:
        """Let the process end."""
        self.process.communicate(timeout=60)


# -- in the other process


def _serve() -> None:
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        folder, *words = json.loads(line)
        os.chdir(folder)
        done = _twin(words[2:]) if words[:2] == ["-m", "twin"] else _code(words[1])
        answers.write(json.dumps(done) + "\n")
        answers.flush()


def _twin(words: list[str]) -> Done:
    from typer.testing import CliRunner

    from twin.cli import app

    done = CliRunner().invoke(app, words, prog_name="twin")
    fault = done.exception if not isinstance(done.exception, SystemExit) else None
    told = "".join(traceback.format_exception(fault)) if fault else ""
    return Done(done.exit_code, done.stdout, done.stderr + told, done.output + told)


def _code(code: str) -> Done:
    written = StringIO()
    try:
        with redirect_stdout(written):
            exec(compile(code, "<string>", "exec"), {"__name__": "__main__"})
    except Exception:
        return Done(1, written.getvalue(), traceback.format_exc(), written.getvalue())
    return Done(0, written.getvalue(), "", written.getvalue())


if __name__ == "__main__":
    _serve()
