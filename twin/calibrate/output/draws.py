"""Joint draws of all that was found: draw k of every input together is one plant that may be true."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from twin.calibrate.output.written import plain, within
from twin.core.drawfile import WIDEST_CV, Drawn

if TYPE_CHECKING:
    from twin.calibrate.fitting.posterior import Posterior
    from twin.calibrate.found import Findings


def draws_of(findings: Findings, n: int, seed: int) -> dict[tuple[str, str], Drawn]:
    """``n`` draws of every law and share, by entry and part; inputs are independent of each other.

    Each has a seed of its own, from the seed and its name, so that a mode more or less leaves the others as they are.
    """
    found = {(plain(name), part): (law, seen) for name, part, law, seen in _laws(findings)}
    draws = {key: _law(law, n, seed_of(seed, *key), seen) for key, (law, seen) in found.items()}
    for one in findings.counts:
        key = plain(one.name), "share"
        shares = one.share.draws(n, seed_of(seed, *key)).tolist()
        draws[key] = Drawn(one.counts.parts, (), tuple(shares), (0.0,) * n)
    return draws


def _laws(findings: Findings) -> Iterator[tuple[str, str, Posterior, int]]:
    """(entry, part, posterior, times seen) of every law."""
    for mode in findings.modes:
        yield mode.name, "up", mode.up, mode.evidence.up.failures
        yield mode.name, "repair", mode.repair, mode.evidence.repair.failures
    for one in findings.times:
        yield one.name, "", one.posterior, one.times.sample.failures


def _law(found: Posterior, n: int, seed: int, seen: int) -> Drawn:
    """Draws of a law, each one that a plant can hold."""
    drawn = found.draws(n, seed)
    means = tuple(within(one.mean) for one in drawn)
    return Drawn(seen, tuple(one.family for one in drawn), means, tuple(min(one.cv, WIDEST_CV) for one in drawn))


def seed_of(seed: int, name: str, part: str) -> int:
    """The seed of one input, 64 bits; the same on every machine."""
    key = hashlib.blake2b(f"{seed}/{name}/{part}".encode(), digest_size=8)
    return int.from_bytes(key.digest(), "big")
