"""Steps and trends told apart: a named date hides no drift, and the law stands on what came after the latest step."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from twin.calibrate.diagnose import diagnose
from twin.calibrate.fitting.sample import sample
from twin.calibrate.found import Diagnostics, Evidence, Later

from .test_find import HOUR, evidence

RUNS = 40


def at_least(share: float) -> int:
    """So many of the runs show a share at least, but for one chance in 2,000."""
    return int(stats.binom.ppf(0.0005, RUNS, share))


def dated(gaps: Any, events: dict[str, float], rest: float = 0.0) -> Evidence:
    """A mode with events at ages in h."""
    later = tuple(Later(name, (age * HOUR,), sample([HOUR])) for name, age in events.items())
    return evidence("a.jam", gaps, rest, later=later)


def asked(one: Evidence) -> Diagnostics:
    return diagnose([one], [[0]], 1)[0]


def drifting(n: int, beta: float, seed: int, dates: int = 1) -> Evidence:
    """A power-law process over 1,000 h, with dates at random which changed nothing."""
    rng = np.random.default_rng(seed)
    ages = np.sort(rng.random(n)) ** (1 / beta) * 1000
    named = {f"audit {i}": float(at) for i, at in enumerate(np.sort(rng.uniform(100, 900, dates)))}
    return dated(np.diff(ages, prepend=0.0), named, 1000 - float(ages[-1]))


def stepping(means: tuple[float, ...], seed: int, n: int = 20, cv: float = 1.0) -> Evidence:
    """So many failures at each mean (h); the events are named after the mean that follows."""
    rng = np.random.default_rng(seed)
    parts = [rng.gamma(cv**-2, mean * cv * cv, n) for mean in means]
    ends = np.cumsum([part.sum() for part in parts])[:-1] + 1e-6
    return dated(np.concatenate(parts), {f"{i} to {means[i + 1]:g} h": float(at) for i, at in enumerate(ends)})


@pytest.mark.parametrize(("beta", "dates", "share"), [(2.2, 1, 0.95), (1.8, 1, 0.75), (1.8, 4, 0.65), (0.6, 1, 0.75)])
def test_regression_a_named_date_hides_no_trend(beta: float, dates: int, share: float) -> None:
    """A regression test: no theory gives the power; the shares are what was measured once, rounded down."""
    used = [asked(drifting(60, beta, seed, dates)).used for seed in range(RUNS)]
    assert used.count("power law") >= at_least(share)


def test_without_a_trend_a_date_changes_nothing() -> None:
    """The trend test and the steps (false discovery rate) are wrong in 5 % each at most, so in 10 % together."""
    used = [asked(drifting(60, 1.0, seed, 3)).used for seed in range(RUNS)]
    assert used.count("renewal") >= at_least(0.9)


@pytest.mark.parametrize("cv", [0.5, 1.0])
def test_a_step_is_no_trend(cv: float) -> None:
    """Four times better: over the whole the times up drift, but not within the sides.

    A change of ln 4 is 5.4 and more standard errors CV √(2/30), so it is found; a trend is left within the sides by
    chance in 5 %.
    """
    used = [asked(stepping((1.0, 4.0), seed, 30, cv)).used for seed in range(RUNS)]
    assert used.count("after 0 to 4 h") >= at_least(0.95)


@pytest.mark.parametrize("last", [2.0, 3.0])
def test_the_law_stands_on_what_came_after_the_latest_step(last: float) -> None:
    """Up and down again: against the whole history each step would hide the other.

    Each is 4.4 standard errors √(2/20) and more; a trend is left within the pieces by chance in 5 %.
    """
    used = [asked(stepping((2.0, 12.0, last), seed)).used for seed in range(RUNS)]
    assert used.count(f"after 1 to {last:g} h") >= at_least(0.95)


def test_a_step_is_judged_between_its_neighbours() -> None:
    """The 90 % intervals hold the ratios 12/2 and 3/12; each step stands on the failures beside it alone."""
    ups, downs = [], []
    for seed in range(RUNS):
        (_, up), (_, down) = asked(stepping((2.0, 12.0, 3.0), seed)).steps
        assert (up.before, up.after) == (down.before, down.after) == (20, 20)
        ups.append(up.interval90[0] < 6 < up.interval90[1])
        downs.append(down.interval90[0] < 1 / 4 < down.interval90[1])
    assert min(sum(ups), sum(downs)) >= at_least(0.9)


def test_an_event_that_changed_nothing_moves_no_cut() -> None:
    """A step and a date in the middle of what came after it: the law keeps the data from the step on.

    The date is taken for a step in 5 % (the first of two p-values in order is none of it), a trend is left in 5 %.
    """
    used = [asked(stepping((1.0, 8.0, 8.0), seed)).used for seed in range(RUNS)]
    assert used.count("after 0 to 8 h") >= at_least(0.9)


def test_two_names_for_one_date_are_one_step() -> None:
    one = stepping((1.0, 8.0), 3)
    (event,) = one.later
    twice = dated(np.diff(one.histories[0].times, prepend=0.0) / HOUR, dict.fromkeys("ab", event.ages[0] / HOUR))
    assert asked(twice).used in {"after a", "after b"}


def test_several_machines_step_or_drift_together() -> None:
    """Two machines alike, each with the other's events at its own age."""
    steps = [stepping((2.0, 12.0, 3.0), seed) for seed in (1, 2)]
    drifts = [drifting(40, 2.0, seed) for seed in (1, 2)]
    used = []
    for pair in (steps, drifts):
        ages = zip(*([later.ages[0] for later in one.later] for one in pair), strict=True)
        later = tuple(Later(f"e{i}", both, sample([HOUR])) for i, both in enumerate(ages))
        gaps = np.concatenate([one.histories[0].gaps for one in pair]) / HOUR
        used.append(asked(evidence("a.jam", gaps, histories=tuple(one.histories[0] for one in pair), later=later)).used)
    assert used == ["after e1", "power law"]
