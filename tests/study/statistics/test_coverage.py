"""Nominal 95 % intervals cover the truth 92-98 % of the time: 1,000 repetitions each, data made by numpy alone.

Lengths: M/M/1 at 80 % load, 500 customers of warm-up and 4,000 counted; AR(1) with φ = 0.9, 200 and 500 values; a line
of two machines with breakdowns and 4 places between, 100 parts of warm-up and 400 counted; 20 replications each.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from twin.core.confidence import quantile_ranks, wilson
from twin.study.statistics.compare import compare
from twin.study.statistics.interval import mean_interval
from twin.study.statistics.sequential import Stop

REPETITIONS, REPLICATIONS = 1000, 20
RUNS = REPETITIONS * REPLICATIONS
LOW, HIGH = 0.92, 0.98


def repeated(values: np.ndarray) -> list[list[float]]:
    """Repetitions of so many replications."""
    return values.reshape(REPETITIONS, -1).tolist()  # type: ignore[no-any-return]


def share(truth: float, repetitions: list[list[float]]) -> float:
    """How often the interval of the mean holds the truth."""
    found = [mean_interval(one) for one in repetitions]
    return sum(one.low <= truth <= one.high for one in found if one and one.low is not None) / len(found)  # type: ignore[operator]


def waits(rng: np.random.Generator, load: float, skipped: int, counted: int) -> np.ndarray:
    """The mean wait in the queue of M/M/1 with service rate 1, one a run: Lindley's recursion."""
    wait, total = np.zeros(RUNS), np.zeros(RUNS)
    for customer in range(skipped + counted):
        if customer >= skipped:
            total += wait
        wait += rng.standard_exponential(RUNS) - rng.standard_exponential(RUNS) / load
        np.maximum(wait, 0.0, out=wait)
    return total / counted


@pytest.mark.long
def test_waiting_times_of_a_queue() -> None:
    found = waits(np.random.default_rng(20261121), 0.8, 500, 4000)
    assert LOW <= share(0.8 / (1 - 0.8), repeated(found)) <= HIGH


def test_waiting_times_of_a_short_queue() -> None:
    """Half load needs a shorter run: 100 customers of warm-up, 500 counted."""
    found = waits(np.random.default_rng(20261122), 0.5, 100, 500)
    assert LOW <= share(0.5 / (1 - 0.5), repeated(found)) <= HIGH


def series(rng: np.random.Generator, runs: int, skipped: int, counted: int) -> np.ndarray:
    """The mean of AR(1) around 5 with φ = 0.9 that begins at 25."""
    value, total = np.full(runs, 20.0), np.zeros(runs)
    for t in range(skipped + counted):
        value = 0.9 * value + rng.standard_normal(runs)
        if t >= skipped:
            total += value
    return 5 + total / counted


def test_correlated_series() -> None:
    found = series(np.random.default_rng(1), RUNS, 200, 500)
    assert LOW <= share(5.0, repeated(found)) <= HIGH


def test_no_warm_up_covers_less() -> None:
    """The check has teeth: what is left of the start shows in the interval."""
    found = series(np.random.default_rng(1), RUNS, 0, 500)
    assert share(5.0, repeated(found)) < 0.9


# -- two machines with breakdowns

CYCLE, FAILURES, REPAIR, PLACES = (1.0, 0.9), 0.02, 5.0, 4
"""Mean cycles (exponential); failures a unit of work; mean repair; places between."""


def seconds_per_part() -> float:
    """Mean time between parts of the line, from its Markov chain: parts in front of machine 2, and what is up."""
    levels = PLACES + 3  # in the buffer, at machine 2, and one that blocks machine 1
    number = {(n, a, b): 4 * n + 2 * a + b for n in range(levels) for a in (0, 1) for b in (0, 1)}
    rates = np.zeros((len(number), len(number)))
    for (n, a, b), row in number.items():
        works = n < levels - 1, n > 0
        if works[0]:
            rates[row, number[n + a, a, b] if a else number[n, 1, b]] += 1 / CYCLE[0] if a else 1 / REPAIR
            rates[row, number[n, 0, b]] += FAILURES * a
        if works[1]:
            rates[row, number[n - b, a, b] if b else number[n, a, 1]] += 1 / CYCLE[1] if b else 1 / REPAIR
            rates[row, number[n, a, 0]] += FAILURES * b
    np.fill_diagonal(rates, 0.0)
    rates -= np.diag(rates.sum(axis=1))
    system = np.vstack([rates.T, np.ones(len(number))])
    found = np.linalg.lstsq(system, np.append(np.zeros(len(number)), 1.0), rcond=None)[0]
    return float(CYCLE[1] / sum(found[row] for (n, _, b), row in number.items() if n and b))


