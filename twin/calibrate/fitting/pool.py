"""What machines of a class lend each other: the CV and the family always, the rate to those that need it.

Rates: machine i fails n_i ~ Poisson(λ_i E_i) times in its exposure E_i, and λ_i ~ Gamma(mean r, CV τ) over the class;
flat in ln r, ln τ ~ N(ln 0.5, 0.7). Integrated over a grid of (r, τ), so few machines do not make false certainty.
Source: Gelman et al., Bayesian Data Analysis, sec. 2.6 and ch. 5.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from twin.calibrate.fitting.likelihood import FAMILIES, log_likelihoods, sums_of
from twin.calibrate.fitting.posterior import BORDER, CVS, MEANS, Posterior, Prior, posterior

if TYPE_CHECKING:
    from twin.calibrate.fitting.sample import Sample
    from twin.law.law import Floats

_RATES, _SPREADS = 41, 21
_SPREAD_MEDIAN, _SPREAD_SD = 0.5, 0.7
_KEPT = 1e-5


class Rate(NamedTuple):
    """What is known of a rate (1/s): a mixture of gamma laws, one for each ``weight``."""

    shape: Floats
    exposure: Floats
    """Inverse scales, s."""
    weight: Floats
    """They sum to 1."""

    @property
    def mean(self) -> float:
        """Mean of the rate, 1/s."""
        return float((self.weight * self.shape / self.exposure).sum())

    def below(self, rates: Floats) -> Floats:
        """The probability that the rate is less; shape as ``rates`` (1/s)."""
        from scipy.special import gammainc

        found: Floats = gammainc(self.shape, np.asarray(rates)[..., None] * self.exposure) @ self.weight
        return found

    def quantile(self, q: float) -> float:
        """A quantile of the rate, 1/s; q between 0 and 1."""
        centre = math.log(self.mean)
        low, high = centre - 60.0, centre + 10.0
        while high - low > 1e-9:
            middle = (low + high) / 2
            low, high = (middle, high) if self.below(np.array(math.exp(middle))) < q else (low, middle)
        return math.exp((low + high) / 2)

    @property
    def mean_between(self) -> float:
        """Median of the mean time between failures, s."""
        return 1 / self.quantile(0.5)

    @property
    def interval90(self) -> tuple[float, float]:
        """The mean time between failures lies in it with probability 90 %, s."""
        return 1 / self.quantile(0.95), 1 / self.quantile(0.05)


class Pool(NamedTuple):
    """The rates of a class: λ ~ Gamma(shape, shape / rate) with the probability ``weight``, one for each point."""

    rate: Floats
    """Means of the class, 1/s."""
    shape: Floats
    """1/τ² of the CV τ between machines."""
    weight: Floats
    """Probabilities, they sum to 1."""

    def machine(self, failures: int = 0, exposure: float = 0.0) -> Rate:
        """The rate of a machine of the class by its failures and exposure (s); without either, of a new machine."""
        return Rate(self.shape + failures, self.shape / self.rate + exposure, self.weight)


def pool_rates(failures: Sequence[int], exposures: Sequence[float]) -> Pool:
    """The class of machines with these failures and exposures (s), one value a machine.

    Without any failure in the class the mean rate has Jeffreys' density r^-1/2 instead of the flat one in ln r, whose
    posterior would have no end.

    Raises:
        ValueError: no machine, an exposure that is not positive, or lengths that differ.
    """
    counts, watched = np.array(failures, float), np.array(exposures, float)
    if not len(counts) or len(counts) != len(watched) or (watched <= 0).any() or (counts < 0).any():
        raise ValueError("one number of failures and one exposure above 0 s are due for each machine")
    total = counts.sum()
    centre, reach = math.log(max(total, 0.5) / watched.sum()), 3 / math.sqrt(max(total, 1)) + 2
    ln_rate = np.linspace(centre - reach * (1 if total else 4), centre + reach, _RATES)
    ln_spread = math.log(_SPREAD_MEDIAN) + _SPREAD_SD * np.linspace(-3, 3, _SPREADS)
    rate, spread = (axis.ravel() for axis in np.meshgrid(np.exp(ln_rate), np.exp(ln_spread)))
    shape = spread**-2
    log = _log_counts(counts, watched, rate, shape) - ((np.log(spread / _SPREAD_MEDIAN) / _SPREAD_SD) ** 2) / 2
    log += 0.0 if total else np.log(rate) / 2
    weight = np.exp(log - log.max())
    kept = weight > _KEPT
    return Pool(rate[kept], shape[kept], weight[kept] / weight[kept].sum())


def _log_counts(counts: Floats, watched: Floats, rate: Floats, shape: Floats) -> Floats:
    """The log-likelihood of negative binomial counts, but for a constant, at each point (rate, shape)."""
    from scipy.special import gammaln

    share = watched * (rate / shape)[:, None]
    terms = gammaln(shape[:, None] + counts) - gammaln(shape)[:, None] + counts * np.log(rate / shape)[:, None]
    found: Floats = (terms - (shape[:, None] + counts) * np.log1p(share)).sum(axis=1)
    return found


def pooled(samples: Sequence[Sample], prior: Prior = Prior()) -> list[Posterior]:  # noqa: B008  (it cannot change)
    """The posterior of each machine of a class: own mean, shared family and CV, borrowed law without failures.

    A machine with failures keeps its own mean; what the others say of family and CV joins its prior. One without
    failures takes its mean from the rates of the class and its own exposure, and is marked ``borrowed``.

    Raises:
        ValueError: a machine has no exposure, or there is no machine.
    """
    pool = pool_rates([one.failures for one in samples], [one.exposure for one in samples])
    own = [posterior(one, prior) if one.failures else None for one in samples]
    axis = _common([one for one in own if one])
    told = [
        _marginal(s, one, axis) if one else np.zeros((len(FAMILIES), CVS)) for s, one in zip(samples, own, strict=True)
    ]
    total = np.sum(told, axis=0)
    return [
        posterior(one, _joined(prior, axis, total - mine)) if one.failures else borrowed(one, pool, prior, axis, total)
        for one, mine in zip(samples, told, strict=True)
    ]


def _common(own: list[Posterior]) -> Floats:
    """ln CV axis that holds all of them; without any, that of the widest prior use."""
    low = min((float(one.ln_cv[0]) for one in own), default=-1.5)
    high = max((float(one.ln_cv[-1]) for one in own), default=1.5)
    return np.linspace(low, high, CVS)


def _marginal(sample: Sample, own: Posterior, ln_cv: Floats) -> Floats:
    """ln of the likelihood of a sample summed over its mean, shape (families, CVs), 0 at its top."""
    unit = math.exp(float(own.ln_mean.mean()))
    half = (own.ln_mean[-1] - own.ln_mean[0]) * 0.75
    log = log_likelihoods(sums_of(sample.scaled(1 / unit)), np.linspace(-half, half, MEANS), ln_cv)
    top = log.max()
    found = np.log(np.maximum(np.exp(log - top).sum(axis=1), 1e-300))
    return np.asarray(found - found.max())


def _joined(prior: Prior, axis: Floats, told: Floats) -> Prior:
    return prior._replace(at=axis, others=told - told.max())


def borrowed(sample: Sample, pool: Pool, prior: Prior, ln_cv: Floats, told: Floats) -> Posterior:
    """The law of a machine without failures: the rates of the class and its own exposure give the mean.

    Args:
        sample: its censored times; without failures.
        pool: the rates of its class.
        prior: of the CV.
        ln_cv: evenly spaced axis.
        told: what the machines with failures say of family and CV, log-likelihood of shape (families, CVs).
    """
    rate = pool.machine(0, sample.exposure)
    low, high = (-math.log(rate.quantile(q)) for q in (1 - BORDER / 2, BORDER / 2))
    edges = np.linspace(low, high, MEANS + 1)
    means = -np.diff(rate.below(np.exp(-edges)))
    log = prior.log_density(ln_cv) + told
    shapes = np.exp(log - log.max())
    mass = means[None, :, None] * shapes[:, None, :]
    middle = (edges[1:] + edges[:-1]) / 2
    return Posterior(middle, ln_cv, mass / mass.sum(), 0, sample.longest, borrowed=True)
