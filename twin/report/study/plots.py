"""The figures of a study and of a search by name: what ``result.plot`` is in a notebook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from twin.report.words import Lang, figure_named

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FIGURES = ("npv", "tornado", "waterfall", "differences", "cash", "pareto", "trs", "bottleneck", "effects")
"""Figures of a study."""


class StudyPlots:
    """The figures of a study; each returns a matplotlib Figure and draws on ``ax`` when it is given.

    Each raises ``figures.Absent``, a ValueError, where the study has nothing to show in it.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document

    def draw(self, word: str, lang: Lang = "en") -> Figure:
        """The figure of this name, as it is drawn without being asked for more; ValueError: there is none."""
        found: Figure = getattr(self, figure_named(word, FIGURES))(lang=lang)
        return found

    def npv(self, ax: Axes | None = None, *, lang: Lang = "en") -> Figure:
        """NPV of each scenario as S-curves, the share that loses money shaded."""
        from twin.report.study import figures

        return figures.npv(self._document, ax, lang=lang)

    def tornado(self, scenario: str | None = None, ax: Axes | None = None, *, lang: Lang = "en") -> Figure:
        """The NPV of a scenario (default the chosen one) with each input at its P10 and P90."""
        from twin.report.study import figures

        return figures.tornado(self._document, scenario, ax, lang=lang)

    def waterfall(self, scenario: str | None = None, ax: Axes | None = None, *, lang: Lang = "en") -> Figure:
        """The gain of a scenario by lever, with intervals; its subsets must have been simulated (``explain``)."""
        from twin.report.study import figures

        return figures.waterfall(self._document, scenario, ax, lang=lang)

    def differences(self, kpi: str | None = None, ax: Axes | None = None, *, lang: Lang = "en") -> Figure:
        """A KPI of each scenario minus that of 'against', with intervals (default the throughput)."""
        from twin.report.study import figures

        return figures.differences(self._document, kpi, ax, lang=lang)

    def cash(self, scenario: str | None = None, ax: Axes | None = None, *, lang: Lang = "en") -> Figure:
        """The cash flows of a scenario (default the chosen one) and their discounted sum."""
        from twin.report.study import figures

        return figures.cash(self._document, scenario, ax, lang=lang)

    def pareto(
        self, x: str | None = None, y: str | None = None, ax: Axes | None = None, *, lang: Lang = "en"
    ) -> Figure:
        """The front of the scenarios: ``x`` and ``y`` are 'npv', 'capex' or KPIs (default NPV against investment)."""
        from twin.report.study import figures

        return figures.pareto(self._document, x, y, ax, lang=lang)

    def trs(
        self, scenario: str | None = None, station: str | None = None, ax: Axes | None = None, *, lang: Lang = "en"
    ) -> Figure:
        """The minutes of a station's day (default the bottleneck), before and after, down to its TRS."""
        from twin.report.study import figures

        return figures.trs(self._document, scenario, station, ax, lang=lang)

    def bottleneck(self, scenario: str | None = None, ax: Axes | None = None, *, lang: Lang = "en") -> Figure:
        """How often each station is the bottleneck, before and after."""
        from twin.report.study import figures

        return figures.bottleneck(self._document, scenario, ax, lang=lang)

    def effects(self, factorial: str | None = None, ax: Axes | None = None, *, lang: Lang = "en") -> Figure:
        """The effects of a factorial (default the first), with intervals that hold together."""
        from twin.report.study import figures

        return figures.effects(self._document, factorial, ax, lang=lang)


class SearchPlots:
    """The figures of a search."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document

    def front(self, ax: Axes | None = None, *, lang: Lang = "en") -> Figure:
        """The leaders by both goals, or by one goal and what they cost; those that may be best are filled.

        Raises:
            ValueError: no design was simulated to the end.
        """
        from twin.report.study import figures

        return figures.front(self._document, ax, lang=lang)
