"""Validation against held-out history: calibrate on the first weeks, predict the others, week by week.

The layout is simulated with one draw of the laws of the first weeks per replication, each replication one week that
finds the machines in mid-life; what its stations lose to stops and what they make is compared with what the log says
of the weeks that calibration has not seen. A calibration that is honest has about nine of ten of those weeks inside
the 90 % prediction interval. Which share of the weeks is calibrated on, and how large a bias is tolerated, stands in
the reading file (``validation``), stated before anything is looked at.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from twin.calibrate.chain import Chain, of_log
from twin.calibrate.history.wall import EPOCH, Wall
from twin.calibrate.hours import Hours, hours_of
from twin.calibrate.output.draws import draws_of
from twin.calibrate.rows import BREAKDOWN, MICRO_STOP, SETUP
from twin.core.compile import compile_plan
from twin.core.confidence import student
from twin.core.inputs import Input, Inputs, middle
from twin.core.layout import Element, Layout
from twin.core.plan import Plan
from twin.core.run import RunError
from twin.core.timetable import DAY, WEEK
from twin.core.version import __version__
from twin.law.fitted import Reference, entry
from twin.study.inputs import one_draw
from twin.study.option import check_workers, whole
from twin.study.replicate import Progress, replicate
from twin.study.source import Source, sources_of
from twin.study.validation import Made, Validation, Verdict

if TYPE_CHECKING:
    from twin.calibrate.asked import Moments
    from twin.calibrate.cleaning.clean import Clean
    from twin.calibrate.history.reading import Reading
    from twin.law.law import Floats

HOUR = 3_600_000_000
LEAST_TRAINED, LEAST_HELD = 4, 2
"""Weeks that are needed to calibrate, and to compare with."""
LEVEL = 0.90
"""Of prediction intervals, and of the interval of the bias (a test of equivalence at 5 % on each side)."""
MOST_WEEKS = 1_000_000
"""To simulate."""
STATES = {"down": BREAKDOWN, "micro_stop": MICRO_STOP, "setup": SETUP}
SIMULATED = {"down": ("repair", "waiting_repair"), "micro_stop": ("micro_stop",), "setup": ("setup",)}
"""The states of the simulation that a log books under one word."""


class NoValidationError(RunError):
    """There is nothing to compare; the message says why and what to do."""


def validate(
    layout: Layout,
    chain: Chain,
    *,
    replications: int = 200,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Validation:
    """Calibrate on the first weeks of a history, predict the others with a layout, and compare.

    Args:
        layout: it takes laws of the calibration by reference; what its fitted file says of them is not used.
        chain: the calibration of the whole history; its reading file says how the weeks are split and what is
            tolerated.
        replications: weeks to simulate, each with a draw of its own.
        workers: processes; None: one a processor.
        progress: told (weeks simulated, wanted).

    Raises:
        NoValidationError: too few whole weeks, or nothing in the layout that the log tells of.
        RunError: the plant jams.
        ValueError: a number of weeks or processes that makes no sense.
    """
    check_workers(workers)
    n, stated = whole("replications", replications, 2, MOST_WEEKS), chain.reading.validation
    plan = compile_plan(in_mid_life(layout))
    made = made_from(layout, chain, plan.seed)
    taken = taken_from(plan, layout.folder, chain.reading.path)
    weeks = whole_weeks(chain.reading, chain.clean, plan)
    trained = weeks_to_train(len(weeks) - 1, stated.train)
    before = of_log(chain.reading.within(int(weeks[0]), int(weeks[trained])), chain.log)
    drawn, kept = with_draws_of(plan, taken, before, n)
    runs = replicate(drawn, workers=workers, progress=progress, one=one_draw, on_interrupt="raise")
    compared, left_out = _compared(weekly(chain.clean, chain.reading, weeks[trained:]), plan, chain)
    told = predicted(plan, runs.rows)
    verdicts = tuple(_verdict(name, compared[name], told[name], stated.tolerance) for name in told if name in compared)
    if not verdicts:
        raise NoValidationError(_nothing(left_out))
    edges = (int(weeks[0]), int(weeks[trained]), int(weeks[-1]))
    held = len(weeks) - 1 - trained
    return Validation(verdicts, trained, held, runs.n, stated.train, stated.tolerance, edges, kept, left_out, made)


def made_from(layout: Layout, chain: Chain, seed: int) -> Made:
    """What a validation is made from; of the history and the reading file the hashes of when they were read."""
    reading = chain.reading
    logs = tuple(Source(_from_here(reading.path, one.name), one.sha256) for one in chain.log.files)
    (plant,) = sources_of([layout.file])
    return Made(Source(str(reading.path), reading.sha256), logs, plant, seed, reading.seed, __version__)


def _from_here(reading: Path, name: str) -> str:
    """A file of the history as seen from where the command was given; a database as it is named."""
    return name if "://" in name else str(reading.parent / name)


def _nothing(left_out: Sequence[str]) -> str:
    if left_out:
        return f"the log and the layout differ in the number of machines: {', '.join(left_out)}; see 'assets:'"
    return "the log tells of no station of the layout; name the stations in 'assets:'"


def _compared(seen: Mapping[str, Floats], plan: Plan, chain: Chain) -> tuple[dict[str, Floats], tuple[str, ...]]:
    """(the figures of stations with as many machines in the log as in the layout, the other stations)."""
    reading, machines = chain.reading, _machines(plan)
    logged = list(reading.assets.values()) or list(chain.clean.rows.assets)
    other = [name for name, count in machines.items() if logged.count(name) not in (0, count)]
    kept = {name: values for name, values in seen.items() if name.rpartition(".")[0] not in other}
    return kept, tuple(f"{name} ({logged.count(name)}, not {machines[name]})" for name in other)


def weeks_to_train(weeks: int, share: float) -> int:
    """How many of the whole weeks are calibrated on; at least 4, and 2 are left.

    Raises:
        NoValidationError: there are too few.
    """
    if weeks < LEAST_TRAINED + LEAST_HELD:
        raise NoValidationError(
            f"the history has {max(weeks, 0)} whole weeks; {LEAST_TRAINED + LEAST_HELD} are due to calibrate "
            "on the first and compare with the others"
        )
    wanted = math.floor(share * weeks + 1e-9)  # 0.7 × 90 is a little less than 63
    return min(max(wanted, LEAST_TRAINED), weeks - LEAST_HELD)


def in_mid_life(layout: Layout) -> Layout:
    """The same plant met at any moment of its life: ways to fail that say nothing of their first time up are running.

    A week that begins with new machines would foretell too few failures of what wears out.
    """
    return replace(layout, elements=tuple(_running(one) for one in layout.elements))


def _running(element: Element) -> Element:
    modes = getattr(element.kind, "breakdowns", None)
    if not modes:
        return element
    running = {
        name: mode.model_copy(update={"first": "running"}) if mode.first is None else mode
        for name, mode in modes.items()
    }
    return element._replace(kind=element.kind.model_copy(update={"breakdowns": running}))


def taken_from(plan: Plan, folder: Path, reading: Path) -> tuple[Input, ...]:
    """The uncertain inputs of a plan that were calibrated with a reading file.

    Args:
        plan: the compiled layout.
        folder: where the layout stands.
        reading: the reading file.

    Raises:
        NoValidationError: there are none; the message says what to write in the layout.
    """
    due = os.path.realpath(reading)
    taken = tuple(one for one in plan.inputs if _made_with(folder, one) == due)
    if taken:
        return taken
    if plan.inputs.wrong:
        raise NoValidationError(plan.inputs.wrong[0])
    fitted = Path(os.path.relpath(reading.with_name(f"{reading.stem}.fitted.yaml"), folder)).as_posix()
    raise NoValidationError(f"the layout takes no law that {reading} has found; write 'from: {fitted}#NAME' in it")


def _made_with(folder: Path, one: Input) -> str:
    """The reading file that an input was calibrated with; empty: its fitted file does not say."""
    found = entry(folder, Reference(one.file, one.name))
    source = found.get("source") if isinstance(found, dict) else None
    name = source.get("reading") if isinstance(source, dict) else None
    return os.path.realpath((folder / one.file).parent / name) if isinstance(name, str) else ""


def whole_weeks(reading: Reading, clean: Clean, plan: Plan) -> Moments:
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
    return at.weekday() * DAY + (at - midnight) // timedelta(microseconds=1)


def weekly(clean: Clean, reading: Reading, edges: Moments) -> dict[str, Floats]:
    """What a log says of each week between ``edges``: by 'station.figure' the open hours in a state, parts made.

    A figure is there for each station and each state that the log knows at all; parts where they were counted in
    every week. Parts of a row count in the week in which it ends.
    """
    rows, hours = clean.rows, hours_of(reading, clean.window)
    stations = np.array([reading.station(asset) for asset in rows.assets], dtype=object)[rows.asset]
    found = dict[str, "Floats"]()
    for station in sorted(set(stations)):
        own = stations == station
        for figure, state in STATES.items():
            if (picked := own & (rows.state == state)).any():
                found[f"{station}.{figure}"] = _open_hours(hours, rows.start[picked], rows.end[picked], edges)
        counted = own & ~np.isnan(rows.parts)
        last = rows.end[counted] - 1
        if np.histogram(last, edges)[0].all():
            found[f"{station}.parts"] = np.histogram(last, edges, weights=rows.parts[counted])[0]
    return found


def _open_hours(hours: Hours, start: Moments, end: Moments, edges: Moments) -> Floats:
    """Open hours of the intervals in each week."""
    until = np.array([int(hours.open_before(np.clip(edge, start, end)).sum()) for edge in edges], float)
    return np.diff(until) / HOUR


def with_draws_of(plan: Plan, taken: Iterable[Input], chain: Chain, n: int) -> tuple[Plan, tuple[str, ...]]:
    """The plan of one week after its warm-up, ``n`` replications, its inputs drawn from another calibration.

    Seven days have the same hours whenever they begin, so the warm-up need not end with a week.

    Returns:
        The plan, and the inputs that this calibration has not found: they keep what the plan has.

    Raises:
        NoValidationError: it has found none.
    """
    drawn, known = draws_of(chain.findings, n, chain.reading.seed), list(taken)
    inputs = tuple(replace(one, drawn=drawn[one.name, one.part]) for one in known if (one.name, one.part) in drawn)
    if not inputs:
        raise NoValidationError("the weeks that are calibrated on tell of no law that the layout takes")
    kept = tuple(one.words for one in known if (one.name, one.part) not in drawn)
    return replace(plan, inputs=Inputs(inputs)).with_run(horizon=float(WEEK), replications=n), kept


def _machines(plan: Plan) -> dict[str, int]:
    """How many machines each element has; those that are no stations count as one."""
    return {element.name: getattr(row, "machines", 1) for element, row in zip(plan.elements, plan.rows, strict=True)}


def predicted(plan: Plan, rows: Sequence[Mapping[str, float]]) -> dict[str, Floats]:
    """What the simulated weeks say, by the names of ``weekly``; of shape (replications,)."""
    found = dict[str, "Floats"]()
    for name, count in _machines(plan).items():
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
    low, high = middle(told.tolist())
    mean, m = float(told.mean()), len(seen)
    bias = float(seen.mean()) - mean
    spread = math.sqrt(seen.var(ddof=1) / m + told.var(ddof=1) / len(told))
    half = student(m - 1, LEVEL) * spread
    return Verdict(name, seen, low, mean, high, bias, (bias - half, bias + half), tolerance * abs(mean))
