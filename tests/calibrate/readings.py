"""Reading files and logs for tests, written into a folder of the test."""

from __future__ import annotations

import textwrap
from pathlib import Path

import twin.element  # noqa: F401  (the calendars of a reading file are kinds of elements)
from twin.calibrate.history.log import Log, read_log
from twin.calibrate.history.reading import Reading, read_reading
from twin.calibrate.history.wall import moment
from twin.calibrate.rows import NONE, OPEN, STATES

HEAD = "twin: 1\ncalibration: a test\n"
REASONS = "reasons: {SPINDLE: {mode: spindle}, CHIPS: {mode: chips, micro_stop: true}, CHANGE: setup}\n"
STOPS = "history: [{file: stops.csv, time_zone: Europe/Paris}]\n"


def read(folder: Path, text: str, **files: str | bytes) -> Reading:
    """A reading file, with the files that it names beside it (``stops=`` is stops.csv)."""
    for name, content in files.items():
        data = content if isinstance(content, bytes) else textwrap.dedent(content).lstrip().encode()
        (folder / f"{name}.csv").write_bytes(data)
    (folder / "reading.yaml").write_text(HEAD + textwrap.dedent(text), encoding="utf-8")
    return read_reading(folder / "reading.yaml")


def log(folder: Path, text: str, **files: str | bytes) -> Log:
    """The log that a reading file leads to."""
    return read_log(read(folder, text, **files))


def said(found: Log) -> list[str]:
    """The mistakes of a log as 'file:row:column: …', folders left out."""
    return [f"{Path(one.mark.file).name}:{str(one).removeprefix(one.mark.file + ':')}" for one in found.errors]


def told(found: Log) -> list[tuple[str, str, str, str, str]]:
    """(asset, start, end, state, mode) of each row, times in UTC."""
    rows = found.rows
    return [
        (
            rows.assets[rows.asset[i]],
            f"{moment(rows.start[i]):%m-%d %H:%M}",
            "open" if rows.end[i] == OPEN else f"{moment(rows.end[i]):%m-%d %H:%M}",
            STATES[rows.state[i]],
            "" if rows.mode[i] == NONE else rows.modes[rows.mode[i]],
        )
        for i in range(rows.n)
    ]
