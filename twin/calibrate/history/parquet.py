"""Parquet files as columns, through pyarrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from twin.calibrate.history import table
from twin.calibrate.history.cells import INSTANT, NUMBER, WALL, Column, column_of
from twin.calibrate.rows import OPEN
from twin.core.problem import Faults, fault, quoted

if TYPE_CHECKING:
    from twin.calibrate.history.columns import History


def read_parquet(piece: History, data: bytes, digest: str) -> table.Table:
    """The columns of a Parquet file that the reading file names.

    Raises:
        Faults: as ``read_table``.
    """
    pyarrow, parquet = (table.extra(one, "a Parquet file") for one in ("pyarrow", "pyarrow.parquet"))
    try:
        file = parquet.ParquetFile(pyarrow.BufferReader(data))
        headings = list(file.schema_arrow.names)
        where = table.places(piece, headings)
        _check_size(piece, file, [headings[at] for at in where.values()])
        whole = file.read(columns=[headings[at] for at in where.values()])
    except (pyarrow.ArrowException, OSError) as error:
        text = f"{quoted(piece.name)} is no sound Parquet file: {str(error).splitlines()[0]}"
        raise fault(text, loc=("file",)) from None
    columns = {name: _column(pyarrow, piece, headings[at], whole.column(headings[at])) for name, at in where.items()}
    row = np.arange(2, whole.num_rows + 2, dtype=np.int64)
    return table.Table(columns, {name: at + 1 for name, at in where.items()}, row, digest)


def _check_size(piece: History, file: Any, wanted: list[str]) -> None:
    meta = file.metadata
    if meta.num_rows > table.MAX_ROWS:
        raise fault(f"{quoted(piece.name)} holds more than {table.MAX_ROWS:,} rows; split it", loc=("file",))
    groups = [meta.row_group(number) for number in range(meta.num_row_groups)]
    chunks = [group.column(number) for group in groups for number in range(group.num_columns)]
    size = sum(chunk.total_uncompressed_size for chunk in chunks if chunk.path_in_schema in wanted)
    if size > 4 * table.MAX_BYTES:
        raise fault(f"{quoted(piece.name)} unpacks to more than {4 * table.MAX_BYTES // 2**20} MiB", loc=("file",))


def _column(pyarrow: Any, piece: History, heading: str, values: Any) -> Column:
    types, kind = pyarrow.types, values.type
    if types.is_dictionary(kind):
        values, kind = values.cast(kind.value_type), kind.value_type
    if types.is_timestamp(kind) or types.is_date(kind):
        zone = getattr(kind, "tz", None)
        whole = values.cast(pyarrow.timestamp("us", tz=zone), safe=False).cast(pyarrow.int64())
        return Column(heading, INSTANT if zone else WALL, whole.fill_null(OPEN).to_numpy())
    if types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind):
        return Column(heading, NUMBER, values.cast(pyarrow.float64(), safe=False).fill_null(np.nan).to_numpy())
    if types.is_string(kind) or types.is_large_string(kind) or types.is_null(kind):
        return column_of(heading, values.cast(pyarrow.string()).to_pylist())
    raise _strange(piece, heading, str(kind))


def _strange(piece: History, heading: str, kind: str) -> Faults:
    text = f"the column {quoted(heading)} of {quoted(piece.name)} holds {kind}; times, numbers or text are due"
    return fault(text, loc=("columns",))
