"""Options of a run as users give them: ``'20 d'``, ``20``; checked, and put into the plan."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import Executor
from datetime import timedelta
from numbers import Integral
from typing import Any

from twin.core.layout import LONGEST, MOST_SEED
from twin.core.plan import Micro, micro
from twin.core.problem import Faults, nearest, quoted
from twin.core.unit import parse

MOST_REPLICATIONS = 1_000_000
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


def check_helpers(executor: object, progress: object) -> None:
    """Raise TypeError unless the one is an executor and the other can be called; None is fine."""
    if executor is not None and not isinstance(executor, Executor):
        raise TypeError(f"executor: one of concurrent.futures is due, not {executor!r}")
    if progress is not None and not callable(progress):
        raise TypeError(f"progress: a function of (finished, wanted) is due, not {progress!r}")


def check_path(path: object, example: str) -> None:
    """Raise TypeError or ValueError unless ``path`` may name a file, such as ``example``."""
    if not isinstance(path, str | os.PathLike):
        raise TypeError(f"the name of a file such as '{example}' is due, not {path!r}")
    if "\0" in str(path):
        raise ValueError(f"the name of a file such as '{example}' is due; {str(path)!r} holds a null character")


def check_known(options: Iterable[str], known: Iterable[str]) -> None:
    """Raise TypeError for an option that is not known."""
    words = list(known)
    for option in options:
        if option not in words:
            near = nearest(option, words)
            hint = f"did you mean '{near}'?" if near else f"there are {', '.join(words)}"
            raise TypeError(f"unknown option {quoted(option)}; {hint}")


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


def whole(option: str, given: object, least: int, most: int) -> int:
    """A whole number in its range; ValueError when it is none."""
    if isinstance(given, bool) or not isinstance(given, Integral) or not least <= int(given) <= most:
        raise ValueError(f"{option}: a whole number from {least} to {most} is due, not {given!r}")
    return int(given)
