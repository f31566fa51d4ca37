"""What is written and painted at each element of a drawing, and the room that it needs."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from twin.core.plan import ElementId, Plan, show_time
from twin.report.plant.graph import Box
from twin.report.plant.view import Bar, View, bar, fill, percent_with
from twin.report.result.sheet import capacity
from twin.report.style import PAPER
from twin.report.words import Lang, decimal, say

NAME, NOTE = 9.0, 7.5
"""Type sizes of names and notes, points."""
SYMBOL = 0.16
"""Half the size of the symbol of a source or sink, inches."""
HOLDING = ("buffers", "conveyors")
"""Sections of what shows how many parts stand there."""
LINE = 0.165
"""Height of a line of text, inches."""
BAR, WIDE = 0.15, 1.05
"""Height of a bar of states and least width of what has one, inches."""


class Sign(NamedTuple):
    """What is written at an element and how it is painted."""

    kind: str
    lines: tuple[str, ...]
    notes: tuple[str, ...]
    machines: int
    fill: str
    level: float
    """Mean content / capacity of a buffer after a run; NaN otherwise."""
    bar: Bar = ()
    """Time shares by state; empty where no bar is drawn."""


def sign(index: ElementId, plan: Plan, found: View | None, lang: Lang) -> Sign:
    """The sign of an element, before a run or after it."""
    element, row = plan.elements[index], plan.rows[index]
    lines, count, level, color = folded(element.name), 1, math.nan, PAPER
    if element.section in HOLDING:
        notes, level = _holding(plan, element.name, found, lang)
        notes += () if found else tuple(_standing(row, lang))
    elif element.section == "stations":
        count = int(getattr(row, "machines", 1) or 1)
        several = [f"×{count}"] if count > 1 else []
        notes = _measured(element.name, several, found, lang) if found else _traits(row, several, lang)
        color = fill(found, element.name) if found else PAPER
    else:
        waste = (say("waste", lang),) if not getattr(row, "good", True) else ()
        notes = (*waste, *_queue(element.name, found, lang))
    states = bar(found.entry(element.name)) if found and found.colour == "state" else ()
    return Sign(element.section, lines, notes, count, color, level, states)


def _holding(plan: Plan, name: str, found: View | None, lang: Lang) -> tuple[tuple[str, ...], float]:
    """(mean content / capacity, as text; as a number) after a run, else the places."""
    places = capacity(plan, name)
    room = f"{places:.0f}" if math.isfinite(places) else "∞"
    content = found.kpi(name, "content") if found else None
    if content:
        level = content.mean / places if 0 < places < math.inf else math.nan
        return (f"{decimal(content.mean, 1, lang)} / {room}",), level
    key = "no_limit" if math.isinf(places) else "one_place" if places == 1 else "places"
    return (say(key, lang, n=room),), math.nan


def _measured(name: str, several: list[str], found: View, lang: Lang) -> tuple[str, ...]:
    """The share that the colours stand for, below it the queue."""
    first = " · ".join([*several, percent_with(found.shares.get(name), lang)])
    return (first, *_queue(name, found, lang))


def _queue(name: str, found: View | None, lang: Lang) -> tuple[str, ...]:
    content = found.kpi(name, "content") if found else None
    return (say("queue", lang, n=decimal(content.mean, 1, lang)),) if content and content.mean >= 0.05 else ()


def _traits(row: Any, several: list[str], lang: Lang) -> tuple[str, ...]:
    """What a station does beside its cycle, one a line: loads, kits, set-ups."""
    return (*several, *_mechanisms(row, lang))


def _mechanisms(row: Any, lang: Lang) -> Iterator[str]:
    batch = getattr(row, "batch", None)
    if batch is not None:
        size = f"{batch.most}" if batch.least == batch.most else f"{batch.least}–{batch.most}"
        yield say("loads_of", lang, n=size)
    for field, key in (("takes", "assembles"), ("gives", "takes_apart"), ("setup", "sets_up")):
        if getattr(row, field, None):
            yield say(key, lang)


def _standing(row: Any, lang: Lang) -> Iterator[str]:
    """How parts stand in a buffer or on a belt: for how long, and whether they close up."""
    if getattr(row, "accumulating", False):
        yield say("closes_up", lang)
    dwell = getattr(row, "dwell", None)
    for field, time in dwell._asdict().items() if dwell else ():
        if 0 < time < math.inf:
            yield say(f"stands_{field}", lang, time=show_time(time))


def folded(name: str, width: int = 15, most: int = 22) -> tuple[str, ...]:
    """A name on one line or two, cut with an ellipsis when it does not fit."""
    if len(name) <= width:
        return (name,)
    cuts = [i + 1 for i, letter in enumerate(name[:-1]) if letter in "_- ."] or [len(name) // 2]
    cut = min(cuts, key=lambda i: abs(i - len(name) / 2))
    return tuple(part if len(part) <= most else part[: most - 1] + "…" for part in (name[:cut], name[cut:]))


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, weight: str = "normal") -> float:
    """The width of a text, inches."""
    if not text.strip():
        return 0.0
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    font = FontProperties(family="DejaVu Sans", weight=weight)
    return float(TextPath((0, 0), text, size=size, prop=font).vertices[:, 0].max()) / 72


def fold(text: str, size: float, width: float, weight: str = "normal") -> list[str]:
    """A text as lines no wider than ``width`` inches where its words allow; no line begins with a sign such as %."""
    lines = [""]
    for word in re.split(r" (?![%:;±/])", text):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if lines[-1] and text_width(longer, size, weight) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def box(found: Sign) -> Box:
    """The room of a sign on paper."""
    wide = max(text_width(line, size) for line, size in texts(found))
    if found.kind in ("sources", "sinks"):
        lines = len(found.lines) + len(found.notes)
        return Box(max(wide, 2 * SYMBOL) + 0.06, 2 * (SYMBOL + 0.05 + LINE * lines), SYMBOL + 0.03, SYMBOL + 0.05)
    width = max(wide + (0.5 if found.kind == "conveyors" else 0.26), WIDE if found.bar else 0.72)
    below = BAR + 0.08 if found.bar else 0.06 if found.kind in HOLDING else 0.0
    return Box(width, max(0.5, 0.2 + LINE * (len(found.lines) + len(found.notes)) + below), width / 2)


def texts(found: Sign) -> list[tuple[str, float]]:
    """(line, type size) of all that is written at an element, from top to bottom."""
    return [*((line, NAME) for line in found.lines), *((note, NOTE) for note in found.notes)]
