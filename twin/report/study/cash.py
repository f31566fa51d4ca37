"""The mean cash flows of a scenario, a row a year, as they stand in a spreadsheet."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

from twin.report.medium.grid import Sheet
from twin.report.study.sums import Page

COLUMNS = {
    "invested": ("capex", "residual", "grant"),
    "spent": ("opex",),
    "saved": ("saving",),
    "parts": ("margin",),
    "wages": ("cost",),
    "bound": ("working capital",),
    "taxed": ("tax",),
}
"""Column → kinds of lines of the statement in it; what is of none of them goes with the costs of the plant."""
OTHER = "wages"
KNOWN = {kind: column for column, kinds in COLUMNS.items() for kind in kinds}
EARNING = ("margin", "cost", "saving")
"""Kinds of lines that a change can earn money by."""
SMALLEST = 0.05
"""A column with nothing larger than this, in the unit of the page, is left out."""


def flows(page: Page) -> Sheet:
    """The flows of the scenario that is looked at: a column each source, their sum, and the sum up to each year."""
    found = page.money_of(page.focus)
    if found is None:
        return Sheet("", (), ())
    unit, told = page.unit(), found["flows"]
    sums = by_column(told["lines"], len(told["columns"]))
    kept = [key for key in COLUMNS if max(map(abs, sums[key])) >= SMALLEST * unit.size]
    shown = [*(sums[key] for key in kept), told["mean"], list(accumulate(told["mean"]))]
    rows = tuple((year, *(unit.show(one[at], page.lang) for one in shown)) for at, year in enumerate(told["columns"]))
    head = tuple(page.say(f"flow_{key}") for key in ("year", *kept, "all", "so_far"))
    title = page.say("flows", name=page.focus, unit=unit.name)
    return Sheet(title, head, rows, page.say("flows_note", name=page.against, start=told["columns"][0]), 8)


def earns_nothing(page: Page) -> bool:
    """Whether no scenario has money from parts, costs of the plant or savings: then a key of the study is missing."""
    every = [one["money"]["flows"]["lines"] for one in page.doc["scenarios"] if "money" in one]
    return bool(every) and not any(line["kind"] in EARNING for lines in every for line in lines)


def by_column(lines: list[dict[str, Any]], years: int) -> dict[str, list[float]]:
    """Each column of the table, a sum a year."""
    sums = {key: [0.0] * years for key in COLUMNS}
    for line in lines:
        column = sums[KNOWN.get(line["kind"], OTHER)]
        for at, value in enumerate(line["mean"]):
            column[at] += value
    return sums
