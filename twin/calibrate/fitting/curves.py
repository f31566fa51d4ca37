"""The curves of a diagnosis: what a sample shows without any law, and what the laws found for it say of the same."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from twin.calibrate.fitting.fit import Fit, fit
from twin.calibrate.fitting.goodness import FittedLaw, refits
from twin.calibrate.fitting.likelihood import LAWS
from twin.calibrate.fitting.sample import Sample

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.calibrate.fitting.posterior import Posterior
    from twin.calibrate.fitting.trend import History
    from twin.law.law import Floats, Generator

LEVEL = 0.9
"""The level of every band."""
POINTS = 150
"""A QQ plot has so many points at most, evenly spread in probability."""
LIVES = 2000
"""Of more lives so many are chosen at random for a QQ plot: the eye sees no more, and refits stay quick."""
_FEW = 20
"""A point that fewer samples of the bootstrap reach has no band."""


class Band(NamedTuple):
    """A curve with its band; all of shape (n,)."""

    low: Floats
    middle: Floats
    high: Floats


class KaplanMeier(NamedTuple):
    """The share of lives that goes on, as a sample shows it without any law."""

    start: float
    """The age from which it counts, s: above 0 where no life was watched before (see ``kaplan_meier``)."""
    time: Floats
    """Distinct ages at failure, ascending, s; shape (k,)."""
    survival: Floats
    """P(life > time | life > start) right after each; shape (k,)."""

    @property
    def chances(self) -> Floats:
        """The probability of each age at failure, in the middle of its step; shape (k,).

        (i - ½)/n for a sample without censoring: Hazen's plotting positions.
        """
        return np.asarray(1 - (self.survival + np.append(1.0, self.survival[:-1])) / 2)

    def at(self, ages: Floats) -> Floats:
        """P(life > age | life > start); shape as ``ages``, s."""
        return np.append(1.0, self.survival)[np.searchsorted(self.time, ages, side="right")]

    def quantile(self, chances: Floats) -> Floats:
        """The first age at failure by which a share of ``chances`` has failed, s; NaN where the sample ends before."""
        place = np.searchsorted(1 - self.survival, chances - 1e-12, side="left")
        return np.append(self.time, np.nan)[place]


def kaplan_meier(sample: Sample) -> KaplanMeier:
    """The product-limit estimate with delayed entry: Π (1 - failures / lives under watch), over ages at failure.

    A life is under watch at an age after its entry and not after its end. Survival counts from the first entry; where
    all lives under watch have failed and others enter later, from the first of these, for nothing ties them to what
    went before. Source: Kaplan, Meier (1958), JASA 53; Klein, Moeschberger, Survival Analysis, sec. 4.6.
    """
    time, failed = np.unique(sample.exact, return_counts=True)
    entered = np.searchsorted(np.sort(sample.entry), time, side="left")
    watched = entered - np.searchsorted(np.sort(sample.time), time, side="left")
    start, emptied = float(sample.entry.min(initial=math.inf)), np.flatnonzero(failed == watched)
    later = [i for i in emptied if (sample.entry >= time[i]).any()]
    if later:
        start = float(sample.entry[sample.entry >= time[later[-1]]].min())
    kept = time > start
    start = start if math.isfinite(start) else 0.0
    return KaplanMeier(start, time[kept], np.cumprod(1 - failed[kept] / watched[kept]))


def survival_band(found: Posterior, ages: Floats, start: float = 0.0, n: int = 200, seed: int = 0) -> Band:
    """P(life > age | life > start) over the laws that may be true: median and 5 … 95 % at each age.

    Args:
        found: the posterior.
        ages: s, at least ``start``.
        start: the age up to which every life is known to have gone on, s.
        n: how many laws are drawn.
        seed: of the draws.
    """
    at = np.append(start, ages)
    log = np.stack([np.asarray(LAWS[one.family].log_survival(one.params, at)) for one in found.draws(n, seed)])
    curves = np.exp(log[:, 1:] - log[:, :1])
    return Band(*np.quantile(curves, [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2], axis=0))


class Quantiles(NamedTuple):
    """A QQ plot; all of shape (k,), s."""

    law: Floats
    """Quantiles of the fitted law, at the probabilities of the ages at failure."""
    seen: Floats
    """The ages at failure."""
    low: Floats
    """Lower border of the simultaneous band; NaN where too few samples of the bootstrap reach."""
    high: Floats
    """Upper border."""
    lives: int
    """How many lives it stands on: ``LIVES`` at most, chosen at random."""

    @property
    def outside(self) -> NDArray[np.bool_]:
        """Which points lie outside the band; a law that holds has none with a probability of 90 %."""
        return np.asarray((self.seen < self.low) | (self.seen > self.high))


def quantiles(sample: Sample, found: Fit, fits: int = 99, seed: int = 0) -> Quantiles:
    """The QQ plot of a sample against its fitted law, with a band that holds all points at once in 90 of 100 samples.

    Observed: quantiles of Kaplan and Meier. Band: samples of the fitted law, watched as the first was, are fitted
    again; ln(observed / fitted quantile) over the spread of the own fit (ln of its quartiles' ratio) has no parameter
    left for lognormal and Weibull laws. Around the median of these curves the band reaches the same multiple of the
    5 and 95 % quantiles everywhere, large enough that 90 % of the curves lie inside as a whole.

    Source: Myllymäki, Mrkvička, Grabarnik, Seijo, Hahn (2017), Global envelope tests for spatial processes, JRSS B 79
    (directional quantiles); Aldor-Noiman, Brown, Buja, Rolke, Stine (2013), The Power to See, Am. Stat. 67 (refit).

    Args:
        sample: with at least two distinct ages at failure.
        found: its fit.
        fits: how many samples are drawn.
        seed: of all draws.
    """
    rng = np.random.Generator(np.random.PCG64DXSM(seed))
    if len(sample.time) > LIVES:
        sample = _some(sample, rng)
        found = fit(found.family, sample)
    seen = kaplan_meier(sample)
    kept = np.unique(np.linspace(0, len(seen.time) - 1, min(len(seen.time), POINTS)).round().astype(int))
    chances, time = seen.chances[kept], seen.time[kept]
    drawn = refits(sample, found, fits, rng)
    curves = np.array([_away(kaplan_meier(one), refit, chances) for one, refit in drawn]).reshape(-1, len(chances))
    law = _life(found, chances, seen.start)
    low, high = envelope(curves)
    spread = _spread(found, seen.start)
    return Quantiles(law, time, law * np.exp(low * spread), law * np.exp(high * spread), len(sample.time))


def _some(sample: Sample, rng: Generator) -> Sample:
    kept = np.sort(rng.permutation(len(sample.time))[:LIVES])
    return Sample(sample.time[kept], sample.failed[kept], sample.entry[kept])


def _away(seen: KaplanMeier, found: Fit, chances: Floats) -> Floats:
    """How far the quantiles of a sample are from those of its fit, as ``quantiles`` measures it."""
    law = _life(found, chances, seen.start)
    return np.asarray(np.log(seen.quantile(chances) / law) / _spread(found, seen.start))


def _life(found: Fit, chances: Floats, start: float) -> Floats:
    """The ages by which these shares have failed of what has reached ``start``, s."""
    law = FittedLaw(found)
    return np.maximum(law.life(law.survival(np.array(start)) * (1 - chances)), 1e-300)


def _spread(found: Fit, start: float) -> float:
    low, high = np.log(_life(found, np.array([0.25, 0.75]), start))
    return max(float(high - low), 1e-12)


def envelope(curves: Floats) -> tuple[Floats, Floats]:
    """Lower and upper border of the band that holds 90 % of the curves as a whole.

    Args:
        curves: shape (curves, points); NaN where a curve says nothing.
    """
    if not len(curves):
        nothing = np.full(curves.shape[1], np.nan)
        return nothing, nothing
    reached = np.isfinite(curves).sum(axis=0) >= min(_FEW, len(curves))
    known = np.where(reached, curves, 0.0)
    low, middle, high = np.nanquantile(known, [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2], axis=0)
    below, above = np.maximum(middle - low, 1e-12), np.maximum(high - middle, 1e-12)
    far = np.fmax((known - middle) / above, (middle - known) / below)
    ranked = np.sort(np.nanmax(np.where(np.isnan(far), 0.0, far), axis=1))
    most = ranked[min(math.ceil(LEVEL * (len(ranked) + 1)), len(ranked)) - 1]
    return np.where(reached, middle - most * below, np.nan), np.where(reached, middle + most * above, np.nan)


def renewal_band(ages: Floats, mean: float, cv: float) -> Band:
    """How many failures a renewal process has had by an age: t/m ± 1.645 CV √(t/m), at least 0; 90 % at each age.

    Its mean and variance in the long run. Source: Cox, Renewal Theory (1962), sec. 3.3 and 4.2.
    """
    count = ages / mean
    reach = 1.6448536 * cv * np.sqrt(count)
    return Band(np.maximum(count - reach, 0.0), count, count + reach)


def gap_pairs(histories: Sequence[History]) -> tuple[Floats, Floats]:
    """Each gap and the next of the same machine, by their ranks among all gaps, (rank - ½) / n; both of shape (k,)."""
    from scipy.stats import rankdata

    gaps = [one.gaps for one in histories]
    every = np.concatenate([*gaps, np.empty(0)])
    ranks = (rankdata(every) - 0.5) / max(len(every), 1)
    parts = np.split(ranks, np.cumsum([len(one) for one in gaps])[:-1]) if gaps else []
    first = [part[:-1] for part in parts]
    then = [part[1:] for part in parts]
    return np.concatenate([*first, np.empty(0)]), np.concatenate([*then, np.empty(0)])


def even_band(n: int, weights: Floats) -> tuple[Floats, Floats]:
    """Between which counts all hours lie that share ``n`` by their weights, with 90 % at least (Bonferroni).

    Args:
        n: how many there are.
        weights: of each hour, at least 0, not all 0; shape (hours,).
    """
    from scipy.stats import binom

    tail = (1 - LEVEL) / 2 / len(weights)
    share = weights / weights.sum()
    return np.asarray(binom.ppf(tail, n, share)), np.asarray(binom.ppf(1 - tail, n, share))
