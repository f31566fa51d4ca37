"""The figures of a result by name: what ``result.plot`` is in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from twin.report import view
from twin.report.sheet import Answer
from twin.report.trace import Moment

if TYPE_CHECKING:
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


class Plots:
    """The figures of a result; each returns a matplotlib Figure and draws on ``ax`` when it is given."""

    def __init__(self, result: Traced) -> None:
        self._result = result

    def states(self, ax: Any = None) -> Figure:
        """Time in each state, one bar a machine."""
        from twin.report import figures

        return figures.states(self._result, ax=ax)

    def content(self, ax: Any = None) -> Figure:
        """Content of the buffers over time, in the first replication."""
        from twin.report import figures

        return figures.content(self._result, self._result.trace(), ax=ax)

    def gantt(self, start: Moment | None = None, end: Moment | None = None, ax: Any = None) -> Figure:
        """What each machine did from ``start`` to ``end`` (``'2 h'`` or s; None: a usual window), first replication.

        Raises:
            ValueError: no such time, or a window that is empty or leaves the run.
        """
        from twin.report import figures

        return figures.gantt(self._result, self._result.trace(), start, end, ax=ax)

    def bottleneck(self, ax: Any = None) -> Figure:
        """Share of the time each machine is the bottleneck."""
        from twin.report import figures

        return figures.bottleneck(self._result, ax=ax)

    def plant(self, ax: Any = None, colour: str = "bottleneck") -> Figure:
        """The drawing of the plant with what was measured.

        Args:
            ax: where to draw; default a figure of its own.
            colour: ``'bottleneck'`` fills each station by its bottleneck share, ``'state'`` gives it a bar of its time
                shares by state.

        Raises:
            ValueError: another colour.
        """
        from twin.report import drawing

        return drawing.plant(self._result.plan, self._result, ax=ax, colour=colour)
