"""A validation made by hand, and a study whose laws come from the history that it is of: nothing is simulated."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from tests.study.asking import PLANT, written
from twin.study.source import Source
from twin.study.validation import Made, Validation, Verdict

READING, LOG, FITTED, KEPT = "line.yaml", "stops.csv", "line.fitted.yaml", "line.validity.json"
LAW = "turn.chips: {clock: working, up: {exponential: 40 min}, repair: {exponential: 5 min}, source: SOURCE}\n"
OLD = "{mtbf: 40 min, mttr: 5 min, micro_stop: true}"


def verdict(name: str, *seen: float) -> Verdict:
    """Of 2 foretold, 1 to 3; the bias is 0.5 ± 0.25."""
    return Verdict(name, np.array(seen), 1.0, 2.0, 3.0, 0.5, (0.25, 0.75), 0.2)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def validation(folder: Path, layout: str = "plant.yaml", name: str = "turn") -> Validation:
    """5 of 6 weekly figures inside."""
    figures = verdict(f"{name}.micro_stop", 1.5, 2.5, 9.0), verdict(f"{name}.parts", 1.0, 2.0, 3.0)
    reading, log, plant = (Source(str(folder / one), sha256(folder / one)) for one in (READING, LOG, layout))
    made = Made(reading, (log,), plant, 3, 7, "0.1.0")
    window = 0, 604_800_000_000, 2_419_200_000_000
    return Validation(figures, 7, 3, 40, 0.7, 0.1, window, ("turn.belt up",), ("wash (1, not 2)",), made)


def study(folder: Path) -> Path:
    """The study of ``tests.study.asking`` whose stops come from a fitted file, with a kept validation beside it."""
    path = written(folder, plant=PLANT.replace(OLD, f"{{from: {FITTED}#turn.chips, micro_stop: true}}"))
    (folder / READING).write_text("twin: 1\ncalibration: A line\n")
    (folder / LOG).write_text("asset,start,end,reason\n")
    source = f"{{file: {LOG}, sha256: {sha256(folder / LOG)}, rows: [2, 9], reading: {READING}, "
    source += f"reading_sha256: {sha256(folder / READING)}, seed: 7}}"
    (folder / FITTED).write_text(LAW.replace("SOURCE", source))
    validation(folder).save()
    return path
