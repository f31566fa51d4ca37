"""Names that programs use, in the words of a COO: metrics and conditions, assumptions, kinds of cash flows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from twin.report.labels import kpi_word
from twin.report.words import Lang, decimal, known, per_cent, say, state_word, time, unit_word

SIGNS = {">=": "≥", "<=": "≤"}
MONEY = ("npv", "annuity", "payback", "discounted_payback", "irr", "mirr", "profitability_index", "capex", "cost")
"""What a metric of the money begins with; 'cost' is that of a search."""
HER = ("npv", "annuity")
"""Those of them that are feminine in French."""
_LARGE = 10_000.0
"""EUR from which an amount is written in kEUR."""


def metric(path: str, end: str, lang: Lang) -> str:
    """A metric in words: 'VAN moyenne', 'TRS de mill (écart)'.

    Args:
        path: 'npv', 'payback' … of the money; of the plant the path of a row.
        end: what of it is meant: 'mean', 'p95', 'difference' …
        lang: the language.
    """
    if path in MONEY:
        if known(key := f"st_of_{path}.{end}"):
            return say(key, lang)
        base = say(f"st_of_{path}", lang)
    else:
        base = kpi(path, lang)
    return say(f"st_end_{end}", lang, metric=base) if known(f"st_end_{end}") else base


def most(word: str, found: Mapping[str, Any], lang: Lang) -> str:
    """The largest or smallest of a metric; in French that of the money has a gender, that of the plant is quoted."""
    gender = "her" if found["path"] in HER else "him" if found["path"] in MONEY else "it"
    return say(f"st_{word}_{gender}", lang, metric=metric(found["path"], found["end"], lang))


def kpi(path: str, lang: Lang) -> str:
    """A KPI by its path, as it stands within a sentence."""
    top, *above, last = path.split(".")
    if top == "bottleneck":
        return say("st_time_as_neck", lang, name=".".join((*above, last)))
    if path == "kpis.lead_time_p95_s":
        return say("st_lead_time_p95", lang)
    word = kpi_word(last, lang)
    if top == "kpis":
        return within(word)
    if top == "elements":
        name, where = ".".join(above[:-1]), above[-1]
        if where == "states":
            return say("st_time_in", lang, name=name, state=state_word(last, lang))
        return say("st_kpi_of", lang, kpi=within(word), name=name)
    return say("st_kpi_of", lang, kpi=within(word), name=".".join(above))


def within(word: str) -> str:
    """A heading within a sentence: without its capital, unless it is an abbreviation."""
    return word if word[1:2].isupper() or not word else word[0].lower() + word[1:]


def clause(said: Callable[[Any], str], values: Mapping[str, Any], lang: Lang) -> str:
    """A condition in words: 'P(VAN > 0) ≥ 80 %'."""
    sign = SIGNS.get(values["operator"], values["operator"])
    return f"{said(values['metric'])} {sign} {amount(values['value'], values['unit'], lang)}"


def amount(value: float, unit: str, lang: Lang) -> str:
    """A value that somebody wrote, with all its digits, in the unit of a metric."""
    if unit == "s":
        return time(value, lang)
    if unit == "share":
        return per_cent(exact(100 * value, lang), lang)
    if unit == "y":
        return f"{exact(value, lang)} {say('st_year_one' if abs(value) < 2 else 'st_years', lang)}"
    if unit.startswith("EUR") and abs(value) >= _LARGE:
        return f"{exact(value / 1e3, lang)} k{unit_word(unit, lang)}"
    return f"{exact(value, lang)} {unit_word(unit, lang)}".rstrip()


def exact(value: float, lang: Lang) -> str:
    """A number with as many decimals as it has, six at most."""
    places = next((n for n in range(6) if abs(value - round(value, n)) < 1e-9 * max(abs(value), 1)), 6)
    return decimal(value, places, lang)


def assumption(key: str, lang: Lang) -> str:
    """An assumption by its key: 'inflation.labour', 'carbon_price 2030', 'demand ×'; another key stays as it is."""
    word, *rest = re.split(r"[. ]", key.removesuffix(" ×"), maxsplit=1)
    if not known(f"st_{word}_word"):
        return key
    name = say(f"st_{word}_word", lang)
    if not rest:
        return name
    of = say(f"st_{rest[0]}_word", lang) if word == "inflation" and known(f"st_{rest[0]}_word") else rest[0]
    return say("st_assumption_of", lang, assumption=name, of=of)


def place(path: str, lang: Lang) -> str:
    """What a path of a layout leads to: 'mtbf of die at cast', 'cycle at pack'; empty where it is no such path."""
    if not _PLACE.fullmatch(path):
        return ""
    _, name, *within_, last = path.split(".")
    owner = within_[-1] if len(within_) > 1 else ""
    return say("st_place_of" if owner else "st_place", lang, field=last.replace("_", " "), owner=owner, name=name)


_PLACE = re.compile(r"(?:stations|buffers|sources|sinks|operators|vehicles|cards|conveyors)(?:\.[^\s.]+){2,}")


def kind(word: str, lang: Lang) -> str:
    """A kind of cash flow; another one stays as it is."""
    key = f"st_kind_{word.replace(' ', '_')}"
    return say(key, lang) if known(key) else word


def carrier(name: str, lang: Lang) -> str:
    """A carrier of energy; another one than electricity is called as the user calls it."""
    return say("st_electricity_word", lang) if name == "electricity" else name


def rate(value: float, lang: Lang) -> str:
    """A rate of return in %, three digits."""
    value *= 100
    places = max(0, 2 - len(f"{abs(value):.0f}") + (abs(value) < 1)) if abs(value) < 1000 else 0
    text = decimal(value, places + 1 if abs(value) < 100 else 0, lang)
    return per_cent(text, lang)


def fitted(name: str, part: str, lang: Lang) -> str:
    """An uncertain input of the plant, such as 'mill.spindle : réparation'."""
    key = f"st_fitted_{part or 'share'}"
    return say(key, lang, name=name) if known(key) else f"{name} {part}"
