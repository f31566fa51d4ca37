"""Runs of the starter layouts, each run once for all reports: what holds of a run holds whatever its length."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import twin
from twin.api.result import Result
from twin.core.run import Trace

LAYOUTS = Path(__file__).parents[2] / "layouts"
NAMES = sorted(path.stem for path in LAYOUTS.glob("*.yaml"))


class Length(NamedTuple):
    """How long a run is; None: as long as its layout says."""

    horizon: str | None = None
    warm_up: str | None = None


SHORTER = {
    "job_shop": Length("12 d", "2 d"),
    "machining_cell": Length("16 h", "2 h"),
    "packaging_line": Length("15 min", "10 min"),
    "packing_hall": Length("1 d", "1 h"),
    "pump_line": Length("1 d", "1 h"),
    "pump_line_fitted": Length("1 d", "1 h"),
    "pump_line_types": Length("1 d", "1 h"),
    "three_machines": Length("10 h", "1 h"),
}
"""Those of days, and those of hundreds of parts a minute."""


def run(path: Path, length: Length) -> Result:
    """A layout run twice, or once where nothing in it is random."""
    plant = twin.load(path)
    few = 2 if plant.plan.is_random else 1
    return plant.run(few, workers=1, horizon=length.horizon, warm_up=length.warm_up)


@cache
def ran(name: str) -> Result:
    """A starter layout, run."""
    return run(LAYOUTS / f"{name}.yaml", SHORTER.get(name, Length()))


@cache
def traced(name: str) -> Trace:
    """What happened in its first replication."""
    return ran(name).trace()


@cache
def ran_once() -> Result:
    """A line of four stations, run once: there are no intervals."""
    return twin.load(LAYOUTS / "transfer_line.yaml").run(1, workers=1)
