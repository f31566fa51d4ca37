"""The files that a plant or a study stands on, as they were when they were read."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from twin.core.origin import sha256_of


class Source(NamedTuple):
    """A file and what it held."""

    file: str
    """As it is named from where the command was given, without detours."""
    sha256: str
    """Of its bytes; empty: it cannot be read."""

    def document(self) -> dict[str, str | None]:
        """Ready for JSON."""
        return {"file": self.file, "sha256": self.sha256 or None}


def sources_of(paths: Iterable[str | Path]) -> tuple[Source, ...]:
    """Each file with its hash, in order; those that are one and the same are named once."""
    found: dict[str, Source] = {}
    for path in paths:
        found.setdefault(os.path.realpath(path), Source(named(path), _hash(path)))
    return tuple(found.values())


def named(path: str | Path) -> str:
    """A file as it is named from where the command was given, without detours."""
    return Path(os.path.normpath(path)).as_posix()


def _hash(path: str | Path) -> str:
    try:
        return sha256_of(Path(path).read_bytes())
    except OSError:
        return ""
