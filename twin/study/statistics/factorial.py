"""Two-level designs: which levers are on in which run, whole or a fraction of it, and what a fraction mixes up.

A fraction 2^(k - p) sets p of the factors to products of others (its generators), so that an effect cannot be told from
its aliases. Resolution III mixes single effects with products of two, IV those of two with each other, V neither.

Sources: Box, Hunter & Hunter, Statistics for Experimenters, ch. 5-6; NIST/SEMATECH e-Handbook of Statistical Methods,
"Summary tables of useful fractional factorial designs" (the fractions listed here).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from twin.law.law import Floats

MOST = 12
"""Factors of a whole design: 4,096 runs."""
LISTED = {
    (3, 4): "C=AB",
    (4, 8): "D=ABC",
    (5, 8): "D=AB E=AC",
    (5, 16): "E=ABCD",
    (6, 8): "D=AB E=AC F=BC",
    (6, 16): "E=ABC F=BCD",
    (6, 32): "F=ABCDE",
    (7, 8): "D=AB E=AC F=BC G=ABC",
    (7, 16): "E=ABC F=BCD G=ACD",
    (7, 32): "F=ABCD G=ABDE",
    (7, 64): "G=ABCDEF",
    (8, 16): "E=BCD F=ACD G=ABC H=ABD",
    (8, 32): "F=ABC G=ABD H=BCDE",
    (8, 64): "G=ABCD H=ABEF",
    (8, 128): "H=ABCDEFG",
    (9, 16): "E=ABC F=BCD G=ACD H=ABD I=ABCD",
    (9, 32): "F=BCDE G=ACDE H=ABDE I=ABCE",
    (10, 16): "E=ABC F=BCD G=ACD H=ABD I=ABCD J=AB",
    (10, 32): "F=ABCD G=ABCE H=ABDE I=ACDE J=BCDE",
}
"""Generators of the usual fractions by (factors, runs); the letters are the factors in their order."""
_LETTERS = "ABCDEFGHIJ"


@dataclass(frozen=True)
class Factorial:
    """A two-level design; make one with ``full``, ``fraction`` or ``listed``."""

    factors: tuple[str, ...]
    generators: tuple[tuple[str, tuple[str, ...]], ...]
    """(factor, the factors whose product sets it); empty when the design is whole."""
    runs: tuple[tuple[bool, ...], ...]
    """Which factors are on in each run. The first factor changes fastest."""
    masks: tuple[int, ...]
    """The defining words but the empty one: products of factors (bit i is factor i) that are always +1."""

    @property
    def resolution(self) -> int | None:
        """Length of the shortest defining word; None when the design is whole."""
        return min((mask.bit_count() for mask in self.masks), default=None)

    @property
    def words(self) -> tuple[tuple[str, ...], ...]:
        """The defining words, shortest first."""
        return self._told(self.masks)

    def on(self, run: int) -> tuple[str, ...]:
        """The factors that are on in a run."""
        return tuple(name for name, is_on in zip(self.factors, self.runs[run], strict=True) if is_on)

    def column(self, effect: Sequence[str]) -> Floats:
        """The column of an effect: the product of -1 (off) and +1 (on) of its factors, one a run."""
        signs = np.where(np.array(self.runs), 1.0, -1.0)
        return np.asarray(signs[:, [self.factors.index(name) for name in effect]].prod(axis=1))

    def effects(self, order: int = 2) -> Iterator[tuple[str, ...]]:
        """The effects that can be told apart, single ones first; of those that are mixed up only the first."""
        seen = set[int]()
        for count in range(1, order + 1):
            for effect in combinations(self.factors, count):
                mask = self._mask(effect)
                if mask not in seen:
                    seen.update({mask, *(mask ^ word for word in self.masks)})
                    yield effect

    def aliases(self, effect: Sequence[str], order: int = 2) -> tuple[tuple[str, ...], ...]:
        """What cannot be told from an effect: products of at most ``order`` factors, shortest first."""
        mask = self._mask(effect)
        return self._told(found for word in self.masks if (found := mask ^ word).bit_count() <= order)

    def describe(self) -> list[str]:
        """The design in words, one line each: runs, generators, resolution, and what is mixed up."""
        if not self.masks:
            return [f"whole design: {len(self.runs)} runs of {len(self.factors)} factors, nothing is mixed up"]
        fraction = f"1/{2 ** len(self.generators)}"
        size = f"{len(self.runs)} runs of {len(self.factors)} factors"
        head = f"{fraction} of a design: {size}, resolution {self.resolution}"
        made = [f"{name} is on when the product of {', '.join(base)} is +" for name, base in self.generators]
        mixed = [(effect, self.aliases(effect)) for effect in self.effects()]
        return [head, *made, *(" = ".join(" × ".join(one) for one in (e, *others)) for e, others in mixed if others)]

    def _mask(self, effect: Sequence[str]) -> int:
        return sum(1 << self.factors.index(name) for name in dict.fromkeys(effect))

    def _told(self, masks: Iterator[int] | Sequence[int]) -> tuple[tuple[str, ...], ...]:
        named = [tuple(name for i, name in enumerate(self.factors) if mask >> i & 1) for mask in masks]
        return tuple(sorted(named, key=lambda one: (len(one), [self.factors.index(name) for name in one])))


def full(factors: Sequence[str]) -> Factorial:
    """All 2^k combinations. Run r has factor i on when bit i of r is set, so run 0 is the baseline.

    Raises:
        ValueError: no factor, more than twelve, or one named twice.
    """
    return fraction(factors, {})


def fraction(factors: Sequence[str], generators: Mapping[str, Sequence[str]]) -> Factorial:
    """A 2^(k - p) fraction by its p generators.

    Args:
        factors: all k of them, in order.
        generators: for each of p factors the others whose product sets it, such as {D: [A, B, C]}.

    Raises:
        ValueError: a generator of what is no factor or itself generated, a resolution below III, more than twelve free
            factors, or a factor named twice.
    """
    names, free = tuple(factors), [name for name in factors if name not in generators]
    if not 1 <= len(free) <= MOST or len(dict.fromkeys(names)) < len(names):
        raise ValueError(f"1 to {MOST} free factors, none named twice, are due, not {', '.join(names) or 'none'}")
    for name, base in generators.items():
        if name not in names or not set(base) <= set(free) or len(dict.fromkeys(base)) < len(base):
            told = f"{name} = {' × '.join(base)}"
            raise ValueError(f"{told}: a generator takes other free factors, once each: {', '.join(free)}")
    made = tuple((name, tuple(base)) for name, base in generators.items())
    design = Factorial(names, made, tuple(_runs(names, free, generators)), _defining(names, made))
    if design.resolution is not None and design.resolution < 3:
        raise ValueError(f"{' × '.join(design.words[0])} is always the same: two factors cannot be told apart")
    return design


def _runs(names: Sequence[str], free: Sequence[str], made: Mapping[str, Sequence[str]]) -> Iterator[tuple[bool, ...]]:
    for number in range(2 ** len(free)):
        on = {name: bool(number >> i & 1) for i, name in enumerate(free)}
        # A product of signs is + when the number of minuses is even.
        on.update({name: sum(not on[one] for one in base) % 2 == 0 for name, base in made.items()})
        yield tuple(on[name] for name in names)


def _defining(names: Sequence[str], made: Sequence[tuple[str, tuple[str, ...]]]) -> tuple[int, ...]:
    """The products of any of the generators' words."""
    group = [0]
    for name, base in made:
        word = sum(1 << names.index(one) for one in (name, *base))
        group += [other ^ word for other in group]
    return tuple(group[1:])


def listed(factors: Sequence[str], runs: int) -> Factorial:
    """The usual design for this many factors and runs: whole, or the listed fraction of the highest resolution.

    Raises:
        ValueError: there is none; the message names those there are.
    """
    k = len(factors)
    if runs == 2**k:
        return full(factors)
    if (k, runs) not in LISTED:
        there = [str(many) for few, many in LISTED if few == k] + ([str(2**k)] if k <= MOST else [])
        known = f"those of {', '.join(there)} are" if there else "give generators"
        raise ValueError(f"no design of {runs} runs is listed for {k} factors; {known}")
    name = dict(zip(_LETTERS, factors, strict=False))
    pairs = (one.split("=") for one in LISTED[k, runs].split())
    return fraction(factors, {name[new]: [name[letter] for letter in base] for new, base in pairs})
