"""The whole calibration of 60 machines, and a log of a million rows read and cleaned: CPU and peak memory."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from tempfile import TemporaryDirectory

from .support.calibrating import Spent
from .support.registry import BenchError, Row, Wanted, register
from .support.timing import ROOT

CHAIN, CLEANED, MEMORY = Wanted("ours", "≤", 20.0), Wanted("ours", "≤", 60.0), Wanted("ours", "≤", 2000.0)


def measured(what: str, folder: str) -> Spent:
    """What a task of ``support.calibrating`` costs as a process of its own.

    Raises:
        BenchError: it failed.
    """
    words = [sys.executable, "-m", "tests.bench.support.calibrating", what, folder]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchError(f"{what}: {(done.stderr.strip() or 'no message').splitlines()[-1]}")
    return Spent(*json.loads(done.stdout))


@register("dirty logs calibrated: 60 machines × 2 modes × 500 stops; a million rows read and cleaned")
def measure(quick: bool) -> Iterable[Row]:
    """CPU, wall time and largest memory of each; the start of Python is counted. ``quick`` leaves the million out."""
    yield from _rows("the whole chain", "write-60", "chain", CHAIN)
    if not quick:
        yield from _rows("reading and cleaning", "write-million", "clean", CLEANED)


def _rows(name: str, write: str, task: str, wanted: Wanted) -> Iterable[Row]:
    with TemporaryDirectory() as folder:
        measured(write, folder)
        found = measured(task, folder)
    yield Row(f"{name}: {found.rows:,} rows, {found.stops:,} stops", "s CPU", found.cpu, wanted=wanted)
    yield Row("  the same by the clock on the wall", "s wall", found.wall, found.cpu, found.wall / found.cpu, wanted)
    yield Row("  its largest memory", "MB", found.peak, wanted=MEMORY)
