"""W1: ten reliable stations in series, our engine beside plain SimPy."""

from __future__ import annotations

from collections.abc import Iterable

from .support.line import W1, against_plain
from .support.registry import Row, register


@register("ten reliable stations in series, beside plain SimPy")
def measure(quick: bool) -> Iterable[Row]:
    """CPU of a marginal part."""
    return against_plain(W1, quick)
