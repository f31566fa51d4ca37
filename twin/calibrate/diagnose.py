"""What is asked of the times up before one law is fitted: trend, class trend, serial correlation, steps at events.

The order is that of the field: if the times up have no trend they are lives of one law. If they step at named events,
those after the latest step are. If they drift, the failures are a power-law process, frozen at the end of the window.
A drift looks like a step at any date, so a step must leave no trend on its sides and tell more than a drift. Over many
modes some test always fires, so p-values are adjusted by the false discovery rate before anything follows from them.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from twin.calibrate.fitting.said import said
from twin.calibrate.fitting.sample import Sample, sample
from twin.calibrate.fitting.trend import (
    History,
    Verdict,
    change_point,
    class_trend,
    content,
    false_discovery,
    history,
    in_order,
    lewis_robinson,
    power_law,
    serial,
    step_at,
)
from twin.calibrate.found import Diagnostics, Evidence

if TYPE_CHECKING:
    from twin.calibrate.fitting.trend import PowerLaw, Step

LEVEL = 0.05
"""Adjusted p-values below it count."""
T = TypeVar("T")


def stream(seed: int, *counts: int) -> int:
    """A seed from how many there are of something, such as the failures of each machine, in any order.

    So no p-value hangs on names, on the order of rows, on the unit of time, or on another mode more or less. Modes with
    the same counts share their random orders, which takes nothing from the level of either.
    """
    return (seed ^ (zlib.crc32(repr(sorted(counts)).encode()) << 20)) % 2**63


def _stream_of(histories: Sequence[History], seed: int) -> int:
    return stream(seed, *(len(one.times) for one in histories))


def diagnose(modes: Sequence[Evidence], kin: Sequence[Sequence[int]], seed: int) -> list[Diagnostics]:
    """The tests of all modes and what follows from them.

    Args:
        modes: the evidence.
        kin: for each mode the places in ``modes`` of those it shares its class, name and clock with, itself included.
        seed: of all draws.
    """
    found = [_alone(one, _stream_of(one.histories, seed)) for one in modes]
    for i, others in enumerate(kin):
        if len(others) > 1 and found[i].trend is not None:
            verdict = _class_verdict(modes, others, seed)
            found[i] = replace(found[i], class_trend=verdict)
    found = _adjusted(found)
    told = zip(modes, found, _steps_p(found), strict=True)
    return [_decided(one, tests, chance, _stream_of(one.histories, seed)) for one, tests, chance in told]


def _alone(one: Evidence, seed: int) -> Diagnostics:
    """What a mode tells without the others."""
    may, histories = said(one.up.failures), in_order(one.histories)
    if not may.trend:
        return Diagnostics()
    trend = _told(lambda: lewis_robinson(histories[0], seed) if len(histories) == 1 else class_trend(histories, seed))
    gaps = [gap for each in histories for gap in each.gaps.tolist()]
    return Diagnostics(
        trend=trend,
        serial=_told(lambda: serial(gaps)) if may.serial else None,
        steps=tuple((one.later[i].event, step) for i, step in _steps(one).items()),
        change=_told(lambda: change_point(one.histories)) if may.changes else None,
    )


def _told(test: Callable[[], T]) -> T | None:
    """The answer of a test, None where the failures are too few for it or their gaps all equal."""
    try:
        return test()
    except ValueError:
        return None


def _class_verdict(modes: Sequence[Evidence], others: Sequence[int], seed: int) -> Verdict | None:
    histories = [each for i in others for each in modes[i].histories]
    return _told(lambda: class_trend(histories, _stream_of(histories, seed)))


def _steps(one: Evidence) -> dict[int, Step]:
    """The step at each event, by its place in ``later``, judged between the neighbouring events that changed something.

    All events are cuts at first. The one that tells least is dropped until each that is left tells something beside
    its neighbours: judged against the whole history a step up and one down again would hide each other. The level is
    shared among the events, for the best of many dates always tells something.
    """
    cuts = list(range(len(one.later)))
    while cuts:
        chance = [1.0 if (step := _step(one, cuts, i)) is None else step.p for i in cuts]
        if max(chance) < LEVEL / len(one.later):
            break
        cuts.pop(chance.index(max(chance)))
    return {i: step for i in range(len(one.later)) if (step := _step(one, cuts, i)) is not None}


def _step(one: Evidence, cuts: Sequence[int], place: int) -> Step | None:
    """The change at an event, within the segment between the cuts before it and after it."""
    begins = next((one.later[i].ages for i in reversed(cuts) if i < place), _starts(one))
    ends = next((one.later[i].ages for i in cuts if i > place), _ends(one))
    ages = [age - begin for age, begin in zip(one.later[place].ages, begins, strict=True)]
    found = end_to_end(_between(one.histories, begins, ends), ages)
    return _told(lambda: step_at(*found)) if found else None


def _starts(one: Evidence) -> tuple[float, ...]:
    return (0.0,) * len(one.histories)


def _ends(one: Evidence) -> tuple[float, ...]:
    return tuple(each.end for each in one.histories)


def _between(histories: Sequence[History], begins: Sequence[float], ends: Sequence[float]) -> list[History]:
    """What each machine did between two ages, counted from the first."""
    found = []
    for one, begin, end in zip(histories, begins, ends, strict=True):
        times = one.times[(one.times <= end) & ((one.times > begin) | (begin == 0))] - begin
        found.append(History(times, end - begin, len(times)))
    return found


def end_to_end(histories: Sequence[History], ages: Sequence[float]) -> tuple[History, float] | None:
    """Several machines as one: what came before an event, machine after machine, then what came after it.

    In the order of their content (``twin.calibrate.fitting.trend.in_order``), so that names change nothing.

    The gaps where two machines meet are artificial, one for each machine but one on either side.

    Args:
        histories: of the machines.
        ages: of each machine at the event.

    Returns:
        The history and the age at the event; None where a side has no time at all.
    """
    pairs = sorted(zip(histories, ages, strict=True), key=lambda pair: content(pair[0]))
    begins = np.concatenate([[0.0], np.cumsum([age for _, age in pairs])])
    event = float(begins[-1])
    rests = event + np.concatenate([[0.0], np.cumsum([one.end - age for one, age in pairs])])
    end = float(rests[-1])
    if not 0 < event < end:
        return None
    before = [one.times[one.times <= age] + at for (one, age), at in zip(pairs, begins[:-1], strict=True)]
    after = [one.times[one.times > age] - age + at for (one, age), at in zip(pairs, rests[:-1], strict=True)]
    # Sums of the same lengths in another order may differ in the last digit.
    return history(np.minimum(np.concatenate([*before, *after]), end), end), event


def _adjusted(found: list[Diagnostics]) -> list[Diagnostics]:
    tested = [i for i, one in enumerate(found) if one.trend is not None]
    p = false_discovery([one.trend.p for one in found if one.trend is not None])
    for i, chance in zip(tested, p.tolist(), strict=True):
        found[i] = replace(found[i], trend_p=chance)
    changes = [one.change for one in found if one.change is not None]
    adjusted = iter(false_discovery([one.p for one in changes]).tolist())
    return [replace(one, change=one.change._replace(p=next(adjusted))) if one.change else one for one in found]


def _steps_p(found: Sequence[Diagnostics]) -> list[list[float]]:
    """Adjusted p-values of the steps of each mode, over all steps of all modes."""
    p = iter(false_discovery([step.p for one in found for _, step in one.steps]).tolist())
    return [[next(p) for _ in one.steps] for one in found]


def _decided(one: Evidence, tests: Diagnostics, chance: Sequence[float], seed: int) -> Diagnostics:
    """What the law is to be fitted to."""
    steps = [name for (name, _), p in zip(tests.steps, chance, strict=True) if p < LEVEL]
    drifts = tests.trend_p is not None and tests.trend_p < LEVEL
    power = _told(lambda: frozen(one.histories)) if drifts else None
    if steps and (power is None or not _is_drift(one, steps, power, seed)):
        return replace(tests, used=f"after {steps[-1]}")
    return replace(tests, used="power law", power=power) if power is not None else tests


def _is_drift(one: Evidence, steps: Sequence[str], power: PowerLaw, seed: int) -> bool:
    """Whether steps are a trend cut in pieces: a trend is left within the pieces, or the trend tells as much alone."""
    pieces = _pieces(one, steps)
    left = _told(lambda: class_trend([each for piece in pieces for each in piece], seed))
    return (left is not None and left.p < LEVEL) or _gain(one.histories, pieces, power) < 0


def _pieces(one: Evidence, steps: Sequence[str]) -> list[list[History]]:
    """The histories cut at the steps."""
    cuts = [later.ages for later in one.later if later.event in steps]
    return [_between(one.histories, *ages) for ages in pairwise([_starts(one), *cuts, _ends(one)])]


def _gain(histories: Sequence[History], pieces: Sequence[Sequence[History]], power: PowerLaw) -> float:
    """By how much constant rates in pieces are likelier than a power law, ln; each rate beyond two must earn its place.

    Both are Poisson processes that expect as many failures as were seen, so only the rates at the failures differ. A
    rate costs ½ ln n. Source: Schwarz (1978), Estimating the Dimension of a Model, Annals of Statistics 6.
    """
    rates = [(sum(len(each.times) for each in piece), math.fsum(each.end for each in piece)) for piece in pieces]
    steps = math.fsum(n * math.log(n / watched) for n, watched in rates if n)
    ages = math.fsum(float(np.log(one.times / one.end).sum()) for one in histories)
    drift = power.n * math.log(power.n * power.beta / power.end) + (power.beta - 1) * ages
    return steps - drift - (len(pieces) - 2) / 2 * math.log(power.n)


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
