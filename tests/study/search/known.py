"""Searches with a known answer: exact functions under noise that designs share, as with common random numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from twin.study.search.problem import Answer, Row, Wanted
from twin.study.search.space import Bound, Design, Space

Exact = Callable[[Design], Sequence[float]]


class Noisy:
    """Simulates exact functions: row = exact + shared noise of the replication + own noise of design and replication.

    Args:
        exact: what a design shows on average.
        own, shared: standard deviations.
        seed: of all noise.
    """

    def __init__(self, exact: Exact, own: float = 1.0, shared: float = 5.0, seed: int = 1) -> None:
        self.exact, self.own, self.shared, self.seed = exact, own, shared, seed
        self.asked: list[tuple[Design, int]] = []
        self.stop_after = float("inf")
        self.jams: dict[Design, str] = {}

    def __call__(self, wanted: Sequence[Wanted]) -> Answer:
        rows: dict[Design, list[Row]] = {}
        for one in wanted:
            for k in range(one.first, one.until):
                if len(self.asked) >= self.stop_after:
                    return Answer(rows, {}, interrupted=True)
                self.asked.append((one.design, k))
                if one.design not in self.jams:
                    rows.setdefault(one.design, []).append(self.row(one.design, k))
        return Answer(rows, {one.design: self.jams[one.design] for one in wanted if one.design in self.jams})

    def row(self, design: Design, k: int) -> Row:
        """What a replication shows."""
        exact = np.asarray(self.exact(design), dtype=float)
        shared = np.random.default_rng([self.seed, k]).normal(scale=self.shared, size=len(exact))
        own = np.random.default_rng([self.seed, k, *design]).normal(scale=self.own, size=len(exact))
        return tuple((exact + shared + own).tolist())


def equal_sum(k: int, size: int, total: int) -> Space:
    """k decisions of 0 … size - 1 that add up to a total."""
    levels = tuple(map(float, range(size)))
    return Space((size,) * k, (Bound((levels,) * k, total, total),))


BAP_4_4 = {
    (0, 0, 4): 0.562669554978, (0, 1, 3): 0.608052606489, (0, 2, 2): 0.625810846856, (0, 3, 1): 0.628193345762,
    (0, 4, 0): 0.60911103415, (1, 0, 3): 0.606462218996, (1, 1, 2): 0.649809270066, (1, 2, 1): 0.657175318896,
    (1, 3, 0): 0.628193345762, (2, 0, 2): 0.618289783319, (2, 1, 1): 0.649809270066, (2, 2, 0): 0.625810846856,
    (3, 0, 1): 0.606462218996, (3, 1, 0): 0.608052606489, (4, 0, 0): 0.562669554978,
}  # fmt: skip
"""Throughput of a line of four balanced exponential stations by its three buffers (Hillier & So 1991; exact chain)."""
