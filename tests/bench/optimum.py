"""Service rates and places of a line of three stations: how often 3,000 replications find the best of 399 designs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from statistics import fmean

from tests.study.search.flow_line import BEST, exact, tried

from .support.registry import Row, Wanted, register
from .support.timing import timed

TRIES, QUICK = 20, 5
NEAR = 0.01
"""Parts an hour."""


@register("searches for the best of 399 designs of a line, 3,000 replications each")
def measure(quick: bool) -> Iterable[Row]:
    """Share of the tries within 0.01 parts an hour of the best, what is missing to the best, and CPU of one try."""
    behind, seconds = list[float](), list[float]()
    for seed in range(1, 1 + (QUICK if quick else TRIES)):
        missing, spent = timed(lambda seed=seed: _missing(seed))  # type: ignore[misc]
        behind.append(missing)
        seconds.append(spent)
    share = sum(one <= NEAR for one in behind) / len(behind)
    yield Row(f"within {NEAR} of the best, of {len(behind)} tries", "share", share, wanted=Wanted("ours", "≥", 0.9))
    yield Row("missing to the best, mean", "parts/h", fmean(behind))
    yield Row("one try", "s CPU", fmean(seconds))


def _missing(seed: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        found = tried(Path(folder), seed).chosen
    assert found is not None
    return BEST - exact(found)
