"""The findings of a calibration as tables, for the terminal: what must be known first, the account, all laws."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from twin.report.calibration import accounted, others, standing_out, summary
from twin.report.grid import Sheet
from twin.report.table import tables
from twin.report.words import Lang, say

if TYPE_CHECKING:
    from rich.console import RenderableType

    from twin.calibrate.account import Entry
    from twin.calibrate.found import Findings

WIDTH = 110
"""Columns of the text where there is no terminal."""


def render(findings: Findings, account: Sequence[Entry], lang: Lang = "en") -> RenderableType:
    """The findings for the terminal; ValueError for an unknown language.

    Args:
        findings: what was found.
        account: the lines of the cleaning account, ``Account.rows()``.
        lang: 'en' or 'fr'.
    """
    from rich.console import Group
    from rich.text import Text

    alerts = standing_out(findings, account, None, lang)
    first = [Text(one.text, style="bold red" if one.grave else "yellow") for one in alerts]
    notes = [Text(text) for text in findings.notes]
    return Group(*first, *([Text()] if first else []), *tables(sheets(findings, account, lang)), *notes)


def text(findings: Findings, account: Sequence[Entry], lang: Lang = "en") -> str:
    """The same as plain text."""
    from rich.console import Console

    out = io.StringIO()
    Console(file=out, width=WIDTH, force_jupyter=False).print(render(findings, account, lang))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()).rstrip()


def sheets(findings: Findings, account: Sequence[Entry], lang: Lang = "en") -> list[Sheet]:
    """All tables that have rows: the account in its parts, the modes, the other times and shares."""
    found = [*_account(account, lang), _modes(findings, lang), _others(findings, lang)]
    return [sheet for sheet in found if sheet.rows]


def _account(account: Sequence[Entry], lang: Lang) -> Iterator[Sheet]:
    head = ("", *(say(key, lang) for key in ("cal_rows", "cal_changed", "cal_hms")))
    for part in accounted(account, lang):
        used = [number for number in range(4) if number == 0 or any(row[number] for row in part.rows)]
        rows = tuple(tuple(row[number] for number in used) for row in part.rows)
        yield Sheet(part.title, tuple(head[number] for number in used), rows)


def _modes(findings: Findings, lang: Lang) -> Sheet:
    """Failures, mean up, law, mean repair, trend, remarks: what exposure and CV say stands in the report."""
    keys = ("cal_mode", "cal_failures", "cal_up", "cal_cv", "cal_law", "cal_repair_up", "cal_trend", "cal_flags")
    rows = tuple(
        (row.name, row.cells[0], *row.cells[2:], "; ".join(row.flags))
        for row in (summary(one, lang) for one in findings.modes)
    )
    return Sheet(say("cal_summary", lang), tuple(say(key, lang) for key in keys), rows, say("cal_intervals", lang))


def _others(findings: Findings, lang: Lang) -> Sheet:
    keys = ("cal_what", "cal_seen", "cal_mean_or_share", "cal_cv", "cal_law", "cal_flags")
    rows = tuple((*row[:-1], "; ".join(row[-1])) for row in others(findings, lang))
    return Sheet(say("cal_times", lang), tuple(say(key, lang) for key in keys), rows)
