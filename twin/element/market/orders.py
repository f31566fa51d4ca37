"""Lists of orders, in the layout or in a file (CSV, Excel): product, quantity, at, due, priority; or what is wanted."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from pydantic import Field

from twin.core.compiling.names import Names
from twin.core.file import first_bytes
from twin.core.layout import read_moment, year_last
from twin.core.plan import Micro, ProductId, micro
from twin.core.problem import Fault, Faults, Loc, fault, nearest, quoted
from twin.core.refused import received
from twin.core.spec import Reader, Spec, build
from twin.core.unit import check_range, parse
from twin.core.workbook import sheet_rows

MAX_ROWS = 1_000_000
MAX_BYTES = 64 * 2**20
ENDINGS = (".csv", ".xlsx")
MOST_PARTS = 1_000_000
"""Parts in one order."""


def read_when(value: object) -> float | datetime:
    """A time since the start ('90 min'), or a date and time."""
    if isinstance(value, str) and ((value[:4].isdigit() and value[4:5] == "-") or year_last(value)):
        return read_moment(value)
    seconds = parse(value, "time")
    check_range(seconds, value, "time")
    return seconds


When = Annotated[Any, Reader(read_when, lambda: {"type": "string", "examples": ["90 min", "2027-01-04 06:00"]})]


class Order(Spec):
    """Parts that arrive together."""

    at: When
    """When they arrive."""
    product: str | None = None
    """What they are; needed once the layout names products."""
    quantity: Annotated[int, Field(ge=1, le=MOST_PARTS)] = 1
    """How many parts."""
    due: When | None = None
    """When they are due at the sink."""
    priority: int | None = None
    """Higher goes first where the rule is 'priority'; default the product's."""
    order: str | None = None
    """Number or name of the order, for assemblies that join parts of one order; default this line alone."""


class OrderRow(NamedTuple):
    """An order in the plan; ``priority`` None: the product's own; ``due`` None: the product's own."""

    at: Micro
    product: ProductId
    quantity: int
    due: Micro | None
    priority: int | None
    order: str


class Table(NamedTuple):
    """A kind of order: its model, the columns of a file and the one that each row needs, and an example."""

    model: type[Spec]
    columns: tuple[str, ...]
    needed: str
    example: str


ORDERS = Table(Order, ("product", "quantity", "at", "due", "priority", "order"), "at", "{at: 0 s, quantity: 5}")


def read_orders(value: object, table: Table) -> Any:
    """A list of orders, or the name of a CSV or Excel file."""
    if isinstance(value, str):
        if not value.lower().endswith(ENDINGS):
            raise fault(f"a CSV or Excel file (.csv, .xlsx) is due, not {quoted(value)}; save the table as one of them")
        return value
    if value == []:
        raise fault(f"the list holds no orders; write one, such as [{table.example}]")
    if not isinstance(value, list):
        raise fault(f"a list of orders or the name of a CSV or Excel file is due, not {received(value)}")
    found, faults = [], list[Fault]()
    for i, item in enumerate(value):
        try:
            found.append(build(table.model, item))
        except Faults as error:
            faults += [Fault((i, *f.loc), f.text, f.nearest) for f in error.faults]
    if faults:
        raise Faults(*faults)
    return found


def order_reader(table: Table) -> Reader:
    """The field that holds a list of such orders, or the name of a CSV or Excel file."""
    schema = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "object"}}]}

    def read_list(value: object) -> Any:
        """A list of orders, or the name of a CSV or Excel file."""
        return read_orders(value, table)

    return Reader(read_list, lambda: schema)


Orders = Annotated[Any, order_reader(ORDERS)]


def read_table(names: Names, orders: Any, table: Table) -> Iterator[tuple[Any, Loc, str]]:
    """Each order, where to report its mistakes and the words before them; nothing of a file with mistakes."""
    if not isinstance(orders, str):
        yield from ((order, ("orders", i), "") for i, order in enumerate(orders))
        return
    try:
        rows = read_file(names.file(orders), orders, table)
    except Faults as error:
        for one in error.faults:
            names.problem(("orders",), one.text, one.nearest)
        return
    yield from ((order, ("orders",), f"row {i + 2}: ") for i, order in enumerate(rows))


def order_rows(names: Names, orders: Any) -> tuple[OrderRow, ...]:
    """The orders as numbers, sorted by arrival; those at the same time keep their own order."""
    rows = [_row(names, *entry) for entry in read_table(names, orders, ORDERS)]
    return tuple(sorted(rows, key=lambda row: row.at))


