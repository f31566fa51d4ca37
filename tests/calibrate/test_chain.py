"""The chain from a reading file on: what it refuses as a whole, and where its account begins."""

from __future__ import annotations

from pathlib import Path

import pytest

import twin.element  # noqa: F401  registers calendars, for the reading files
from twin.calibrate.chain import Chain, calibrate
from twin.calibrate.output.fitted import fitted_text, made_by
from twin.core.problem import PlantError

READING = """\
twin: 1
calibration: A press
history: [{file: stops.csv, columns: {asset: Machine, start: From, end: To, reason: Code}}]
window: {from: 2026-01-05 06:00, to: 2026-01-12 06:00}
time_zone: Europe/Paris
calendar: day
calendars: {day: {week: {mon-sun: [06:00-18:00]}}}
assets: {P: press}
reasons: {DIE: {mode: die}, LUNCH: ignore, LOST: unknown}
"""
ROWS = """\
Machine,From,To,Code
P,2026-01-05 08:00,2026-01-05 09:00,DIE
P,2026-01-06 08:00,2026-01-06 09:00,DIE
P,2026-01-07 08:00,2026-01-07 09:00,DIE
P,2026-01-07 12:00,2026-01-07 12:30,LUNCH
Q,2026-01-07 13:00,2026-01-07 14:00,DIE
P,2026-01-08 09:00,2026-01-08 08:00,DIE
P,2026-01-09 06:00,2026-01-09 18:00,LOST
"""


def chain(folder: Path, reading: str = READING, rows: str = ROWS) -> Chain:
    (folder / "reading.yaml").write_text(reading, encoding="utf-8")
    (folder / "stops.csv").write_text(rows, encoding="utf-8")
    return calibrate(folder / "reading.yaml")


def test_the_account_begins_with_what_stands_in_the_files(tmp_path: Path) -> None:
    entries = {one.key: one.rows for one in chain(tmp_path).entries()[:5]}
    assert entries == {"files": 7, "unread": -1, "ignored": -1, "left_out": -1, "in": 4}


def test_time_unknown_is_a_share_of_the_time_on_shift(tmp_path: Path) -> None:
    """One of seven shifts; of the window it would be half of that."""
    found = chain(tmp_path)
    assert found.findings.modes[0].evidence.unknown_share == pytest.approx(1 / 7)
    assert found.account.unknown_share == pytest.approx(1 / 7)


def test_a_history_of_which_half_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """Such as days and months exchanged: the rows that happen to be readable would give laws of nothing."""
    rows = ROWS.replace("2026-01-0", "2026-13-0")
    with pytest.raises(PlantError) as caught:
        chain(tmp_path, rows=rows.replace("2026-13-05", "2026-01-05"))
    lines = [str(problem) for problem in caught.value.problems]
    assert "6 of 7 rows cannot be read" in lines[0]
    assert lines[1].endswith(" (and 5 more rows: 4, 5, 6, 7, 8)")
    assert len(lines) == 2


def test_a_zone_may_be_an_offset(tmp_path: Path) -> None:
    """Of a logger that stays on winter time."""
    found = chain(tmp_path, READING.replace("Europe/Paris", "+01:00"))
    text = fitted_text(found.findings, made_by(found.reading), tmp_path)
    assert "window: 2026-01-05/2026-01-12" in text
