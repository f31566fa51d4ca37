"""Maximum likelihood: the cross-check of a posterior, and the refits of a bootstrap.

Times are divided by their mean first: optimisers that see raw seconds, or hours of a thousandth, fail silently.
Exponential by its formula, Weibull by Newton in the shape alone (the scale follows), lognormal and gamma by Newton in
two logarithms. Standard errors from the observed information. Source: Meeker, Escobar, Statistical Methods for
Reliability Data, ch. 7 and 8.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from twin.calibrate.fitting.likelihood import Sums, gamma_log_survival, log_powers, sums_of
from twin.law.gamma import Gamma
from twin.law.lognormal import Lognormal
from twin.law.weibull import Weibull

if TYPE_CHECKING:
    from twin.calibrate.fitting.sample import Sample
    from twin.law.law import Floats

Surface = Callable[["Floats"], float]
Errors = Callable[[Surface, "Floats"], list[float]]
_LEAST_SHAPE, _MOST_SHAPE = 1e-3, 1e9
_TINY = 1e-4
"""Step of the numeric derivatives, in logarithms of parameters."""
_NEAR = 1e-8
"""A step this short is rounding of those derivatives."""


class NoFitError(ValueError):
    """A sample has no most likely law of the family; the message says why."""


class Fit(NamedTuple):
    """The most likely law of a family."""

    family: str
    params: dict[str, float]
    """The textbook parameters by name; scales and means in seconds, ``mu`` of ln seconds."""
    errors: dict[str, float]
    """Their standard errors, from the observed information; NaN where they were not asked for."""
    mean: float
    """Mean, s."""
    cv: float
    """Coefficient of variation."""
    log_likelihood: float
    """Natural logarithm, of densities per second."""


def fit(family: str, sample: Sample, errors: bool = True) -> Fit:
    """The most likely law of a family: 'exponential', 'weibull', 'lognormal' or 'gamma'.

    Args:
        family: its name.
        sample: what was seen.
        errors: whether standard errors are asked for, which take a third of the time.

    Raises:
        NoFitError: too few failures (1 for an exponential law, 2 distinct times for the others), or no maximum.
        KeyError: there is no such family.
    """
    fitter = _FITTERS[family]
    distinct = len(np.unique(sample.exact))
    least = 1 if family == "exponential" else 2
    if distinct < least:
        raise NoFitError(f"at least {least} distinct failure times are needed for a law '{family}', not {distinct}")
    unit = sample.exposure / sample.failures
    return fitter(sample.scaled(1 / unit), unit, _errors if errors else _no_errors)


def _fit_exponential(scaled: Sample, unit: float, errors_of: Errors) -> Fit:
    """mean = exposure / n; its standard error is mean / √n."""
    n = scaled.failures
    mean, error = {"mean": unit}, {"mean": unit / math.sqrt(n)}
    return Fit("exponential", mean, error, unit, 1.0, -n * (1 + math.log(unit)))


def _fit_weibull(scaled: Sample, unit: float, errors_of: Errors) -> Fit:
    sums = sums_of(scaled)
    shape = weibull_shape(sums)
    ln_scale = (float(log_powers(sums, np.array([shape]))[0]) - math.log(sums.n)) / shape
    at = np.array([ln_scale, math.log(shape)])
    surface = _weibull_surface(sums)
    scale, errors = unit * math.exp(ln_scale), errors_of(surface, at)
    mean, sd = Weibull.moments_of((scale, 1 / shape))
    params = {"shape": shape, "scale": scale}
    deviations = {"shape": shape * errors[1], "scale": scale * errors[0]}
    return Fit("weibull", params, deviations, mean, sd / mean, surface(at) - sums.n * math.log(unit))


def weibull_shape(sums: Sums) -> float:
    """The most likely Weibull shape β: the zero of 1/β + mean of ln x - A'/A, A = Σ time^β - Σ entry^β.

    Newton, held inside a bracket that shrinks; without entries the slope falls, so the zero is the only one.

    Raises:
        NoFitError: no zero; with late entries the likelihood may grow without end.
    """
    top = sums.times.max()
    logs = np.concatenate([sums.times, sums.entries]) - top
    signs = np.concatenate([np.ones(len(sums.times)), -np.ones(len(sums.entries))])
    level = sums.log / sums.n - top
    low, high, shape = _LEAST_SHAPE, _MOST_SHAPE, 1.0
    for _ in range(200):
        slope, bend = _weibull_slope(shape, logs, signs, level)
        low, high = (shape, high) if slope > 0 else (low, shape)
        new = shape - slope / bend if bend < 0 else math.inf
        new = new if low < new < high else math.sqrt(low * high)
        if abs(new - shape) < 1e-12 * shape:
            break
        shape = new
    if not 2 * _LEAST_SHAPE < shape < _MOST_SHAPE / 2:
        raise NoFitError(f"no Weibull law is the most likely one: the likelihood still grows at a shape of {shape:.3g}")
    return shape


def _weibull_slope(shape: float, logs: Floats, signs: Floats, level: float) -> tuple[float, float]:
    """First and second derivative of the profile of the log-likelihood by failure."""
    powers = signs * np.exp(shape * logs)
    total, first, second = powers.sum(), (powers * logs).sum(), (powers * logs * logs).sum()
    return float(1 / shape + level - first / total), float((first / total) ** 2 - second / total - shape**-2)


def _weibull_surface(sums: Sums) -> Surface:
    def surface(at: Floats) -> float:
        shape = math.exp(at[1])
        powers = math.exp(float(log_powers(sums, np.array([shape]))[0]) - shape * at[0])
        return float(sums.n * (at[1] - shape * at[0]) + (shape - 1) * sums.log - powers)

    return surface


def _fit_lognormal(scaled: Sample, unit: float, errors_of: Errors) -> Fit:
    sums = sums_of(scaled)
    mean = sums.log / sums.n
    surface = _lognormal_surface(sums)
    at = climb(surface, np.array([mean, math.log(sums.spread / sums.n) / 2]))
    mu, sigma, errors = float(at[0]) + math.log(unit), math.exp(at[1]), errors_of(surface, at)
    mean, sd = Lognormal.moments_of((math.exp(mu), sigma))
    params, deviations = {"mu": mu, "sigma": sigma}, {"mu": errors[0], "sigma": sigma * errors[1]}
    return Fit("lognormal", params, deviations, mean, sd / mean, surface(at) - sums.n * math.log(unit))


def _lognormal_surface(sums: Sums) -> Surface:
    from scipy.special import log_ndtr

    def surface(at: Floats) -> float:
        sigma = math.exp(at[1])
        squares = (sums.spread + sums.n * (sums.log / sums.n - at[0]) ** 2) / (2 * sigma**2)
        tails = (sums.signs * log_ndtr((at[0] - sums.tails) / sigma)).sum()
        return float(-sums.log - sums.n * (at[1] + math.log(2 * math.pi) / 2) - squares + tails)

    return surface


def _fit_gamma(scaled: Sample, unit: float, errors_of: Errors) -> Fit:
    sums = sums_of(scaled)
    shape = _gamma_start(sums)
    surface = _gamma_surface(sums)
    at = climb(surface, np.array([-math.log(shape), math.log(shape)]))
    (scale, shape), errors = np.exp(at), errors_of(surface, at)
    mean, sd = Gamma.moments_of(Gamma.by_usual(float(shape), float(scale) * unit))
    params = {"shape": float(shape), "scale": float(scale) * unit}
    deviations = {"shape": float(shape) * errors[1], "scale": float(scale) * unit * errors[0]}
    return Fit("gamma", params, deviations, mean, sd / mean, surface(at) - sums.n * math.log(unit))


def _gamma_start(sums: Sums) -> float:
    """A shape near the best (Minka, Estimating a Gamma distribution, 2002), as if the exact times were all."""
    gap = max(math.log(sums.total / sums.n) - sums.log / sums.n, 1e-9)
    return (3 - gap + math.sqrt((gap - 3) ** 2 + 24 * gap)) / (12 * gap)


def _gamma_surface(sums: Sums) -> Surface:
    points = np.exp(sums.tails)

    def surface(at: Floats) -> float:
        scale, shape = np.exp(at)
        tails = (sums.signs * gamma_log_survival(shape, points / scale)).sum() if len(points) else 0.0
        exact = (shape - 1) * sums.log - sums.total / scale - sums.n * (shape * at[0] + math.lgamma(shape))
        return float(exact + tails)

    return surface


def climb(surface: Surface, start: Floats) -> Floats:
    """The top of a surface over the plane: Newton with every curvature taken downwards, halved until it rises.

    Raises:
        NoFitError: no top within reach (coordinates are logarithms, so 40 away is 17 orders of magnitude).
    """
    at, height = start, surface(start)
    for _ in range(100):
        step = _uphill(*_derivatives(surface, at))
        while (reached := surface(at + step)) < height and np.abs(step).max() > _NEAR:
            step = step / 2
        if np.abs(step).max() <= _NEAR:
            return at
        at, height = at + step, reached
        if np.abs(at - start).max() > 40:
            break
    raise NoFitError("no law of the family is the most likely one: the likelihood still grows far away")


def _uphill(slope: Floats, curvature: Floats) -> Floats:
    """Newton's step on a surface made concave, at most 1 long in each direction."""
    values, vectors = np.linalg.eigh(curvature)
    step = vectors @ ((vectors.T @ slope) / np.maximum(np.abs(values), 1e-8))
    return np.asarray(step / max(1.0, float(np.abs(step).max())))


