"""All that was found as rows of plain values, for tables of pandas: one row a law or share."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from twin.calibrate.fitting.said import law_words, said
from twin.calibrate.output.written import plain

if TYPE_CHECKING:
    from twin.calibrate.fitting.posterior import Posterior
    from twin.calibrate.fitting.sample import Sample
    from twin.calibrate.found import Findings


class Row(NamedTuple):
    """One law or share."""

    entry: str
    """Its name in the fitted file."""
    part: str
    """'up' or 'repair' of a mode, 'time', 'share'."""
    mean: float
    """In ``unit``."""
    low: float
    """5 % of the probability lies below; of the mean."""
    high: float
    """5 % of the probability lies above."""
    cv: float
    """NaN below 5 times seen, and of a share."""
    cv_low: float
    cv_high: float
    unit: str
    """'s', 'cycles', or '1' of a share."""
    law: str
    """A family, 'cannot tell', or the weights of several families; 'constant' of a time without spread."""
    seen: int
    """Failures, repairs, times; of a share the parts."""
    censored: int
    """Times that were cut short."""
    exposure: float
    """Time watched, in ``unit``; of a share the parts."""
    borrowed: bool
    """Whether none of its own was seen."""


def rows(findings: Findings) -> Iterator[Row]:
    """Modes, then times, then shares, in order of name."""
    for one in findings.modes:
        seen = one.evidence
        unit = "cycles" if seen.clock == "cycles" else "s"
        yield _law(one.name, "up", one.up, unit, seen.up)
        yield _law(one.name, "repair", one.repair, "s", seen.repair)
    for time in findings.times:
        row = _law(time.name, "time", time.posterior, "s", time.times.sample)
        yield row._replace(cv=0.0, cv_low=0.0, cv_high=0.0, law="constant") if time.is_constant else row
    for share in findings.counts:
        parts, nan = share.counts.parts, math.nan
        low, high = share.share.interval90
        name = plain(share.name)
        yield Row(name, "share", share.share.mean, low, high, nan, nan, nan, "1", "", parts, 0, float(parts), False)


def _law(entry: str, part: str, found: Posterior, unit: str, sample: Sample) -> Row:
    """A law; ``said`` rules what its number of times allows."""
    spread = said(found.failures).spread
    cvs = (found.cv, *found.cv_interval90) if spread else (math.nan,) * 3
    law = law_words(found.failures, found.weights)
    mean = found.mean, *found.interval90
    cut, exposure = len(sample.censored), sample.exposure
    return Row(plain(entry), part, *mean, *cvs, unit, law, found.failures, cut, exposure, found.borrowed)
