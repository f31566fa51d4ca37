"""What the figures of studies have in common: names that fit, intervals, filled and hollow, notes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from twin.report.medium.grid import legible
from twin.report.study.sums import ROUNDING, Page, Sum, estimate, told_apart
from twin.report.style import ACCENT, INK, MUTED, PAPER, wrapped
from twin.report.words import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LETTERS = 26
"""Of a line of a name beside an axis."""
LINES = 2
"""So many lines of a name are shown."""
SAID = 40
"""Letters of a name in a sentence."""
HEAD, LINE = 1.3, 0.19
"""Inches: what stands above and below the axes, and a line of a legend."""
_PIECES = re.compile(r"[^\s_+.,:/]*[\s_+.,:/]*")
GAIN, LOSS, WHOLE, BEFORE = "#0072B2", "#D55E00", "#9A9A9A", "#B4B4B4"
FEW = 2
"""Replications from which there is an interval."""


class Absent(ValueError):  # noqa: N818  a word for what is not there, not a mistake
    """A study has nothing that this figure could show."""


def money_of(page: Page, name: str) -> Mapping[str, Any]:
    """The money of a scenario; Absent: it has none."""
    found = page.money_of(name)
    if found is not None:
        return found
    if any("money" in one for one in page.doc["scenarios"]):
        raise Absent(f"there is no NPV of '{name}'")
    raise Absent(NO_MONEY)


NO_MONEY = "the study has no 'finance:', so there is no NPV"


class Ends(NamedTuple):
    """An interval; low and high are None where the rows are too few for one."""

    mean: float
    low: float | None
    high: float | None

    @property
    def reach(self) -> list[list[float]] | None:
        """How far a whisker goes down and up, as matplotlib wants it."""
        if self.low is None or self.high is None:
            return None
        return [[max(self.mean - self.low, 0.0)], [max(self.high - self.mean, 0.0)]]

    def times(self, factor: float) -> Ends:
        """The same in another unit."""
        return Ends(self.mean * factor, *(None if one is None else one * factor for one in self[1:]))


def ends(found: Mapping[str, Any] | float, factor: float = 1.0) -> Ends:
    """An interval of the document ('mean' or 'value', 'low', 'high'), or a number without one, times a factor."""
    if not isinstance(found, Mapping):
        return Ends(found * factor, None, None)
    mean = found["mean"] if "mean" in found else found["value"]
    return Ends(mean, found["low"], found["high"]).times(factor)


def tag(name: str, letters: int = LETTERS) -> str:
    """A name that fits beside an axis: a few lines, what cannot be seen made plain, the rest cut."""
    lines = [""]
    for piece in _PIECES.findall(legible(name)):
        if lines[-1] and len(lines[-1]) + len(piece.rstrip()) > letters:
            lines.append("")
        lines[-1] += piece
        while len(lines[-1].rstrip()) > letters:
            lines[-1:] = [lines[-1][:letters], lines[-1][letters:]]
    lines = [line.strip() for line in lines]
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], lines[LINES - 1][: letters - 1] + "…"]
    return "\n".join(lines)


def brief(name: str) -> str:
    """A name that fits into a sentence."""
    text = legible(name)
    return text if len(text) <= SAID else text[: SAID - 1] + "…"


def tall(least: float, handles: Sequence[Any]) -> float:
    """The height in inches of a figure beside whose axes a legend has these entries."""
    lines = sum(1 + str(handle.get_label()).count("\n") for handle in handles)
    return max(least, HEAD + LINE * lines)


def note(page: Page, key: str = "whiskers") -> str:
    """What whiskers are, and over how many replications; or that there is none."""
    n = page.doc["run"]["replications"]
    return say("no_interval", page.lang) if n < FEW else page.say(key, level=page.level, n=n)


def amount(page: Page, found: Mapping[str, Any], unit: Sum) -> str:
    """An amount with its interval, if there is one, and its unit."""
    if found["low"] is None or found["high"] is None:
        return unit.whole(found["value"], page.lang)
    return estimate(found, unit, page.lang)


def whisker(ax: Axes, x: float, y: float, reach: list[list[float]] | None, upright: bool = False) -> None:
    """An interval about a point, with a light edge so that it is seen on dark bars; nothing where there is none."""
    if reach is None:
        return
    where: dict[str, Any] = {"yerr": reach} if upright else {"xerr": reach}
    for colour, line, cap in ((PAPER, 2.8, 3.6), (INK, 1.2, 3.0)):
        ax.errorbar(x, y, fmt="none", color=colour, capsize=cap, elinewidth=line, capthick=line, zorder=6, **where)


POINTS: dict[str, dict[str, Any]] = {
    "sure": {"marker": "o", "color": ACCENT, "markerfacecolor": ACCENT},
    "unsure": {"marker": "o", "color": MUTED, "markerfacecolor": PAPER},
    "exactly": {"marker": "x", "color": INK, "markeredgewidth": 1.5},
}
"""Marks of differences: told from 0, not told yet, nothing but 0."""


def kind_of(interval: Mapping[str, Any]) -> str:
    """Which of ``POINTS`` a difference is."""
    whole = (interval["low"], interval["mean"], interval["high"])
    if all(one is not None and abs(one) < ROUNDING for one in whole):
        return "exactly"
    return "sure" if told_apart(interval) else "unsure"


def point(ax: Axes, row: float, interval: Mapping[str, Any], factor: float) -> None:
    """A difference with its interval; hollow where it cannot be told from 0."""
    found = ends(interval, factor)
    look = POINTS[kind_of(interval)]
    ax.errorbar(found.mean, row, xerr=found.reach, markersize=5.5, capsize=3, elinewidth=1.3, zorder=4, **look)


def bar_look(sure: bool, value: float) -> dict[str, Any]:
    """A bar of a difference: gains and losses have their colours and hatches, what cannot be told is hollow."""
    colour = GAIN if value >= 0 else LOSS
    if not sure:
        return {"facecolor": PAPER, "edgecolor": colour, "linewidth": 1.2, "linestyle": (0, (3, 2))}
    return {"facecolor": colour, "edgecolor": PAPER, "linewidth": 0, "hatch": "" if value >= 0 else "///"}


def rows(ax: Axes, names: Sequence[str]) -> None:
    """Names down the left side, the first on top."""
    ax.set_yticks(range(len(names)), [tag(name) for name in names])
    low, high = len(names) - 0.4, -0.6
    ax.set_ylim((low, high) if len(names) > 1 else (0.9, -0.9))
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x")


def zero(ax: Axes) -> None:
    """The line at 0."""
    ax.axvline(0, color=INK, linewidth=1.0)


def under(ax: Axes, axis: str, *notes: str) -> None:
    """The name of the horizontal axis, below it what has to be known to read the figure."""
    ax.set_xlabel("\n".join([axis, *(wrapped(one, 105) for one in notes if one)]))


def patch(colour: str, hatch: str, label: str, **look: Any) -> Any:
    """A field of a legend."""
    from matplotlib.patches import Patch

    return Patch(**{"facecolor": colour, "hatch": hatch, "edgecolor": PAPER, "linewidth": 0, "label": label, **look})


def dots(page: Page, intervals: Iterable[Mapping[str, Any]]) -> list[Any]:
    """The legend of the points that there are."""
    from matplotlib.lines import Line2D

    there = {kind_of(one) for one in intervals}
    return [Line2D([], [], markersize=5.5, label=page.say(kind), **look) for kind, look in POINTS.items()
            if kind in there]  # fmt: skip
