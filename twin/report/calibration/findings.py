"""The findings of a calibration as tables, for the terminal: what must be known first, the account, all laws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from twin.calibrate.rows import RUN, STATES
from twin.report.calibration.amounts import NAME, amount, share_text, short
from twin.report.calibration.page import accounted, others, standing_out, summary
from twin.report.medium.grid import Sheet, folded, legible
from twin.report.noted import all_noted, threshold
from twin.report.table import WIDTH, Fitting, plain_text, tables
from twin.report.words import SEMICOLON, Lang, check_lang, decimal, say

if TYPE_CHECKING:
    from rich.console import RenderableType

    from twin.calibrate.cleaning.account import Entry
    from twin.calibrate.found import Findings
    from twin.calibrate.history.form import Minute

LONGEST_NOTE = 600
"""Letters of a note that are shown."""
WHOLE, LEAST = 24, 14
"""Letters of a name that are not folded, in a wide table and in a narrow one."""
REMARK, RANGE = 14, 15
"""Letters on a line of remarks, and of a value with its range in a narrow table."""


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
    alerts = standing_out(findings, account, lang)
    first = [Text(_line(one.text), style="bold red" if one.grave else "yellow") for one in alerts]
    notes = [Text(_line(note)) for note in all_noted(findings.notes, lang)]
    cleaned = tables([sheet for sheet in _account(account, lang) if sheet.rows])
    laws = [
        Fitting(form(findings, lang), form(findings, lang, apart=True)) for form in _LAWS if form(findings, lang).rows
    ]
    return Group(*first, *([Text()] if first else []), *cleaned, *laws, *notes)


def text(findings: Findings, account: Sequence[Entry], lang: Lang = "en", width: int = WIDTH) -> str:
    """The same as plain text of so many columns."""
    return plain_text(render(findings, account, lang), width)


def render_lost(minutes: Sequence[Minute], lang: Lang = "en") -> RenderableType:
    """What a history of minutes per reason tells, for the terminal."""
    from rich.console import Group

    return Group(*tables(lost(minutes, lang)))


def lost(minutes: Sequence[Minute], lang: Lang = "en") -> list[Sheet]:
    """What a history of minutes per reason tells: the time lost to each reason, and how much each machine ran."""
    return [one for one in (_reasons(minutes, lang), _ran(minutes, lang)) if one.rows]


def _reasons(minutes: Sequence[Minute], lang: Lang) -> Sheet:
    """The reasons, the one that cost most first; those that cost nothing are left out."""
    from twin.calibrate.history.form import pareto

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
    from twin.calibrate.history.form import shares

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


def modes(findings: Findings, lang: Lang = "en", apart: bool = False) -> Sheet:
    """Failures, mean up, CV, mean repair, trend, remarks; exposure and weights of laws stand in the report.

    Args:
        findings: what was found.
        lang: 'en' or 'fr'.
        apart: ranges below their means, and remarks below the table, for a narrow terminal.
    """
    keys = ("cal_mode", "cal_failures", "cal_up", "cal_cv", "cal_repair_up", "cal_trend", "cal_flags")
    rows = []
    for one in findings.modes:
        found = summary(one, lang)
        failures, _, up, cv, _, repair, trend = found.cells
        rows.append((shown(found.name), failures, up, cv, repair, trend, SEMICOLON[lang].join(found.flags)))
    sheet = Sheet(say("cal_summary", lang), _heads(keys, lang), tuple(rows), say("cal_intervals", lang), names=WHOLE)
    return _apart(sheet) if apart else _narrow(sheet)


def times(findings: Findings, lang: Lang = "en", apart: bool = False) -> Sheet:
    """Times that are no breakdowns, and shares; arguments as for ``modes``."""
    keys = ("cal_what", "cal_seen", "cal_mean_or_share", "cal_cv", "cal_flags")
    rows = [
        (shown(name), seen, mean, cv, SEMICOLON[lang].join(flags))
        for name, seen, mean, cv, _, flags in others(findings, lang)
    ]
    sheet = Sheet(say("cal_times", lang), _heads(keys, lang), tuple(rows), names=WHOLE)
    return _apart(sheet) if apart else _narrow(sheet)


def thresholds(findings: Findings, lang: Lang = "en", apart: bool = False) -> Sheet:
    """What would come of the thresholds of cleaning at half and at twice their value, where it differs.

    ``apart`` changes nothing: the table is narrow.
    """
    rows = tuple(
        (shown(one.evidence.name), threshold(what, lang), decimal(n, 0, lang), amount(mean, one.evidence.clock, lang))
        for one in findings.modes
        for what, n, mean in one.evidence.moved_by
    )
    head = _heads(("cal_mode", "cal_if", "cal_failures", "cal_book"), lang)
    return Sheet(say("cal_other_thresholds", lang), head, rows, names=LEAST if apart else WHOLE).legible().narrow()


_LAWS = (modes, thresholds, times)


def _heads(keys: Sequence[str], lang: Lang) -> tuple[str, ...]:
    return tuple(say(key, lang) for key in keys)


def _narrow(sheet: Sheet) -> Sheet:
    """Remarks, the last column, in short lines, and only where there are any."""
    kept = len(sheet.head) if any(row[-1] for row in sheet.rows) else len(sheet.head) - 1
    rows = tuple((*row[:-1], folded(row[-1], REMARK))[:kept] for row in sheet.rows)
    return sheet._replace(head=sheet.head[:kept], rows=rows).legible().narrow()


def _apart(sheet: Sheet) -> Sheet:
    """Ranges below their means, remarks below the table."""
    remarks = [f"{row[0]}: {row[-1]}" for row in sheet.rows if row[-1]]
    rows = tuple((row[0], *(folded(cell, RANGE) for cell in row[1:-1])) for row in sheet.rows)
    note = "\n".join([*remarks, sheet.note]).rstrip("\n")
    return sheet._replace(head=sheet.head[:-1], rows=rows, note=note, names=LEAST).legible().narrow()


def _line(text: str) -> str:
    """A note or an alert, not too long."""
    return short(legible(text), LONGEST_NOTE)


def shown(name: str) -> str:
    """A name from a log on one line of a table, not too long."""
    return short(legible(name), NAME)
