"""Whether a French text has English left in it: words that the English phrases have and the French ones have not."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from twin.api.study import Study
from twin.core.plan import Plan
from twin.report.labels import KPIS
from twin.report.said import templates
from twin.report.words import CHECKS, PHRASES, STATES, VEHICLE_STATES

_WORD = re.compile(r"[^\W\d_]+")
_BLANK = re.compile(r"\{[^{}]*\}")
MORE = """
the of and is are was were be been to from than that this these which who whose it its they them their there here with
without by for at each every all any no not but or if when where while so as an into on over under between after before
has have had does do did can cannot will would may might must should more most less least only other same such own what
how why
"""
"""Words that no English sentence goes without."""
SHARED = "a an on as or par plus six note dans est taux h j d s"
"""Words of both languages."""
NAMES = "csv json smed mser xlsx replications optimise decision twin seed plan tpm"
"""What is typed, not read: options, keys and formats that the French phrases quote as well."""
_TYPED = re.compile(r"\b(?=\w*\d)[0-9a-f]{8,}\b|\S*/\S*\.\w+\S*|\btwin (?:calibrate|report|study|run)\b")
"""Digests, files and commands."""


def words(text: str) -> set[str]:
    """The words of a text, without capitals."""
    return {word.casefold() for word in _WORD.findall(text)}


@cache
def vocabulary() -> frozenset[str]:
    """Words that are English only: of phrases, of words for states and KPIs, and of sentences in general."""
    pairs = [*PHRASES.values(), *STATES.values(), *VEHICLE_STATES.values(), *CHECKS.values()]
    english = words(_BLANK.sub(" ", " ".join([*(one.en for one in pairs), *templates("en").values()])))
    french = words(_BLANK.sub(" ", " ".join([*(one.fr for one in pairs), *templates("fr").values()])))
    english |= words(" ".join(one.en for one in KPIS.values()))
    french |= words(" ".join(one.fr for one in KPIS.values()))
    return frozenset((english | words(MORE)) - french - words(SHARED) - words(NAMES))


def english(text: str, own: Iterable[str] = ()) -> list[str]:
    """The English words of a French text, apart from what the user wrote (``own``); [] is what is wanted."""
    for name in sorted(filter(None, own), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", text)
    return sorted(words(_TYPED.sub(" ", text)) & vocabulary())


def seen(page: str) -> str:
    """What a reader sees of an HTML page."""
    page = re.sub(r"<(style|script|code)\b.*?</\1>", " ", page.replace("<wbr>", ""), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def names_of(plan: Plan) -> list[str]:
    """The names that a layout gives."""
    elements = [part for one in plan.elements for part in (one.name, *one.name.split("."))]
    others = [one.name for one in (*plan.products, *plan.energy, *plan.inputs)]
    return [plan.name, *elements, *others, *plan.skills]


def names_in(study: Study) -> list[str]:
    """The names and texts that a study and its layout give, and the paths that its levers change."""
    asked = study.asked
    found = [study.name, study.question, study.file, Path(study.file).name, asked.layout.file]
    found += [*study.scenarios, *asked.levers, *(str(path) for path in study.reads)]
    for name, lever in asked.levers.items():
        found += [item.label for item in lever.cash if item.label]
        found += [getattr(lever, "label", None) or name]
    for name in study.scenarios:
        found += names_of(study.plan(name))
        changes = study.diff(name)
        found += [text for one in changes for text in (one.path, one.old, one.new, one.drawn) if text]
        found += [part for one in changes for part in one.path.split(".")]  # figures break lines there
    if asked.optimise is not None:
        found += [one.name for one in asked.optimise.choices]
    return found
