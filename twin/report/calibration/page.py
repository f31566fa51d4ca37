"""The report of a calibration: one HTML file that needs nothing else, first what must be known first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from twin.calibrate.cleaning.account import MOST_UNKNOWN
from twin.report.calibration import diagnostics, forest
from twin.report.calibration.amounts import amount, cv_text, law_text, mean_text, p_text, share_text
from twin.report.calibration.evidence import BEYOND, Alert, alerts, has_trend, lines, trend_p
from twin.report.medium.html import render
from twin.report.medium.svg import svg
from twin.report.noted import all_noted
from twin.report.phrases.calibration import ACCOUNT_FR
from twin.report.words import Lang, decimal, say

if TYPE_CHECKING:
    from markupsafe import Markup

    from twin.calibrate.cleaning.account import Entry
    from twin.calibrate.found import CountsFound, Findings, ModeFound, TimesFound
    from twin.calibrate.output.touched import Touched

SUFFIXES = (".html",)
NOTHING = "–"


def write(path: str | Path, findings: Findings, account: Sequence[Entry] = (), **more: Any) -> None:
    """Write the report, whole or not at all.

    Args:
        path: the file, ``.html``.
        findings: what was found.
        account: the lines of the cleaning account, ``Account.rows()``.
        more: as for ``page``.

    Raises:
        OutputError: another suffix, or it cannot be written.
        ValueError: an unknown language.
    """
    from twin.study.files import check_name, write_text

    check_name(path, SUFFIXES)
    write_text(path, page(findings, account, **more))


def page(
    findings: Findings,
    account: Sequence[Entry] = (),
    *,
    touched: Sequence[Touched] = (),
    title: str = "",
    about: Sequence[tuple[str, str]] = (),
    lang: Lang = "en",
) -> str:
    """The report as HTML: no script, no network, fonts of the system; every word of the user is escaped.

    Args:
        findings: what was found.
        account: the lines of the cleaning account, ``Account.rows()``; none: no account.
        touched: the rows that each rule of the account took or changed.
        title: what was calibrated, as the reading file says.
        about: (label, text) below the title, such as files with their hashes, seed and version.
        lang: 'en' or 'fr'; ValueError for another.
    """
    return render(
        "calibration.html",
        lang,
        **_shared(findings, lang),
        title=title or say("cal_title", lang),
        about=about,
        alerts=[*standing_out(findings, account, lang), *_notes(findings, lang)],
        account=accounted(account, lang),
        touched=[_touched_row(one, lang) for one in touched],
        figures=[_figure_of(found, lang) for found in findings.modes],
    )


def fragment(findings: Findings, lang: Lang = "en") -> str:
    """What a notebook shows of findings: what must be known first, and all means in a figure and a table."""
    known = [*alerts(findings, lang), *_notes(findings, lang)]
    return render("findings.html", lang, **_shared(findings, lang), alerts=known)


def _shared(findings: Findings, lang: Lang) -> dict[str, Any]:
    return {
        "forests": [svg(one, say("cal_summary", lang)) for one in forest.modes(findings, lang=lang)],
        "others": [svg(one, say("cal_times", lang)) for one in forest.others(findings, lang=lang)],
        "modes": [summary(found, lang) for found in findings.modes],
        "rest": others(findings, lang),
    }


# -- figures inside the page


class Page(NamedTuple):
    """A mode in the report."""

    name: str
    anchor: str
    figure: Markup
    lines: list[tuple[str, str]]


def _figure_of(found: ModeFound, lang: Lang) -> Page:
    drawn = svg(diagnostics.mode(found, lang=lang), diagnostics.headline(found, lang))
    return Page(found.name, _anchor(found.name), drawn, lines(found, lang))


def _anchor(name: str) -> str:
    """A name as the end of a link: every sign but letters and digits is written as its number."""
    return "mode-" + "".join(one if one.isascii() and one.isalnum() else f"_{ord(one):x}" for one in name)


# -- tables


class Summary(NamedTuple):
    """A row of the table of all modes."""

    name: str
    anchor: str
    borrowed: bool
    cells: tuple[str, ...]
    """Failures, exposure, mean up, CV, law, mean repair, trend."""
    flags: tuple[str, ...]


def summary(found: ModeFound, lang: Lang = "en") -> Summary:
    """A mode as a row of the table of all modes; what its number of failures does not allow is left out."""
    from twin.calibrate.fitting.said import said

    seen, law = found.evidence, found.up
    cells = (
        decimal(seen.up.failures, 0, lang),
        amount(seen.up.exposure, seen.clock, lang),
        _mean_up(found, lang),
        cv_text(law, lang) if said(found.stands_on.failures).spread else NOTHING,
        law_text(law, lang),
        mean_text(found.repair, lang=lang),
        p_text(trend_p(found), lang) if said(seen.up.failures).trend and found.tests.trend else NOTHING,
    )
    return Summary(found.name, _anchor(found.name), law.borrowed, cells, tuple(_flags(found, lang)))


def _mean_up(found: ModeFound, lang: Lang) -> str:
    from twin.calibrate.fitting.said import least_mean, said

    base, clock = found.stands_on, found.evidence.clock
    mean = mean_text(found.up, clock, lang)
    if not said(base.failures).bound:
        return mean
    return say("cal_above", lang, bound=amount(least_mean(base.exposure), clock, lang), mean=mean)


def _flags(found: ModeFound, lang: Lang) -> Iterator[str]:
    seen, law = found.evidence, found.up
    if law.borrowed:
        yield say("cal_borrowed", lang)
    if found.pool:
        yield f"{say('cal_class', lang)} {found.pool}"
    if seen.micro:
        yield say("cal_micro", lang)
    if seen.unknown_share > MOST_UNKNOWN:
        yield say("cal_flag_unknown", lang, share=share_text(seen.unknown_share, lang))
    if has_trend(found):
        yield say("cal_flag_trend", lang)
    if not law.borrowed and law.longest > 0 and law.extrapolated > BEYOND:
        yield say("cal_flag_beyond", lang, share=share_text(law.extrapolated, lang))
    if seen.includes_wait:
        yield say("cal_flag_wait", lang)


Other = tuple[str, str, str, str, str, tuple[str, ...]]
"""A row of the other times and shares: name, seen, mean or share, CV, law, notes."""


def others(findings: Findings, lang: Lang = "en") -> list[Other]:
    """Times that are no breakdowns, and shares, as rows."""
    times = [_time(one, lang) for one in findings.times]
    return times + [_share(one, lang) for one in findings.counts]


def _time(found: TimesFound, lang: Lang) -> Other:
    from twin.calibrate.fitting.said import said

    n, law = found.times.sample.failures, found.posterior
    if found.is_constant:
        return found.name, decimal(n, 0, lang), mean_text(law, lang=lang), "0", say("cal_constant", lang), ()
    cv = cv_text(law, lang) if said(n).spread else NOTHING
    notes = tuple(all_noted(found.notes, lang))
    return found.name, decimal(n, 0, lang), mean_text(law, lang=lang), cv, law_text(law, lang), notes


def _share(found: CountsFound, lang: Lang) -> Other:
    counted = say("cal_bad", lang, bad=decimal(found.counts.bad, 0, lang), parts=decimal(found.counts.parts, 0, lang))
    return found.name, counted, forest.share_mark(found, lang).text, NOTHING, NOTHING, ()


# -- the cleaning account


class Part(NamedTuple):
    """A part of the cleaning account: rows of the log, time of the machines, remarks."""

    title: str
    rows: list[tuple[str, str, str, str, bool]]
    """What, rows, rows changed, time, and whether it is a sum."""

    @property
    def counted(self) -> bool:
        """Whether any of it has rows."""
        return any(rows or changed for _, rows, changed, _, _ in self.rows)


_SUMS = ("files", "in", "used", "window")
_PARTS = ("parts",)
_SKIP = "skip"
"""The line with the rules that the reading file leaves out."""
_UNTIMED = ("files", "unread", "ignored", "left_out", "at_closing", _SKIP, *_PARTS)
"""Lines without a time."""


def accounted(account: Sequence[Entry], lang: Lang = "en") -> list[Part]:
    """The account in parts; rules that found nothing to do are left out."""
    told = [one for one in account if one.rows or one.changed or one.time or one.key in (*_SUMS, *_PARTS, _SKIP)]
    return [
        Part(say(f"cal_account_{part}", lang), [_account_row(one, lang) for one in group])
        for part, group in groupby(told, key=lambda one: one.part)
    ]


def _account_row(one: Entry, lang: Lang) -> tuple[str, str, str, str, bool]:
    from twin.calibrate.cleaning.account import hms

    total = one.key in _SUMS
    signed = one.part == "rows" and not total
    time = "" if one.key in _UNTIMED else hms(one.time, signed).replace(",", _thousands(lang))
    changed = decimal(one.changed, 0, lang) if one.changed else ""
    return _account_words(one, lang), _signed(one.rows, signed, lang), changed, time, total


def _thousands(lang: Lang) -> str:
    return "\u202f" if lang == "fr" else ","


def _signed(rows: int | None, signed: bool, lang: Lang) -> str:
    if rows is None:
        return ""
    return ("+" if signed and rows > 0 else "") + decimal(rows, 0, lang)


def _account_words(one: Entry, lang: Lang) -> str:
    if lang == "en" or one.key not in ACCOUNT_FR:
        return one.words
    if one.key == _SKIP:
        return f"{ACCOUNT_FR[_SKIP]} : {one.words.partition(': ')[2]}"
    numbers = re.findall(r"\d+(?:,\d{3})*", one.words) if one.key in _PARTS else []
    tail = f" : {' / '.join(number.replace(',', _thousands(lang)) for number in numbers)}" if numbers else ""
    return ACCOUNT_FR[one.key] + tail


_RUNS = 20
"""Runs of rows that the page names of a rule."""


def _touched_row(one: Touched, lang: Lang) -> tuple[str, str, str]:
    """A rule, how many rows it touched, and where they stand: 'stops.csv 12, 15–17'."""
    from twin.calibrate.cleaning.account import RULES

    words = RULES[one.rule] if lang == "en" else ACCOUNT_FR[one.rule]
    texts = []
    for name, runs in groupby(one.runs[:_RUNS], key=lambda run: run.file):
        places = ", ".join(f"{run.first}" if run.first == run.last else f"{run.first}–{run.last}" for run in runs)
        texts.append(f"{name} {places}")
    left = one.more + sum(run.last - run.first + 1 for run in one.runs[_RUNS:])
    more = " " + say("cal_rows_more", lang, count=decimal(left, 0, lang)) if left else ""
    return words, decimal(one.rows, 0, lang), "; ".join(texts) + more


def standing_out(findings: Findings, account: Sequence[Entry], lang: Lang = "en") -> list[Alert]:
    """What must be known first, gravest first; unknown time of all machines, where it is too much, before all else."""
    times = {one.key: one.time for one in account if one.part == "time" and one.key != "window"}
    present = sum(times.values()) - times.get("off_shift", 0)
    share = times.get("unknown", 0) / present if present else 0.0
    first = [Alert(say("cal_alert_all", lang, share=share_text(share, lang)), True)] if share > MOST_UNKNOWN else []
    return [*first, *alerts(findings, lang)]


def _notes(findings: Findings, lang: Lang) -> list[Alert]:
    return [Alert(note, False) for note in all_noted(findings.notes, lang)]