def _derivatives(surface: Surface, at: Floats) -> tuple[Floats, Floats]:
    """Slope and curvature by central differences."""
    x, y = np.eye(2) * _TINY
    here, east, west, north, south = (surface(at + d) for d in (0 * x, x, -x, y, -y))
    mixed = surface(at + x + y) - surface(at + x - y) - surface(at - x + y) + surface(at - x - y)
    slope = np.array([east - west, north - south]) / (2 * _TINY)
    bend = np.array([[east - 2 * here + west, mixed / 4], [mixed / 4, north - 2 * here + south]])
    return slope, bend / _TINY**2


def _errors(surface: Surface, at: Floats) -> list[float]:
    """Standard errors of the two coordinates; NaN where the top is flat."""
    curvature = -_derivatives(surface, at)[1]
    if np.linalg.eigvalsh(curvature)[0] <= 0:
        return [math.nan, math.nan]
    return [math.sqrt(value) for value in np.diag(np.linalg.inv(curvature))]


def _no_errors(surface: Surface, at: Floats) -> list[float]:
    """None was asked for."""
    return [math.nan for _ in at]


_FITTERS = {
    "exponential": _fit_exponential,
    "weibull": _fit_weibull,
    "lognormal": _fit_lognormal,
    "gamma": _fit_gamma,
}
