"""Tables of orders: what the bounds on their size mean. What is said of bad ones is in ``tests/errors``."""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from twin.core.problem import Faults
from twin.element.market import orders

MOST = 5


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(orders, "MAX_ROWS", MOST)
    return tmp_path / "orders.csv"


def test_exactly_as_many_orders_as_allowed_are_read(table: Path) -> None:
    """Neither the header nor an empty row is an order."""
    table.write_text("at\n" + "1 h\n\n" * MOST, encoding="utf-8")
    assert len(orders.read_file(table, "orders.csv")) == MOST


def test_one_more_is_refused(table: Path) -> None:
    table.write_text("at\n" + "1 h\n" * (MOST + 1), encoding="utf-8")
    with pytest.raises(Faults, match="holds more than 5 orders"):
        orders.read_file(table, "orders.csv")


def book(path: Path, rows: list[list[object]]) -> Path:
    """An Excel file with such rows."""
    openpyxl = pytest.importorskip("openpyxl")
    whole = openpyxl.Workbook()
    for row in rows:
        whole.active.append(row)
    whole.save(path)
    return path


def test_an_excel_file_reads_as_the_same_table_in_csv(tmp_path: Path) -> None:
    """Dates and numbers are cells of their type there; empty columns and rows behind the table are no part of it."""
    when = datetime(2027, 1, 4, 6, 30)
    sheet = book(
        tmp_path / "plan.xlsx",
        [["at", "product", "quantity", "due", "order", None], [when, "A", 3, "8 h", 17.0], [], ["90 min", "B"]],
    )
    table = tmp_path / "plan.csv"
    table.write_text("at,product,quantity,due,order\n2027-01-04 06:30,A,3,8 h,17\n\n90 min,B\n", encoding="utf-8")
    found = orders.read_file(sheet, "plan.xlsx")
    assert found == orders.read_file(table, "plan.csv")
    assert [(one.at, one.quantity, one.order) for one in found] == [(when, 3, "17"), (5400.0, 1, None)]


def test_mistakes_in_an_excel_file_are_told_by_row_and_column(tmp_path: Path) -> None:
    sheet = book(tmp_path / "plan.xlsx", [["at", "quantity"], ["1 h", 2], [90, 1.5]])
    with pytest.raises(Faults) as raised:
        orders.read_file(sheet, "plan.xlsx")
    first, second = sorted(one.text for one in raised.value.faults)
    assert first.startswith("plan.xlsx row 3, at: '90' lacks its unit; write '90 s'")
    assert second == "plan.xlsx row 3, quantity: a whole number is due, not '1.5'"


@pytest.mark.parametrize("data", [b"", b"at\n1 h\n", b"PK\x03\x04 no workbook"])
def test_what_is_no_workbook_is_refused(tmp_path: Path, data: bytes) -> None:
    sheet = tmp_path / "plan.xlsx"
    sheet.write_bytes(data)
    with pytest.raises(Faults, match=r"the file 'plan.xlsx' is no Excel file \(.xlsx\)"):
        orders.read_file(sheet, "plan.xlsx")


def test_a_zip_that_holds_no_workbook_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    sheet = tmp_path / "plan.xlsx"
    with zipfile.ZipFile(sheet, "w") as packed:
        packed.writestr("a.txt", "at")
    with pytest.raises(Faults, match=r"the file 'plan\.xlsx' is no sound Excel file"):
        orders.read_file(sheet, "plan.xlsx")
