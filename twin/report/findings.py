"""The findings of a calibration as tables, for the terminal: what must be known first, the account, all laws."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from twin.calibrate.rows import RUN, STATES
from twin.report.amounts import NAME, share_text, short
from twin.report.calibration import accounted, others, standing_out, summary
from twin.report.grid import Sheet, folded, legible
from twin.report.table import tables
from twin.report.words import Lang, check_lang, decimal, say

if TYPE_CHECKING:
    from rich.console import RenderableType

    from twin.calibrate.account import Entry
    from twin.calibrate.form import Minute
    from twin.calibrate.found import Findings

WIDTH = 110
"""Columns of the text where there is no terminal."""
REMARK = 14
"""Letters on a line of remarks."""


def render(findings: Findings, account: Sequence[Entry], lang: Lang = "en") -> RenderableType:
    """The findings for the terminal; ValueError for an unknown language.

    Args:
        findings: what was found.
        account: the lines of the cleaning account, ``Account.rows()``.
        lang: 'en' or 'fr'.
    """
    from rich.console import Group
    from rich.text import Text

    check_lang(lang)
    alerts = standing_out(findings, account, None, lang)
    first = [Text(legible(one.text), style="bold red" if one.grave else "yellow") for one in alerts]
    notes = [Text(legible(note)) for note in findings.notes]
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


def lost(minutes: Sequence[Minute], lang: Lang = "en") -> list[Sheet]:
    """What a history of minutes per reason tells: the time lost to each reason, and how much each machine ran."""
    return [one for one in (_reasons(minutes, lang), _ran(minutes, lang)) if one.rows]


def _reasons(minutes: Sequence[Minute], lang: Lang) -> Sheet:
    """The reasons, the one that cost most first; those that cost nothing are left out."""
    from twin.calibrate.form import pareto

    found = [one for one in pareto(minutes) if one.time]
    whole, sums, rows = sum(one.time for one in found), 0, []
    for one in found:
        sums += one.time
        shares = (share_text(time / whole, lang) for time in (one.time, sums))
        rows.append((shown(one.reason), _hours(one.time, lang), *shares))
    head = tuple(say(key, lang) for key in ("cal_reason", "cal_hours_lost", "cal_share_lost", "cal_sum_lost"))
    return Sheet(say("cal_lost", lang), head, tuple(rows))


def _ran(minutes: Sequence[Minute], lang: Lang) -> Sheet:
    """How much of the time told each machine ran, where the log tells of running at all."""
    from twin.calibrate.form import shares

    told = {one.asset for one in minutes if one.state == RUN and one.time}
    rows = [(shown(asset), share_text(shares(minutes, asset)[STATES[RUN]], lang)) for asset in sorted(told)]
    return Sheet(say("cal_ran", lang), (say("cal_machine", lang), say("cal_share_ran", lang)), tuple(rows))


def _hours(time: int, lang: Lang) -> str:
    return f"{decimal(time / 3.6e9, 1, lang)} h"


def _account(account: Sequence[Entry], lang: Lang) -> Iterator[Sheet]:
    head = ("", *(say(key, lang) for key in ("cal_rows", "cal_changed", "cal_hms")))
    for part in accounted(account, lang):
        cells = [row[:4] for row in part.rows]
        used = [number for number in range(4) if number == 0 or any(row[number] for row in cells)]
        rows = tuple(tuple(row[number] for number in used) for row in cells)
        yield Sheet(part.title, tuple(head[number] for number in used), rows)


def _modes(findings: Findings, lang: Lang) -> Sheet:
    """Failures, mean up, CV, mean repair, trend, remarks; exposure and weights of laws stand in the report."""
    keys = ("cal_mode", "cal_failures", "cal_up", "cal_cv", "cal_repair_up", "cal_trend", "cal_flags")
    rows = []
    for one in findings.modes:
        found = summary(one, lang)
        failures, _, up, cv, _, repair, trend = found.cells
        rows.append((shown(found.name), failures, up, cv, repair, trend, "; ".join(found.flags)))
    return _sheet("cal_summary", keys, rows, lang, say("cal_intervals", lang))


def _others(findings: Findings, lang: Lang) -> Sheet:
    keys = ("cal_what", "cal_seen", "cal_mean_or_share", "cal_cv", "cal_flags")
    rows = [
        (shown(name), seen, mean, cv, "; ".join(flags)) for name, seen, mean, cv, _, flags in others(findings, lang)
    ]
    return _sheet("cal_times", keys, rows, lang)


def _sheet(title: str, keys: Sequence[str], rows: Sequence[tuple[str, ...]], lang: Lang, note: str = "") -> Sheet:
    """A narrow table; remarks, the last column, only where there are any."""
    kept = len(keys) if any(row[-1] for row in rows) else len(keys) - 1
    head = tuple(say(key, lang) for key in keys[:kept])
    lines = tuple((*row[:-1], folded(row[-1], REMARK))[:kept] for row in rows)
    return Sheet(say(title, lang), head, lines, note).legible().narrow()


def shown(name: str) -> str:
    """A name from a log on one line of a table, not too long."""
    return short(legible(name), NAME)
