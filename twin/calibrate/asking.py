"""What is asked of the times up before one law is fitted: trend, class trend, serial correlation, steps at events.

The order is that of the field: if the times up have no trend they are lives of one law. If they step at a named event,
those after it are. If they drift, the failures are a power-law process, frozen at the end of the window. Over many
modes some test always fires, so p-values are adjusted by the false discovery rate before anything follows from them.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from twin.calibrate.fitting.said import said
from twin.calibrate.fitting.sample import Sample, sample
from twin.calibrate.fitting.trend import (
    History,
    Verdict,
    class_trend,
    false_discovery,
    history,
    lewis_robinson,
    power_law,
    serial,
    step_at,
)
from twin.calibrate.found import Evidence, Tests

if TYPE_CHECKING:
    from twin.calibrate.fitting.trend import PowerLaw, Step

LEVEL = 0.05
"""Adjusted p-values below it count."""
T = TypeVar("T")


def stream(seed: int, name: str) -> int:
    """The seed of a mode: its own, so that another mode more or less moves no draw of it."""
    return (seed ^ (zlib.crc32(name.encode()) << 20)) % 2**63


def ask(modes: Sequence[Evidence], kin: Sequence[Sequence[int]], seed: int) -> list[Tests]:
    """The tests of all modes and what follows from them.

    Args:
        modes: the evidence.
        kin: for each mode the places in ``modes`` of those it shares its class, name and clock with, itself included.
        seed: of all draws.
    """
    found = [_alone(one, stream(seed, one.name)) for one in modes]
    for i, others in enumerate(kin):
        if len(others) > 1 and found[i].trend is not None:
            verdict = _class_verdict(modes, others, seed)
            found[i] = replace(found[i], class_trend=verdict)
    found = _adjusted(found)
    return [_decided(one, tests, chance) for one, tests, chance in zip(modes, found, _steps_p(found), strict=True)]


def _alone(one: Evidence, seed: int) -> Tests:
    """What a mode tells without the others."""
    may, histories = said(one.up.failures), one.histories
    if not may.trend:
        return Tests()
    trend = _told(lambda: lewis_robinson(histories[0], seed) if len(histories) == 1 else class_trend(histories, seed))
    gaps = [gap for each in histories for gap in each.gaps.tolist()]
    return Tests(
        trend=trend,
        serial=_told(lambda: serial(gaps)) if may.serial else None,
        steps=tuple((later.event, step) for later in one.later if (step := _step(one, later.ages)) is not None),
    )


def _told(test: Callable[[], T]) -> T | None:
    """The answer of a test, None where the failures are too few for it or their gaps all equal."""
    try:
        return test()
    except ValueError:
        return None


def _class_verdict(modes: Sequence[Evidence], others: Sequence[int], seed: int) -> Verdict | None:
    first = modes[others[0]]
    histories = [each for i in others for each in modes[i].histories]
    return _told(lambda: class_trend(histories, stream(seed, f"class of {first.name}")))


def _step(one: Evidence, ages: Sequence[float]) -> Step | None:
    found = end_to_end(one.histories, ages)
    return _told(lambda: step_at(*found)) if found else None


def end_to_end(histories: Sequence[History], ages: Sequence[float]) -> tuple[History, float] | None:
    """Several machines as one: what came before an event, machine after machine, then what came after it.

    The gaps where two machines meet are artificial, one for each machine but one on either side.

    Args:
        histories: of the machines.
        ages: of each machine at the event.

    Returns:
        The history and the age at the event; None where a side has no time at all.
    """
    begins = np.concatenate([[0.0], np.cumsum(ages)])
    event = float(begins[-1])
    pairs = list(zip(histories, ages, strict=True))
    rests = event + np.concatenate([[0.0], np.cumsum([one.end - age for one, age in pairs])])
    end = float(rests[-1])
    if not 0 < event < end:
        return None
    before = [one.times[one.times <= age] + at for (one, age), at in zip(pairs, begins[:-1], strict=True)]
    after = [one.times[one.times > age] - age + at for (one, age), at in zip(pairs, rests[:-1], strict=True)]
    # Sums of the same lengths in another order may differ in the last digit.
    return history(np.minimum(np.concatenate([*before, *after]), end), end), event


def _adjusted(found: list[Tests]) -> list[Tests]:
    tested = [i for i, one in enumerate(found) if one.trend is not None]
    p = false_discovery([one.trend.p for one in found if one.trend is not None])
    for i, chance in zip(tested, p.tolist(), strict=True):
        found[i] = replace(found[i], trend_p=chance)
    return found


def _steps_p(found: Sequence[Tests]) -> list[list[float]]:
    """Adjusted p-values of the steps of each mode, over all steps of all modes."""
    p = iter(false_discovery([step.p for one in found for _, step in one.steps]).tolist())
    return [[next(p) for _ in one.steps] for one in found]


def _decided(one: Evidence, tests: Tests, chance: Sequence[float]) -> Tests:
    """What the law is to be fitted to."""
    surest = min(range(len(chance)), key=chance.__getitem__, default=-1)
    if surest >= 0 and chance[surest] < LEVEL:
        return replace(tests, used=f"after {tests.steps[surest][0]}")
    if tests.trend_p is not None and tests.trend_p < LEVEL:
        power = _told(lambda: frozen(one.histories))
        return replace(tests, used="power law", power=power) if power is not None else tests
    return tests


def frozen(histories: Sequence[History]) -> PowerLaw:
    """The power law of several machines together: each one's ages are stretched to the time of all of them.

    With machines watched for as long as each other that is the most likely law with the same beta and rate for each,
    and its mean at the end is that of one machine.
    """
    total = math.fsum(one.end for one in histories)
    times = np.concatenate([one.times * (total / one.end) for one in histories])
    counted = sum(one.counted for one in histories)
    return power_law(History(np.sort(np.minimum(times, total)), total, counted))


def steadied(histories: Sequence[History], beta: float) -> Sample:
    """The times up without their trend: ages as end · (age / end)^beta, on which the rate is constant.

    The gaps keep the spread that they have beside the trend. Source: Lakey, Rigdon (1992), The Modulated Power Law
    Process, where the clock is stretched in the same way.
    """
    stretched = [(one.end * (one.times / one.end) ** beta, one.end) for one in histories]
    gaps = np.concatenate([np.diff(times, prepend=0.0) for times, _ in stretched])
    rests = [end - times[-1] if len(times) else end for times, end in stretched]
    return sample(gaps[gaps > 0], np.maximum(rests, 0.0))
