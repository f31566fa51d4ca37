"""Shapes: one number, one a row, or one a row and year; flows along the last axis."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Values = float | Sequence[float] | Floats
"""One number for all rows, or one a row."""
Flows = Sequence[float] | Sequence[Sequence[float]] | Floats
"""Flows at the year ends 0, 1, … Y along the last axis; shape (Y + 1,) or (N, Y + 1)."""


def finite(values: object, what: str) -> Floats:
    """The numbers as an array.

    Raises:
        ValueError: one of them is no number, NaN or infinite.
    """
    try:
        found = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{what}: finite numbers are due, all rows of one length, not {values!r:.60}") from None
    if not np.isfinite(found).all():
        raise ValueError(f"{what}: finite numbers are due, not {found[~np.isfinite(found)].flat[0]}")
    return found


def flows_of(flows: object) -> Floats:
    """Flows as an array with at least one column.

    Raises:
        ValueError: there are no flows, or one of them is not finite.
    """
    found = finite(flows, "flows")
    if found.ndim == 0 or found.shape[-1] == 0:
        raise ValueError(f"flows: one number for each year end is due, such as [-1000, 600, 600], not {flows!r:.60}")
    return found


def a_row(values: object, rows: int, what: str) -> Floats:
    """One number a row, shape (rows,).

    Raises:
        ValueError: the values are neither one number nor one a row, or not finite.
    """
    found = finite(values, what)
    if found.ndim > 1 or (found.ndim == 1 and len(found) not in (1, rows)):
        raise ValueError(f"{what}: one number or one for each of the {rows} rows is due, not shape {found.shape}")
    return np.broadcast_to(found, (rows,))


def a_year(values: object, rows: int, years: int, what: str) -> Floats:
    """One number a row and year, shape (rows, years).

    A list is one number a row, never one a year: write those as shape (1, years).

    Raises:
        ValueError: no such shape, or a value that is not finite.
    """
    found = finite(values, what)
    if found.ndim < 2:
        found = a_row(found, rows, what)[:, None]
    if found.ndim != 2 or found.shape[0] not in (1, rows) or found.shape[1] not in (1, years):
        raise ValueError(f"{what}: shape (1 or {rows}, {years}) is due, rows and years, not {found.shape}")
    return np.broadcast_to(found, (rows, years))
