"""Tables kept in Excel: the cells of a workbook's first sheet as text, as a CSV file would hold them."""

from __future__ import annotations

import importlib
import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from twin.core.problem import Faults, fault, quoted

MAX_BYTES = 256 * 2**20
"""Of what a workbook unpacks to."""


def sheet_rows(data: bytes, name: str) -> Iterator[list[str]]:
    """The rows of the first sheet of an .xlsx file, the head among them; of a formula its last result.

    Raises:
        Faults: openpyxl is not installed, or ``data`` is no sound workbook.
    """
    try:
        openpyxl: Any = importlib.import_module("openpyxl")
    except ModuleNotFoundError:
        text = f"the file {quoted(name)} needs openpyxl; install it with: pip install 'factory-twin[excel]'"
        raise fault(text) from None
    _check_size(data, name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of drawings, styles and rules that it leaves out: they are no data
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            for cells in book.worksheets[0].iter_rows(values_only=True):
                yield _row(cells)
    except Faults:
        raise
    except Exception as error:  # a broken workbook may raise anything
        raise fault(f"the file {quoted(name)} is no sound Excel file: {error}") from None


def _check_size(data: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            size = sum(one.file_size for one in packed.infolist())
    except zipfile.BadZipFile:
        raise fault(f"the file {quoted(name)} is no Excel file (.xlsx)") from None
    if size > MAX_BYTES:
        raise fault(f"the file {quoted(name)} unpacks to more than {MAX_BYTES // 2**20} MiB")


def _row(cells: tuple[Any, ...]) -> list[str]:
    """The cells of a row up to the last that holds something: a sheet may be wider than its table."""
    texts = [_text(cell) for cell in cells]
    while texts and not texts[-1].strip():
        texts.pop()
    return texts


def _text(cell: Any) -> str:
    """A cell as one would write it: dates to the minute where they can be, whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes" if not cell.second and not cell.microsecond else "auto")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
