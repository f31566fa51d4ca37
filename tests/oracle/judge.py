"""How an answer of the engine is held to the truth: by its interval, by the interval's width, by the traps.

Ten replications, each in four independent runs. The exact answer lies in the Student t interval of level
1 − 0.001 / (number of quantities); a miss is repeated once with four times the length and another seed, and must
then hold. No trap (the wrong value a common mistake gives) lies in that interval. The 95 % half width is bounded,
because an interval alone would reward short runs.

Control variates make the same width cheaper: what came in by chance (more arrivals than expected, longer times)
explains much of what came out. A control is read in the same run, has mean 0 whatever the logic of the engine, and
is taken out of the answer by regression. An engine that draws from the wrong law would be corrected too, so every
control is also judged as an answer of its own, whose truth is 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

REPLICATIONS = 10
RUNS = 4 * REPLICATIONS
"""Each replication is four independent runs of a quarter of its length. Forty values of the same total length know
their spread: Student's factor falls from 2.26 to 2.02 at 95 % and from 6.6 to 4.6 at the level of ten quantities."""
RISK = 0.001
"""Risk that a right engine misses one of the quantities of a case by chance (before the repetition)."""
LENGTHEN = 4
SAME = 1e-9
"""What counts as equal, relative (published answers have 12 digits)."""


class Tier(NamedTuple):
    """Bounds of the 95 % half width: relative for throughput and times, absolute for shares."""

    name: str
    throughput: float
    time: float
    share: float = 0.01
    seed: int = 1

    def bound(self, answer: Answer) -> float:
        """The largest half width allowed; infinite for answers judged by their interval alone."""
        if answer.kind == "share":
            return self.share
        if not answer.headline:
            return math.inf
        return {"throughput": self.throughput, "time": self.time}[answer.kind] * abs(answer.exact)


FAST = Tier("fast", throughput=0.01, time=0.03, seed=1)
LONG = Tier("long", throughput=0.005, time=0.01, seed=2)


class Estimate(NamedTuple):
    """A mean with its standard error and the degrees of freedom of Student's t."""

    mean: float
    error: float
    freedom: int


@dataclass(frozen=True)
class Answer:
    """What the replications say of one quantity, and what is true.

    ``kind``: throughput, time, share, or mean (contents and rates: the interval alone). ``controls``: for each
    control its value in each run; their exact mean is 0.
    """

    name: str
    kind: str
    exact: float
    values: Sequence[float]
    headline: bool = False
    traps: Mapping[str, float] = field(default_factory=dict)
    controls: Sequence[Sequence[float]] = ()

    @cached_property
    def estimate(self) -> Estimate:
        """The mean of the values; with controls, the value of the regression where every control is 0.

        Lavenberg and Welch, A perspective on the use of control variables to increase the efficiency of Monte
        Carlo simulations, Management Science 27 (1981) 322–335: Student's t with n − q − 1 degrees of freedom.
        """
        import numpy as np

        known = np.column_stack([np.ones(len(self.values)), *self.controls])
        weights = np.linalg.pinv(known)
        effects = weights @ self.values
        left = self.values - known @ effects
        freedom = len(self.values) - known.shape[1]
        return Estimate(float(effects[0]), math.sqrt(left @ left / freedom * (weights[0] @ weights[0])), freedom)

    def half_width(self, level: float) -> float:
        """Half the width of the Student t interval of the mean."""
        from scipy.stats import t

        return float(t.ppf((1 + level) / 2, self.estimate.freedom)) * self.estimate.error

    def interval(self, level: float) -> tuple[float, float]:
        """The Student t interval of the mean, widened by what counts as equal."""
        middle, half = self.estimate.mean, self.half_width(level) + SAME * max(1.0, abs(self.exact))
        return middle - half, middle + half

    def holds(self, value: float, level: float) -> bool:
        """Whether a value lies in the interval."""
        low, high = self.interval(level)
        return low <= value <= high


Measure = Callable[[int, float], list[Answer]]
"""Runs a case: (seed, factor on the length) to its answers."""


def level_of(answers: Sequence[Answer]) -> float:
    """The level at which each of the answers is judged."""
    return 1 - RISK / len(answers)


def misses(case: str, answers: Sequence[Answer]) -> list[str]:
    """A line for each quantity whose exact answer is outside its interval, with the trap it fell into."""
    level = level_of(answers)
    wrong = [answer for answer in answers if not answer.holds(answer.exact, level)]
    return [f"{_told(case, answer, level)}{_fallen(answer, level)}" for answer in wrong]


def _told(case: str, answer: Answer, level: float) -> str:
    low, high = answer.interval(level)
    return f"{case} {answer.name}: exact {answer.exact:.6g}, interval [{low:.6g}, {high:.6g}]"


def _fallen(answer: Answer, level: float) -> str:
    found = [f"{name} ({value:.6g})" for name, value in answer.traps.items() if answer.holds(value, level)]
    return f"; this is the trap {' or '.join(found)}" if found else "; no trap is known that gives this"


def confusions(case: str, answers: Sequence[Answer]) -> list[str]:
    """A line for each trap that the interval does not exclude."""
    level = level_of(answers)
    return [
        f"{_told(case, answer, level)} does not exclude the trap {name} ({value:.6g})"
        for answer in answers
        for name, value in answer.traps.items()
        if answer.holds(value, level)
    ]


def too_wide(case: str, answers: Sequence[Answer], tier: Tier) -> list[str]:
    """A line for each quantity whose 95 % half width is over the bound of the tier."""
    widths = [(answer, answer.half_width(0.95), tier.bound(answer)) for answer in answers]
    return [
        f"{case} {answer.name}: 95 % half width {width:.3g} is over {bound:.3g} ({tier.name} tier); run longer"
        for answer, width, bound in widths
        if width > bound
    ]


def complaints(case: str, measure: Measure, tier: Tier) -> list[str]:
    """All that is wrong with a case; empty when it holds. A miss is repeated once, longer, with another seed."""
    answers = measure(tier.seed, 1)
    if misses(case, answers):
        answers = measure(tier.seed + 100, LENGTHEN)
    if found := misses(case, answers):
        return found
    return [*confusions(case, answers), *too_wide(case, answers, tier)]
