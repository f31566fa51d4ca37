"""How likely a sample is under a law: term by term through the laws, and fast over a whole grid of laws.

A sample has the log-likelihood Σ ln f(exact) + Σ ln S(censored) - Σ ln S(entry), with density f and survival S.
Source: Meeker, Escobar, Statistical Methods for Reliability Data, ch. 2 and 11 (truncation).

Over a grid the exact times enter by a few sums. A Weibull law needs no more, since ln S is a power; for the others
the sum of ln S over many times is read from one table of ln S (``tail_sums``), so its cost does not grow with them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from twin.core.drawfile import FAMILIES
from twin.law.exponential import Exponential
from twin.law.gamma import Gamma
from twin.law.lognormal import Lognormal
from twin.law.weibull import Weibull

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.calibrate.fitting.sample import Sample
    from twin.law.law import Floats

_LEAST_WEIBULL = math.log(0.01)
"""ln CV below which the Weibull is left out: so narrow, it leans to the left for no reason in any machine, and a
mean of times that are all alike would be drawn away from them."""
LAWS: dict[str, type[Weibull | Lognormal | Gamma]] = {"weibull": Weibull, "lognormal": Lognormal, "gamma": Gamma}
"""The families of a grid; the exponential law is CV 1 of two of them."""
_FINEST = 1 / 32
_LARGEST = 700.0
"""exp of more would overflow; a law so unlikely has no weight anyway."""


def log_likelihood(family: str, mean: float, cv: float, sample: Sample) -> float:
    """The log-likelihood of a sample under the law of a family with this mean (s) and CV (not for 'exponential')."""
    law = Exponential if family == Exponential.NAME else LAWS[family]
    params = (mean,) if law is Exponential else LAWS[family].by_mean(mean, cv)
    exact = law.log_density(params, sample.exact).sum()
    tails = law.log_survival(params, sample.censored).sum() - law.log_survival(params, sample.entries).sum()
    return float(exact + tails)


class Sums(NamedTuple):
    """What a grid needs of a sample; times in any unit, for the grid's means in the same."""

    n: int
    """Failures."""
    log: float
    """Σ ln x over the exact times."""
    spread: float
    """Σ (ln x - mean of ln x)² over the exact times."""
    total: float
    """Σ x over the exact times."""
    times: Floats
    """ln of all times above 0, exact and censored."""
    entries: Floats
    """ln of the entries above 0."""
    tails: Floats
    """ln of the times whose ln S counts: censored, then entries."""
    signs: Floats
    """+1 for a censored time, -1 for an entry."""


def sums_of(sample: Sample) -> Sums:
    """The sums of a sample with some exposure."""
    logs, cuts = np.log(sample.exact), np.log(sample.censored[sample.censored > 0])
    entries = np.log(sample.entries)
    signs = np.concatenate([np.ones(len(cuts)), -np.ones(len(entries))])
    total, spread = float(sample.exact.sum()), float(((logs - logs.mean()) ** 2).sum()) if len(logs) else 0.0
    times, tails = np.concatenate([logs, cuts]), np.concatenate([cuts, entries])
    return Sums(len(logs), float(logs.sum()), spread, total, times, entries, tails, signs)


def log_likelihoods(sums: Sums, ln_mean: Floats, ln_cv: Floats) -> Floats:
    """The log-likelihood over a grid, shape (families, means, CVs); family order as ``FAMILIES``.

    Args:
        sums: what is known of the sample.
        ln_mean: ascending, of the unit of the sums.
        ln_cv: ascending.
    """
    grids = {"weibull": _weibull_grid, "lognormal": _lognormal_grid, "gamma": _gamma_grid}
    return np.stack([grids[family](sums, ln_mean, ln_cv) for family in FAMILIES])


def _weibull_grid(sums: Sums, ln_mean: Floats, ln_cv: Floats) -> Floats:
    """n ln β + (β-1) Σ ln x - n β ln η - Σ t^β / η^β, the last sum less the entries."""
    from scipy.special import gammaln

    inverse = inverse_shapes(np.exp(ln_cv))
    shape = 1 / inverse
    ln_scale = ln_mean[:, None] - gammaln(1 + inverse)
    powers = np.exp(np.minimum(log_powers(sums, shape) - shape * ln_scale, _LARGEST))
    found = sums.n * (np.log(shape) - shape * ln_scale) + (shape - 1) * sums.log - powers
    return np.where(ln_cv > _LEAST_WEIBULL, found, -np.inf)


def log_powers(sums: Sums, shape: Floats) -> Floats:
    """ln(Σ time^shape - Σ entry^shape), shape as ``shape``."""
    top = sums.times.max()
    times, entries = sums.times - top, sums.entries - top
    powers = [np.exp(one * times).sum() - np.exp(one * entries).sum() for one in shape]
    found: Floats = np.log(np.maximum(powers, 1e-300)) + shape * top
    return found


def inverse_shapes(cv: Floats) -> Floats:
    """1/shape of Weibull laws by their CV: bisection of ln(1 + CV²), which grows with 1/shape; for CV from 1e-3."""
    from scipy.special import gammaln

    target = np.log1p(cv * cv)
    low, high = np.zeros_like(cv), np.full_like(cv, 12.0)
    for _ in range(56):
        middle = (low + high) / 2
        less = gammaln(1 + 2 * middle) - 2 * gammaln(1 + middle) < target
        low, high = np.where(less, middle, low), np.where(less, high, middle)
    return high


