"""A smooth curve through rows: what is expected of a value when an input is known.

Natural cubic splines with knots at quantiles, bent as little as generalised cross-validation allows; several columns
add up (a generalised additive model). An input of two values is a straight line, one that does not vary is a constant.
Sources: Wood (2017), Generalized Additive Models, sec. 4.2 and 6.2; Hastie, Tibshirani and Friedman, The Elements of
Statistical Learning, sec. 5.2.1 and 7.10.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from twin.finance.array import Floats, finite
from twin.finance.estimate import sample

_KNOTS = 3, 8
_ROWS = 15
"""Rows for each knot."""
_BENDS = np.logspace(-6, 8, 57)
"""What a bend may cost; the best of them is taken."""
LEAST = 10
"""Fewer rows make no curve."""


class Column(NamedTuple):
    """The curve of one input: where it bends, in units of its spread."""

    place: int
    """Which column of the inputs it is."""
    centre: float
    scale: float
    knots: Floats
    """Fewer than three make a straight line."""

    def basis(self, x: Floats) -> Floats:
        """The straight part and the natural cubic parts, shape (n, pieces); ESL eq. 5.4 and 5.5."""
        z = (x - self.centre) / self.scale
        if len(self.knots) < 3:
            return np.asarray(z[:, None])
        cubes = np.maximum(z[:, None] - self.knots, 0.0) ** 3
        bends = (cubes[:, :-1] - cubes[:, -1:]) / (self.knots[-1] - self.knots[:-1])
        return np.column_stack([z, bends[:, :-1] - bends[:, -1:]])

    def penalty(self) -> Floats:
        """∫ f″² as a quadratic form; second derivatives are straight between knots."""
        if len(self.knots) < 3:
            return np.zeros((1, 1))
        k = self.knots
        ramps = 6 * (np.maximum(k[:, None] - k, 0.0))
        ramps = (ramps[:, :-1] - ramps[:, -1:]) / (k[-1] - k[:-1])
        second = np.column_stack([np.zeros(len(k)), ramps[:, :-1] - ramps[:, -1:]])
        a, b, h = second[:-1], second[1:], np.diff(k)[:, None] / 6
        return np.asarray((h * a).T @ (2 * a + b) + (h * b).T @ (a + 2 * b))


class Smooth(NamedTuple):
    """A fitted curve. Its pieces are turned so that they are orthonormal over the rows."""

    columns: tuple[Column, ...]
    turn: Floats
    """From pieces (constant first) to orthonormal ones, shape (pieces, p)."""
    pieces: Floats
    """The orthonormal pieces at the rows, shape (N, p)."""
    weights: Floats
    """Of the orthonormal pieces, shape (p,)."""
    shrink: Floats
    """How far bending costs shrank each weight, 0…1, shape (p,)."""
    rest: Floats
    """Value less curve, shape (N,)."""

    @property
    def fitted(self) -> Floats:
        """The curve at the rows, shape (N,)."""
        return np.asarray(self.pieces @ self.weights)

    @property
    def freedom(self) -> float:
        """Effective degrees of freedom, the constant included."""
        return float(self.shrink.sum())

    @property
    def variance(self) -> float:
        """Of a row around the curve."""
        return float(self.rest @ self.rest) / max(len(self.rest) - self.freedom, 1.0)

    def at(self, x: object) -> tuple[Floats, Floats]:
        """The curve at values of its inputs, and its standard error; x has shape (m,) or (m, columns).

        The error is the Bayesian one, what smoothing bends included: on average over the rows its bands hold the truth
        as often as they promise (Nychka 1988, Journal of the American Statistical Association 83).
        """
        pieces = _design(self.columns, _table(x)) @ self.turn
        return np.asarray(pieces @ self.weights), np.sqrt(self.variance * (pieces**2) @ self.shrink)


def smooth(inputs: object, values: object) -> Smooth:
    """The curve of values over one input, or the sum of curves over several.

    Args:
        inputs: shape (N,) or (N, columns).
        values: shape (N,).

    Raises:
        ValueError: fewer than ten rows, shapes that do not fit, or a value that is not finite.
    """
    x, y = _table(inputs), sample(values, LEAST)
    if len(x) != len(y):
        raise ValueError(f"inputs: one row for each of the {len(y)} values is due, not {len(x)}")
    columns = tuple(_column(i, one) for i, one in enumerate(x.T) if np.ptp(one) > 1e-12 * np.abs(one).max())
    turn, pieces, bend = _turned(columns, _design(columns, x))
    raw = pieces.T @ y
    shrink = _shrunk(raw, bend, float(y @ y), len(y))
    return Smooth(columns, turn, pieces, shrink * raw, shrink, y - pieces @ (shrink * raw))


def _table(x: object) -> Floats:
    found = finite(x, "inputs")
    return found[:, None] if found.ndim == 1 else np.atleast_2d(found)


def _column(place: int, x: Floats) -> Column:
    most, values = int(np.clip(len(x) // _ROWS, *_KNOTS)), np.unique(x)
    knots = values if len(values) <= most else np.unique(np.quantile(x, np.linspace(0, 1, most)))
    return Column(place, float(x.mean()), float(x.std()), (knots - x.mean()) / x.std())


def _design(columns: tuple[Column, ...], x: Floats) -> Floats:
    return np.column_stack([np.ones(len(x)), *(one.basis(x[:, one.place]) for one in columns)])


def _turned(columns: tuple[Column, ...], design: Floats) -> tuple[Floats, Floats, Floats]:
    """Orthonormal pieces in which what a bend costs is diagonal (Demmler and Reinsch 1975)."""
    cost, at = np.zeros((design.shape[1], design.shape[1])), 1
    for one in columns:
        own = one.penalty()
        cost[at : at + len(own), at : at + len(own)] = own
        at += len(own)
    _, size, right = np.linalg.svd(design, full_matrices=False)
    kept = size > 1e-9 * size[0]
    turn = right[kept].T / size[kept]
    bend, further = np.linalg.eigh(turn.T @ cost @ turn)
    turn = turn @ further
    return turn, design @ turn, np.maximum(bend, 0.0)


def _shrunk(raw: Floats, bend: Floats, total: float, n: int) -> Floats:
    """How far each weight is shrunk: least n · rest / (n - freedom)²."""
    bend = np.where(bend > 1e-10 * bend.max(initial=0.0), bend, 0.0) / max(float(bend.max(initial=0.0)), 1e-300)
    shrinks = 1 / (1 + np.multiply.outer(_BENDS, bend))
    rest = np.maximum(total - (raw**2 * (2 * shrinks - shrinks**2)).sum(axis=1), 0.0)
    score = rest / np.maximum(n - shrinks.sum(axis=1), 1e-9) ** 2
    return np.asarray(shrinks[len(score) - 1 - int(score[::-1].argmin())])
