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
TRACES = (".csv",)
DRAWINGS = (".svg", ".png", ".pdf")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class OutputError(Exception):
    """A file that cannot be written; the text is one clear line that begins with its name."""


class OutputNameError(OutputError):
    """A name that makes no sense for what is asked: another suffix, or a file that the run reads."""


def write_text(path: str | Path, text: str) -> None:
    """Write a text file (UTF-8) beside its place and then move it there, so that no half file is ever seen.

    Half characters (from file names that are not UTF-8) become ``\\udc80``, as JSON writes them.

    Raises:
        OutputError: it cannot be written.
    """
    data = text.encode(errors="backslashreplace")

    def write(place: Path) -> None:
        place.write_bytes(data)

    write_with(path, write)


def write_with(path: str | Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` fill a file of the same suffix beside ``path``, then move it there.

    Raises:
        OutputError: it cannot be written.
    """
    check_writable(path)
    try:
        _replace(Path(path), write)
    except OSError as error:
        raise _unwritable(path, error) from None


def _replace(path: Path, write: Callable[[Path], object]) -> None:
    if _is_device(path):
        write(path)
        return
    target = _real(path)
    beside = target.with_name(f".{target.stem}.{os.getpid()}{target.suffix}")
    try:
        write(beside)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def _is_device(path: Path) -> bool:
    """Whether this is a pipe or a device, which is written to and never replaced."""
    return path.exists() and not path.is_file()


def _unwritable(path: str | Path, error: OSError) -> OutputError:
    return OutputError(f"{path}: cannot be written: {error.strerror or error}")


def _real(path: str | Path) -> Path:
    """The path with its links followed; OutputError where they lead in a circle or through a file."""
    try:
        return Path(os.path.realpath(path, strict=True))
    except FileNotFoundError:
        return Path(os.path.realpath(path))
    except OSError as error:
        raise _unwritable(path, error) from None


LONGEST_NAME = 200
"""Bytes of a file name that leave room for the temporary name beside it."""


def check_writable(path: str | Path) -> None:
    """Say early, before a long run, that a file cannot be written.

    Raises:
        OutputError: it is a directory, a circle of links or closed to us, or its directory is missing or closed to us.
    """
    name = Path(path).name
    if len(os.fsencode(name)) > LONGEST_NAME:
        raise OutputError(f"{name[:40]}…: this name is too long")
    target = _real(path)
    if target.is_dir():
        raise OutputError(f"{path}: this is a directory; name a file")
    if not target.parent.is_dir():
        raise OutputError(f"{path}: there is no directory {target.parent}")
    touched = [Path(path)] if _is_device(Path(path)) else [target, target.parent]
    if not all(os.access(one, os.W_OK) for one in touched if one.exists()):
        raise OutputError(f"{path}: cannot be written: no permission")


def check_name(path: str | Path | None, suffixes: Sequence[str] = ()) -> None:
    """Say early, before a long run, that nothing can be written under a name; None is fine.

    Raises:
        OutputNameError: another suffix.
        OutputError: it cannot be written.
    """
    if path is None:
        return
    if suffixes and Path(path).suffix.lower() not in suffixes:
        raise OutputNameError(f"{path}: the name must end in {' or '.join(suffixes)}")
    check_writable(path)


def check_apart(layout: str | Path, reads: Iterable[Path], *outputs: str | Path | None) -> None:
    """Refuse to write over what is read, or two outputs to one file; outputs that are None are fine.

    Args:
        layout: the file of the plant.
        reads: the files that it names.
        outputs: the files to be written.

    Raises:
        OutputNameError: two names stand for one file.
    """
    seen = {os.path.realpath(one): f"{one}, which {layout} reads" for one in reads}
    seen[os.path.realpath(layout)] = f"the layout {layout}"
    for output in outputs:
        if output is None:
            continue
        real = os.path.realpath(output)
        if real in seen:
            raise OutputNameError(f"{output}: this is {seen[real]}; name another file")
        seen[real] = f"also the file of {output}"


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
