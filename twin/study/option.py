"""Options of a run as users give them: ``'20 d'``, ``20``; checked, and put into the plan."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from twin.core.layout import LONGEST
from twin.core.plan import Micro, micro
from twin.core.problem import Faults
from twin.core.unit import parse

MOST_REPLICATIONS = 1_000_000
MOST_SEED = 2**63
MOST_WORKERS = 10_000


def run_changes(
    replications: int | None = None,
    horizon: str | timedelta | None = None,
    warm_up: str | timedelta | None = None,
    seed: int | None = None,
) -> dict[str, Any]:
    """The run settings that are given, for ``Plan.with_run``; those left None keep what the layout says.

    Raises:
        ValueError: one that makes no sense; the text begins with its name.
    """
    found: dict[str, Any] = {}
    if replications is not None:
        found["replications"] = whole("replications", replications, 1, MOST_REPLICATIONS)
    if horizon is not None:
        found["horizon"] = _positive("horizon", duration("horizon", horizon))
    if warm_up is not None:
        found["warm_up"] = duration("warm-up", warm_up)
    if seed is not None:
        found["seed"] = whole("seed", seed, 0, MOST_SEED)
    return found


def check_workers(workers: int | None) -> None:
    """Raise ValueError unless so many processes make sense."""
    if workers is not None:
        whole("workers", workers, 1, MOST_WORKERS)


def duration(option: str, given: str | timedelta) -> Micro:
    """A time as text with its unit (``'20 d'``) or as a timedelta, in µs.

    Raises:
        ValueError: no such time; the text shows what to write.
    """
    try:
        seconds = given.total_seconds() if isinstance(given, timedelta) else parse(given, "time")
    except Faults as error:
        one = error.faults[0]
        hint = f"; did you mean '{one.nearest}'?" if one.nearest else ""
        raise ValueError(f"{option}: {one.text}{hint}") from None
    if seconds < 0:
        raise ValueError(f"{option}: '{given}' must not be negative")
    if seconds > LONGEST:
        raise ValueError(f"{option}: '{given}' must not be more than 100 y")
    return micro(seconds)


def _positive(option: str, time: Micro) -> Micro:
    if time <= 0:
        raise ValueError(f"{option}: it must be more than 0")
    return time


def whole(option: str, given: int, least: int, most: int) -> int:
    """A whole number in its range; ValueError when it is none."""
    if isinstance(given, bool) or not hasattr(given, "__index__") or not least <= given <= most:
        raise ValueError(f"{option}: a whole number from {least} to {most} is due, not {given!r}")
    return int(given)
