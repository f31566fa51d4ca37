"""What a search has found: the designs that may be best, the cheapest of them, and how it was searched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from twin.report.measure import Measure, measure, show
from twin.report.medium.grid import Sheet, legible
from twin.report.said import localised
from twin.report.study.sums import NOTHING, money, number, scale_of, shown, signed, unit_shown
from twin.report.table import STYLE, WIDTH, html_sheet, plain_text, tables
from twin.report.worded import within
from twin.report.words import SEMICOLON, Lang, as_per_cent, check_lang, decimal, say, unit_word

if TYPE_CHECKING:
    from rich.console import RenderableType

MOST_DESIGNS = 12
"""Designs that a table shows of those that may be best, and of the others."""
MOST_DIGITS = 10**9
"""From here on a number of designs is written with a power of ten."""
COST = ("cost", "budget")
SAME_COST = 0.5
"""Designs whose costs differ by less than this, in EUR, cost the same."""


@dataclass(frozen=True)
class View:
    """The document of a search and the language in which it is told; its sentences are put into that language."""

    doc: Mapping[str, Any]
    lang: Lang = "en"

    def __post_init__(self) -> None:
        object.__setattr__(self, "doc", localised(self.doc, self.lang))

    def say(self, key: str, **values: object) -> str:
        """A phrase of the report of a search."""
        return say(f"st_{key}", self.lang, **values)

    @property
    def names(self) -> list[str]:
        """The decisions."""
        return list(self.doc["decisions"])

    def scale(self, i: int) -> tuple[float, str]:
        """(factor, unit) of a goal."""
        points = [*self.doc["best"], *self.doc["others"]]
        goal = self.doc["goals"][i]
        if goal["unit"] == "EUR":
            return 1.0, "EUR"
        return scale_of(goal["name"], goal["unit"], [one["goals"][i]["mean"] for one in points])


def render(document: Mapping[str, Any], lang: Lang = "en") -> RenderableType:
    """A search for the terminal: the answer, what may be best, how it was found.

    Args:
        document: of ``twin optimise --json``.
        lang: 'en' or 'fr'; ValueError for another.
    """
    from rich.console import Group
    from rich.text import Text

    view = View(document, check_lang(lang))
    first, *others = [legible(line) for line in sentences(view)]
    told = [Text(legible(document["study"])), Text(), Text(first, style="bold"), *map(Text, others), Text()]
    foot = [Text(legible(line), style="dim") for line in lines(view)]
    return Group(*told, *tables(sheets(view)), *foot)


def text(document: Mapping[str, Any], lang: Lang = "en", width: int = WIDTH) -> str:
    """The same as plain text of so many columns."""
    return plain_text(render(document, lang), width)


def html(document: Mapping[str, Any], lang: Lang = "en") -> str:
    """A search for a notebook; every name is escaped. ValueError for an unknown language."""
    view = View(document, check_lang(lang))
    first, *others = [legible(line) for line in sentences(view)]
    parts = [f"<p>{escape(legible(document['study']))}</p>", f"<p><b>{escape(first)}</b></p>"]
    parts += [f"<p>{escape(line)}</p>" for line in others]
    parts += [html_sheet(sheet) for sheet in sheets(view)]
    parts += [f'<p class="note">{escape(legible(line))}</p>' for line in lines(view)]
    return f'{STYLE}<div class="twin" lang="{lang}">{"".join(parts)}</div>'


def sentences(view: View) -> list[str]:
    """The answer in words."""
    best, chosen = view.doc["best"], view.doc["chosen"]
    if not best:
        found = [view.say("found_none")]
    elif chosen is None:
        found = [view.say("found_front", n=len(best), among=_among(view))]
    else:
        one = next((one for one in best if one["decisions"] == chosen), best[0])
        found = [
            view.say(
                "found", design=design_named(view, one), value=_values(view, one), cost=money(one["cost"], view.lang)
            )
        ]
        found += _claim(view) if view.doc["compared"] else ()
        if one["limits"] and not one["holds_limits"]:
            found.append(view.say("found_breaks"))
    if view.doc["interrupted"]:
        found.append(view.say("found_interrupted"))
    elif best and not view.doc["compared"]:
        found.append(view.say("found_not_compared"))
    return found


def _claim(view: View) -> Iterator[str]:
    """What is claimed of the answer, and of which designs: of those that were not visited nothing is known."""
    doc, best = view.doc, len(view.doc["best"])
    blanks = {"leaders": best + len(doc["others"]), "among": _among(view),
              "level": as_per_cent(doc["confidence"], view.lang)}  # fmt: skip
    if best == 1:
        yield view.say("found_alone", **blanks)
    else:
        factor, unit = view.scale(0)
        size = f"{number(doc['indifference'] * factor, view.lang)} {unit_word(unit, view.lang)}".rstrip()
        alike = view.say("found_near" if doc["indifference"] else "found_level", size=size, **blanks)
        key, tied = _place(view)
        yield view.say(key, n=best, tied=tied, alike=alike)
    if not doc["exhaustive"] and not doc["interrupted"]:
        yield view.say("found_next" if doc["neighbours_visited"] else "found_not_next")


def _place(view: View) -> tuple[str, int]:
    """(phrase, designs that cost the least): where the answer stands among those that may be best, as they show it."""
    best, goal = view.doc["best"], view.doc["goals"][0]
    least = min(one["cost"] for one in best)
    cheap = [one for one in best if one["cost"] - least < SAME_COST]
    first = max if goal["maximise"] else min
    first_mean = first(_mean(one) for one in cheap)
    answer = next((one for one in cheap if one["decisions"] == view.doc["chosen"]), None)
    if answer is None or (len(cheap) > 1 and _mean(answer) != first_mean):
        return "found_any", len(cheap)
    return ("found_cheapest" if len(cheap) == 1 else "found_one_cost" if len(cheap) == len(best) else "found_tied",
            len(cheap))  # fmt: skip


def same_cost(designs: Sequence[Mapping[str, Any]]) -> bool:
    """Whether what designs cost does not tell them apart."""
    costs = [float(one["cost"]) for one in designs]
    return max(costs) - min(costs) < SAME_COST


def _mean(one: Mapping[str, Any]) -> float:
    return float(one["goals"][0]["mean"])


def _among(view: View) -> str:
    """The designs that an answer is the best of."""
    doc, visited = view.doc, decimal(view.doc["visited"], 0, view.lang)
    if doc["possible"] is None:
        return view.say("among_some", visited=visited)
    word = "all" if doc["exhaustive"] else "about" if doc["possible_is_estimate"] else "visited"
    number = doc["possible"]
    possible = f"{number:.1e}" if number >= MOST_DIGITS else decimal(number, 0, view.lang)
    return view.say(f"among_{word}", visited=visited, possible=possible)


def design_named(view: View, one: Mapping[str, Any]) -> str:
    """The amounts of all decisions of a design."""
    return ", ".join(f"{name} {_amount(view, name, one)}" for name in view.names)


def _amount(view: View, name: str, one: Mapping[str, Any]) -> str:
    """An amount of a decision; of a lever whether it is pulled."""
    value = one["decisions"][name]
    if view.doc["decisions"][name]["lever"]:
        return view.say("yes" if value else "no")
    return decimal(value, 0 if value == round(value) else 2, view.lang)


def _values(view: View, one: Mapping[str, Any]) -> str:
    """The goals of a design with their intervals."""
    found = []
    for i, goal in enumerate(one["goals"]):
        if goal["name"] not in COST:
            unit = unit_word(view.scale(i)[1], view.lang)
            found.append(f"{within(goal_named(view, goal['name']))} {_goal(view, i, goal)} {unit}".rstrip())
    return ", ".join(found)


def goal_named(view: View, goal: str) -> str:
    """A goal in words."""
    told = next((one.get("metric", goal) for one in view.doc["goals"] if one["name"] == goal), goal)
    return f"{told[:1].upper()}{told[1:]}"


def _goal(view: View, i: int, goal: Mapping[str, Any]) -> str:
    factor = view.scale(i)[0]
    if measure(goal["interval"]) is not None:
        return shown(goal["interval"], factor, view.lang)
    return show(Measure(goal["mean"] * factor), view.lang)


def sheets(view: View) -> list[Sheet]:
    """The designs that may be best, then the other leaders."""
    found = [_sheet(view, "search", view.doc["best"]), _sheet(view, "search_others", view.doc["others"])]
    return [sheet.legible() for sheet in found if sheet.rows]


def _sheet(view: View, title: str, points: list[Mapping[str, Any]]) -> Sheet:
    goals = [i for i, one in enumerate(view.doc["goals"]) if one["name"] not in COST]
    lead = any(one["chosen_minus_this"] for one in points)
    rows = []
    for one in points[:MOST_DESIGNS]:
        cells = [_goal(view, i, one["goals"][i]) for i in goals]
        behind = (signed(one["chosen_minus_this"], view.scale(0)[0], view.lang),) if lead else ()
        status = () if title == "search" else (view.say(f"is_{one['status'].replace(' ', '_')}"),)
        amounts = [_amount(view, name, one) for name in view.names]
        rows.append((*amounts, *cells, *behind, money(one["cost"], view.lang), *status))
    heads = [goal_named(view, view.doc["goals"][i]["name"]) + unit_shown(view.scale(i)[1], view.lang) for i in goals]
    head = (*view.names, *heads, *((view.say("behind"),) if lead else ()), view.say("cost"))
    head += () if title == "search" else (view.say("status"),)
    more = len(points) - MOST_DESIGNS
    return Sheet(view.say(title), head, tuple(rows), view.say("found_more", n=more) if more > 0 else "").narrow(18)


def lines(view: View) -> Iterator[str]:
    """How it was searched."""
    doc = view.doc
    key = "searched_all" if doc["exhaustive"] else "searched"
    yield view.say(key, visited=decimal(doc["visited"], 0, view.lang), spent=decimal(doc["replications"], 0, view.lang),
                   method=view.say(f"method_{doc['method']}") if doc["method"] else NOTHING)  # fmt: skip
    if doc["limits"]:
        yield view.say("limits", limits=SEMICOLON[view.lang].join(doc["limits"]))
    if doc["warm_up"]:
        yield f"{doc['warm_up'][:1].upper()}{doc['warm_up'][1:]}."
    for one in doc["failed"][:3]:
        yield view.say("failed", design=", ".join(f"{k} {v:g}" for k, v in one["decisions"].items()), why=one["why"])
    for warning in doc["warnings"][:3]:
        yield say("warning", view.lang) + f"{warning['design']}: {warning['text']}"
