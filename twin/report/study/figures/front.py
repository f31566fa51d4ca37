"""What can be had for what: the front of scenarios, and of the designs of a search."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from twin.kpi import find
from twin.report.study.figures.marks import NO_MONEY, Absent, Ends, brief, ends, note, rows, tag, tall, under
from twin.report.study.scenarios import HEADLINE, scale
from twin.report.study.search import COST, View, design_named, goal_named, same_cost, sentences
from twin.report.study.sums import Page, money, named, sum_of, unit_shown
from twin.report.style import ACCENT, INK, MUTED, PAPER, axes, legend, numbers, root, styled, title
from twin.report.words import Lang, check_lang

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FAR = 11.0
"""Points (1/72 inch) between numbers and whatever else is near."""
NUMBERED = 16
"""Marks that have a number and a name in the legend; the first of them are those that matter."""
MOST_ROWS, ROW_LETTERS = 20, 40
"""Of a row a design: how many there are, and the letters of a line of its name."""
NAMED = 4
"""Names that a sentence lists."""
AROUND = ((8, 6), (8, -6), (-8, 6), (-8, -6), (0, 12), (0, -12), (15, 0), (-15, 0), (20, 10), (20, -10))
"""Where a number may stand beside its mark, points; the first with room is taken."""


FEWEST = 2
"""Scenarios that a front takes."""


class Words(NamedTuple):
    """What is written around the marks."""

    key: str
    """Of what filled, hollow and a diamond mean."""
    sentence: str
    told: str
    """What the whiskers are."""


class Scale(NamedTuple):
    """An axis."""

    word: str
    maximise: bool


class Spot(NamedTuple):
    """A scenario or a design."""

    name: str
    x: Ends
    y: Ends
    filled: bool = False
    ringed: bool = False


@styled
def pareto(
    document: Mapping[str, Any],
    x: str | None = None,
    y: str | None = None,
    ax: Axes | None = None,
    *,
    lang: Lang = "en",
) -> Figure:
    """Scenarios by two measures, the front of those that no other beats in both by its means.

    Args:
        document: of a study.
        x: 'capex', 'npv', or a KPI such as 'carbon_kg_per_part' or 'lead_time_p95_s'; default the investment, in a
            study without money the lead time.
        y: the same; default the NPV, in a study without money the throughput.
        ax: where to draw.
        lang: 'en' or 'fr'.

    Raises:
        Absent: the study does not have them, or less than two scenarios; ValueError: a KPI of which neither more nor
            less is better, or an unknown language.
    """
    page = Page(document, check_lang(lang))
    with_money = any("money" in one for one in page.scenarios)
    asked = x or ("capex" if with_money else "lead_time_p95_s"), y or ("npv" if with_money else HEADLINE)
    (across, xs), (up, ys) = (_measure(page, one) for one in asked)
    names = [one for one in [page.against, *page.names] if one in xs and one in ys]
    if len(names) < FEWEST:
        raise Absent("a front takes at least two scenarios")
    spots = _told([Spot(one, xs[one], ys[one], ringed=one == page.focus) for one in names], across, up)
    listed = [one.name for one in spots if one.filled]
    shown = ", ".join(map(brief, listed[:NAMED])) + (" …" if len(listed) > NAMED else "")
    sentence = page.say("pareto_title", n=len(listed), all=len(spots), names=shown)
    told = note(page, "pareto_whiskers" if "capex" in asked else "whiskers")
    return _drawn(ax, page, spots, (across, up), Words("pareto", sentence, told))


@styled
def front(document: Mapping[str, Any], ax: Axes | None = None, *, lang: Lang = "en") -> Figure:
    """The designs of a search: both goals, or one goal against what a design costs; filled ones may be the best.

    Where all that may be the best cost the same, cost tells nothing of them: then a row a design.

    Args:
        document: of ``twin optimise --json``.
        ax: where to draw.
        lang: 'en' or 'fr'.

    Raises:
        Absent: no design was simulated to the end; ValueError: an unknown language.
    """
    view = View(document, check_lang(lang))
    found = [*document["best"], *document["others"]]
    if not found:
        raise Absent("no design was simulated to the end")
    page = Page({"run": {"replications": max(one["replications"] for one in found),
                         "confidence": document["confidence"]}}, lang)  # fmt: skip
    goals = [i for i, one in enumerate(document["goals"]) if one["name"] not in COST]
    across, up = (_goal(view, goals[1]) if len(goals) > 1 else _cost(view, found)), _goal(view, goals[0])
    spots = [
        Spot(design_named(view, one), across[1](one), up[1](one), i < len(document["best"]),
             one["decisions"] == document["chosen"])
        for i, one in enumerate(found)
    ]  # fmt: skip
    told = note(page, "front_whiskers")
    best = document["best"] or found
    if len(goals) == 1 and len(best) > 1 and same_cost(best):
        return _forest(ax, view, page, [_costed(view, *pair) for pair in zip(spots, found, strict=True)],
                       (up[0].word, told))  # fmt: skip
    return _drawn(ax, page, spots, (across[0], up[0]), Words("front", sentences(view)[0], told))


def _measure(page: Page, asked: str) -> tuple[Scale, dict[str, Ends]]:
    """A measure and its value of each scenario."""
    if asked in ("npv", "capex"):
        return _money(page, asked)
    found = page.kpi(asked) or page.kpi(f"kpis.{asked}")
    if found is None:
        known = ", ".join(one["kpi"].removeprefix("kpis.") for one in page.doc["kpis"])
        raise Absent(f"the study has no '{asked}'; there is npv, capex, {known}")
    better = find(found["kpi"]).higher_is_better
    if better is None:
        raise ValueError(f"neither more nor less of '{asked}' is better, so it has no front")
    factor, unit = scale(found)
    word = named(found["kpi"], page.lang) + unit_shown(unit, page.lang)
    return Scale(word, better), {name: ends(one, factor) for name, one in found["means"].items()}


def _money(page: Page, asked: str) -> tuple[Scale, dict[str, Ends]]:
    """Beside the scenario of 'against', which has neither NPV nor investment."""
    known = {one["name"]: one["money"] for one in page.scenarios if "money" in one}
    if not known:
        raise Absent(NO_MONEY)
    size = page.unit()
    if asked == "npv":
        found = {name: ends(one["npv"]["mean"], 1 / size.size) for name, one in known.items()}
    else:
        capex = {name: one["capex"] for name, one in known.items()}
        found = {name: Ends(one["median"], one["p05"], one["p95"]).times(1 / size.size) for name, one in capex.items()}
    return Scale(page.say(f"pareto_{asked}", unit=size.name), asked == "npv"), {
        page.against: Ends(0, None, None),
        **found,
    }


def _goal(view: View, i: int) -> tuple[Scale, Any]:
    """A goal of a search and how it is read off a design."""
    goal, (factor, unit) = view.doc["goals"][i], view.scale(i)
    word = goal_named(view, goal["name"]) + unit_shown(unit, view.lang)
    return Scale(word, goal["maximise"]), lambda one: ends(
        one["goals"][i]["interval"] or one["goals"][i]["mean"], factor
    )


def _cost(view: View, found: Sequence[Mapping[str, Any]]) -> tuple[Scale, Any]:
    size = sum_of([one["cost"] for one in found])
    return Scale(f"{view.say('cost')}, {size.name}", False), lambda one: ends(one["cost"], 1 / size.size)


def _told(spots: Sequence[Spot], across: Scale, up: Scale) -> list[Spot]:
    """Filled where no other is better in one and as good in the other, by the means."""
    worth = [(_signed(one.x.mean, across), _signed(one.y.mean, up)) for one in spots]
    beaten = [any(a >= x and b >= y and (a, b) != (x, y) for a, b in worth) for x, y in worth]
    return [one._replace(filled=not out) for one, out in zip(spots, beaten, strict=True)]


def _signed(value: float, scale: Scale) -> float:
    return value if scale.maximise else -value


def _drawn(ax: Axes | None, page: Page, spots: Sequence[Spot], scales: tuple[Scale, Scale], words: Words) -> Figure:
    numbered = spots[:NUMBERED]
    handles = [*(_handle(i, one) for i, one in enumerate(numbered)), *_kinds(page, words.key, spots)]
    figure, ax = axes(ax, 9.2, tall(4.4, handles))
    for one in spots:
        ax.errorbar(
            one.x.mean,
            one.y.mean,
            xerr=one.x.reach,
            yerr=one.y.reach,
            elinewidth=0.9,
            capsize=2,
            zorder=4,
            **_look(one),
        )
    stepped = _stairs(ax, [one for one in spots if one.filled], *scales)
    ax.margins(0.08)
    ax.grid(axis="both")
    ax.set_ylabel(scales[1].word)
    for axis in (ax.xaxis, ax.yaxis):
        numbers(axis, page.lang)
    legend(ax, handles)
    reading = page.say(f"{words.key}_note") if stepped or words.key == "pareto" else ""
    under(ax, scales[0].word, reading, words.told)
    title(ax, words.sentence)
    _number(ax, spots)
    return figure


def _forest(ax: Axes | None, view: View, page: Page, spots: Sequence[Spot], words: tuple[str, str]) -> Figure:
    """A row a design with the interval of its goal, those that may be best on top.

    Args:
        words: the axis, and what the whiskers are.
    """
    shown = spots[:MOST_ROWS]
    figure, ax = axes(ax, 9.2, 1.9 + 0.36 * len(shown))
    for row, one in enumerate(shown):
        ax.errorbar(one.y.mean, row, xerr=one.y.reach, elinewidth=1.3, capsize=3, zorder=4, **_look(one))
    rows(ax, [one.name for one in shown])
    ax.set_yticks(range(len(shown)), [tag(one.name, ROW_LETTERS) for one in shown])
    for label, one in zip(ax.get_yticklabels(), shown, strict=True):
        label.set_fontweight("bold" if one.ringed else "normal")
    numbers(ax.xaxis, page.lang)
    legend(ax, _kinds(page, "front", shown)[1:])
    cost, hidden = _usual_cost(view), len(spots) - len(shown)
    key = "front_level" if same_cost([*view.doc["best"], *view.doc["others"]]) else "front_level_but"
    under(ax, words[0], view.say(key, cost=money(cost, view.lang)) if cost else "",
          view.say("found_more", n=hidden) if hidden else "", words[1])  # fmt: skip
    title(ax, sentences(view)[0])
    return figure


def _usual_cost(view: View) -> float:
    """What all designs cost that may be the best."""
    return float((view.doc["best"] or view.doc["others"])[0]["cost"])


def _costed(view: View, spot: Spot, one: Mapping[str, Any]) -> Spot:
    """With its cost behind its name where that is not the usual one."""
    if same_cost([one, {"cost": _usual_cost(view)}]):
        return spot
    return spot._replace(name=f"{spot.name} ({money(one['cost'], view.lang)})")


def _look(one: Spot) -> dict[str, Any]:
    colour, face = (ACCENT, ACCENT) if one.filled else (MUTED, PAPER)
    return {"color": colour, "markerfacecolor": face, "markersize": 6.5, "marker": "D" if one.ringed else "o"}


def _handle(i: int, one: Spot) -> Any:
    """A mark with its number and name, for the legend."""
    from matplotlib.lines import Line2D

    text = tag(one.name, 30).replace("\n", "\n     ")
    return Line2D([], [], linestyle="", label=f"{i + 1}  {text}", **_look(one))


def _kinds(page: Page, key: str, spots: Sequence[Spot]) -> list[Any]:
    """What filled, hollow and a diamond mean, if there is one."""
    from matplotlib.lines import Line2D

    looks = (("on", "o", ACCENT), ("off", "o", PAPER), ("focus", "D", PAPER))
    plain: dict[str, Any] = {"linestyle": "", "color": MUTED, "markersize": 5}
    found = [
        Line2D([], [], marker=marker, markerfacecolor=face, label=page.say(f"{key}_{kind}"), **plain)
        for kind, marker, face in looks
        if kind != "focus" or any(one.ringed for one in spots)
    ]
    return [Line2D([], [], linestyle="", label=" "), *found]


def _stairs(ax: Axes, spots: Sequence[Spot], across: Scale, up: Scale) -> bool:
    """The border of what can be had: a corner between one design of the front and the next; whether there is one."""
    best = _told(spots, across, up)
    order = sorted((one for one in best if one.filled), key=lambda one: -_signed(one.x.mean, across))
    path = [(one.x.mean, one.y.mean) for one in order]
    corners = [spot for (_, low), here in pairwise(path) for spot in ((here[0], low), here)]
    if path:
        ax.plot(*zip(*[path[0], *corners], strict=True), color=INK, linewidth=0.9, linestyle=(0, (2, 2)), zorder=2)
    return len(path) > 1


def _number(ax: Axes, spots: Sequence[Spot]) -> None:
    """The number of each mark beside it, where it meets no other mark or number as far as there is room."""
    root(ax).draw_without_rendering()
    scale = 72 / root(ax).dpi
    marks = [tuple(scale * v for v in ax.transData.transform((one.x.mean, one.y.mean))) for one in spots]
    taken = list(marks)
    for i, (spot, (x, y)) in enumerate(zip(spots[:NUMBERED], marks, strict=False)):
        others = taken[:i] + taken[i + 1 :]
        rooms = {at: min((math.dist((x + at[0], y + at[1]), one) for one in others), default=FAR) for at in AROUND}
        at = next((one for one, room in rooms.items() if room >= FAR), max(rooms, key=lambda one: rooms[one]))
        taken.append((x + at[0], y + at[1]))
        ax.annotate(
            str(i + 1), (spot.x.mean, spot.y.mean), at, textcoords="offset points", ha="center", va="center",
            fontsize=8, color=INK, zorder=8,
        )  # fmt: skip
