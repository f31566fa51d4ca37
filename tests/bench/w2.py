"""W2: ten stations in series that break down, our engine beside plain SimPy."""

from __future__ import annotations

from collections.abc import Iterable

from .support.line import W2, against_plain
from .support.registry import Row, register


@register("ten stations in series that break down, beside plain SimPy")
def measure(quick: bool) -> Iterable[Row]:
    """CPU of a marginal part."""
    return against_plain(W2, quick)
