"""Answers as files: written whole or not at all, and harmless to a spreadsheet that opens them."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from twin.core.unit import MICRO

TRACE_HEAD = ("time", "element", "machine", "state", "part")
RESULTS = (".json", ".csv")
DRAWINGS = (".svg", ".png", ".pdf")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class OutputError(Exception):
    """A file that cannot be written; the text is one clear line that begins with its name."""


def write_text(path: str | Path, text: str) -> None:
    """Write a text file (UTF-8) beside its place and then move it there, so that no half file is ever seen.

    Raises:
        OutputError: it cannot be written.
    """
    write_bytes(path, text.encode())


def write_bytes(path: str | Path, data: bytes) -> None:
    """The same for bytes."""

    def write(place: Path) -> None:
        place.write_bytes(data)

    write_with(path, write)


def write_with(path: str | Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` fill a file of the same suffix beside ``path``, then move it there.

    Raises:
        OutputError: it cannot be written.
    """
    target = Path(os.path.realpath(path))
    check_writable(path)
    if target.exists() and not target.is_file():  # a pipe or a device is written to, never replaced
        _guarded(path, lambda: write(target))
        return
    beside = target.with_name(f".{target.stem}.{os.getpid()}{target.suffix}")
    try:
        _guarded(path, lambda: write(beside))
        _guarded(path, lambda: beside.replace(target))
    finally:
        beside.unlink(missing_ok=True)


LONGEST_NAME = 200
"""Bytes of a file name that leave room for the temporary name beside it."""


def check_writable(path: str | Path) -> None:
    """Say early, before a long run, that a file cannot be written.

    Raises:
        OutputError: it is a directory, or its directory is missing or closed to us.
    """
    target = Path(os.path.realpath(path))
    if len(os.fsencode(target.name)) > LONGEST_NAME:
        raise OutputError(f"{target.name[:40]}…: this name is too long")
    if target.is_dir():
        raise OutputError(f"{path}: this is a directory; name a file")
    if not target.parent.is_dir():
        raise OutputError(f"{path}: there is no directory {target.parent}")
    if not os.access(target if target.exists() and not target.is_file() else target.parent, os.W_OK):
        raise OutputError(f"{path}: cannot be written: no permission")


def check_apart(layout: str | Path, *outputs: str | Path | None) -> None:
    """Refuse to write over what is read: the layout, a file beside it that it may read, or another output.

    Raises:
        OutputError: two names stand for one file.
    """
    folder = os.path.realpath(Path(layout).parent)
    text = Path(layout).read_text(encoding="utf-8", errors="replace") if Path(layout).is_file() else ""
    seen = {os.path.realpath(layout): f"the layout {layout}"}
    for output in outputs:
        if output is None:
            continue
        real = os.path.realpath(output)
        if real in seen:
            raise OutputError(f"{output}: this is {seen[real]}; name another file")
        if Path(real).exists() and os.path.relpath(real, folder) in text:
            raise OutputError(f"{output}: the layout {layout} names this file; name another one")
        seen[real] = f"also the file of {output}"


def _guarded(path: str | Path, write: Callable[[], object]) -> None:
    try:
        write()
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from None


def json_text(document: Any) -> str:
    """One JSON document, ending with a new line; numbers are never NaN."""
    return json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def csv_text(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table as CSV; empty cells for None, and text that a spreadsheet would take for a formula is quoted."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue()


def harmless(cell: Any) -> Any:
    """Text that begins as a formula does gets an apostrophe; numbers stay."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def trace_text(trace: Iterable[tuple[float, str, int, str, Any]]) -> str:
    """A trace as CSV; times in seconds."""
    rows = ((_time(time), element, machine, state, part) for time, element, machine, state, part in trace)
    return csv_text(TRACE_HEAD, rows)


def _time(micro: float) -> str:
    """Whole microseconds as seconds, every digit kept."""
    seconds, rest = divmod(int(micro), int(MICRO))
    return f"{seconds}.{rest:06d}".rstrip("0").rstrip(".") if rest else str(seconds)


def save(path: str | Path, document: Mapping[str, Any], head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A result as ``.json`` (the document) or ``.csv`` (the table).

    Raises:
        OutputError: another suffix, or it cannot be written.
    """
    check_name(path, RESULTS)
    write_text(path, json_text(document) if Path(path).suffix.lower() == ".json" else csv_text(head, rows))


def check_name(path: str | Path | None, suffixes: Sequence[str] = ()) -> None:
    """Say early, before a long run, that nothing can be written under a name; None is fine.

    Raises:
        OutputError: another suffix, a directory, or a directory that is missing or closed to us.
    """
    if path is None:
        return
    if suffixes and Path(path).suffix.lower() not in suffixes:
        raise OutputError(f"{path}: the name must end in {' or '.join(suffixes)}")
    check_writable(path)
