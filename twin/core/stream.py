"""Random streams: one for each (seed, replication, element#machine/purpose), drawn in blocks.

The key is hashed with BLAKE2b and never with ``hash()``, so a stream is the same on every machine; the
scenario is not in the key, so two layouts share the draws of what they have in common.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from twin.core.plan import LawRow
from twin.core.spec import kinds

if TYPE_CHECKING:
    import numpy as np

Next = Callable[[], float]
_FIRST, _GROWTH, _LARGEST = 16, 4, 1024


def generator(seed: int, replication: int, key: str) -> np.random.Generator:
    """The generator of one stream."""
    import numpy as np

    words = np.frombuffer(hashlib.blake2b(key.encode(), digest_size=16).digest(), dtype="<u4")
    sequence = np.random.SeedSequence(seed, spawn_key=(replication, *map(int, words)))
    return np.random.Generator(np.random.PCG64DXSM(sequence))


def draws(law: LawRow, seed: int, replication: int, key: str) -> Next:
    """A function that gives the next draw of a law, rounded once to whole numbers of the plan."""
    if law.family == "constant":
        return itertools.repeat(float(round(law.params[0] * law.scale))).__next__
    return itertools.chain.from_iterable(_rounded(law, generator(seed, replication, key))).__next__


def uniforms(seed: int, replication: int, key: str) -> Next:
    """A function that gives the next uniform number in [0, 1)."""
    return itertools.chain.from_iterable(_uniform(generator(seed, replication, key))).__next__


def remaining_life(law: LawRow, seed: int, replication: int, key: str) -> float:
    """What is left of a life at a moment that knows nothing of it, rounded to whole numbers of the plan.

    A long life is met more often than a short one (inspection paradox): mean (1 + cv²) / 2 × the mean of the law.
    """
    chance, mean = uniforms(seed, replication, key)(), law.mean / law.scale
    left = kinds("law")[law.family].remaining(law.params, mean, chance) if law.cv else chance * mean
    return float(round(left * law.scale))


def _sizes() -> Iterator[int]:
    size = _FIRST
    while True:
        yield size
        size = min(size * _GROWTH, _LARGEST)


def _rounded(law: LawRow, rng: np.random.Generator) -> Iterator[list[float]]:
    import numpy as np

    sample = kinds("law")[law.family].sample
    for size in _sizes():
        yield np.rint(sample(law.params, rng, size) * law.scale).tolist()


def _uniform(rng: np.random.Generator) -> Iterator[list[float]]:
    for size in _sizes():
        yield rng.random(size).tolist()
