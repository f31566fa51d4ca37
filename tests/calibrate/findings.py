"""Findings of a small mill made by hand: many stops, a single one, none (a borrowed law), counts, times."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from twin.calibrate.fitting.pool import pooled
from twin.calibrate.fitting.posterior import Posterior, Prior, posterior
from twin.calibrate.fitting.sample import Sample, sample
from twin.calibrate.fitting.share import share
from twin.calibrate.found import Counts, CountsFound, Evidence, Findings, ModeFound, Source, Times, TimesFound
from twin.calibrate.output.fitted import Made
from twin.core.origin import sha256_of
from twin.law.gamma import Gamma
from twin.law.weibull import Weibull

HISTORY = "asset,start,end,reason\nmill,2026-01-05T06:00Z,2026-01-05T06:10Z,SPINDLE\n"
READING = "twin: 1\ncalibration: by hand\n"
WINDOW = (1_767_592_800_000_000, 1_782_453_600_000_000)
"""2026-01-05 06:00 to 2026-06-26 06:00 UTC."""


def spread(n: int, mean: float, cv: float, family: type[Weibull | Gamma] = Weibull, seed: int = 1) -> Sample:
    """A sample of a known law, s; a fifth of its lives cut short."""
    times = family.sample(family.by_mean(mean, cv), np.random.default_rng(seed), n)
    cut = np.random.default_rng(seed).random(n) < (0.2 if n > 4 else 0.0)
    return sample(times[~cut], times[cut])


def evidence(mode: str, up: Sample, repair: Sample, clock: str = "working", **more: object) -> Evidence:
    """Evidence with as little as will do."""
    nothing = np.empty(0, np.int64)
    seen = Evidence("mill", mode, clock, up, repair, (), WINDOW, nothing, nothing, np.empty(0), sources=sources())
    return replace(seen, **more)  # type: ignore[arg-type]


def sources() -> tuple[Source, ...]:
    """The history beside the reading file."""
    return (Source("stops.csv", sha256_of(HISTORY.encode()), (2, 77)),)


def mode(seen: Evidence, up: Posterior | None = None) -> ModeFound:
    """What is found of it."""
    return ModeFound(seen, up or posterior(seen.up), posterior(seen.repair), None, None)


@cache
def findings(shift: float = 1.0) -> Findings:
    """All that was found; ``shift`` makes the times up of the spindle longer."""
    repairs = spread(40, 1044.0, 0.9)
    spindle = evidence("spindle", spread(40, 148_320.0 * shift, 1.1), repairs, includes_wait=True, unknown_share=0.0123)
    once = evidence("belt", sample([200_000.0], [90_000.0]), sample([600.0]))
    never = evidence("motor", sample([], [500_000.0]), repairs)
    teeth = evidence("teeth", spread(60, 5000.0, 0.6), repairs, clock="cycles")
    modes = mode(once), mode(never, pooled([never.up, spindle.up])[0]), mode(spindle), mode(teeth)
    cycle = Times("mill", "cycle", spread(300, 41.0, 0.1, Gamma), sources())
    setup = Times("mill", "setup.A.B", spread(12, 720.0, 0.3, Gamma), sources())
    times = [TimesFound(one, posterior(one.sample, Prior(median=0.3)), None) for one in (cycle, setup)]
    counts = CountsFound(Counts("mill", "scrap", 97, 5100, sources()), share(97, 5100))
    return Findings(modes, tuple(times), (counts,))


def made(folder: Path, draws: int = 50, **more: object) -> Made:
    """A reading file and its history in a folder, and how findings were made from them."""
    (folder / "stops.csv").write_text(HISTORY, encoding="utf-8", newline="\n")
    (folder / "mill.yaml").write_text(READING, encoding="utf-8", newline="\n")
    known = Made(folder / "mill.yaml", sha256_of(READING.encode()), 7, draws, "Europe/Paris",
                 "twin calibrate mill.yaml", "2026-07-01")  # fmt: skip
    return known._replace(**more)
