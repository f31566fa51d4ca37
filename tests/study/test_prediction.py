"""End to end: what is foretold from dirty histories holds what came after them, as often as it says."""

from __future__ import annotations

import math
from statistics import fmean

import pytest
from scipy.stats import binom

from tests.bench.support.predicting import Foretold, foretell

HISTORIES, WEEKS, DRAWS = 20, 26, 19
"""With 19 draws the interval reaches from the least to the most, which is 5 % to 95 %."""
LEVEL = 0.001
"""The chance that a test fails though all is right; so it is for shares below 13 of 20."""
WIDTH, SPREAD = math.sqrt(2), 0.3
"""In theory the interval with draws is √2 as wide as with fixed laws, and more with few failures: when the past is as
long as the future, inputs add as much variance as chance does. Standard deviation of ln of the ratio of two widths
from 19 values each."""


@pytest.fixture(scope="module")
def foretold() -> list[Foretold]:
    """Three machines in a line, cycles of 30 min: half a year of log, half a year after it."""
    return [foretell(number, WEEKS, DRAWS) for number in range(HISTORIES)]


@pytest.mark.long
def test_intervals_hold_what_came(foretold: list[Foretold]) -> None:
    """At 20 histories fixed laws (about 0.75 in theory) cannot be told from 0.90; the benchmark does, with 200."""
    assert binom.cdf(sum(one.holds for one in foretold), HISTORIES, 0.90) > LEVEL


@pytest.mark.long
def test_intervals_are_wider_than_with_fixed_laws(foretold: list[Foretold]) -> None:
    wider = fmean(math.log(_width(one.drawn) / _width(one.fixed)) for one in foretold)
    assert wider > math.log(WIDTH) - 3.1 * SPREAD / math.sqrt(HISTORIES)


def _width(interval: tuple[float, float]) -> float:
    return interval[1] - interval[0]
