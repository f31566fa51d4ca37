"""The figures of a result by name: what ``result.plot`` is in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from twin.report.plant import view
from twin.report.result.sheet import Answer
from twin.report.ways.trace import Moment
from twin.report.words import Lang, figure_named

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def check_colour(colour: str | None, plot: object) -> None:
    """Refuse a colour that there is none of, and one without a file to draw into.

    Raises:
        ValueError: what to write instead.
    """
    if colour is None:
        return
    view.check_colour(colour)
    if plot is None:
        raise ValueError("colour: name a file for the drawing as well: --plot plant.svg")


class Traced(Answer, Protocol):
    """A result that can also tell what happened."""

    def trace(self, replication: int = 1) -> list[tuple[Any, ...]]:
        """The trace of a replication, counted from 1."""


FIGURES = (
    "states", "trs", "yamazumi", "bottleneck", "bottleneck_over_time", "waits", "sankey", "value_stream", "content",
    "gantt", "plant",
)  # fmt: skip
"""The names of the figures of a run."""


def check_figure(figure: str | None, colour: str | None, plot: object) -> None:
    """Refuse a figure that there is none of, one without a file to draw into, and one together with a colour.

    Raises:
        ValueError: what to write instead.
    """
    if figure is None:
        return
    figure_named(figure, FIGURES)
    if plot is None:
        raise ValueError(f"figure: name a file for it as well: --plot {figure}.svg")
    if colour is not None and figure != "plant":
        raise ValueError("colour: only the figure 'plant' takes one; leave one of the two out")


class Plots:
    """The figures of a result; each returns a matplotlib Figure and draws on ``ax`` when it is given.

    ``lang`` is 'en' or 'fr'; another raises ValueError. What takes a trace simulates the first replication once more.
    """

    def __init__(self, result: Traced) -> None:
        self._result = result

    def draw(self, figure: str, *, lang: Lang = "en", **options: Any) -> Figure:
        """A figure by its name, one of ``FIGURES``.

        Raises:
            ValueError: there is no such figure.
        """
        found: Figure = getattr(self, figure_named(figure, FIGURES))(lang=lang, **options)
        return found

    def states(self, ax: Axes | None = None, *, lang: Lang = "en") -> Figure:
        """Time in each state, one bar a machine."""
        from twin.report import figures

        return figures.states(self._result, ax=ax, lang=lang)

    def trs(self, station: str | None = None, ax: Axes | None = None, *, lang: Lang = "en") -> Figure:
        """From opening time to useful time (NF E 60-182) in minutes of a day; default: of the bottleneck.

        Raises:
            ValueError: there is no such station.
        """
        from twin.report import figures

        return figures.trs(self._result, station, ax=ax, lang=lang)

    def yamazumi(self, ax: Axes | None = None, *, lang: Lang = "en") -> Figure:
        """The time of each station for a good part, by state, against its takt."""
        from twin.report import figures

        return figures.yamazumi(self._result, ax=ax, lang=lang)

    def content(self, ax: Axes | None = None, *, lang: Lang = "en") -> Figure:
        """Content of the buffers over time, in the first replication."""
        from twin.report import figures

        return figures.content(self._result, self._result.trace(), ax=ax, lang=lang)

    def gantt(
        self, start: Moment | None = None, end: Moment | None = None, ax: Axes | None = None, *, lang: Lang = "en"
    ) -> Figure:
        """What each machine did from ``start`` to ``end`` (``'2 h'`` or s; None: a usual window), first replication.

        Raises:
            ValueError: no such time, or a window that is empty or leaves the run.
        """
        from twin.report import figures

        return figures.gantt(self._result, self._result.trace(), start, end, ax=ax, lang=lang)

    def bottleneck(self, ax: Axes | None = None, *, lang: Lang = "en") -> Figure:
        """Share of the time each machine is the bottleneck."""
        from twin.report import figures

        return figures.bottleneck(self._result, ax=ax, lang=lang)

    def bottleneck_over_time(self, ax: Axes | None = None, *, lang: Lang = "en") -> Figure:
        """Which station is the bottleneck when, in the first replication."""
        from twin.report import figures

        return figures.bottleneck_over_time(self._result, self._result.trace(), ax=ax, lang=lang)

    def waits(self, ax: Axes | None = None, *, lang: Lang = "en") -> Figure:
        """How long each station is starved and blocked, with arrows that point at the bottleneck."""
        from twin.report import figures

        return figures.waits(self._result, ax=ax, lang=lang)

    def sankey(self, ax: Axes | None = None, *, lang: Lang = "en") -> Figure:
        """The flow of parts with scrap and ways back, in the first replication."""
        from twin.report import figures

        return figures.sankey(self._result, self._result.trace(), ax=ax, lang=lang)

    def value_stream(self, ax: Axes | None = None, *, lang: Lang = "en") -> Figure:
        """The ladder of waits and work of a good part, in the first replication."""
        from twin.report import figures

        return figures.value_stream(self._result, self._result.trace(), ax=ax, lang=lang)

    def plant(self, ax: Axes | None = None, colour: str = "bottleneck", *, lang: Lang = "en") -> Figure:
        """The drawing of the plant with what was measured.

        Args:
            ax: where to draw; default a figure of its own.
            colour: ``'bottleneck'`` fills each station by its bottleneck share, ``'state'`` gives it a bar of its time
                shares by state.
            lang: 'en' or 'fr'.

        Raises:
            ValueError: another colour.
        """
        from twin.report.plant import drawing

        return drawing.plant(self._result.plan, self._result, ax=ax, colour=colour, lang=lang)
