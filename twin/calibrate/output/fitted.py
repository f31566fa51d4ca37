"""The fitted file: what was found as YAML that a layout refers to and people read, and the draws beside it.

Numbers have 4 significant digits, shares of evidence 4 decimals, times the unit of their size (h from 2 h, min from
2 min, else s). The file is the law: a run uses what is written, and 4 digits lose 1 part in 2,000 at most, less than a
history of weeks knows. The draws beside it (``twin.core.drawfile``) keep every digit.

With fewer than 5 failures no law is named: mean and CV stand alone, with ``law: cannot tell`` (see ``said``).
A mean of more than 1000 years, such as of a machine that never failed, is written as 1000 years.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from twin.calibrate.fitting.said import CANNOT_TELL, law_words, least_mean, said
from twin.calibrate.history.wall import moment, zone_of
from twin.calibrate.output.draws import draws_of
from twin.calibrate.output.written import (
    flow,
    fraction,
    in_its_unit,
    percent,
    plain,
    quantity,
    rounded,
    scalar,
    within,
)
from twin.core.drawfile import WIDEST_CV, beside, write_draws
from twin.core.origin import sha256_of_text
from twin.core.output import write_with
from twin.core.problem import Mark, PlantError, Problem, quoted
from twin.core.unit import unit_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin.calibrate.fitting.posterior import Posterior
    from twin.calibrate.found import CountsFound, Evidence, Findings, ModeFound, Source, TimesFound
    from twin.calibrate.history.reading import Reading

Entry = dict[str, Any]


class Made(NamedTuple):
    """How the findings were made, as the fitted file says."""

    reading: Path
    """The reading file."""
    sha256: str
    """Of its bytes."""
    seed: int = 1
    """Of the draws."""
    draws: int = 200
    """How many."""
    zone: str = "UTC"
    """Zone of the days of the window."""
    command: str = ""
    """What wrote it, to be typed again."""
    date: str = ""
    """The day it was made, such as '2026-11-22'."""
    version: str = ""
    """Of this package."""
    layout: tuple[str, str] | None = None
    """The layout whose hours the reading takes, as it names it, and the hash of these hours."""


def made_by(reading: Reading, command: str = "", date: str = "", version: str = "") -> Made:
    """What a reading file says of it; ``date``: of today where it is empty."""
    today = date or datetime.now(UTC).date().isoformat()
    hours = None if reading.layout is None else (reading.layout, reading.hours_sha256)
    written = command, today, version, hours
    return Made(reading.path, reading.sha256, reading.seed, reading.draws, reading.zone, *written)


def write_fitted(path: str | Path, findings: Findings, made: Made) -> Path:
    """Write the fitted file and the draws beside it, each whole or not at all.

    Returns:
        The file of draws.

    Raises:
        OutputError: a file cannot be written.
        PlantError: two things that were found have the same name.
    """
    fitted = Path(path)
    data = fitted_text(findings, made, fitted.parent).encode()
    draws = write_draws(fitted, sha256_of_text(data), draws_of(findings, made.draws, made.seed))
    write_with(beside(fitted), lambda place: place.write_bytes(draws))
    write_with(fitted, lambda place: place.write_bytes(data))
    return beside(fitted)


def fitted_text(findings: Findings, made: Made, folder: Path) -> str:
    """The fitted file as text; ``folder`` is where it will stand."""
    entries = fitted_document(findings, made, folder)
    blocks = [f"{scalar(name)}:\n" + "".join(_line(*item) for item in entry.items()) for name, entry in entries.items()]
    return "\n".join(["\n".join(_head(made)) + "\n", *blocks])


def _head(made: Made) -> Iterator[str]:
    program, day = f"twin {made.version}".rstrip(), f" on {made.date}" if made.date else ""
    yield f"# Fitted by {program}{day}; do not edit: calibrate again."
    if made.command:
        yield f"# {plain(made.command)}"
    yield "# In a layout: {from: FILE#NAME}. Intervals hold 90 %; draws of every law stand in the file beside."


def _line(key: str, value: Any) -> str:
    return f"  {key}: {flow(value)}\n"


def fitted_document(findings: Findings, made: Made, folder: Path) -> dict[str, Entry]:
    """The fitted file as plain data, entries in order of name.

    Raises:
        PlantError: two things that were found have the same name.
    """
    known = _Shown(made, folder)
    pairs = [
        *((one.name, known.mode(one)) for one in findings.modes),
        *((one.name, known.times(one)) for one in findings.times),
        *((one.name, known.counts(one)) for one in findings.counts),
    ]
    found: dict[str, Entry] = {}
    for name, entry in sorted(pairs, key=lambda pair: pair[0]):
        if plain(name) in found:
            text = f"two things that were found are called {quoted(name)}; give the mode another name"
            raise PlantError([Problem(Mark(str(made.reading), 1, 1), "reasons", text)])
        found[plain(name)] = entry
    return found


class _Shown:
    """Findings as plain data."""

    def __init__(self, made: Made, folder: Path) -> None:
        self.made, self.folder = made, folder

    def mode(self, found: ModeFound) -> Entry:
        seen = found.evidence
        notes = {"notes": [plain(note) for note in found.notes]} if found.notes else {}
        return {
            "clock": seen.clock,
            "up": law_entry(found.up, seen.clock == "cycles"),
            "repair": {**law_entry(found.repair), "includes_wait": bool(seen.includes_wait)},
            "evidence": self._evidence(found),
            "source": self.source(seen.sources),
            **notes,
        }

    def _evidence(self, found: ModeFound) -> Entry:
        seen, up, asked = found.evidence, found.evidence.up, found.tests
        unit = unit_of(up.exposure, seen.clock == "cycles")
        told: Entry = {"failures": up.failures, "censored": len(up.censored), "exposure": quantity(up.exposure, unit)}
        if not said(up.failures).book_mean:
            told["least_mean"] = in_its_unit(least_mean(up.exposure), seen.clock == "cycles")
        else:
            told["book_mean"] = in_its_unit(up.exposure / up.failures, seen.clock == "cycles")
        told["window"] = self._window(seen)
        told |= {"trend_p": rounded(asked.trend_p)} if asked.trend_p is not None and asked.trend_p >= 0 else {}
        told |= {"used": plain(asked.used)} if asked.used != "renewal" else {}
        told["unknown_share"] = fraction(seen.unknown_share)
        told |= {"preventive": seen.preventive} if seen.preventive else {}
        told |= {"merged": seen.merged} if seen.merged else {}
        told |= {"micro_stop": True} if seen.micro else {}
        if seen.moved_by:
            told["sensitivity"] = [_other(what, n, mean, seen.clock) for what, n, mean in seen.moved_by]
        return told | ({"pool": plain(found.pool)} if found.pool else {})

    def _window(self, seen: Evidence) -> str:
        zone = zone_of(self.made.zone)
        days = (moment(at).replace(tzinfo=UTC).astimezone(zone).date() for at in seen.window)
        return "/".join(day.isoformat() for day in days)

    def times(self, found: TimesFound) -> Entry:
        seen = found.times.sample
        told = {"times": seen.failures, "censored": len(seen.censored)}
        notes = {"notes": [plain(note) for note in found.notes]} if found.notes else {}
        law = constant_entry(found.posterior) if found.is_constant else law_entry(found.posterior)
        return law | {"evidence": told, "source": self.source(found.times.sources), **notes}

    def counts(self, found: CountsFound) -> Entry:
        low, high = found.share.interval90
        return {
            "share": percent(found.share.mean),
            "interval90": [percent(low), percent(high)],
            "evidence": {"bad": found.counts.bad, "parts": found.counts.parts},
            "source": self.source(found.counts.sources),
        }

    def source(self, sources: Sequence[Source]) -> Entry:
        """Files with their hashes, rows, the reading file: one file in the line itself, several below ``files``."""
        files = [{"file": self._file(one.file), "sha256": one.sha256, "rows": list(one.rows)} for one in sources]
        told: Entry = files[0] if len(files) == 1 else {"files": files}
        made = self.made
        reading = {"reading": self._file(made.reading.name), "reading_sha256": made.sha256, "seed": made.seed}
        if made.layout:
            reading |= {"layout": self._file(made.layout[0]), "hours_sha256": made.layout[1]}
        return told | reading | ({"date": made.date} if made.date else {})

    def _file(self, name: str) -> str:
        """A file of the reading file's folder as seen from that of the fitted file; a database as it is named."""
        if "://" in name:
            return plain(name)
        try:
            return Path(os.path.relpath(self.made.reading.parent / name, self.folder)).as_posix()
        except ValueError:  # on another drive
            return (self.made.reading.parent / name).absolute().as_posix()


