"""The uncertain inputs of a run over draws: how far each is open, and what each makes of the variance."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from twin.core.inputs import Input, middle
from twin.core.plan import Plan
from twin.core.unit import MICRO, unit_of
from twin.report.labels import kpi_word, label
from twin.report.measure import measure, percent, show
from twin.report.medium.grid import Sheet
from twin.report.worded import fitted
from twin.report.words import SEMICOLON, Lang, decimal, say, time_unit, unit_word

MOST = 12
"""Inputs that are named; the others make the least."""


def inputs(plan: Plan, document: Mapping[str, Any], lang: Lang = "en") -> Sheet:
    """One row an input, the one that makes most of the variance first; no rows unless inputs were drawn."""
    told = document.get("inputs")
    if not told:
        return Sheet("", (), ())
    shares = {one["input"]: one for one in told["variance"] or ()}
    ranked = sorted(plan.inputs, key=lambda one: -_share(shares, one))
    rows = [
        (fitted(one.name, one.part, lang), _range(plan, one, lang), decimal(one.drawn.seen, 0, lang),
         _shown(shares.get(one.words), lang))
        for one in ranked[:MOST]
    ]  # fmt: skip
    if told["unexplained"] is not None:
        rows.append((say("unexplained", lang), "", "", percent(told["unexplained"], lang)))
    kpi = kpi_word(told["kpi"], lang) if told["kpi"] else "–"
    head = tuple(say(key, lang) for key in ("input", "input_range", "input_seen", "input_share"))
    return Sheet(say("inputs", lang, kpi=kpi), head, tuple(rows), " ".join(_notes(plan, told, lang)))


def _share(shares: Mapping[str, Any], one: Input) -> float:
    return float(shares[one.words]["share"]) if one.words in shares else 0.0


def _range(plan: Plan, one: Input, lang: Lang) -> str:
    """Where the mean of most draws lies: '30.1 to 58.7 h'."""
    low, high = middle(one.drawn.means)
    if not one.is_law:
        size, unit = 0.01, "%"
    elif plan.laws[one.laws[0]].scale == MICRO:
        size, unit = unit_of(low)
    else:
        size, unit = 1.0, say("cal_cycles", lang)
    texts = {"low": _digits(low / size, lang), "high": _digits(high / size, lang)}
    return say("from_to", lang, **texts, unit=unit_word(unit, lang))


def _digits(value: float, lang: Lang) -> str:
    """Three digits, or all before the point."""
    return decimal(value, max(0, 2 - math.floor(math.log10(value))) if value else 0, lang)


def _shown(part: Mapping[str, Any] | None, lang: Lang) -> str:
    """A share of the variance with its interval: '42 [30, 55]'."""
    if part is None:
        return "–"
    found, low, high = (decimal(100 * part[key], 0, lang) for key in ("share", "low", "high"))
    return f"{found} [{low}{SEMICOLON['fr'] if lang == 'fr' else ', '}{high}]"


def _notes(plan: Plan, told: Mapping[str, Any], lang: Lang) -> list[str]:
    """How the shares were found, the expected value, what more data would bring, what stayed fixed."""
    if told["kpi"] is None:
        return []
    found = [say("inputs_method", lang) if told["variance"] else say("inputs_few", lang, n=2 * len(plan.inputs) + 10)]
    if told["expected"]:
        found.append(_expected(told, lang))
    if told["next"]:
        more = told["next"]
        found.append(
            say("inputs_next", lang, n=more["times"], name=f"{more['entry']} ({more['file']})",
                share=percent(more["narrower"], lang))
        )  # fmt: skip
    if told["fixed"]:
        found.append(say("inputs_fixed", lang, names=", ".join(told["fixed"])))
    return found


def _expected(told: Mapping[str, Any], lang: Lang) -> str:
    """The expected value with its range, in its unit, and the share of the variance that is chance."""
    expected, unit = measure(told["expected"]), label(told["kpi"]).unit
    assert expected is not None
    if unit == "time":
        size, unit = time_unit(expected.mean)
        expected = expected.times(1 / size)
    ends = {"low": expected.low, "high": expected.high}
    texts = {key: show(expected._replace(mean=end, low=math.nan, high=math.nan), lang) for key, end in ends.items()}
    return say("inputs_expected", lang, **texts, unit=unit_word(unit, lang), chance=percent(told["chance"], lang))
