"""What machines of a class lend each other: the CV and the family always, the mean to those with few failures.

The rates λ_i of the machines vary over the class as λ_i ~ Gamma(mean r, CV τ), flat in ln r, ln τ ~ N(ln 0.5, 0.7).
With constant rates and counts of failures that is the gamma-Poisson model; here the lives themselves speak, so that a
machine of another CV tells as much as it knows, and one whose lives maintenance cuts short is not taken for a better
one. Family and CV are those of the class, whatever they are. All is integrated over grids of (r, τ) and of (family,
CV): few machines make no false certainty, and what is doubtful of the shape is doubtful for all means alike.
Source: Gelman et al., Bayesian Data Analysis, sec. 2.6 and ch. 5.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from twin.calibrate.fitting.likelihood import log_likelihoods, sums_of
from twin.calibrate.fitting.posterior import CVS, MEANS, Posterior, Prior, posterior
from twin.calibrate.fitting.said import said
from twin.core.drawfile import FAMILIES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.calibrate.fitting.sample import Sample
    from twin.law.law import Floats

    Mask = NDArray[np.bool_]

_RATES, _SPREADS = 41, 15
_SPREAD_MEDIAN, _SPREAD_SD = 0.5, 0.7
_KEPT = 1e-6
"""Mass at the ends of an axis that is left out when the grid closes in."""
_TINY = 1e-300
_DEEP = 18.0
"""Laws this much less likely than the likeliest, in logarithms, are left out."""
_ALL = slice(None)
_BEFORE, _BEHIND = 5.0, 20.0
"""How far the means of a class may lie from the exposure without any failure, in logarithms."""
_AROUND = 3.0
"""How far the mean rate of a class may lie from those of its machines, in logarithms."""
_BESIDE = 4.0
"""How far the mean of a machine may lie from those of the others, in logarithms."""


class Seen(NamedTuple):
    """What one machine says of its law."""

    ln_mean: Floats
    """ln of the means, s; ascending, evenly spaced; shape (means,)."""
    log: Floats
    """Its log-likelihood, 0 at its top; shape (shapes, means): a shape is a family with its CV."""

    @property
    def likelihood(self) -> Floats:
        """Shape (shapes, means)."""
        return np.exp(self.log)

    @property
    def span(self) -> tuple[float, float]:
        """The ends of its axis of means."""
        return float(self.ln_mean[0]), float(self.ln_mean[-1])


@dataclass(frozen=True, eq=False)
class Class:
    """The machines of a class."""

    seen: Sequence[Seen]
    """What each says."""
    log_prior: Floats
    """ln of the prior of each shape; shape (shapes,)."""
    ends: tuple[float, float]
    """Between which the mean rate of the class lies, ln of 1/s."""
    failures: int
    """Of all machines."""

    @cached_property
    def laws(self) -> tuple[Floats, Floats]:
        """ln r (of 1/s) and τ of all laws that the rates may follow; both of shape (laws,)."""
        ln_rate = np.linspace(*self.ends, _RATES)
        ln_spread = math.log(_SPREAD_MEDIAN) + _SPREAD_SD * np.linspace(-3, 3, _SPREADS)
        rates, spreads = (axis.ravel() for axis in np.meshgrid(ln_rate, ln_spread))
        return rates, np.exp(spreads)

    @cached_property
    def log_laws(self) -> Floats:
        """ln of their prior; shape (laws,).

        Without any failure the mean rate has Jeffreys' density r^-1/2, not the flat one in ln r, whose posterior would
        have no end.
        """
        ln_rate, spread = self.laws
        found: Floats = -((np.log(spread / _SPREAD_MEDIAN) / _SPREAD_SD) ** 2) / 2 + (not self.failures) * ln_rate / 2
        return found

    def means(self, ln_mean: Floats, laws: Mask | slice = _ALL) -> Floats:
        """The probability of a step around each mean under each of these laws, shape (means, laws)."""
        from scipy.special import gammainc

        ln_rate, spread = (one[laws] for one in self.laws)
        half = (ln_mean[1] - ln_mean[0]) / 2
        rates = np.exp(np.append(-ln_mean + half, -ln_mean[-1] - half))
        shape = spread**-2
        below: Floats = gammainc(shape, rates[:, None] * (shape / np.exp(ln_rate)))
        return below[:-1] - below[1:]

    @cached_property
    def told(self) -> list[Floats]:
        """The log-likelihood of each machine under each shape and law; shape (shapes, laws)."""
        axes = {one.span: one.ln_mean for one in self.seen}
        means = {span: self.means(axis) for span, axis in axes.items()}
        return [np.log(np.maximum(one.likelihood @ means[one.span], _TINY)) for one in self.seen]

    @cached_property
    def log_all(self) -> Floats:
        """Log posterior of shapes and laws from all machines; shape (shapes, laws)."""
        return np.asarray(np.sum(self.told, axis=0) + self.log_prior[:, None] + self.log_laws)

    def machine(self, i: int, seen: Seen | None = None) -> Floats:
        """The posterior of one machine: probabilities of shapes and means, shape (shapes, means).

        Args:
            i: its number.
            seen: what it says, where on another axis of means than that of the class.
        """
        seen = seen or self.seen[i]
        others = self.log_all - self.told[i]
        kept = others.max(axis=0) > others.max() - _DEEP
        weight = np.exp(others[:, kept] - others.max())
        found = seen.likelihood * (weight @ self.means(seen.ln_mean, kept).T)
        return np.asarray(found / found.sum())


def pooled(samples: Sequence[Sample], prior: Prior = Prior()) -> list[Posterior]:  # noqa: B008  (it cannot change)
    """The posterior of each machine of a class: shared family and CV, the mean by its failures (see ``said``).

    From 5 failures on a machine keeps its own mean. With fewer its mean is that of a machine of the class which has
    seen what it has: drawn to the others as far as these are alike. Without any it is marked ``borrowed``.

    Raises:
        ValueError: a machine has no exposure, or there is no machine.
    """
    if not samples or min(one.exposure for one in samples) <= 0:
        raise ValueError("some exposure above 0 s is due for each machine")
    return _Lender(samples, prior).laws()


class _Lender:
    """A class of samples."""

    def __init__(self, samples: Sequence[Sample], prior: Prior) -> None:
        self.samples, self.prior = samples, prior
        self.own = [posterior(one, prior) if one.failures else None for one in samples]
        known = [one for one in self.own if one]
        self.ln_cv = _common(known)
        self.ends = _ends(samples, known)
        self.seen = [self._seen(one, *self._reach(one, own)) for one, own in zip(samples, self.own, strict=True)]

    def laws(self) -> list[Posterior]:
        pairs = zip(self.samples, self.seen, strict=True)
        flat = [_over_means(seen) if one.failures else np.zeros(len(seen.log)) for one, seen in pairs]
        total = np.sum(flat, axis=0)
        few = [said(one.failures).pooled and (len(self.samples) > 1 or not one.failures) for one in self.samples]
        group = self._class() if any(few) else None
        return [
            self._drawn(group, i) if group and few[i] else posterior(one, self._joined(total - flat[i]))
            for i, one in enumerate(self.samples)
        ]

    def _reach(self, one: Sample, own: Posterior | None) -> tuple[float, float]:
        """From where to where the means of a machine count: half as far again as alone, or over the whole class."""
        if own is None or said(one.failures).pooled:
            return self.ends
        middle, half = (own.ln_mean[0] + own.ln_mean[-1]) / 2, (own.ln_mean[-1] - own.ln_mean[0]) * 0.75
        return float(middle - half), float(middle + half)

    def _seen(self, one: Sample, low: float, high: float) -> Seen:
        unit = math.exp((low + high) / 2)
        ln_mean = np.linspace(low, high, MEANS)
        log = log_likelihoods(sums_of(one.scaled(1 / unit)), ln_mean - math.log(unit), self.ln_cv)
        log = np.moveaxis(log, 1, 2).reshape(-1, MEANS)
        return Seen(ln_mean, log - log.max())

    def _class(self) -> Class:
        log_prior = np.broadcast_to(self.prior.log_density(self.ln_cv), (len(FAMILIES), CVS)).ravel()
        middles = [math.log(one.mean) for one in self.own if one]
        ends = (-max(middles) - _AROUND, -min(middles) + _AROUND) if middles else (-self.ends[1], -self.ends[0])
        return Class(self.seen, log_prior, ends, sum(one.failures for one in self.samples))

    def _drawn(self, group: Class, i: int) -> Posterior:
        """The law of a machine with few failures, on means that hold its mass."""
        one, seen = self.samples[i], self.seen[i]
        seen = self._seen(one, *_holding(seen.ln_mean, group.machine(i).sum(axis=0)))
        mass = group.machine(i, seen)
        shaped = np.moveaxis(mass.reshape(len(FAMILIES), CVS, MEANS), 1, 2)
        return Posterior(seen.ln_mean, self.ln_cv, shaped, one.failures, one.longest, borrowed=not one.failures)

    def _joined(self, others: Floats) -> Prior:
        told = others.reshape(len(FAMILIES), CVS)
        return self.prior._replace(at=self.ln_cv, others=told - told.max())


def _common(own: list[Posterior]) -> Floats:
    """ln CV axis that holds all of them; without any, that of the widest prior use."""
    low = min((float(one.ln_cv[0]) for one in own), default=-1.5)
    high = max((float(one.ln_cv[-1]) for one in own), default=1.5)
    return np.linspace(low, high, CVS)


def _ends(samples: Sequence[Sample], own: list[Posterior]) -> tuple[float, float]:
    """Between which ln means the machines of a class may lie."""
    if not own:
        centre = math.log(math.fsum(one.exposure for one in samples))
        return centre - _BEFORE, centre + _BEHIND
    return min(float(one.ln_mean[0]) for one in own) - _BESIDE, max(float(one.ln_mean[-1]) for one in own) + _BESIDE


def _over_means(seen: Seen) -> Floats:
    """ln of what a machine says of each shape, over means that are all alike; shape (shapes,)."""
    found = np.log(np.maximum(seen.likelihood.sum(axis=1), _TINY))
    return np.asarray(found - found.max())


def _holding(axis: Floats, mass: Floats) -> tuple[float, float]:
    """From the point before the mass to the point after it."""
    total = np.cumsum(mass)
    first, last = (int(i) for i in np.searchsorted(total, [_KEPT, total[-1] - _KEPT]))
    return float(axis[max(first - 1, 0)]), float(axis[min(last + 1, len(axis) - 1)])
