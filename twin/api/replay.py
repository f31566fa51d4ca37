"""A window of a run replayed on a page."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from twin import __version__
from twin.api.result import check_output
from twin.core.plan import Plan
from twin.core.unit import MICRO
from twin.report.play.page import SUFFIXES, About, page
from twin.report.play.record import check_hours, record
from twin.report.ways.trace import Moment, instant
from twin.report.words import check_lang
from twin.study import files
from twin.study.option import MOST_REPLICATIONS, run_changes, whole

if TYPE_CHECKING:
    from twin.api.plant import Plant
    from twin.report.words import Lang

__all__ = ["SUFFIXES", "Asked", "Replay", "check_hours", "instant", "replay"]


@dataclass(frozen=True)
class Asked:
    """What to replay.

    Raises:
        ValueError: something that makes no sense; the text begins with its name.
    """

    start: Moment | None = None
    """The begin of the window: text with its unit (``'8 h'``), seconds, a timedelta; None: the end of the warm-up."""
    hours: float | None = None
    """The length of the window; None: 8 h, or as much of it as the run and a page hold."""
    replication: int = 1
    """Which replication, from 1."""
    seed: int | None = None
    """Start of all random streams; None: as the layout says."""
    lang: Lang = "en"

    def __post_init__(self) -> None:
        if self.start is not None:
            instant("start", self.start)
        if self.hours is not None:
            check_hours("hours", self.hours)
        whole("replication", self.replication, 1, MOST_REPLICATIONS)
        run_changes(seed=self.seed)
        check_lang(self.lang)

    def command(self, layout: str) -> str:
        """The command that makes the same page."""
        start = self.start
        if start is not None and not isinstance(start, str):
            seconds = start.total_seconds() if isinstance(start, timedelta) else start
            start = f"{seconds:g} s"
        given = {
            "--from": start,
            "--hours": None if self.hours is None else f"{self.hours:g}",
            "--replication": None if self.replication == 1 else self.replication,
            "--seed": self.seed,
            "--lang": None if self.lang == "en" else self.lang,
        }
        options = [word for key, value in given.items() if value is not None for word in (key, str(value))]
        return shlex.join(["twin", "play", layout, *options])


@dataclass(frozen=True)
class Replay:
    """A page that was written."""

    path: Path
    hours: float
    """The length of the window."""
    bytes: int
    cut: bool
    """Whether the window was made shorter than usual, so that a page can hold it."""


def replay(plant: Plant, path: str | Path, asked: Asked) -> Replay:
    """Simulate, and write the page whole or not at all; errors as of ``Plant.play``."""
    import numpy as np

    check_output(path, "page.html", plant.layout.file, plant.reads, SUFFIXES)
    plan: Plan = plant.plan.with_run(**run_changes(seed=asked.seed))
    found = record(plan, asked.start, asked.hours, asked.replication)
    about = About(plant.layout.file, asked.replication, __version__, np.__version__, asked.command(plant.layout.file))
    text = page(plan, found.story, about, asked.lang)
    files.write_text(path, text)
    return Replay(Path(path), (found.story.end - found.story.begin) / (3600 * MICRO), len(text.encode()), found.cut)
