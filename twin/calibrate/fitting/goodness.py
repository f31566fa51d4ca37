"""Anderson–Darling by parametric bootstrap with refit: whether a fitted law could have made the sample."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from twin.calibrate.fitting.fit import Fit, NoFitError, fit
from twin.calibrate.fitting.sample import Sample

if TYPE_CHECKING:
    from twin.law.law import Floats, Generator

_FILLED = 8
"""How often the censored times are filled in; the statistic is the mean."""


class Goodness(NamedTuple):
    """What the test found."""

    statistic: float
    """A² of Anderson and Darling."""
    p: float
    """The share of bootstrap samples that lie at least as far from their own fit."""
    fits: int
    """How many samples could be refitted."""


def anderson_darling(sample: Sample, found: Fit, fits: int = 199, seed: int = 0, enough: int = 0) -> Goodness:
    """A² = -n - Σ (2i-1)/n (ln u_i + ln(1 - u_{n+1-i})) of u = F(time), and its p-value with refits.

    Parameters come from the data, so tables of A² do not hold: samples of the fitted law are fitted again. Their
    lives are censored where the true ones were; a life that failed has its censoring time from the others that were
    censored later (Davison, Hinkley, Bootstrap Methods and their Application, sec. 3.5). A censored life has u
    uniform between F(time) and 1; one entered late has u by what was left of it.

    Args:
        sample: what was seen.
        found: its fit.
        fits: how many bootstrap samples.
        seed: of all draws.
        enough: stop when so many samples lie as far from their fit, for then p is not small; 0: never. p is their share
            then, and as right (Besag, Clifford (1991), Sequential Monte Carlo p-values, Biometrika 78).
    """
    rng = np.random.Generator(np.random.PCG64DXSM(seed))
    statistic = _distance(sample, found, rng)
    done = beyond = 0
    for again, refit in refits(sample, found, fits, rng):
        done, beyond = done + 1, beyond + (_distance(again, refit, rng) >= statistic)
        if beyond == enough > 0:
            return Goodness(statistic, beyond / done, done)
    return Goodness(statistic, (1 + beyond) / (1 + done), done)


def refits(sample: Sample, found: Fit, fits: int, rng: Generator) -> Iterator[tuple[Sample, Fit]]:
    """Up to ``fits`` samples of a fitted law, watched as the first was, each with its own fit of the same family."""
    law, known = FittedLaw(found), _Cuts(sample)
    for _ in range(fits):
        again = _again(sample, law, known, rng)
        try:
            refit = fit(found.family, again, errors=False)
        except NoFitError:  # too few failures among the draws
            continue
        yield again, refit


def _distance(sample: Sample, found: Fit, rng: Generator) -> float:
    law, n = FittedLaw(found), len(sample.time)
    above = law.survival(sample.time) / law.survival(sample.entry)
    fill = np.where(sample.failed, 1.0, rng.random((_FILLED, n)))
    left = np.sort(np.clip(above * fill, 1e-300, 1 - 1e-16), axis=1)
    weights = (2 * np.arange(1, n + 1) - 1) / n
    squares = -n - (weights * (np.log(left) + np.log1p(-left[:, ::-1]))).sum(axis=1)
    return float(squares.mean())


def _again(sample: Sample, law: FittedLaw, known: _Cuts, rng: Generator) -> Sample:
    """Another sample of the law, watched as the first."""
    lives = law.life(law.survival(sample.entry) * (1 - rng.random(len(sample.time))))
    lives = np.maximum(lives, np.nextafter(sample.entry, np.inf))
    cuts = known.draw(rng)
    return Sample(np.minimum(lives, cuts), lives <= cuts, sample.entry)


class _Cuts:
    """Where watching would have ended: known for a censored life, else of one censored later, if any, or never.

    The chances are those of Kaplan and Meier with failures and censorings exchanged.
    """

    def __init__(self, sample: Sample) -> None:
        order = np.lexsort((~sample.failed, sample.time))
        cut = ~sample.failed[order]
        left = np.cumprod(1 - cut / np.arange(len(order), 0, -1))
        self.time, self.failed = sample.time, sample.failed
        self.at = np.append(sample.time[order][cut], np.inf)
        self.passed = np.append(1 - left[cut], 1.0)
        before = np.searchsorted(self.at, sample.time, side="right")
        self.least = np.append(0.0, self.passed)[before]

    def draw(self, rng: Generator) -> Floats:
        """One end of watching for each life, s; infinite for a life that nothing cuts."""
        chance = self.least + (1 - self.least) * rng.random(len(self.time))
        drawn = self.at[np.minimum(np.searchsorted(self.passed, chance, side="left"), len(self.at) - 1)]
        return np.asarray(np.where(self.failed, drawn, self.time))


class FittedLaw(NamedTuple):
    """Survival and its inverse of a fitted law, without the weight of scipy.stats, which a bootstrap would feel."""

    found: Fit

    def survival(self, x: Floats) -> Floats:
        """P(life > x), x in seconds."""
        from scipy.special import gammaincc, ndtr

        one = self.found.params
        if self.found.family == "lognormal":
            late = np.log(np.maximum(x, 1e-300)) - one["mu"]
            return np.asarray(ndtr(-late / one["sigma"]))
        if self.found.family == "gamma":
            return np.asarray(gammaincc(one["shape"], x / one["scale"]))
        return np.asarray(np.exp(-((x / self._scale) ** one.get("shape", 1.0))))

    def life(self, above: Floats) -> Floats:
        """The life that is exceeded with probability ``above``, s."""
        from scipy.special import gammainccinv, ndtri

        one = self.found.params
        if self.found.family == "lognormal":
            return np.asarray(np.exp(one["mu"] - one["sigma"] * ndtri(above)))
        if self.found.family == "gamma":
            return np.asarray(one["scale"] * gammainccinv(one["shape"], above))
        return np.asarray(self._scale * (-np.log(above)) ** (1 / one.get("shape", 1.0)))

    @property
    def _scale(self) -> float:
        return self.found.params.get("scale", self.found.mean)
