"""Findings made with the real statistical core from generated samples, so that reports are tested without a log."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from twin.calibrate.fitting.fit import fit
from twin.calibrate.fitting.goodness import anderson_darling
from twin.calibrate.fitting.pool import pooled
from twin.calibrate.fitting.posterior import Prior, posterior
from twin.calibrate.fitting.sample import Sample, sample
from twin.calibrate.fitting.share import share
from twin.calibrate.fitting.trend import History, history, lewis_robinson, serial
from twin.calibrate.found import (
    Counts,
    CountsFound,
    Diagnostics,
    Evidence,
    Findings,
    Later,
    ModeFound,
    Source,
    Times,
    TimesFound,
)

HOUR, MINUTE = 3600.0, 60.0
WINDOW = (1_767_592_800_000_000, 1_782_540_000_000_000)
"""2026-01-05 06:00 to 2026-06-27 06:00 UTC."""
SOURCE = Source("pump_line/stops.csv", "3f" * 32, (1042, 1077))


def machines(seed: int, n: int, mean: float, shape: float, count: int = 2) -> tuple[Sample, tuple[History, ...]]:
    """About ``n`` Weibull lives on each of ``count`` machines, the last cut by the end of the window."""
    rng = np.random.default_rng(seed)
    failed, cut, seen = list[float](), list[float](), list[History]()
    for _ in range(count):
        lives = mean * rng.weibull(shape, n + 1)
        ages = np.cumsum(lives[:-1])
        end = float((ages[-1] if n else 0.0) + lives[-1] * 0.6)
        seen.append(history(ages, end))
        failed += lives[:-1].tolist()
        cut.append(float(lives[-1] * 0.6))
    return sample(failed, cut), tuple(seen)


def evidence(station: str, mode: str, seed: int, n: int, **more: Any) -> Evidence:
    """What a log would say of ``n`` failures on each of two machines."""
    mean, shape, count = more.pop("mean", 40 * HOUR), more.pop("shape", 1.4), more.pop("count", 2)
    up, histories = machines(seed, n, mean, shape, count)
    rng = np.random.default_rng(seed + 1)
    stops = up.failures
    repair = sample((18 * MINUTE * rng.lognormal(-0.3, 0.8, stops)).tolist(), [5 * MINUTE] if stops > 3 else [])
    at = np.sort(rng.integers(WINDOW[0], WINDOW[1], stops))
    hours = more.pop("hours", 8 * rng.random(stops) ** 1.2)
    return Evidence(
        station, mode, more.pop("clock", "working"), up, repair, histories, WINDOW, at, np.arange(stops), hours,
        sources=(SOURCE,), **more,
    )  # fmt: skip


def asked(one: Evidence) -> Diagnostics:
    """The tests that the number of failures allows."""
    n = one.up.failures
    trend = lewis_robinson(one.histories[0]) if len(one.histories[0].times) >= 5 else None
    gaps = np.concatenate([h.gaps for h in one.histories])
    good = anderson_darling(one.up, fit("weibull", one.up), fits=19) if n >= 30 else None
    return Diagnostics(trend, trend.p if trend else None, None, serial(gaps) if n >= 30 else None, good)


def modes(*seen: Evidence, pool: str = "") -> list[ModeFound]:
    """Modes that lend to each other, or each alone."""
    groups = [seen] if pool else [(one,) for one in seen]
    found = []
    for group in groups:
        repairs = [one.repair if one.repair.time.size else sample([], [MINUTE]) for one in group]
        for one, up, repair in zip(group, pooled([e.up for e in group]), pooled(repairs), strict=True):
            up_fit, repair_fit = best(up.family, one.up), best(repair.family, one.repair)
            found.append(ModeFound(one, up, repair, up_fit, repair_fit, asked(one), pool))
    return found


def best(family: str, lives: Sample) -> Any:
    """The fit where there is one."""
    return fit(family, lives) if len(np.unique(lives.exact)) >= 2 else None


@cache
def findings() -> Findings:
    """A plant with every case: many failures, several, few, none, cycles, unknown time, markup in a name."""
    mills = modes(
        evidence("mill", "spindle", 1, 20, preventive=1, merged=4, unknown_share=0.071, includes_wait=True,
                 sensitivity=(("restart 2.5 min", 43, 41 * HOUR), ("restart 10 min", 37, 48 * HOUR))),
        evidence("mill_b", "spindle", 2, 1, unknown_share=0.012),
        evidence("mill_c", "spindle", 3, 0, mean=300 * HOUR, unknown_share=0.004),
        pool="mills",
    )  # fmt: skip
    own = modes(
        evidence("kit", "feeder <script>alert(1)</script>", 5, 6, mean=9 * HOUR, hours=np.empty(0)),
        evidence("wash", "pump", 6, 9, later=(Later("new pump motor", (150 * HOUR, 170 * HOUR), sample([])),)),
        evidence("mill", "chips", 4, 40, mean=2 * HOUR, shape=1.0, micro=True, unknown_share=0.071),
        evidence("pack", "blade", 8, 12, mean=5200.0, shape=3.0, clock="cycles"),
    )
    rng = np.random.default_rng(9)
    cycles = sample(rng.normal(41, 2, 300).tolist())
    cycle = TimesFound(Times("mill", "cycle", cycles), posterior(cycles, Prior(0.3)), fit("gamma", cycles))
    changes = sample((25 * MINUTE * rng.lognormal(0, 0.4, 7)).tolist())
    setup = TimesFound(Times("mill", "setup.A.B", changes), posterior(changes), fit("gamma", changes))
    scrap = CountsFound(Counts("mill", "scrap", 31, 1800), share(31, 1800))
    rework = CountsFound(Counts("wash", "rework", 0, 240), share(0, 240))
    ordered = tuple(sorted(mills + own, key=lambda one: one.name))
    return Findings(ordered, (cycle, setup), (scrap, rework), ("WASH-2 stands in no row of the log.",))


def alone(up: Sample, repair: Sample, **more: Any) -> ModeFound:
    """A mode without a class or tests, of any samples."""
    plain: dict[str, Any] = {"clock": "working", "histories": (), "hours": np.empty(0)} | more
    stops = np.arange(up.failures)
    one = Evidence("press", "hose", up=up, repair=repair, window=WINDOW, stops_at=stops, stop_rows=stops, **plain)
    laws = [pooled([lives])[0] for lives in (up, repair if repair.time.size else sample([], [MINUTE]))]
    return ModeFound(one, laws[0], laws[1], best(laws[0].family, up), best(laws[1].family, repair))
