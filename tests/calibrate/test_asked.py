"""What is asked of a mode and what follows: the same under other names, changes nobody named, trends under
maintenance; and shares from day to day."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from twin.calibrate.fitting.sample import Sample, sample
from twin.calibrate.fitting.share import design_effect
from twin.calibrate.fitting.trend import history
from twin.calibrate.found import Evidence, Later

from .histories import law
from .test_find import HOUR, draws, evidence, findings, only
from .test_observe import seen
from .watching import Line


def asked_of(names: tuple[str, str], order: tuple[int, int]) -> list[Any]:
    """What is asked of two stations of two machines each, with a step, by other names and in another order."""
    machines = [history(draws(30, 1, seed=k).cumsum() * HOUR, 400 * HOUR) for k in range(4)]
    seen = list[Evidence]()
    for name, pair in zip(names, (machines[:2], machines[2:]), strict=True):
        own = [pair[i] for i in order]
        later = (Later("new belt", tuple(one.end * (0.4 + len(one.times) % 2 / 10) for one in own), sample([HOUR])),)
        seen.append(evidence(f"{name}.jam", [draws(60)[0]] * 60, up=sample(np.concatenate([o.gaps for o in pair])),
                             histories=tuple(own), later=later))  # fmt: skip
    found = {one.evidence.station: one.tests for one in findings(*seen, classes={"mills": list(names)}).modes}
    return [found[name] for name in names]


def test_names_and_the_order_of_machines_change_no_p_value() -> None:
    due = asked_of(("a", "b"), (0, 1))
    assert due[0].trend is not None
    assert due[0].class_trend is not None
    assert due[0].goodness is not None
    assert due[0].steps
    assert asked_of(("z", "b"), (0, 1)) == due
    assert asked_of(("a", "b"), (1, 0)) == due


def test_from_200_failures_on_a_change_is_looked_for() -> None:
    some = [only(evidence("a.jam", draws(n), 1)).tests.change for n in (200, 201)]
    assert some[0] is None
    assert some[1] is not None
    late = np.append(draws(120), draws(120, mean=30.0))
    found = only(evidence("a.jam", late, 1)).tests.change
    assert found is not None
    assert found.p < 0.01
    assert abs(found.before - 120) < 15


@pytest.mark.parametrize("age", [0.5, 0.9])
def test_a_trend_of_lives_that_maintenance_cuts_short_keeps_their_mean(age: float) -> None:
    """Wear of CV 0.5 on a power-law clock of beta 1.6, renewed at an age, with a mean of 1 at the end; 90 % of 30.

    The mean between the failures that were not prevented is 1.6 to 2.8 times as long.
    """
    inside, middle = 0, []
    for seed in range(30):
        lives, ages = worn(seed, age)
        found = only(evidence("a.jam", [1.0], up=lives, histories=(history(ages, 64.0 * HOUR),), preventive=9))
        if found.tests.used == "power law":
            inside += found.up.interval90[0] <= HOUR <= found.up.interval90[1]
            middle.append(math.log(found.up.mean / HOUR))
    assert len(middle) >= 10
    assert inside >= stats.binom.ppf(0.0005, len(middle), 0.9)
    assert abs(np.mean(middle)) < math.log(1.5)


def worn(seed: int, age: float, beta: float = 1.6, n: int = 40) -> tuple[Sample, list[float]]:
    """Lives over beta n hours, on a clock stretched to n (t / end)^beta, and the ages of the machine at failure, s."""
    rng, truth, end, at = np.random.default_rng((31, seed)), law("weibull", 0.5), beta * n, 1e-9
    exact, cut, ages = list[float](), list[float](), list[float]()
    while at < end - 1e-6:
        due = float(end * ((n * (at / end) ** beta + truth.ppf(rng.random())) / n) ** (1 / beta) - at)
        watched = min(due, age, end - at)
        at += watched
        (exact if watched == due else cut).append(watched * HOUR)
        ages += [at * HOUR] * (watched == due)
    return sample(exact, cut), ages


@pytest.mark.parametrize("days", [3, 10])
def test_bad_parts_are_compared_day_by_day(days: int) -> None:
    """Every other day half the parts are bad: rows of such a day are no evidence of their own, unless days are few."""
    lines = [
        Line("M", 24 * day + row, 24 * day + row + 1, "run", parts=10, scrap=5 * (day % 2))
        for day in range(days)
        for row in range(1, 5)
    ]
    (found,) = (one for one in seen(lines, 24.0 * days).counts if one.what == "scrap")
    by_row = [5 * (day % 2) for day in range(days) for _ in range(4)]
    due = design_effect(by_row, [10] * len(by_row)) if days < 5 else design_effect([0, 20] * 5, [40] * 10)
    assert found.effect == pytest.approx(due)
    assert found.effect > 1.5
