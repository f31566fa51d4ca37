"""The minutes of a station's day before and after: opening time, losses, useful time, and so its TRS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from twin.report.measure import measure, share
from twin.report.study.figures.marks import BEFORE, GAIN, Absent, brief, note, patch, rows, tag, under
from twin.report.study.stations import LOSSES, minutes_of
from twin.report.study.sums import Page
from twin.report.style import INK, MUTED, PAPER, axes, legend, numbers, styled, title
from twin.report.words import Lang, check_lang, decimal, state_word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SPOKEN = ("opening", "planned", "required", "performance", "quality", "useful")
"""What has words of its own; the other rows are states."""
SMALLEST = 0.5
"""Minutes; a loss below this in both scenarios has no row."""


class Step(NamedTuple):
    """A bar of the waterfall, minutes."""

    key: str
    left: float
    width: float
    whole: bool
    """A time that is left, not one that is taken away."""


@styled
def trs(
    document: Mapping[str, Any], scenario: str | None = None, station: str | None = None, ax: Axes | None = None, *,
    lang: Lang = "en",
) -> Figure:  # fmt: skip
    """Where the minutes of an average day of a station go, in the scenario of 'against' and in another.

    From the opening time down to the useful time, in the words of NF E 60-182; TRS = useful / required time.

    Args:
        document: of a study.
        scenario: default the one that is looked at closely.
        station: default the bottleneck of the scenario of 'against'.
        ax: where to draw.
        lang: 'en' or 'fr'.

    Raises:
        Absent: no such station or scenario, or its minutes are not known; ValueError: an unknown language.
    """
    page = Page(document, check_lang(lang))
    names = before_after(page, scenario)
    station = station or _station(page, names)
    days = {name: day for name in names if (day := minutes_of(page, name, station)) is not None}
    if not days:
        raise Absent(f"the minutes of station '{station}' are not known" if station else "no station has a TRS")
    steps = {name: list(_steps(one)) for name, one in days.items()}
    kept = [key for key in _keys(steps) if _is_shown(steps, key)]
    figure, ax = axes(ax, 9.2, 1.6 + 0.44 * len(kept))
    for name, found in steps.items():
        for step in found:
            if step.key in kept:
                _bar(ax, page, kept.index(step.key), step, 0 if name == page.against else 1)
    ax.set_xlim(0, 1.1 * max(one["opening"] for one in days.values()))
    rows(ax, [_word(page, key) for key in kept])
    numbers(ax.xaxis, lang)
    small = page.say("trs_small") if len(kept) < len(_keys(steps)) else ""
    under(
        ax, page.say("trs_axis", station=brief(station)), f"{page.say('trs_note')} {small}", note(page, "trs_whiskers")
    )
    legend(ax, [*painted(days, page), patch(PAPER, "///", page.say("trs_lost"), edgecolor=MUTED, linewidth=0.6)])
    told = " → ".join(_trs(page, name, station) for name in days)
    title(ax, page.say("trs_title", station=brief(station), trs=told, names=" → ".join(map(brief, days))))
    return figure


def before_after(page: Page, scenario: str | None) -> list[str]:
    """The scenario of 'against', and the other, if it is another."""
    return list(dict.fromkeys([page.against, scenario or page.focus]))


def painted(names: Mapping[str, Any], page: Page, hatch: str = "") -> list[Any]:
    """The legend of before and after; ``hatch``: of before."""
    looks = {name: (BEFORE, hatch) if name == page.against else (GAIN, "") for name in names}
    return [patch(*look, tag(name)) for name, look in looks.items()]


def _station(page: Page, names: list[str]) -> str:
    """The bottleneck of the first scenario; where it is not known in all of them, the first station that is."""
    neck = (page.doc["bottlenecks"].get(page.against) or {}).get("station")
    stations = [neck, *page.doc["plant"].get(page.against, {})]
    return next((one for one in stations if one and all(minutes_of(page, name, one) for name in names)), neck or "")


def _steps(minutes: Mapping[str, float]) -> Iterator[Step]:
    yield Step("opening", 0.0, minutes["opening"], True)
    yield Step("planned", minutes["required"], minutes["planned"], False)
    yield Step("required", 0.0, minutes["required"], True)
    left = minutes["required"]
    for key in LOSSES:
        left -= minutes[key]
        yield Step(key, left, minutes[key], False)
    yield Step("useful", 0.0, minutes["useful"], True)


def _keys(steps: Mapping[str, list[Step]]) -> list[str]:
    return [step.key for step in next(iter(steps.values()))]


def _is_shown(steps: Mapping[str, list[Step]], key: str) -> bool:
    """Times that are left always, losses where one scenario has them."""
    return any(step.whole or abs(step.width) >= SMALLEST for one in steps.values() for step in one if step.key == key)


def _word(page: Page, key: str) -> str:
    return page.say(f"m_{key}") if key in SPOKEN else state_word(key, page.lang)


def _bar(ax: Axes, page: Page, row: int, step: Step, second: int) -> None:
    """A bar and its minutes; before above, after below."""
    at, fill = row + (0.19 if second else -0.19), GAIN if second else BEFORE
    look: dict[str, Any] = {"facecolor": fill, "edgecolor": PAPER, "linewidth": 0, "hatch": "" if step.whole else "///"}
    ax.barh(at, step.width, 0.36, step.left, **look)
    end = max(step.left, step.left + step.width)
    text = decimal(step.width, 1 if SMALLEST <= abs(step.width) < 9.95 else 0, page.lang)
    ax.annotate(text, (end, at), (4, 0), textcoords="offset points", va="center", fontsize=8, color=INK)


def _trs(page: Page, name: str, station: str) -> str:
    return share(measure(page.doc["plant"][name][station]["trs"]), page.lang, interval=True)
