"""A store of a million replications: written, opened again, grouped by case."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from .support.registry import Row, Wanted, register

CASES = 1000
KPIS = 20
OPENED = Wanted("ours", "≤", 2.0)


@register("a store of a million replications of 20 KPIs")
def measure(quick: bool) -> Iterable[Row]:
    """Seconds to write them, and to open the store and group them; the file in MB."""
    runs = 100_000 if quick else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "runs.sqlite")
        written, opened = written_in(path, runs), opened_in(path, runs)
        yield Row("write", "s", written)
        yield Row("open and group", "s", opened, wanted=OPENED)
        yield Row("size", "MB", path.stat().st_size / 1e6)


def written_in(path: Path, runs: int) -> float:
    """Seconds to write so many replications, in batches as they come."""
    from twin.study.paired.store import Kept, Key, Store

    names = [f"kpis.k{i}" for i in range(KPIS)]
    values = np.random.default_rng(1).random((runs // CASES, KPIS)).tolist()
    rows = [Kept(dict(zip(names, row, strict=True))) for row in values]
    start = time.perf_counter()
    with Store(path, names, whole=False) as store:
        for case in range(CASES):
            store.add(Key(f"case {case}", 1, "", "0", "0"), f"case {case}", enumerate(rows))
    return time.perf_counter() - start


def opened_in(path: Path, runs: int) -> float:
    """Seconds to open the store, count all, and take the mean of a KPI by case."""
    from twin.study.paired.store import Store

    start = time.perf_counter()
    with Store(path, ["kpis.k0"], whole=False) as store:
        counts = store.counts()
    with sqlite3.connect(path) as base:
        means = base.execute("SELECT design, avg(k1) FROM run GROUP BY design").fetchall()
    base.close()
    seconds = time.perf_counter() - start
    if sum(n for _, n in counts) != runs or len(means) != CASES:
        raise AssertionError("the store lost replications")
    return seconds