def parts(rng: np.random.Generator, skipped: int, counted: int) -> np.ndarray:
    """The mean time between parts, one a run: departures of each machine from those before."""

    def worked(cycle: float) -> np.ndarray:
        time = cycle * rng.standard_exponential(RUNS)
        failures = rng.poisson(FAILURES * time)
        down = np.flatnonzero(failures)
        time[down] += REPAIR * rng.standard_gamma(failures[down])
        return time

    left, done = np.zeros(RUNS), [np.zeros(RUNS)] * (PLACES + 2)
    for part in range(skipped + counted):
        if part == skipped:
            start = done[-1]
        # Machine 1 lets a part go when the one that is PLACES + 1 before it has left machine 2.
        left = np.maximum(left + worked(CYCLE[0]), done[-PLACES - 1])
        done = [*done[1:], np.maximum(left, done[-1]) + worked(CYCLE[1])]
    return (done[-1] - start) / counted


def test_line_of_two_machines_with_breakdowns() -> None:
    found = parts(np.random.default_rng(5), 100, 400)
    assert LOW <= share(seconds_per_part(), repeated(found)) <= HIGH


# -- the other intervals


def both(rng: np.random.Generator) -> np.ndarray:
    """Pairs of (scenario, baseline) with correlation 0.9 and a difference of 0.2, skewed: (runs, 2)."""
    common = rng.standard_gamma(4.0, RUNS)
    return np.column_stack([common + 0.2 + rng.normal(0, 0.6, RUNS), common + rng.standard_gamma(0.5, RUNS) - 0.5])


def test_paired_differences() -> None:
    values = both(np.random.default_rng(8)).reshape(REPETITIONS, REPLICATIONS, 2)
    found = [compare(one, ["a", "b"], "b")[0].difference for one in values]
    assert LOW <= sum(one.low <= 0.2 <= one.high for one in found) / REPETITIONS <= HIGH  # type: ignore[operator]


@pytest.mark.parametrize("spread", [2.0, 4.0])
def test_stopping_early(spread: float) -> None:
    """Looking again and again costs little from 20 replications on: ends with about 20-70 of them."""
    rng, stop = np.random.default_rng(9), Stop(1.0, most=500)
    found = [stop.enough(one) for one in rng.normal(3.0, spread, (REPETITIONS, 500))]
    assert all(one.enough for one in found)
    covered = sum(one.interval.low <= 3.0 <= one.interval.high for one in found)  # type: ignore[operator, union-attr]
    assert LOW <= covered / REPETITIONS <= HIGH


@pytest.mark.parametrize("law", [lambda rng, n: rng.standard_exponential(n), lambda rng, n: rng.standard_cauchy(n)])
def test_medians_of_any_law(law: Callable[[np.random.Generator, int], np.ndarray]) -> None:
    """Ranks are whole numbers, so the level is that of the ranks: 95.9 % for 20."""
    rng = np.random.default_rng(10)
    truth = float(np.log(2)) if law(rng, 99).min() > 0 else 0.0
    rows = np.sort(law(rng, RUNS).reshape(REPETITIONS, -1))
    low, high, _ = quantile_ranks(rows.shape[1], 0.5)
    assert LOW <= ((rows[:, low - 1] <= truth) & (truth <= rows[:, high - 1])).mean() <= HIGH


@pytest.mark.parametrize("chance", [0.1, 0.5, 0.85])
def test_shares_of_events(chance: float) -> None:
    events = np.random.default_rng(12).binomial(100, chance, REPETITIONS)
    found = [wilson(int(one), 100) for one in events]
    assert LOW <= sum(low <= chance <= high for low, high in found) / REPETITIONS <= HIGH