def _lognormal_grid(sums: Sums, ln_mean: Floats, ln_cv: Floats) -> Floats:
    """-Σ ln x - n ln(σ √2π) - Σ (ln x - μ)² / 2σ² and the tails ln Φ((μ - ln t)/σ)."""
    from scipy.special import log_ndtr

    variance = np.log1p(np.exp(2 * ln_cv))
    sigma = np.sqrt(variance)
    away = ln_mean[:, None] - variance / 2 - sums.log / max(sums.n, 1)
    exact = -sums.log - sums.n * (np.log(sigma) + math.log(2 * math.pi) / 2)
    squares = (sums.spread + sums.n * away**2) / (2 * variance)

    def log_survival(ln_z: Floats) -> Floats:
        found: Floats = log_ndtr(-(variance[:, None] / 2 + ln_z) / sigma[:, None])
        return found

    return np.asarray(exact - squares + tail_sums(log_survival, sums, ln_mean, ln_cv))


def _gamma_grid(sums: Sums, ln_mean: Floats, ln_cv: Floats) -> Floats:
    """(k-1) Σ ln x - Σ x/θ - n (k ln θ + ln Γ(k)) with k = CV^-2, θ = mean/k, and the tails ln Q(k, t/θ)."""
    from scipy.special import gammaln

    shape = np.exp(-2 * ln_cv)
    ln_scale = ln_mean[:, None] - np.log(shape)
    exact = (shape - 1) * sums.log - sums.n * (shape * ln_scale + gammaln(shape))
    total = sums.total * np.exp(np.minimum(-ln_scale, _LARGEST))

    def log_survival(ln_z: Floats) -> Floats:
        return gamma_log_survival(shape[:, None], shape[:, None] * np.exp(ln_z))

    return np.asarray(exact - total + tail_sums(log_survival, sums, ln_mean, ln_cv))


def gamma_log_survival(shape: Floats, x: Floats) -> Floats:
    """ln Q(shape, x), the survival of a gamma law of scale 1, also where Q is less than any float.

    Far in the tail by Legendre's continued fraction (Numerical Recipes, sec. 6.2); below x = 1.5 from the series of
    P = 1 - Q, which is far faster there for shapes below 1.
    """
    from scipy.special import gammainc, gammaincc

    shape, x = np.broadcast_arrays(np.asarray(shape, float), np.asarray(x, float))
    early, found = x < 1.5, np.empty(x.shape)
    found[early] = np.log1p(-gammainc(shape[early], x[early]))
    survival = gammaincc(shape[~early], x[~early])
    far = survival < 1e-280
    found[~early] = np.log(np.where(far, 1.0, survival))
    if far.any():
        places = np.flatnonzero(~early)[far]
        found.flat[places] = _far_tail(shape.flat[places], x.flat[places])
    return found


def _far_tail(shape: Floats, x: Floats, terms: int = 25) -> Floats:
    """ln Q by its continued fraction, backwards; for x beyond shape + 1."""
    from scipy.special import gammaln

    value = x + 2 * terms + 1 - shape
    for i in range(terms, 0, -1):
        value = x + 2 * i - 1 - shape - i * (i - shape) / value
    found: Floats = shape * np.log(x) - x - gammaln(shape) - np.log(value)
    return found


def tail_sums(log_survival: Callable[[Floats], Floats], sums: Sums, ln_mean: Floats, ln_cv: Floats) -> Floats:
    """Σ sign · ln S(t / mean) over the tail times, shape (means, CVs), by cubic interpolation on a lattice in ln t.

    A time shares itself among four points of the lattice, and a mean is read between four of them, so ln S is needed
    at whole steps only. The error is about (step / CV)⁴ / 40 of the fourth derivative: below 1e-5 at an eighth.

    Args:
        log_survival: ln S of laws of mean 1 at ln z, shape (m,) → (CVs, m).
        sums: what is known of the sample; ``tails`` may be empty.
        ln_mean: as for the grid.
        ln_cv: as for the grid.
    """
    if not len(sums.tails):
        return np.zeros((len(ln_mean), len(ln_cv)))
    step = min(_FINEST, math.exp(ln_cv[0]) / 8)
    first, weight = _deposit(sums.tails / step, sums.signs)
    at, shares = _cubic(ln_mean / step)
    start, means = int(at.min()), int(at.max() - at.min()) + 1
    columns = np.arange(first - start - means + 1, first - start + len(weight), dtype=float)
    table = log_survival(columns * step)
    found = np.zeros((len(ln_cv), means))
    for i in np.flatnonzero(weight):  # lattice mean j meets lattice time i at column i + means - 1 - j
        found += weight[i] * table[:, i : i + means][:, ::-1]
    read: Floats = (found.T[at - start] * shares[:, :, None]).sum(axis=1)
    return read


def _deposit(places: Floats, signs: Floats) -> tuple[int, Floats]:
    """The number of the first lattice point that signed points touch, and the weights from there on."""
    at, shares = _cubic(places)
    first = int(at.min())
    return first, np.asarray(np.bincount((at - first).ravel(), (shares * signs[:, None]).ravel()), dtype=float)


def _cubic(places: Floats) -> tuple[NDArray[np.int64], Floats]:
    """The four lattice points around each place and Lagrange's weights of them, both of shape (n, 4)."""
    whole = np.floor(places).astype(np.int64)
    f = places - whole
    inner = [(f + 1) * (f - 1) * (f - 2) / 2, -(f + 1) * f * (f - 2) / 2]
    shares = np.stack([-f * (f - 1) * (f - 2) / 6, *inner, (f + 1) * f * (f - 1) / 6], axis=1)
    return whole[:, None] + np.arange(-1, 3), shares
