"""Months as money is planned in: '2027-01'."""

from __future__ import annotations

import re
from typing import Annotated, Any

from twin.core.problem import fault
from twin.core.refused import received
from twin.core.spec import Reader
from twin.finance.month import Month

_MONTH = re.compile(r"(\d{4})-(\d{2})(-\d{2})?")
_TURNED = re.compile(r"(\d{1,2})[/.-](\d{4})")


def read_month(value: object) -> Month:
    """A month such as '2027-01'."""
    text = str(value)
    found = _MONTH.fullmatch(text)
    if found and 1 <= int(found[2]) <= 12 and not found[3]:
        return Month(int(found[1]), int(found[2]))
    turned = _TURNED.fullmatch(text)
    year = re.fullmatch(r"\d{4}", text)
    meant = f"{found[1]}-{found[2]}" if found and found[3] else None
    meant = f"{turned[2]}-{turned[1]:0>2}" if turned else f"{text}-01" if year else meant
    raise fault(f"a month such as '2027-01' is due, not {received(value)}", meant)


def _schema() -> dict[str, Any]:
    return {"type": "string", "pattern": r"^\d{4}-\d{2}$", "examples": ["2027-01"]}


MonthOf = Annotated[Month, Reader(read_month, _schema)]
"""A field that holds a month."""