def _row(names: Names, order: Order, loc: Loc, before: str) -> OrderRow:
    product = 0
    if order.product is None and names.layout.products:
        names.problem(loc, f"{before}the product is missing")
    elif order.product is not None:
        product = product_of(names, order.product, loc, before)
    at = time_of(names, order.at, loc, before)
    due = None if order.due is None else time_of(names, order.due, loc, before)
    return OrderRow(at, product, order.quantity, due, order.priority, order.order or "")


def product_of(names: Names, word: str, loc: Loc, before: str) -> ProductId:
    """The index of an order's product; 0 after a problem."""
    if word in names.layout.products:
        return names.products.index(word)
    names.problem(loc, f"{before}unknown product {quoted(word)}", nearest(word, names.layout.products))
    return 0


def time_of(names: Names, when: float | datetime, loc: Loc, before: str) -> Micro:
    """A time since the start, or a date and time, as a time of the plan."""
    if not isinstance(when, datetime):
        return micro(when)
    start = names.layout.head.start
    if start is None:
        names.problem(loc, f"{before}a date needs 'start:' at the top of the layout, such as 'start: 2027-01-04 06:00'")
        return 0.0
    seconds = (when - start).total_seconds()
    if seconds < 0:
        names.problem(loc, f"{before}{quoted(when)} lies before the start of the plant, {start}")
    return micro(max(seconds, 0.0))


def read_file(path: Path, name: str, table: Table = ORDERS) -> list[Any]:
    """The orders of a CSV or Excel file with the columns of ``table``; of a workbook its first sheet."""
    data = _bytes(path, name)
    excel = name.lower().endswith(".xlsx")
    return _parse(sheet_rows(data, name), name, table) if excel else _read_csv(data, name, table)


def _bytes(path: Path, name: str) -> bytes:
    try:
        data = first_bytes(path, MAX_BYTES + 1)
    except FileNotFoundError:
        folder = path.parent
        there = sorted(one.name for one in folder.glob("*") if one.suffix.lower() in ENDINGS) if folder.is_dir() else []
        raise fault(f"there is no file {quoted(name)} beside the layout", nearest(name, there)) from None
    except (OSError, ValueError) as error:
        raise fault(f"the file {quoted(name)} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if len(data) > MAX_BYTES:
        raise fault(f"the file {quoted(name)} is larger than {MAX_BYTES // 2**20} MiB")
    return data


def _read_csv(data: bytes, name: str, table: Table) -> list[Any]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise fault(f"the file {quoted(name)} is not UTF-8; save it as CSV UTF-8") from None
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=separator, strict=True)
    try:
        return _parse(reader, name, table)
    except csv.Error as error:
        raise fault(f"the file {quoted(name)} is no CSV: {error}") from None


def _parse(reader: Iterator[list[str]], name: str, table: Table) -> list[Any]:
    head = [cell.strip() for cell in next(reader, [])]
    for column in head:
        if column not in table.columns:
            near = nearest(column, table.columns)
            known = "" if near else f" (columns: {', '.join(table.columns)})"
            raise fault(f"the file {quoted(name)} has an unknown column {quoted(column)}{known}", near)
    if twice := [column for column in head if head.count(column) > 1]:
        raise fault(f"the file {quoted(name)} has the column {quoted(twice[0])} twice; keep one")
    if table.needed not in head:
        known = ", ".join(table.columns)
        raise fault(f"the file {quoted(name)} needs a column {quoted(table.needed)} (columns: {known})")
    found, faults = list[Any](), list[Fault]()
    for number, cells in enumerate(reader, 2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(found) + len(faults) >= MAX_ROWS:
            raise fault(f"the file {quoted(name)} holds more than {MAX_ROWS:,} orders")
        try:
            found.append(build(table.model, _record(head, cells)))
        except Faults as error:
            faults += [Fault((), f"{name} row {number}{_cell(f)}: {f.text}", f.nearest) for f in error.faults]
    if faults or not found:
        raise Faults(*faults[:20]) if faults else fault(f"the file {quoted(name)} holds no orders")
    return found


def _cell(fault: Fault) -> str:
    return f", {fault.loc[0]}" if fault.loc else ""


def _record(head: list[str], cells: list[str]) -> dict[str, Any]:
    if len(cells) > len(head):
        raise fault(f"{len(cells)} cells under {len(head)} columns")
    record: dict[str, Any] = {column: cell.strip() for column, cell in zip(head, cells, strict=False) if cell.strip()}
    for column in ("quantity", "priority"):
        text = record.get(column)
        if isinstance(text, str) and text.lstrip("+-").isdigit():
            record[column] = int(text)
    return record
