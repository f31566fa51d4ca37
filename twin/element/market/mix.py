"""Which products a source brings, one after the other."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Callable, Set
from typing import Any

from twin.core.plan import ProductId
from twin.core.run import Run


class Mix:
    """The products of a source, one after the other: drawn by their shares, or in a sequence."""

    def __init__(self, run: Run, row: Any) -> None:
        sequence: tuple[ProductId, ...] = row.sequence or (0,)
        self._shares = [end - begin for begin, end in itertools.pairwise((0.0, *row.mix))]
        self._draw = run.uniform(row.mix_stream) if row.mix else None
        self._turns = itertools.cycle(sequence)
        drawn = [product for product, share in enumerate(self._shares) if share > 0]
        self.products: list[ProductId] = drawn if row.mix else list(dict.fromkeys(sequence))
        """All that come."""
        self.next: Callable[[], ProductId] = self._turns.__next__ if self._draw is None else _drawn(self._draw, row.mix)
        """The product of the next part."""

    def next_but(self, others: Set[ProductId]) -> ProductId:
        """The next product that is none of these: they lose their turns."""
        if not others:
            return self.next()
        if self._draw is None:
            return next(product for product in self._turns if product not in others)
        products = [product for product in self.products if product not in others]
        ends = list(itertools.accumulate(self._shares[product] for product in products))
        return products[min(bisect_right(ends, self._draw() * ends[-1]), len(products) - 1)]


def _drawn(draw: Callable[[], float], shares: tuple[float, ...]) -> Callable[[], ProductId]:
    last: ProductId = len(shares) - 1
    return lambda: min(bisect_right(shares, draw()), last)
