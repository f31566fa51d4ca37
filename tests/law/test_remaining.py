"""The time left to a machine in mid-life: mean (1 + cv²) / 2 × mean, whatever the law."""

from __future__ import annotations

import math
from pathlib import Path
from statistics import fmean, stdev

import pytest

import twin.element
from twin.core.plan import LawRow
from twin.core.stream import remaining_life
from twin.law.law import LawOf

assert twin.element
LAWS = {
    "exponential": {"exponential": "100 s"},
    "weibull": {"weibull": {"mean": "100 s", "cv": 0.5}},
    "lognormal": {"lognormal": {"mean": "100 s", "cv": 1.2}},
    "gamma": {"gamma": {"mean": "100 s", "cv": 2}},
    "erlang": {"erlang": {"mean": "100 s", "phases": 3}},
    "uniform": {"uniform": ["50 s", "150 s"]},
    "triangular": {"triangular": ["50 s", "100 s", "150 s"]},
    "constant": "100 s",
}


@pytest.mark.parametrize("name", LAWS)
def test_mean_of_the_remaining_life(name: str) -> None:
    law = LawOf("time").read(LAWS[name])
    mean, cv = law.moments().mean, law.moments().cv
    row = LawRow(law.NAME, law.params(Path()), 1e6, mean * 1e6, cv, "")
    left = [remaining_life(row, 1, replication, "m#1/f.first") / 1e6 for replication in range(200)]
    exact = (1 + cv**2) / 2 * mean
    assert abs(fmean(left) - exact) < 4.5 * stdev(left) / math.sqrt(len(left))
    assert abs(exact - mean) > 1e-9 or name == "exponential"
