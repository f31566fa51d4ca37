"""Small dirty logs, and a reading of them that needs no file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from types import SimpleNamespace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from twin.calibrate.history.wall import Wall
from twin.calibrate.rows import (
    BLOCKED,
    BREAKDOWN,
    COLUMNS,
    MICRO_STOP,
    NONE,
    OFF_SHIFT,
    OPEN,
    PLANNED,
    RUN,
    SETUP,
    STARVED,
    STATES,
    UNKNOWN,
    Rows,
)
from twin.core.timetable import Timetable, calendar_row

MINUTE = 60_000_000
BEGIN = 1_767_571_200_000_000  # 2026-01-05 00:00 UTC, a Monday and a multiple of 20 min
ASSETS, REASONS, PRODUCTS = ("MILL", "SAW"), ("zest", "alarm", "jam"), ("B", "A")
MODES = ("spindle", "chips", "stop", "greasing")
SHIFTS = Timetable(
    calendar_row(20 * MINUTE, [(0, 12 * MINUTE)], [(5 * MINUTE, 6 * MINUTE)], [(BEGIN + 65 * MINUTE, BEGIN + 2**45)])
)
"""Open 12 minutes of 20, with a break of one minute; closed for good from minute 65 of the window on."""
_TYPES = {"state": np.int8} | dict.fromkeys(("asset", "reason", "mode", "product", "file"), np.int32)
_TYPES |= dict.fromkeys(("parts", "scrap", "rework"), np.float64)


@dataclass(frozen=True)
class Read:
    """What cleaning asks of a reading file; times in µs."""

    window: tuple[int, int] = (BEGIN, BEGIN + 60 * MINUTE)
    micro_threshold: int = 3 * MINUTE
    between_state: int = RUN
    restarts: dict[str, int] = field(default_factory=dict)
    table: Timetable | None = None
    assets: dict[str, str] = field(default_factory=dict)
    counters: tuple[int, ...] = ()

    def bounds(self, _: Rows) -> tuple[int, int]:
        return self.window

    def station(self, asset: str) -> str:
        return self.assets.get(asset, asset)

    def mode(self, _: str, mode: str) -> Any:
        return SimpleNamespace(restart=self.restarts.get(mode, 0))

    def timetable(self) -> Timetable | None:
        return self.table

    def wall(self) -> Wall:
        return Wall("UTC")


def row(
    start: float,
    end: float | None,
    state: int = BREAKDOWN,
    mode: str | None = None,
    reason: str | None = None,
    *,
    asset: str = "MILL",
    **more: Any,
) -> dict[str, Any]:
    """A row in minutes of the window; no end: open."""
    named = {
        "asset": ASSETS.index(asset),
        "mode": MODES.index(mode) if mode else NONE,
        "reason": REASONS.index(reason) if reason else NONE,
    }
    times = {"start": at(start), "end": OPEN if end is None else at(end)}
    blank = {"product": NONE, "repair_start": OPEN, "repair_end": OPEN, "file": 0}
    return times | named | blank | {"state": state} | dict.fromkeys(("parts", "scrap", "rework"), np.nan) | more


def at(minute: float) -> int:
    """A minute of the window as µs UTC."""
    return BEGIN + round(minute * MINUTE)


def log(found: Sequence[dict[str, Any]]) -> Rows:
    """A log of such rows; they stand in a file from row 2 on."""
    numbered = [{"source_row": number + 2, **one} for number, one in enumerate(found)]
    columns = {name: np.array([one[name] for one in numbered], _TYPES.get(name, np.int64)) for name in COLUMNS}
    return Rows(ASSETS, REASONS, MODES, PRODUCTS, **columns)


def stretches(rows: Rows) -> list[tuple[float, float, str]]:
    """Rows in minutes of the window with the names of their states."""
    return [
        ((start - BEGIN) / MINUTE, (end - BEGIN) / MINUTE, STATES[state])
        for start, end, state in zip(rows.start.tolist(), rows.end.tolist(), rows.state.tolist(), strict=True)
    ]


def dirty_row(random: Random, states: Sequence[int]) -> dict[str, Any]:
    """A row that may be wrong in every way; times in whole minutes, about a window of an hour."""
    state, start = random.choice(states), random.randint(-10, 66)
    modes = {BREAKDOWN: (None, "spindle", "chips", "stop"), MICRO_STOP: (None, "chips"), PLANNED: (None, "greasing")}
    made = random.choice([np.nan, 0.0, 3.0])
    repair = random.choice([OPEN, at(start), at(start + 1)])
    return row(
        start,
        random.choice([None, *(start + length for length in (-1, 0, 0, 1, 1, 2, 3, 5, 5, 8, 12, 25))]),
        state,
        random.choice(modes.get(state, (None,))),
        random.choice((None, *REASONS)),
        asset=random.choice(("MILL", "MILL", "SAW")),
        product=random.choice([NONE, 0, 1]) if state in (RUN, SETUP) else NONE,
        parts=made,
        scrap=random.choice([np.nan, 1.0]) if made == 3 else np.nan,
        repair_start=repair,
        repair_end=random.choice([OPEN, repair]),
        file=random.randint(0, 1),
    )


ALL = tuple(range(len(STATES)))
STOPS = (BREAKDOWN, MICRO_STOP, SETUP, PLANNED, RUN)
SOME = (ALL, STOPS, (BREAKDOWN,), (BREAKDOWN, RUN), (BREAKDOWN, OFF_SHIFT, UNKNOWN), (SETUP, STARVED, BLOCKED))


def dirty_log(random: Random, most: int = 16) -> list[dict[str, Any]]:
    """A log of such rows; now and then one stands there twice."""
    states = random.choice(SOME)
    found = [dirty_row(random, states) for _ in range(random.randint(0, most))]
    return [*found, *(found[:1] if random.random() < 0.3 else [])]


def any_read(random: Random) -> Read:
    """A reading file."""
    return Read(
        micro_threshold=random.choice([0, 3 * MINUTE]),
        between_state=random.choice([RUN, UNKNOWN]),
        restarts=random.choice([{}, {"spindle": 4 * MINUTE, "micro": 2 * MINUTE, "stop": 3 * MINUTE, "chips": MINUTE}]),
        table=random.choice([None, SHIFTS]),
        assets=random.choice([{}, {"MILL": "mill", "KIT": "kit"}]),
        counters=random.choice([(), (1,)]),
    )


dirty_logs = st.randoms(use_true_random=False).map(lambda random: dirty_log(random, 9))
reads = st.randoms(use_true_random=False).map(any_read)
