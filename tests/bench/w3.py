"""W3: ten stages of three machines with loaders, set-ups and breakdowns, our engine beside plain SimPy."""

from __future__ import annotations

from collections.abc import Iterable

from .support.registry import Row, register
from .support.shop import against_plain


@register("ten stages with loaders, set-ups and breakdowns, beside plain SimPy")
def measure(quick: bool) -> Iterable[Row]:
    """CPU of a marginal part."""
    return against_plain(quick)
