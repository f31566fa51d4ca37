"""Two results side by side: the KPIs of both and their paired differences, for terminal and notebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from twin.report.medium.grid import Sheet
from twin.report.notebook.planned import boxed
from twin.report.study.sums import NOTHING, named, scale_of, shown, signed, told_apart, unit_shown
from twin.report.table import WIDTH, html_sheet, plain_text, tables
from twin.report.words import Lang, as_per_cent, check_lang, say

if TYPE_CHECKING:
    from rich.console import RenderableType

    from twin.study.statistics.interval import Interval


class Line(Protocol):
    """A KPI of both results."""

    @property
    def path(self) -> str:
        """Such as 'kpis.wip'."""

    @property
    def before(self) -> Interval:
        """Its mean in the first result."""

    @property
    def after(self) -> Interval:
        """Its mean in the second one."""

    @property
    def difference(self) -> Interval:
        """The second minus the first, paired."""


class Compared(Protocol):
    """Two results, compared."""

    @property
    def names(self) -> tuple[str, str]:
        """The layouts: before, after."""

    @property
    def headline(self) -> Sequence[Line]:
        """The KPIs of the whole plant."""

    @property
    def n(self) -> int:
        """Replications of which there are pairs."""

    @property
    def confidence(self) -> float:
        """Of each interval."""


def sheet(found: Compared, lang: Lang = "en") -> Sheet:
    """One row a KPI of the plant: before, after, difference, whether they can be told apart."""
    before, after = found.names
    keys = ("nb_kpi", "nb_old", "nb_new", "nb_difference", "nb_told")
    rows = tuple(_row(one, lang) for one in _shown(found.headline))
    level = as_per_cent(found.confidence, lang)
    note = say("nb_paired", lang, n=found.n, level=level) if found.n > 1 else say("nb_one_pair", lang)
    title = say("nb_compared", check_lang(lang), after=after, before=before)
    return Sheet(title, tuple(say(key, lang) for key in keys), rows, note, 30).legible()


PER_HOUR, PER_OPEN_HOUR = "kpis.throughput_per_h", "kpis.throughput_per_open_h"


def _shown(lines: Sequence[Line]) -> list[Line]:
    """Without what is 0 in both, what the cost is made of, and the rate per open hour where it is that per hour."""
    from twin.report.result.spent import COSTS

    told = (one for one in lines if one.before.mean or one.after.mean)
    kept = {one.path: one for one in told if one.path.removeprefix("kpis.") not in COSTS}
    per_hour, per_open = kept.get(PER_HOUR), kept.get(PER_OPEN_HOUR)
    if per_hour and per_open and per_hour.difference == per_open.difference and per_hour.before == per_open.before:
        del kept[PER_OPEN_HOUR]
    return list(kept.values())


def _row(one: Line, lang: Lang) -> tuple[str, ...]:
    factor, unit = scale_of(one.path, _unit(one.path), [one.before.mean, one.after.mean])
    means = (shown(interval.document(), factor, lang) for interval in (one.before, one.after))
    difference = one.difference.document()
    cells = (*means, signed(difference, factor, lang), _told(difference, lang))
    return (named(one.path, lang) + unit_shown("" if unit == "parts" else unit, lang), *cells)


def _unit(path: str) -> str:
    """The unit of a KPI of the plant as studies name it, 's' of times."""
    from twin.report.labels import label

    unit = label(path.removeprefix("kpis.")).unit
    return "s" if unit == "time" else unit


def _told(difference: Mapping[str, Any], lang: Lang) -> str:
    if difference["low"] is None:
        return NOTHING
    if not told_apart(difference):
        return say("nb_cannot", lang)
    if difference["low"] <= 0 <= difference["high"]:
        return say("nb_same", lang)
    return say("nb_more_than" if difference["mean"] > 0 else "nb_less_than", lang)


def render(found: Compared, lang: Lang = "en") -> RenderableType:
    """The comparison for the terminal; ValueError for an unknown language."""
    from rich.console import Group

    return Group(*tables([sheet(found, lang)]))


def text(found: Compared, lang: Lang = "en", width: int = WIDTH) -> str:
    """The same as plain text of so many columns."""
    return plain_text(render(found, lang), width)


def html(found: Compared, lang: Lang = "en") -> str:
    """The same for a notebook; every name is escaped."""
    return boxed([html_sheet(sheet(found, lang))], lang, told=False)
