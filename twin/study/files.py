"""Answers as files: written whole or not at all, and harmless to a spreadsheet that opens them."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from twin.core.output import (
    LONGEST_NAME,
    OutputError,
    OutputNameError,
    check_line,
    check_writable,
    write_text,
    write_with,
)
from twin.core.unit import MICRO

__all__ = [
    "DRAWINGS",
    "LONGEST_NAME",
    "RESULTS",
    "TRACES",
    "TRACE_HEAD",
    "OutputError",
    "OutputNameError",
    "check_apart",
    "check_name",
    "check_writable",
    "csv_text",
    "harmless",
    "json_text",
    "save",
    "trace_text",
    "write_text",
    "write_with",
]

TRACE_HEAD = ("time", "element", "machine", "state", "part")
RESULTS = (".json", ".csv")
TRACES = (".csv",)
DRAWINGS = (".svg", ".png", ".pdf")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def check_name(path: str | Path | None, suffixes: Sequence[str] = ()) -> None:
    """Say early, before a long run, that nothing can be written under a name; None is fine.

    Raises:
        OutputNameError: another suffix, or a name that is not one line.
        OutputError: it cannot be written.
    """
    if path is None:
        return
    check_line(path)
    if suffixes and Path(path).suffix.lower() not in suffixes:
        raise OutputNameError(f"{path}: the name must end in {' or '.join(suffixes)}")
    check_writable(path)


def check_apart(
    layout: str | Path,
    reads: Iterable[Path],
    *outputs: str | Path | None,
    what: str = "layout",
    store: str | Path | None = None,
) -> None:
    """Refuse to write over what is read, or two outputs to one file; outputs that are None are fine.

    Args:
        layout: the file of the plant.
        reads: the files that it names.
        outputs: the files to be written.
        what: what the file is that is read first.
        store: where replications are kept; None: nowhere.

    Raises:
        OutputNameError: two names stand for one file.
    """
    seen = {os.path.realpath(one): f"{one}, which {layout} reads" for one in reads}
    seen[os.path.realpath(layout)] = f"the {what} {layout}"
    named = [(store, "the store"), *((output, f"also the file of {output}") for output in outputs)]
    for output, then in named:
        if output is None:
            continue
        real = os.path.realpath(output)
        if real in seen:
            raise OutputNameError(f"{output}: this is {seen[real]}; name another file")
        seen[real] = then


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
