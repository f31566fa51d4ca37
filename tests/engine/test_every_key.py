"""No key is read and forgotten: each key of each kind, written otherwise, changes what a run leaves behind.

The plants and the two ways to write each key stand in ``every_key.yaml``. The list of keys is that of the kinds
themselves: a key without a case fails, and so does a case whose key is gone.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from twin.core.compiling.carrier import Carrier
from twin.core.layout import Head, RunSpec
from twin.core.problem import PlantError
from twin.core.spec import kinds
from twin.element.breakdown import Breakdown
from twin.element.machines.kit import Batch
from twin.element.machines.power import GroupPower, Power, SwitchOff
from twin.element.machines.quality import Quality, Rework
from twin.element.machines.setup import Setup
from twin.element.maintenance import Maintenance, StartUp
from twin.element.market.demand import Wanted
from twin.element.market.orders import Order
from twin.element.market.supply import Disruption
from twin.element.moving.rack import Dwell
from twin.element.people.absence import Absence
from twin.element.station import Handling, Queue
from twin.element.vehicles import Battery
from twin.engine.simpy import simulate
from twin.kpi import row

from .story import plan_of

FILE = yaml.safe_load((Path(__file__).parent / "every_key.yaml").read_text(encoding="utf-8"))
CASES: dict[str, dict[str, str]] = FILE["cases"]
WITHIN: tuple[type[BaseModel], ...] = (
    *(Carrier, Breakdown, Batch, GroupPower, Power, SwitchOff, Quality, Rework, Setup, Maintenance, StartUp),
    *(Wanted, Order, Disruption, Dwell, Absence, Handling, Queue, Battery),
)
"""The maps within elements and at the top."""
NO_RUN = {
    "head.twin": "the version",
    "head.plant": "a title",
    "run.replications": "how many runs",
    "run.confidence": "of the intervals over the runs",
    "breakdown.from": "both laws from a fitted file: tests/core/test_fitted.py",
    "absence.from": "both laws from a fitted file: tests/core/test_fitted.py",
    "dwell.then": "one word only",
}
"""Keys that no single run shows, and why."""
NOTHING_DRAWN = ("buffers", "calendars", "cards", "sinks")
"""Sections without random streams, so without streams to keep."""


def keys() -> set[str]:
    """Every key that the language knows, as ``where.key``."""
    maps: dict[str, Any] = {one.__name__.lower(): one for one in WITHIN}
    own = {name: kind for name, kind in kinds("element").items() if kind.__module__.startswith("twin.")}
    maps |= {"head": Head, "run": RunSpec} | own
    found = {f"{where}.{field.alias or key}" for where, one in maps.items() for key, field in one.model_fields.items()}
    return found - {f"{kind}.stream_as" for kind in NOTHING_DRAWN}


def left_behind(text: str) -> object:
    """All that a run tells, or how the plant is refused."""
    try:
        plan = plan_of(text)
    except PlantError as error:
        return [problem.text for problem in error.problems]
    trace: list[tuple[float, str, int, str, str]] = []
    figures = row(plan, simulate(plan, 0, trace))
    return trace, {key: value for key, value in figures.items() if not math.isnan(value)}


def test_every_key_has_a_case() -> None:
    assert sorted(keys() - {*CASES, *NO_RUN}) == []
    assert sorted({*CASES, *NO_RUN} - keys()) == []


@pytest.mark.parametrize("key", CASES)
def test_a_key_written_otherwise_changes_the_run(key: str) -> None:
    case = CASES[key]
    plant, old = FILE["plants"][case["plant"]], case.get("old", case["one"])
    assert plant.count(old) >= 1
    one, two = (left_behind(plant.replace(old, case[way], 1)) for way in ("one", "two"))
    assert not isinstance(one, list), one
    assert isinstance(two, list) == (key == "products.from")  # what comes from where is checked, not chosen
    assert one != two
