"""The evidence of a mode as lines of words, and what a reader must know before any number. ``said`` rules both."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from twin.calibrate.cleaning.account import MOST_UNKNOWN
from twin.calibrate.diagnose import LEVEL
from twin.report.calibration.amounts import (
    CYCLES,
    amount,
    clock_word,
    cv_text,
    law_text,
    mean_text,
    p_text,
    ratio_text,
    share_text,
)
from twin.report.noted import all_noted, threshold
from twin.report.words import Lang, decimal, say

if TYPE_CHECKING:
    from twin.calibrate.fitting.trend import Change, Verdict
    from twin.calibrate.found import Evidence, Findings, ModeFound

BEYOND = 0.5
"""More of a mean beyond the longest time seen than this is said first."""
Line = tuple[str, str]


class Alert(NamedTuple):
    """A line to be read first."""

    text: str
    grave: bool
    """Whether the numbers below should not be used before it is settled."""


def lines(found: ModeFound, lang: Lang = "en") -> list[Line]:
    """(label, text) of the evidence of a mode, the most important first."""
    parts = (_watched, _up, _asked, _repairs, _origin)
    return [(say(key, lang, **blanks), text) for part in parts for key, blanks, text in part(found, lang)]


Entry = tuple[str, dict[str, object], str]


def _watched(found: ModeFound, lang: Lang) -> Iterator[Entry]:
    seen = found.evidence
    n, machines = seen.up.failures, len(seen.histories)
    count = decimal(n, 0, lang)
    yield "cal_failures", {}, say("cal_machines", lang, n=count, m=machines) if machines > 1 else count
    cut = len(seen.up.censored)
    prevented = {"n": cut, "m": seen.preventive}
    yield "cal_censored", {}, say("cal_preventive", lang, **prevented) if seen.preventive else decimal(cut, 0, lang)
    of = "" if seen.clock == CYCLES else f" ({clock_word(seen.clock, lang)})"
    yield "cal_exposure", {}, amount(seen.up.exposure, seen.clock, lang) + of
    yield "cal_window", {}, " … ".join(day(moment) for moment in seen.window)
    yield "cal_unknown", {}, share_text(seen.unknown_share, lang)


def day(micro: int) -> str:
    """The day of a moment (µs since 1970, UTC): '2026-01-05'."""
    return datetime.fromtimestamp(micro / 1e6, UTC).date().isoformat()


def _up(found: ModeFound, lang: Lang) -> Iterator[Entry]:
    from twin.calibrate.fitting.said import least_mean, said

    seen, law, base = found.evidence, found.up, found.stands_on
    may = said(base.failures)
    if may.bound:
        yield "cal_bound", {}, amount(least_mean(base.exposure), seen.clock, lang)
    if said(seen.up.failures).book_mean:
        yield "cal_book", {}, amount(seen.up.exposure / seen.up.failures, seen.clock, lang)
    yield _mean_key(found), {}, mean_text(law, seen.clock, lang)
    if may.spread:
        yield "cal_cv", {}, cv_text(law, lang)
    yield "cal_law", {}, law_text(law, lang)
    if may.empirical:
        yield "cal_empirical", {}, _empirical(found, lang)
    if law.longest > 0 and not may.bound:
        yield "cal_extrapolated", {}, share_text(law.extrapolated, lang)
    if found.pool or law.borrowed:
        yield "cal_class", {}, _pool_text(found, lang)


def _empirical(found: ModeFound, lang: Lang) -> str:
    """The times up as they were seen, without any law: the ages by which 10, 50 and 90 % have failed (Kaplan-Meier)."""
    from twin.calibrate.fitting.curves import kaplan_meier

    ages = kaplan_meier(found.stands_on).quantile(np.array([0.1, 0.5, 0.9]))
    told = [amount(age, found.evidence.clock, lang) if np.isfinite(age) else "–" for age in ages.tolist()]
    return " · ".join(told)


def _mean_key(found: ModeFound) -> str:
    if found.up.borrowed:
        return "cal_mean_lent"
    return "cal_mean_class" if is_pooled(found) else "cal_mean"


def is_pooled(found: ModeFound) -> bool:
    """Whether its failures are so few that the mean to be read is that of the class."""
    from twin.calibrate.fitting.said import said

    return bool(found.pool) and said(found.stands_on.failures).pooled


def _pool_text(found: ModeFound, lang: Lang) -> str:
    if not found.pool:
        return say("cal_borrowed", lang)
    return say("cal_class_borrowed", lang, name=found.pool) if found.up.borrowed else found.pool


def _asked(found: ModeFound, lang: Lang) -> Iterator[Entry]:
    """The tests, as far as the number of failures allows, whatever was computed."""
    from twin.calibrate.fitting.said import said

    tests, may = found.tests, said(found.evidence.up.failures)
    if may.trend and tests.trend:
        yield "cal_trend", {}, p_text(trend_p(found), lang)
    if may.serial and tests.serial:
        r = decimal(tests.serial.statistic, 2, lang)
        yield "cal_serial", {}, say("cal_serial_value", lang, r=r, p=p_text(tests.serial.p, lang))
    if may.goodness and tests.goodness:
        yield "cal_ad", {}, p_text(tests.goodness.p, lang)
    for event, step in tests.steps if may.trend else ():
        ratio = ratio_text(step.ratio, step.interval90, lang)
        yield "cal_step", {"event": event}, say("cal_step_value", lang, ratio=ratio, p=p_text(step.p, lang))
    if may.changes and tests.change:
        yield "cal_change", {}, _change_text(found, tests.change, lang)
    if tests.used != "renewal":
        yield "cal_used", {}, used_text(tests.used, lang)


def _change_text(found: ModeFound, change: Change, lang: Lang) -> str:
    p = p_text(change.p, lang)
    if change.p >= LEVEL:
        return say("cal_change_none", lang, p=p)
    machines, ratio = len(found.evidence.histories), decimal(change.ratio, 2, lang)
    machine = say("cal_change_machine", lang, m=change.machine + 1) if machines > 1 else ""
    age = amount(change.age, found.evidence.clock, lang)
    return machine + say("cal_change_value", lang, age=age, n=change.before, ratio=ratio, p=p)


def used_text(used: str, lang: Lang) -> str:
    """Which data the law stands on."""
    if used.startswith("after "):
        return say("cal_used_event", lang, event=used.removeprefix("after "))
    return say("cal_used_power_law" if used == "power law" else "cal_used_renewal", lang)


def trend_p(found: ModeFound) -> float:
    """The p-value of the trend test, after the false discovery rate where that was computed; 1 without a test."""
    tests = found.tests
    if tests.trend_p is not None:
        return tests.trend_p
    return tests.trend.p if tests.trend else 1.0


def _repairs(found: ModeFound, lang: Lang) -> Iterator[Entry]:
    from twin.calibrate.fitting.said import said

    seen = found.evidence
    done, cut = seen.repair.failures, len(seen.repair.censored)
    count = decimal(done, 0, lang)
    count = say("cal_repairs_cut", lang, n=count, m=cut) if cut else count
    yield "cal_repairs", {}, count
    yield "cal_repair_mean", {}, mean_text(found.repair, lang=lang)
    if said(done).spread:
        yield "cal_repair_cv", {}, cv_text(found.repair, lang)
    yield "cal_repair_law", {}, law_text(found.repair, lang)
    yield "cal_wait", {}, say("cal_yes" if seen.includes_wait else "cal_no", lang)
    for key, part in (("cal_response", seen.response), ("cal_restart", seen.restart)):
        if part is not None and part.failures:
            yield key, {}, amount(part.exposure / part.failures, lang=lang)


def _origin(found: ModeFound, lang: Lang) -> Iterator[Entry]:
    seen = found.evidence
    if seen.least:
        yield "cal_least", {}, amount(seen.least, lang=lang)
    if seen.merged:
        yield "cal_merged", {}, decimal(seen.merged, 0, lang)
    for what, n, mean in seen.moved_by:
        text = amount(mean, seen.clock, lang)
        count = decimal(n, 0, lang)
        yield "cal_sensitivity", {"what": threshold(what, lang)}, say("cal_sensitivity_value", lang, n=count, mean=text)
    if seen.sensitivity and not seen.moved_by:
        yield "cal_thresholds", {}, say("cal_thresholds_same", lang)
    for one in seen.sources:
        first, last = (one.rows[0], one.rows[-1]) if one.rows else ("–", "–")
        yield "cal_source", {}, say("cal_source_value", lang, file=one.file, first=first, last=last)
    for note in all_noted((*seen.notes, *found.notes), lang):
        yield "cal_note", {}, note


def trend_text(found: ModeFound, lang: Lang = "en") -> str:
    """What the trend test says, in a sentence."""
    from twin.calibrate.fitting.said import said

    if not said(found.evidence.up.failures).trend:
        return say("cal_trend_few", lang)
    verdict = found.tests.trend
    if verdict is None:
        return say("cal_trend_not", lang)
    p = trend_p(found)
    key = "cal_trend_no" if p >= LEVEL else _direction(verdict)
    test = say("cal_test_one" if len(found.evidence.histories) == 1 else "cal_test_many", lang)
    return say(key, lang, test=test, p=p_text(p, lang)) + _used_sentence(found.tests.used, lang)


def _direction(verdict: Verdict) -> str:
    return "cal_trend_faster" if verdict.statistic > 0 else "cal_trend_rarer"


def _used_sentence(used: str, lang: Lang) -> str:
    if used.startswith("after "):
        return say("cal_used_after", lang, event=used.removeprefix("after "))
    return say("cal_used_power", lang) if used == "power law" else ""


def has_trend(found: ModeFound) -> bool:
    """Whether the trend test speaks, and may."""
    from twin.calibrate.fitting.said import said

    tested = said(found.evidence.up.failures).trend and found.tests.trend is not None
    return tested and trend_p(found) < LEVEL


def alerts(findings: Findings, lang: Lang = "en") -> list[Alert]:
    """What must be known first, gravest first: unknown time, trends, borrowed laws.

    Args:
        findings: what was found.
        lang: 'en' or 'fr'.
    """
    mild = [text for found in findings.modes for text in _doubts(found, lang)]
    return [Alert(text, True) for text in _unknowns(findings, lang)] + [Alert(text, False) for text in mild]


def _unknowns(findings: Findings, lang: Lang) -> list[str]:
    """One line for each station (modes of a station share their window), the most unknown first."""
    worst: dict[tuple[str, float], list[Evidence]] = {}
    for found in findings.modes:
        one = found.evidence
        if one.unknown_share > MOST_UNKNOWN:
            worst.setdefault((one.station, one.unknown_share), []).append(one)
    ranked = sorted(worst, key=lambda pair: -pair[1])
    return [say("cal_alert_unknown", lang, name=name, share=share_text(share, lang)) for name, share in ranked]


def _doubts(found: ModeFound, lang: Lang) -> Iterator[str]:
    seen, name = found.evidence, found.name
    if has_trend(found):
        yield say("cal_alert_trend", lang, name=name, verdict=trend_text(found, lang))
    if found.up.borrowed:
        yield say("cal_alert_borrowed", lang, name=name, exposure=amount(found.stands_on.exposure, seen.clock, lang))
    elif found.up.longest > 0 and found.up.extrapolated > BEYOND:
        yield say("cal_alert_beyond", lang, name=name, share=share_text(found.up.extrapolated, lang))
    for key, law in (("cal_open_up", found.up), ("cal_open_repair", found.repair)):
        if law.open_border:
            yield say("cal_alert_open", lang, name=name, what=say(key, lang))
