"""Validation against held-out history: calibrate on the first weeks, predict the others, week by week.

The layout is simulated with one draw of the laws of the first weeks per replication, each replication one week; what
its stations lose to stops and what they make is compared with what the log says of the weeks that calibration has not
seen. A calibration that is honest has about nine of ten of those weeks inside the 90 % prediction interval.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from twin.calibrate.chain import Chain, of_log
from twin.calibrate.draws import draws_of
from twin.calibrate.rows import BREAKDOWN, MICRO_STOP, SETUP
from twin.calibrate.wall import EPOCH, Wall
from twin.core.inputs import Inputs
from twin.core.plan import Plan
from twin.core.run import RunError
from twin.study.inputs import one_draw
from twin.study.replicate import Progress, replicate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.calibrate.clean import Clean
    from twin.calibrate.reading import Reading
    from twin.law.law import Floats

WEEK = 7 * 86_400_000_000
HOUR = 3_600_000_000
LEAST_TRAINED, LEAST_HELD = 4, 2
"""Weeks that are needed to calibrate, and to compare with."""
LEVEL = 0.90
"""Of prediction intervals, and of the interval of the bias (a test of equivalence at 5 % on each side)."""
GOOD = (0.80, 0.97)
"""Where the share of weeks inside their interval should be."""
STATES = {"down": BREAKDOWN, "micro_stop": MICRO_STOP, "setup": SETUP}
SIMULATED = {"down": ("repair", "waiting_repair"), "micro_stop": ("micro_stop",), "setup": ("setup",)}
"""The states of the simulation that a log books under one word."""


class Verdict(NamedTuple):
    """One figure of one station: the weeks held out against their prediction."""

    name: str
    """Such as 'mill.down'."""
    seen: Floats
    """h a week, or parts a week; one value a held-out week."""
    low: float
    """5 % of the predicted weeks are below."""
    mean: float
    """Of the predicted weeks."""
    high: float
    """5 % of the predicted weeks are above."""
    bias: float
    """Mean seen less mean predicted."""
    bias90: tuple[float, float]
    """Its 90 % interval."""
    tolerance: float
    """How large a bias would not matter, in the unit of the figure."""

    @property
    def inside(self) -> int:
        """Weeks inside the prediction interval."""
        return int(((self.seen >= self.low) & (self.seen <= self.high)).sum())

    @property
    def said(self) -> str:
        """'equivalent' (the bias is within the tolerance), 'different' (it is not), or 'cannot tell'."""
        low, high = self.bias90
        if -self.tolerance <= low and high <= self.tolerance:
            return "equivalent"
        return "different" if low > self.tolerance or high < -self.tolerance else "cannot tell"


@dataclass(frozen=True)
class Validation:
    """What came of it."""

    verdicts: tuple[Verdict, ...]
    trained: int
    """Weeks that were calibrated on."""
    held: int
    """Weeks that were held out."""
    replications: int
    """Weeks that were simulated."""
    tolerance: float
    """As a share of the predicted mean."""
    window: tuple[int, int, int]
    """Start of the first week, of the first held-out week, and the end, µs UTC."""

    @property
    def inside(self) -> tuple[int, int]:
        """(figures of weeks inside their interval, all of them)."""
        return sum(one.inside for one in self.verdicts), sum(len(one.seen) for one in self.verdicts)

    @property
    def share(self) -> float:
        """Share of the figures of held-out weeks inside their 90 % interval; NaN without any."""
        inside, of = self.inside
        return inside / of if of else math.nan

    def document(self) -> dict[str, Any]:
        """The validation as the JSON document of ``twin calibrate --validate LAYOUT --json``."""
        inside, of = self.inside
        return {
            "trained_weeks": self.trained,
            "held_weeks": self.held,
            "simulated_weeks": self.replications,
            "tolerance": self.tolerance,
            "inside": inside,
            "of": of,
            "figures": [
                {**one._asdict(), "seen": one.seen.tolist(), "inside": one.inside, "said": one.said}
                for one in self.verdicts
            ],
        }


class NoValidationError(RunError):
    """There is nothing to compare; the message says why and what to do."""


def validate(
    plan: Plan,
    chain: Chain,
    *,
    train: float = 0.7,
    tolerance: float = 0.1,
    replications: int = 200,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Validation:
    """Calibrate on the first weeks of a history, predict the others with a layout, and compare.

    Args:
        plan: of a layout that takes laws of the calibration by reference; its own values of them are not used.
        chain: the calibration of the whole history.
        train: share of the whole weeks that is calibrated on, the first ones.
        tolerance: share of the predicted mean within which a bias does not matter; to be stated before looking.
        replications: weeks to simulate, each with a draw of its own.
        workers: processes; None: one a processor.
        progress: told (weeks simulated, wanted).

    Raises:
        NoValidationError: too few whole weeks, or nothing in the layout that the log tells of.
        RunError: the plant jams.
    """
    weeks = whole_weeks(chain.reading, chain.clean, plan)
    trained = min(math.floor(train * (len(weeks) - 1)), len(weeks) - 1 - LEAST_HELD)
    if trained < LEAST_TRAINED:
        raise NoValidationError(
            f"the history has {max(len(weeks) - 1, 0)} whole weeks; {LEAST_TRAINED + LEAST_HELD} are due to calibrate "
            "on the first and compare with the others"
        )
    cut = int(weeks[trained])
    before = of_log(chain.reading.within(int(weeks[0]), cut), chain.log)
    seen = weekly(chain.clean, chain.reading, weeks[trained:])
    drawn = with_draws_of(plan, before, replications)
    runs = replicate(drawn, workers=workers, progress=progress, one=one_draw, on_interrupt="raise")
    told = predicted(plan, runs.rows)
    verdicts = tuple(_verdict(name, seen[name], told[name], tolerance) for name in told if name in seen)
    if not verdicts:
        raise NoValidationError("the log tells of no station of the layout; name the stations in 'assets:'")
    edges = (int(weeks[0]), cut, int(weeks[-1]))
    return Validation(verdicts, trained, len(weeks) - 1 - trained, runs.n, tolerance, edges)


def whole_weeks(reading: Reading, clean: Clean, plan: Plan) -> NDArray[np.int64]:
    """The edges of the whole weeks of the window, µs UTC: each begins as the layout does, or on Monday 00:00."""
    wall = Wall(reading.zone)
    begin, end = (int(one) for one in wall.local(np.array(clean.window, np.int64)))
    first = begin + (_in_week(plan.start) - _in_week(EPOCH) - begin) % WEEK
    return wall.utc(np.arange(first, end + 1, WEEK, dtype=np.int64)).utc


def _in_week(at: datetime | None) -> int:
    """Time since Monday 00:00, µs."""
    if at is None:
        return 0
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return at.weekday() * (WEEK // 7) + (at - midnight) // timedelta(microseconds=1)


def weekly(clean: Clean, reading: Reading, edges: NDArray[np.int64]) -> dict[str, Floats]:
    """What a log says of each week between ``edges``: by 'station.figure' the open hours in a state, parts made.

    A figure is there for each station and each state that the log knows at all; parts where they were counted in
    every week. Parts of a row count in the week in which it ends.
    """
    rows, opening = clean.rows, _Open(reading.openings(clean.window))
    stations = np.array([reading.station(asset) for asset in rows.assets], dtype=object)[rows.asset]
    found = dict[str, "Floats"]()
    for station in sorted(set(stations)):
        own = stations == station
        for figure, state in STATES.items():
            if (picked := own & (rows.state == state)).any():
                found[f"{station}.{figure}"] = _hours(opening, rows.start[picked], rows.end[picked], edges)
        counted = own & ~np.isnan(rows.parts)
        last = rows.end[counted] - 1
        if np.histogram(last, edges)[0].all():
            found[f"{station}.parts"] = np.histogram(last, edges, weights=rows.parts[counted])[0]
    return found


class _Open:
    """How long the plant was open until a moment."""

    def __init__(self, openings: NDArray[np.int64]) -> None:
        self.begin, self.end = openings[:, 0], openings[:, 1]
        self.until = np.append(0, np.cumsum(self.end - self.begin))

    def before(self, at: NDArray[np.int64]) -> NDArray[np.int64]:
        """Open time before each moment, µs."""
        begun = np.searchsorted(self.begin, at, side="right")
        last = np.maximum(begun - 1, 0)
        part = np.where(begun > 0, np.clip(at - self.begin[last], 0, (self.end - self.begin)[last]), 0)
        found: NDArray[np.int64] = np.where(begun > 0, self.until[last] + part, 0)
        return found


def _hours(opening: _Open, start: NDArray[np.int64], end: NDArray[np.int64], edges: NDArray[np.int64]) -> Floats:
    """Open hours of the intervals in each week."""
    until = np.array([int(opening.before(np.clip(edge, start, end)).sum()) for edge in edges], float)
    return np.diff(until) / HOUR


def with_draws_of(plan: Plan, chain: Chain, n: int) -> Plan:
    """The plan of one week after its warm-up, ``n`` replications, its uncertain inputs drawn from another calibration.

    Seven days have the same hours whenever they begin, so the warm-up need not end with a week.

    Raises:
        NoValidationError: the plan takes nothing from this calibration.
    """
    drawn = draws_of(chain.findings, n, chain.reading.seed)
    known = plan.inputs.inputs
    inputs = tuple(replace(one, drawn=drawn[one.name, one.part]) for one in known if (one.name, one.part) in drawn)
    if not inputs:
        raise NoValidationError("the layout takes no law of this calibration; write 'from: FILE#NAME' in it")
    return replace(plan, inputs=Inputs(inputs)).with_run(horizon=float(WEEK), replications=n)


def predicted(plan: Plan, rows: Sequence[Mapping[str, float]]) -> dict[str, Floats]:
    """What the simulated weeks say, by the names of ``weekly``; of shape (replications,)."""
    machines = {
        element.name: getattr(row, "machines", 1) for element, row in zip(plan.elements, plan.rows, strict=True)
    }
    found = dict[str, "Floats"]()
    for name, count in machines.items():
        base = f"elements.{name}"
        for figure, states in SIMULATED.items():
            if f"{base}.states.{states[0]}" in rows[0]:
                share = np.array([math.fsum(row[f"{base}.states.{state}"] for state in states) for row in rows])
                found[f"{name}.{figure}"] = share * count * (WEEK / HOUR)
        if f"{base}.kpis.parts" in rows[0]:
            found[f"{name}.parts"] = np.array([row[f"{base}.kpis.parts"] for row in rows])
    return found


def _verdict(name: str, seen: Floats, told: Floats, tolerance: float) -> Verdict:
    """The interval of the bias: Student t over the held-out weeks; the error of the simulated mean is added."""
    from scipy import stats

    low, high = (float(one) for one in np.quantile(told, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]))
    mean, m = float(told.mean()), len(seen)
    bias = float(seen.mean()) - mean
    spread = math.sqrt(seen.var(ddof=1) / m + told.var(ddof=1) / len(told))
    half = float(stats.t.ppf((1 + LEVEL) / 2, m - 1)) * spread
    return Verdict(name, seen, low, mean, high, bias, (bias - half, bias + half), tolerance * abs(mean))
