"""Common random numbers on the line of the benchmark, at a length for every day; the bench runs it whole."""

from __future__ import annotations

import pytest

from tests.bench.pairing import paired


@pytest.mark.long
def test_pairing_saves_replications() -> None:
    """Thirty pairs of two days; the correlation is near that of the whole length (0.98, 0.96, 0.93)."""
    found = {one.name: one for one in paired(30, "2 d", workers=1)}
    assert all(one.verdict == "better" for one in found.values())
    least = {"mttr": 10.0, "cycle": 8.0, "buffers": 4.0}
    assert all((found[name].saved or 0.0) >= n for name, n in least.items()), {n: o.saved for n, o in found.items()}
