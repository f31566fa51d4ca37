"""The figures of a study by name: what ``result.plot`` is in a notebook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from twin.report.words import Lang

FIGURES = ("npv", "tornado", "waterfall", "differences")
"""Figures of a study."""


class StudyPlots:
    """The figures of a study; each returns a matplotlib Figure and draws on ``ax`` when it is given."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document

    def draw(self, word: str) -> Figure:
        """The figure of this name, as it is drawn without being asked for more; ValueError: there is none."""
        found: Figure = getattr(self, check_figure(word) or "")()
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


def check_figure(word: str | None) -> str | None:
    """The name of a figure; ValueError for another. None is fine."""
    if word is not None and word not in FIGURES:
        from twin.core.problem import nearest

        near = nearest(word, FIGURES)
        hint = f"did you mean '{near}'?" if near else f"there is {', '.join(FIGURES)}"
        raise ValueError(f"unknown figure '{word}'; {hint}")
    return word
