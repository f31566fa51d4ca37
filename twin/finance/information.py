"""What knowing more is worth before the decision: everything (EVPI), one input (EVPPI), or a survey (EVSI).

EVPI = E[max over options] - max over options of E. EVPPI of an input: the same with what each option is expected to be
worth once the input is known, a smooth curve through the rows: no further simulation. Differences to the first option
are smoothed, so what all options share is no noise.
Sources: Raiffa and Schlaifer (1961), Applied Statistical Decision Theory; Strong, Oakley and Brennan (2014), Medical
Decision Making 34, 311-326.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.finance.array import Floats, finite
from twin.finance.estimate import sample
from twin.finance.risk import options
from twin.finance.smooth import Smooth, smooth


class Worth(NamedTuple):
    """What knowing something is worth before the decision, in the unit of the values."""

    value: float
    error: float
    """Standard error: of the curves (delta method) and of the rows."""
    bias: float
    """About how much too large the value is, as the best of noisy curves is taken; not taken off."""


class Share(NamedTuple):
    """How much of the variance an input makes alone, 0…1."""

    value: float
    error: float
    """Standard error, by the delta method over rows; what is fitted of chance alone included."""


def evpi(values: object, weights: object = None) -> Worth:
    """The expected value of perfect information.

    Args:
        values: of each option row by row, shape (N, S); an option that may be left has a column of zeros.
        weights: probability of each row, for a table of states; None: all the same.

    Returns:
        Without weights with the standard error of the paired rows; the bias is not estimated here.

    Raises:
        ValueError: another shape, a value that is not finite, or weights that do not add up to 1.
    """
    x = options(values)
    w = np.full(len(x), 1 / len(x)) if weights is None else _probabilities(weights, len(x))
    regret = x.max(axis=1) - x[:, int((w @ x).argmax())]
    error = float(regret.std(ddof=1)) / math.sqrt(len(x)) if weights is None and len(x) > 1 else 0.0
    return Worth(float(w @ regret), error, 0.0)


def evsi(payoff: object, prior: object, likelihood: object) -> float:
    """The expected value of a survey before its cost, for a table of states.

    Args:
        payoff: of each option in each state, shape (S, states).
        prior: probability of each state.
        likelihood: probability of each finding of the survey in each state, shape (findings, states).

    Raises:
        ValueError: shapes that do not fit, or probabilities that do not add up to 1.
    """
    table, found = options(payoff), options(likelihood)
    p = _probabilities(prior, table.shape[1])
    if found.shape[1] != len(p) or not np.allclose(found.sum(axis=0), 1):
        raise ValueError("likelihood: for each state, the probabilities of the findings must add up to 1")
    return float((table @ (p * found).T).max(axis=0).sum() - (table @ p).max())


def evppi(values: object, inputs: object) -> Worth:
    """What knowing one input, or a group of them, is worth.

    Args:
        values: of each option row by row, shape (N, S); N of 200 or more for an answer of use.
        inputs: shape (N,), or (N, columns) for a group known together; their curves add up.

    Raises:
        ValueError: shapes that do not fit, fewer than ten rows, or a value that is not finite.
    """
    x = options(values)
    curves = [smooth(inputs, x[:, k] - x[:, 0]) for k in range(1, x.shape[1])]
    if not curves:
        return Worth(0.0, 0.0, 0.0)
    fitted = np.column_stack([np.zeros(len(x)), *(curve.fitted for curve in curves)])
    chosen = int(fitted.mean(axis=0).argmax())
    regret = fitted.max(axis=1) - fitted[:, chosen]
    rows = float(regret.std(ddof=1)) / math.sqrt(len(x))
    return Worth(float(regret.mean()), math.hypot(rows, _curve_error(curves, fitted, chosen)), _bias(curves, fitted))


def _curve_error(curves: list[Smooth], fitted: Floats, chosen: int) -> float:
    """The error that the weights of the curves bring: EVPPI is a straight function of them while the choices stay."""
    n, pieces, choice = len(fitted), curves[0].pieces, fitted.argmax(axis=1)
    total = pieces.sum(axis=0)
    pulls = [
        (pieces[choice == k].sum(axis=0) - (total if chosen == k else 0.0)) / n * np.sqrt(curve.shrink)
        for k, curve in enumerate(curves, start=1)
    ]
    rests = np.column_stack([curve.rest for curve in curves])
    spread = rests.T @ rests / max(n - max(curve.freedom for curve in curves), 1.0)
    return math.sqrt(max(float((np.array(pulls) @ np.array(pulls).T * spread).sum()), 0.0))


def _bias(curves: list[Smooth], fitted: Floats) -> float:
    """The mean of E[max(0, d + noise)] - max(0, d) for the difference d of the two best curves at each row."""
    if fitted.shape[1] < 2:
        return 0.0
    from scipy.special import ndtr

    order = np.argsort(fitted, axis=1)[:, -2:]
    best = np.take_along_axis(fitted, order, axis=1)
    noise = np.sqrt(np.maximum(_noise(curves, order), 1e-300))
    z = (best[:, 1] - best[:, 0]) / noise
    more = noise * (np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi) - z * ndtr(-z))
    return float(more.mean())


def _noise(curves: list[Smooth], order: NDArray[np.intp]) -> Floats:
    """The variance of the difference of two curves at each row, shape (N,); option 0 is known."""
    rests = np.column_stack([np.zeros(len(order)), *(curve.rest for curve in curves)])
    free = max(len(order) - max(curve.freedom for curve in curves), 1.0)
    spread = rests.T @ rests / free
    pieces = curves[0].pieces
    shrink = np.sqrt(np.stack([np.zeros(pieces.shape[1]), *(curve.shrink for curve in curves)]))
    a, b = order.T
    own = spread[a, a][:, None] * shrink[a] ** 2 + spread[b, b][:, None] * shrink[b] ** 2
    return np.asarray((pieces**2 * (own - 2 * spread[a, b][:, None] * shrink[a] * shrink[b])).sum(axis=1))


def worth_of_inputs(values: object, inputs: Mapping[str, object]) -> dict[str, Worth]:
    """``evppi`` of each input by name, largest first."""
    found = {name: evppi(values, one) for name, one in inputs.items()}
    return dict(sorted(found.items(), key=lambda pair: -pair[1].value))


def variance_shares(values: object, inputs: Mapping[str, object]) -> dict[str, Share]:
    """The share of the variance that each input makes alone, largest first: Var(E[value | input]) / Var(value).

    R² of a smooth curve, less what chance fits: 1 - (1 - R²)(n - 1)/(n - freedom), at least 0. Inputs drawn
    independently have shares that add up to 1 at most; what is missing is chance and what inputs do together.

    Args:
        values: one a row, such as NPVs.
        inputs: by name, shape (N,) or (N, columns).

    Raises:
        ValueError: shapes that do not fit, fewer than ten rows, or a value that is not finite.
    """
    y = sample(values)
    found = {name: _share(smooth(one, y), y) for name, one in inputs.items()}
    return dict(sorted(found.items(), key=lambda pair: -pair[1].value))


def _share(curve: Smooth, y: Floats) -> Share:
    n, away = len(y), (y - y.mean()) ** 2
    variance = float(away.sum()) / (n - 1)
    if variance <= 0:
        return Share(0.0, 0.0)
    rest = min(curve.variance / variance, 1.0)
    pull = (curve.rest**2 - rest * away) / variance
    noise = math.sqrt(2 * max(curve.freedom - 1, 1.0)) / n
    return Share(1 - rest, math.hypot(float(pull.std()) / math.sqrt(n), noise * rest))


def _probabilities(weights: object, n: int) -> Floats:
    found = finite(weights, "probabilities")
    if found.shape != (n,) or (found < 0).any() or not math.isclose(found.sum(), 1, rel_tol=1e-9):
        raise ValueError(f"probabilities: {n} of 0 or more that add up to 1 are due, not {weights!r:.60}")
    return found
