"""Replacement at an age: as new after every maintenance and every repair, the planned one cheaper and shorter.

A part takes a quarter of the age and is lost in a failure, so that the age is reached as a part ends.
"""

from __future__ import annotations

import math

import pytest

from . import facts
from .judge import FAST, LONG, Answer, Tier, complaints
from .plants import Read, View, body, line, total, working
from .study import Quantity, Study, headline, judged

PARTS = 4
"""Parts in an age."""
WARM_UP = 10_000


def _plant(case: str, age: float) -> str:
    """A machine that always runs, replaced at ``age`` minutes of work; infinite: only when it has failed."""
    given = facts.params(case)
    life = f"{{weibull: {{shape: {given['shape']}, scale: {given['scale']} min}}}}"
    keys = [f"mtbf: {life}", f"mttr: {{constant: {given['tf']} min}}", "part: scrap"]
    planned = ""
    if age < math.inf:
        keys.append("renews: [replacement]")
        planned = f"maintenance: {{replacement: {{every: {age} min, lasts: {given['tp']} min, renews: [wear]}}}}"
    extras = [f"breakdowns: {{wear: {body(*keys)}}}", planned]
    return line([f"{(age if age < math.inf else 100) / PARTS} min"], [], [extras])


def _times(name: str) -> Read:
    """How often a stop has begun, per unit of time."""

    def read(view: View) -> float:
        return sum(stop.times for stop in view.station("m1").stops if stop.mode == name) / view.window

    return read


FAILURES, PLANNED, AVAILABLE = _times("wear"), _times("replacement"), working("m1")


def _cost(view: View) -> float:
    """What replacements cost per calendar time; both cases have the same prices."""
    given = facts.params("AGE-OPT-1")
    return float(given["cp"] * PLANNED(view) + given["cf"] * FAILURES(view))


def _over(read: Read, other: Read) -> Read:
    return lambda view: read(view) / other(view)


COST_RATE = _over(_cost, AVAILABLE)
"""What replacements cost per running time."""


def _at_age() -> Study:
    """An interval leaves no room for a scale that is read as a mean, nor for an age that maintenance does not reset."""
    case, known = "AGE-AT-1", facts.answers("AGE-AT-1")
    quantities = (
        headline("uptime_per_cycle", "time", _over(AVAILABLE, total(FAILURES, PLANNED))),
        headline("cost_rate_calendar", "time", _cost),
        Quantity("availability", "share", AVAILABLE),
        Quantity("planned_per_time", "mean", PLANNED),
        Quantity("failures_per_time", "mean", FAILURES),
        Quantity("failures_per_time_about", "mean", FAILURES, exact=known["failures_per_time"]),
    )
    return Study(case, _plant(case, facts.params(case)["T"]), quantities, 290_000, 1_600_000, WARM_UP)


def _at_best_age() -> Study:
    """Renewal and reward say where the optimum is; the simulation says that it is so good there."""
    case, known = "AGE-OPT-1", facts.answers("AGE-OPT-1")
    assert known["T_cost_opt"] == pytest.approx(known["T_avail_opt"], abs=1e-3)
    quantities = (
        headline("cost_rate_opt", "time", COST_RATE),
        Quantity("avail_opt", "share", AVAILABLE),
    )
    return Study(case, _plant(case, round(known["T_cost_opt"], 4)), quantities, 410_000, 2_600_000, WARM_UP, "best age")


def _to_failure() -> Study:
    case = "AGE-OPT-1"
    quantities = (
        headline("mtbf", "time", _over(AVAILABLE, FAILURES)),
        Quantity("cost_rate_run_to_failure", "time", COST_RATE),
        Quantity("avail_run_to_failure", "share", AVAILABLE),
    )
    return Study(case, _plant(case, math.inf), quantities, 150_000, 1_500_000, WARM_UP, "to failure")


STUDIES = (_at_age(), _at_best_age(), _to_failure())

test_short, test_long = judged(STUDIES)


# --- the best age --------------------------------------------------------------------------------


def renewal_reward(age: float) -> float:
    """Expected cost per running time: that of a renewal over its time up, both by quadrature.

    Barlow and Proschan, Mathematical Theory of Reliability, Wiley 1965, chapter 4.
    """
    from scipy.integrate import quad

    given = facts.params("AGE-OPT-1")

    def survival(t: float) -> float:
        return math.exp(-((t / given["scale"]) ** given["shape"]))

    lives = survival(age)
    return float((given["cp"] * lives + given["cf"] * (1 - lives)) / quad(survival, 0, age)[0])


def test_the_formula_has_its_least_cost_at_the_age_of_the_case() -> None:
    from scipy.optimize import minimize_scalar

    known = facts.answers("AGE-OPT-1")
    found = minimize_scalar(renewal_reward, bounds=(100, 2_000), method="bounded", options={"xatol": 1e-6})
    assert found.x == pytest.approx(known["T_cost_opt"], abs=0.01)
    assert found.fun == pytest.approx(known["cost_rate_opt"], rel=1e-10)


def _costs(ages: tuple[float, ...], length: float, seed: int, factor: float) -> list[Answer]:
    """Simulated costs at several ages, each beside the formula."""
    found = []
    for age in ages:
        quantity = Quantity(f"cost at {age}", "time", COST_RATE, exact=renewal_reward(age))
        study = Study("AGE-OPT-1", _plant("AGE-OPT-1", age), (quantity,), length, length, WARM_UP)
        found += study.measure(length, seed, factor)
    return found


@pytest.mark.parametrize(
    ("ages", "length", "tier"),
    [
        ((300, 493, 800), 30_000, FAST),
        pytest.param((300, 400, 493, 600, 800), 700_000, LONG, marks=pytest.mark.long),
    ],
)
def test_of_a_few_ages_the_one_of_the_formula_is_best(ages: tuple[float, ...], length: float, tier: Tier) -> None:
    measured: list[list[Answer]] = []

    def measure(seed: int, factor: float) -> list[Answer]:
        measured.append(_costs(ages, length, seed, factor))
        return measured[-1]

    assert complaints("AGE-OPT-1 ages", measure, tier) == []
    cost = {age: answer.estimate.mean for age, answer in zip(ages, measured[-1], strict=True)}
    assert min(cost, key=cost.__getitem__) == 493
