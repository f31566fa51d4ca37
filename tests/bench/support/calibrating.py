"""Large dirty logs, and what it costs to calibrate them: ``python -m tests.bench.support.calibrating WHAT FOLDER``.

Each measurement is a process of its own, for the peak of its memory to be its own.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from twin.calibrate.synthetic import Mode, Truth

WEEKS = 52
READING = "reading.yaml"


class Spent(NamedTuple):
    """What a measurement cost, and what it was about."""

    rows: int
    """Rows of the log."""
    stops: int
    """Stops that were left of them, or failures."""
    wall: float
    """s."""
    cpu: float
    """s."""
    peak: float
    """Largest memory of the process, MB."""


def plant(stations: int, *modes: Mode) -> Truth:
    """Machines of a station each, over a year of two shifts."""
    from twin.calibrate.synthetic import Hours, Machine, Truth

    hours = Hours(breaks=("09:30-09:45", "12:00-12:30"))
    machines = tuple(Machine(f"M{i:03}", f"s{i:03}", modes=modes, hours=hours) for i in range(1, stations + 1))
    return Truth(machines, days=7 * WEEKS)


def plant_of_60() -> Truth:
    """60 machines × 2 modes × about 500 stops."""
    from twin.calibrate.synthetic import Mode, law

    wear = Mode(
        "spindle", law({"weibull": {"mean": "7.4 h", "cv": 0.7}}), law({"lognormal": {"mean": "20 min", "cv": 1.0}}),
        restart=120.0,
    )  # fmt: skip
    chips = Mode("chips", law({"gamma": {"mean": "7.4 h", "cv": 1.2}}), law("4 min"), micro_stop=True)
    return plant(60, wear, chips)


def plant_of_a_million() -> Truth:
    """95 machines, a little over a million rows in all."""
    from twin.calibrate.synthetic import Mode, law

    jam = Mode("jam", law({"weibull": {"mean": "40 min", "cv": 0.8}}), law({"lognormal": {"mean": "3 min", "cv": 1.0}}))
    chips = Mode("chips", law("45 min"), law("1 min"), micro_stop=True)
    drive = Mode("drive", law("40 h"), law("90 min"), restart=300.0)
    return plant(95, jam, chips, drive)


def write(truth: Truth, folder: Path) -> Spent:
    """Write the dirty log and its reading file."""
    from twin.calibrate.synthetic import TYPICAL, generate

    history = generate(truth, 1, TYPICAL)
    history.write_csv(folder / "stops.csv")
    (folder / READING).write_text(history.reading_text(), encoding="utf-8")
    return _spent(history.counts.rows, history.counts.stops)


def read_and_clean(folder: Path) -> Spent:
    """Read the log and clean it, with its account."""
    from twin.calibrate.cleaning.clean import clean
    from twin.calibrate.history.log import read_log
    from twin.calibrate.history.reading import read_reading

    reading = read_reading(folder / READING)
    log = read_log(reading)
    cleaned = clean(log.rows, reading)
    return _spent(log.rows.n, cleaned.rows.n)


def whole_chain(folder: Path) -> Spent:
    """From the reading file to the laws."""
    from twin.calibrate.chain import calibrate

    chain = calibrate(folder / READING)
    return _spent(chain.log.rows.n, sum(mode.evidence.up.failures for mode in chain.findings.modes))


def _spent(rows: int, stops: int) -> Spent:
    """What this process cost until now; the start of Python and its modules included."""
    return Spent(rows, stops, time.time() - _BEGUN, time.process_time(), _peak())


def _peak() -> float:
    """Largest memory of this process, MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


_BEGUN = time.time()
TASKS: dict[str, Callable[[Path], Spent]] = {
    "write-60": lambda folder: write(plant_of_60(), folder),
    "write-million": lambda folder: write(plant_of_a_million(), folder),
    "clean": read_and_clean,
    "chain": whole_chain,
}


if __name__ == "__main__":
    from twin import api

    api.register()
    sys.stdout.write(json.dumps(TASKS[sys.argv[1]](Path(sys.argv[2]))) + "\n")
