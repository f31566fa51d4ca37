"""With what runs of scenarios are made: one set of options that goes from who asks to who simulates."""

from __future__ import annotations

from concurrent.futures import Executor
from typing import TYPE_CHECKING, TypedDict

from twin.study.work.spread import Progress

if TYPE_CHECKING:
    from twin.study.paired.store import Store


class Means(TypedDict, total=False):
    """Where runs are kept, who makes them, and who is told; what is left out is None."""

    store: Store | None
    """Where finished replications are looked for and kept."""
    workers: int | None
    """Processes; None: one a processor. Answers are the same whatever their number."""
    executor: Executor | None
    """Any executor to run on instead."""
    progress: Progress | None
    """Told (finished, wanted) replications of all scenarios; of a search (finished, those that it may take)."""
