"""What a validation against held-out history says, and the file that keeps it beside the fitted file."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from twin.study.files import check_apart, check_name, json_text, write_text
from twin.study.source import Source

if TYPE_CHECKING:
    from twin.law.law import Floats

VALIDITY = ".validity.json"
"""What the name of a kept validation ends with."""
UNITS = {"parts": "parts"}
"""Units of figures, a week; of all others h."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)


class Verdict(NamedTuple):
    """One figure of one station: the weeks held out against their prediction."""

    name: str
    """Such as 'mill.down'."""
    seen: Floats
    """h a week, or parts a week; one value a held-out week."""
    low: float
    """5 % of the predicted weeks are below."""
    mean: float
    """Of the predicted weeks."""
    high: float
    """5 % of the predicted weeks are above."""
    bias: float
    """Mean seen less mean predicted."""
    bias90: tuple[float, float]
    """Its 90 % interval."""
    tolerance: float
    """How large a bias would not matter, in the unit of the figure."""

    @property
    def inside(self) -> int:
        """Weeks inside the prediction interval."""
        return int(((self.seen >= self.low) & (self.seen <= self.high)).sum())

    @property
    def said(self) -> str:
        """'equivalent' (the bias is within the tolerance), 'different' (it is not), or 'cannot tell'."""
        low, high = self.bias90
        if -self.tolerance <= low and high <= self.tolerance:
            return "equivalent"
        return "different" if low > self.tolerance or high < -self.tolerance else "cannot tell"

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        station, _, figure = self.name.rpartition(".")
        return {
            "name": self.name,
            "station": station,
            "figure": figure,
            "unit": UNITS.get(figure, "h"),
            "seen": self.seen.tolist(),
            "seen_mean": math.fsum(self.seen) / len(self.seen),
            "low": self.low,
            "mean": self.mean,
            "high": self.high,
            "bias": self.bias,
            "bias90": list(self.bias90),
            "tolerance": self.tolerance,
            "inside": self.inside,
            "of": len(self.seen),
            "said": self.said,
        }


class Made(NamedTuple):
    """What a validation was made from."""

    reading: Source
    """The reading file, as it was named."""
    logs: tuple[Source, ...]
    """The files of its history, as seen from where the command was given; a database as the reading file names it."""
    layout: Source
    seed: int
    """Of the weeks that were simulated."""
    draws_seed: int
    """Of the draws of the laws."""
    version: str
    """Of this package."""

    def document(self, folder: Path) -> dict[str, Any]:
        """Ready for JSON; files as seen from a folder."""
        return {
            "twin": self.version,
            "reading": _seen_from(self.reading, folder),
            "logs": [_seen_from(one, folder) for one in self.logs],
            "layout": _seen_from(self.layout, folder),
            "seed": self.seed,
            "draws_seed": self.draws_seed,
        }


def _seen_from(one: Source, folder: Path) -> dict[str, str | None]:
    if "://" in one.file:
        return one.document()
    try:
        name = os.path.relpath(one.file, folder)
    except ValueError:  # on another drive
        name = os.path.abspath(one.file)
    return one._replace(file=Path(name).as_posix()).document()


@dataclass(frozen=True)
class Validation:
    """What came of it."""

    verdicts: tuple[Verdict, ...]
    trained: int
    """Weeks that were calibrated on."""
    held: int
    """Weeks that were held out."""
    replications: int
    """Weeks that were simulated."""
    share: float
    """Of the whole weeks that were to be calibrated on, as the reading file states."""
    tolerance: float
    """As a share of the predicted mean, as the reading file states."""
    window: tuple[int, int, int]
    """Start of the first week, of the first held-out week, and the end, µs UTC."""
    kept: tuple[str, ...] = ()
    """Inputs of which the first weeks say nothing: they have the laws of the whole history."""
    left_out: tuple[str, ...] = ()
    """Stations that the log and the layout tell with another number of machines: 'mill (1, not 2)'."""
    made: Made | None = None
    """What it was made from; None: it is not known, so that it cannot be kept."""

    @property
    def inside(self) -> tuple[int, int]:
        """(figures of weeks inside their interval, all of them)."""
        return sum(one.inside for one in self.verdicts), sum(len(one.seen) for one in self.verdicts)

    @property
    def covered(self) -> float:
        """Share of the figures of held-out weeks inside their 90 % interval."""
        inside, of = self.inside
        return inside / of

    def document(self) -> dict[str, Any]:
        """The validation as the JSON document of ``twin calibrate --validate LAYOUT --json``."""
        inside, of = self.inside
        return {
            "trained_weeks": self.trained,
            "held_weeks": self.held,
            "simulated_weeks": self.replications,
            "window": [_written(at) for at in self.window],
            "train": self.share,
            "tolerance": self.tolerance,
            "inside": inside,
            "of": of,
            "figures": [one.document() for one in self.verdicts],
            "kept": list(self.kept),
            "left_out": list(self.left_out),
        }

    @staticmethod
    def of(document: Mapping[str, Any]) -> Validation:
        """The validation of such a document, which must be sound."""
        first, held, end = (_read(text) for text in document["window"])
        return Validation(
            verdicts=tuple(_verdict(one) for one in document["figures"]),
            trained=document["trained_weeks"],
            held=document["held_weeks"],
            replications=document["simulated_weeks"],
            share=document["train"],
            tolerance=document["tolerance"],
            window=(first, held, end),
            kept=tuple(document["kept"]),
            left_out=tuple(document["left_out"]),
        )

    def save(self, path: str | Path | None = None) -> Path:
        """Write it where studies look for it, whole or not at all; the same validation gives the same bytes.

        Args:
            path: the file; default beside the reading file: ``pump_line.yaml`` → ``pump_line.validity.json``.

        Returns:
            The file.

        Raises:
            OutputError: another suffix, it cannot be written, or it is a file that was read.
            ValueError: what the validation was made from is not known.
        """
        if self.made is None:
            raise ValueError("this validation does not know what it was made from, so it cannot be kept")
        made, place = self.made, validity_of(self.made.reading.file) if path is None else Path(path)
        check_name(place, (".json",))
        reads = [Path(one.file) for one in (*made.logs, made.layout) if "://" not in one.file]
        check_apart(made.reading.file, reads, place, what="reading file")
        write_text(place, json_text(made.document(place.parent) | self.document()))
        return place


def validity_of(reading: str | Path) -> Path:
    """The kept validation beside a reading file."""
    return Path(reading).with_suffix(VALIDITY)


def _verdict(one: Mapping[str, Any]) -> Verdict:
    seen, (low, high) = np.array(one["seen"], float), one["bias90"]
    edges = one["low"], one["mean"], one["high"]
    return Verdict(one["name"], seen, *edges, one["bias"], (low, high), one["tolerance"])


def _written(at: int) -> str:
    """A moment, µs UTC, as text."""
    return (_EPOCH + at * _MICRO).isoformat()


def _read(text: str) -> int:
    """The same backwards; ValueError: it is no moment."""
    return (datetime.fromisoformat(text).astimezone(UTC) - _EPOCH) // _MICRO
