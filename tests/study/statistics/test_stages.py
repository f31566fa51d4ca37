"""Two-stage selection: published numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest

from twin.study.statistics.stages import rinott, second_stage

KSL = {
    "One": [63.72, 32.24, 40.28, 36.94, 36.29, 56.94, 34.1, 63.36, 49.29, 87.2],
    "Two": [63.06, 31.78, 40.32, 37.71, 36.79, 57.93, 33.39, 62.92, 47.67, 80.79],
    "Three": [57.74, 29.65, 36.52, 35.71, 33.81, 51.54, 31.39, 57.24, 42.63, 67.27],
    "Four": [62.63, 31.56, 39.87, 37.35, 36.65, 57.15, 33.3, 62.21, 47.46, 79.6],
}
"""Ten paired replications of four systems. Source: KSL book, ch. 5 (t = 2.5096, largest variance 28.498, R = 45)."""


def test_published_second_stage() -> None:
    values = np.column_stack(list(KSL.values()))
    assert second_stage(values, list(KSL), 2.0) == 45
    assert second_stage(values, list(KSL), 100.0) == 10, "the first stage is enough"


@pytest.mark.parametrize(("k", "h"), [(2, 2.6141192953157573), (4, 3.4762898030338882), (10, 4.289547471596218)])
def test_rinott(k: int, h: float) -> None:
    """By nested quadrature; 400,000 random draws give the probability 0.951-0.952."""
    assert rinott(k, 0.95, 10) == pytest.approx(h, rel=1e-7)


def test_rinott_with_many_replications_is_bechhofer() -> None:
    """Variances as good as known: h = d √2 with d of Bechhofer (1954); for k = 2, √2 · z(0.95)."""
    assert rinott(2, 0.95, 300) == pytest.approx(math.sqrt(2) * 1.644854, rel=0.01)


def test_what_makes_no_sense() -> None:
    with pytest.raises(ValueError, match=r"are due, not 2, 10 and 0\.5$"):
        rinott(2, 0.5)
    with pytest.raises(ValueError, match="an indifference above 0 is due, not 0"):
        second_stage([[1.0, 2.0], [2.0, 3.0]], ["a", "b"], 0.0)
    with pytest.raises(ValueError, match=r"values of 2 scenarios, two or more, by replication are due, not \(1, 2\)"):
        second_stage([[1.0, 2.0]], ["a", "b"], 1.0)
