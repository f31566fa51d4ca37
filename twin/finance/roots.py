"""All real roots of Σ c(i) exp(-x t(i)), for many rows at once: what an internal rate of return is, x = ln(1 + r).

Roots are isolated by Rolle's theorem: times exp(x t(0)) the first term is constant and vanishes in the derivative,
which is a sum of the same kind with a term less; between neighbouring roots of the derivative there is at most one
root. As with polynomials (Descartes) there are no more roots than changes of sign among the c(i) in the order of time.
Source: Pólya and Szegő, Problems and Theorems in Analysis II, part V, no. 75-77.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.finance.array import Floats

NOTHING = 1e-13
"""A flow smaller than this part of the largest of its row is what rounding left of 0."""
_HIGHEST, _LOWEST = 690.0, -36.0
"""Beyond, 1 + r is no double any more, or r is -1."""
_EPS = float(np.finfo(float).eps)
_FLAT = 1e-200
"""A slope less than this leads nowhere."""
_STEPS = 240
"""Enough to halve 80 times."""
_SAME = 1e-9
"""Roots nearer than this in ln(1 + r) are one that touches 0."""


class Sums(NamedTuple):
    """Sums of exponentials, one a row."""

    c: Floats
    """Shape (N, K)."""
    t: Floats
    """Ascending, shape (K,)."""
    first: Floats
    """The time of the first term that is not 0, shape (N,)."""
    last: Floats

    def some(self, rows: NDArray[np.intp]) -> Sums:
        """Some of the rows."""
        return Sums(self.c[rows], self.t, self.first[rows], self.last[rows])

    def terms(self, x: Floats) -> tuple[Floats, Floats]:
        """The terms at a place a row, all scaled alike so that the largest factor is 1, and their times from there."""
        away = self.t - np.where(x >= 0, self.first, self.last)[:, None]
        return self.c * np.exp(np.minimum(-x[:, None] * away, 0.0)), away  # the power is above 0 only where c = 0

    def sign(self, x: Floats) -> Floats:
        """The sign at a place a row, shape (N,): 0 where rounding cannot tell."""
        terms, _ = self.terms(x)
        total, size = terms.sum(axis=1), np.abs(terms).sum(axis=1)
        return np.where(np.abs(total) <= 4 * len(self.t) * _EPS * size, 0.0, np.sign(total))


def sign_changes(c: Floats) -> NDArray[np.intp]:
    """How often the sign changes along the last axis, zeros left out; shape (N,)."""
    signs = np.sign(c)
    at = np.maximum.accumulate(np.where(signs != 0, np.arange(c.shape[1]), 0), axis=1)
    signs = np.take_along_axis(signs, at, axis=1)
    return np.asarray((signs[:, 1:] * signs[:, :-1] < 0).sum(axis=1))


def all_roots(c: Floats, t: Floats) -> Floats:
    """The real roots x of each row, ascending; shape (N, most of them), NaN where a row has fewer.

    Args:
        c: shape (N, K).
        t: ascending, shape (K,).
    """
    largest = np.abs(c).max(axis=1, keepdims=True)
    c = np.where(np.abs(c) <= NOTHING * largest, 0.0, c / np.where(largest > 0, largest, 1.0))
    changes, found = sign_changes(c), np.full((len(c), max(len(t) - 1, 1)), np.nan)
    once, often = np.flatnonzero(changes == 1), np.flatnonzero(changes > 1)
    if len(once):
        found[once, :1] = _inside(_sums(c[once], t), _bounds(c[once], t))[:, :1]
    if len(often):
        some = _isolated(c[often], t)
        found[often, : some.shape[1]] = some
    return found[:, : max(int(np.isfinite(found).sum(axis=1).max(initial=0)), 1)]


def _sums(c: Floats, t: Floats) -> Sums:
    there = c != 0
    return Sums(c, t, t[there.argmax(axis=1)], t[len(t) - 1 - there[:, ::-1].argmax(axis=1)])


def _bounds(c: Floats, t: Floats) -> Floats:
    """Two places with all roots of a row between them, shape (N, 2): beyond, the first or last term outweighs all."""
    there, gaps = c != 0, np.diff(t)
    first, last = there.argmax(axis=1), c.shape[1] - 1 - there[:, ::-1].argmax(axis=1)
    rows, total = np.arange(len(c)), np.abs(c).sum(axis=1)
    high = np.log(total / np.abs(c[rows, first])) / gaps[first]
    low = -np.log(total / np.abs(c[rows, last])) / gaps[last - 1]
    return np.stack([np.maximum(low - 1, _LOWEST), np.minimum(high + 1, _HIGHEST)], axis=1)


def _isolated(c: Floats, t: Floats) -> Floats:
    """All roots, from the derivative with two terms up to the sum itself."""
    bounds, levels = _bounds(c, t), [c]
    for k in range(len(t) - 2):
        levels.append(-levels[-1] * (t - t[k]))
    points = bounds
    for level in reversed(levels):
        found = _inside(_sums(level, t), points)
        points = np.sort(np.column_stack([bounds, np.where(np.isnan(found), bounds[:, 1:], found)]), axis=1)
    return _apart(found)


def _inside(sums: Sums, points: Floats) -> Floats:
    """Roots at or between ascending places, each interval holding one at most; ascending, then NaN."""
    signs = np.stack([sums.sign(column) for column in points.T], axis=1)
    found = np.full((len(points), 2 * points.shape[1] - 1), np.nan)
    rows, at = np.nonzero(signs[:, :-1] * signs[:, 1:] < 0)
    found[rows, at] = _crossing(sums.some(rows), points[rows, at], points[rows, at + 1], signs[rows, at])
    found[:, points.shape[1] - 1 :] = np.where(signs == 0, points, np.nan)
    found = np.sort(found, axis=1)
    return found[:, : max(int(np.isfinite(found).sum(axis=1).max(initial=0)), 1)]


def _crossing(sums: Sums, low: Floats, high: Floats, before: Floats) -> Floats:
    """Where the sign changes between two places a row: Newton inside the interval, and a halving every third step."""
    x = (low + high) / 2
    for step in range(_STEPS):
        terms, away = sums.terms(x)
        total, slope = terms.sum(axis=1), -(terms * away).sum(axis=1)
        same = np.sign(total) == before
        low, high = np.where(same, x, low), np.where(same, high, x)
        newton = x - total / np.where(np.abs(slope) < _FLAT, _FLAT, slope)
        halve = (newton <= low) | (newton >= high) | (step % 3 == 2)
        further = np.where(total == 0, x, np.where(halve, (low + high) / 2, newton))
        if (np.abs(further - x) <= 2 * _EPS * np.maximum(np.abs(x), 1.0)).all():
            break
        x = further
    return x


def _apart(found: Floats) -> Floats:
    """Ascending roots, those that are one root counted once."""
    again = np.zeros(found.shape, dtype=bool)
    again[:, 1:] = np.diff(found, axis=1) < _SAME
    return np.sort(np.where(again, np.nan, found), axis=1)
