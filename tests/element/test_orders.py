"""Tables of orders: what the bounds on their size mean. What is said of bad ones is in ``tests/errors``."""

from __future__ import annotations

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
    assert len(orders.read_csv(table, "orders.csv")) == MOST


def test_one_more_is_refused(table: Path) -> None:
    table.write_text("at\n" + "1 h\n" * (MOST + 1), encoding="utf-8")
    with pytest.raises(Faults, match="holds more than 5 orders"):
        orders.read_csv(table, "orders.csv")