def constant_entry(found: Posterior) -> Entry:
    """A time without spread."""
    unit = unit_of(found.mean)
    return {
        "constant": quantity(within(found.mean), unit),
        "interval90": [quantity(one, unit) for one in found.interval90],
    }


def _other(what: str, failures: int, mean: float, clock: str) -> Entry:
    """What another threshold would make of a mode; ``mean`` is exposure / failures, s or cycles."""
    book = {"book_mean": in_its_unit(mean, clock == "cycles")} if failures else {}
    return {"what": what, "failures": failures} | book


def law_entry(found: Posterior, cycles: bool = False) -> Entry:
    """A law with what is known of it, in seconds or in cycles."""
    may, law, unit = said(found.failures), found.central, unit_of(found.mean, cycles)
    size = {"mean": quantity(within(law.mean), unit), "cv": rounded(min(law.cv, WIDEST_CV))}
    told: Entry = {law.family: size} if may.spread else size | {"law": law_words(found.failures, found.weights)}
    assert may.spread or told["law"] == CANNOT_TELL
    told["interval90"] = [quantity(within(one), unit) for one in found.interval90]
    if may.spread:
        told["cv90"] = [rounded(one) for one in found.cv_interval90]
        ranked = sorted(found.weights.items(), key=lambda one: -one[1])
        told["weights"] = {family: fraction(weight) for family, weight in ranked}
    told["extrapolated"] = fraction(found.extrapolated) if found.longest > 0 else 1.0
    return told | ({"borrowed": True} if found.borrowed else {})
