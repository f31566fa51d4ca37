"""How the stations of each scenario spend their time: the minutes of a day down to the TRS, and their bottlenecks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from twin.core.ledger import STATES
from twin.study.statistics.interval import mean_interval

if TYPE_CHECKING:
    from twin.law.law import Floats
    from twin.study.paired.runner import Runs

DAY = 1440.0
"""Minutes of a day."""
PLANNED = ("break", "maintenance")
"""States inside the opening time of NF E 60-182 (2002), outside the required time."""
LOSSES = ("repair", "waiting_repair", "micro_stop", "setup", "waiting_operator", "blocked", "starved")
"""States that the required time is lost in, in the order in which they are taken away."""


def plants(runs: Runs, confidence: float) -> dict[str, dict[str, dict[str, Any]]]:
    """Scenario → station → what is known of it.

    ``bottleneck`` is the interval of the share of time in which it is the bottleneck, ``trs`` that of its TRS, and
    ``minutes`` how an average machine of it spends a day of 24 h, means over the replications: ``total``; less ``off``
    it is open; less ``planned`` stops the time is ``required``; less the losses by state it runs; less ``performance``
    (cycles longer than the reference) and ``quality`` (bad parts) it is ``useful``, which is TRS × required.
    ``minutes`` is None where the store kept only what the study names. Stations without a TRS (conveyors) are left out.

    Args:
        runs: all replications.
        confidence: of the intervals.
    """
    stations = dict.fromkeys(name for case in runs.cases for _, name, _ in case.plan.of("stations"))
    found: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in runs.names}
    for station in stations:
        tables = {key: runs.matrix(path) for key, path in _paths(station)}
        for column, scenario in enumerate(runs.names):
            rows = {key: table[:, column] for key, table in tables.items()}
            if np.isfinite(rows["trs"]).any():
                found[scenario][station] = _station(rows, confidence)
    return found


def _paths(station: str) -> Iterator[tuple[str, str]]:
    """What is read of a station, and where it stands in a row."""
    element = f"elements.{station}"
    yield "bottleneck", f"bottleneck.{station}"
    yield "trs", f"{element}.kpis.oee"  # = TRS: tU/tR in both norms; the one that a small store keeps too
    yield "performance", f"{element}.kpis.performance"
    for state in STATES:
        yield state, f"{element}.states.{state}"


def _station(rows: Mapping[str, Floats], confidence: float) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key in ("bottleneck", "trs"):
        told = mean_interval(rows[key], confidence)
        found[key] = None if told is None else told.within(0.0, 1.0 if key == "bottleneck" else np.inf).document()
    spent = minutes(rows)
    known = np.isfinite(spent["total"])
    found["minutes"] = {key: float(one[known].mean()) for key, one in spent.items()} if known.any() else None
    return found


def minutes(rows: Mapping[str, Floats]) -> dict[str, Floats]:
    """The minutes of each replication; what is taken from the total adds up to what is left.

    Args:
        rows: by state its share of the time, and ``performance`` and ``trs``; one number a replication.
    """
    spent = {state: DAY * rows[state] for state in STATES}
    total = np.sum(list(spent.values()), axis=0)
    planned = np.sum([spent[state] for state in PLANNED], axis=0)
    required = total - spent["off"] - planned
    running = required - np.sum([spent[state] for state in LOSSES], axis=0)
    net, useful = running * _or_0(rows["performance"]), required * _or_0(rows["trs"])
    return {
        "total": total,
        "off": spent["off"],
        "planned": planned,
        "required": required,
        **{state: spent[state] for state in LOSSES},
        "performance": running - net,
        "quality": net - useful,
        "useful": useful,
    }


def _or_0(ratio: Floats) -> Floats:
    """A ratio, 0 where there was no time to divide by."""
    return np.where(np.isfinite(ratio), ratio, 0.0)
