"""Where a fitted law or share comes from, and whether what it stands on is still as it was."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from twin.core.file import first_bytes
from twin.core.text import parse

MOST_BYTES = 256 * 2**20
"""Larger files are not looked at: to read them would make every run wait."""
_HOURS = ("start", "calendar", "calendars")
"""What a layout says of its hours."""


class Told(NamedTuple):
    """A file that a calibration has read, and what it was then."""

    file: str
    """As seen from the folder of the fitted file."""
    sha256: str
    hours: bool = False
    """Whether a layout of which only the hours were read: its start and its calendars; the hash is of these alone."""

    def is_hash_of(self, data: bytes) -> bool:
        """Whether a file with these bytes is still what it was."""
        if self.hours:
            return self.sha256 == sha256_of_hours(data)
        return self.sha256 in (sha256_of(data), sha256_of_text(data))


class Origin(NamedTuple):
    """A law or a share of a fitted file."""

    file: str
    """The fitted file, as the layout names it."""
    name: str
    """The entry, such as 'mill.spindle'."""
    part: str
    """'up' or 'repair' of a breakdown, 'share', or '' for an entry that is one law."""
    read: tuple[Told, ...] = ()
    """The files that the calibration has read for it: history and reading file."""
    date: str = ""
    """When it was calibrated, as the file says."""

    @property
    def key(self) -> tuple[str, str, str]:
        """File, entry and part: what tells two origins apart."""
        return self.file, self.name, self.part

    def __str__(self) -> str:
        return named(self.name, self.part)


def named(name: str, part: str) -> str:
    """An input as people read it: 'mill.spindle up', 'mill.cycle', 'mill.scrap'."""
    return name if part in ("", "share") else f"{name} {part}"


def sha256_of(data: bytes) -> str:
    """The hash of a file, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def sha256_of_text(data: bytes) -> str:
    """The hash of a text with lines that end as on Unix, so that a copy by Git for Windows is the same text."""
    return sha256_of(data.replace(b"\r\n", b"\n"))


def sha256_of_hours(data: bytes) -> str:
    """The hash of what a layout says of its hours, whatever else stands in it and however it is written."""
    found = parse(data, "").data
    hours = {key: found.get(key) for key in _HOURS} if isinstance(found, dict) else None
    return sha256_of(json.dumps(hours, sort_keys=True, default=str).encode())


def changed(path: Path, told: Told) -> datetime | None:
    """When a file was changed that is no longer what it was; None: it is the same, or cannot be told.

    A file that is not there is no change: layouts travel without the history they were calibrated on.
    """
    try:
        data, at = first_bytes(path, MOST_BYTES + 1), path.stat().st_mtime
    except (OSError, ValueError):
        return None
    if len(data) > MOST_BYTES or told.is_hash_of(data):
        return None
    return datetime.fromtimestamp(at, UTC)
