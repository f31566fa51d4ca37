"""A result: what a run answers, as table, figures, files and a document for programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin import __version__
from twin.api.shown import Shown
from twin.core.plan import Plan
from twin.core.run import RunError
from twin.report.figures.plots import Plots, check_colour, check_figure
from twin.study import answer, files
from twin.study.files import DRAWINGS, RESULTS, TRACES, check_apart, check_name
from twin.study.inputs import Uncertainty, few_seen, spread
from twin.study.option import check_path, whole
from twin.study.replicate import Replications
from twin.study.source import Source

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import RenderableType

    from twin.api.compared import Comparison
    from twin.report.words import Lang


class CheckError(RunError):
    """An identity of the language does not hold, so the numbers cannot be trusted; ``result`` has them all the same."""

    def __init__(self, result: Result) -> None:
        super().__init__("\n".join(result.run.failures))
        self.result = result

    def __reduce__(self) -> tuple[Any, ...]:
        return CheckError, (self.result,)


@dataclass(frozen=True, repr=False)
class Result(Shown):
    """What a run answers: shown as a table; ``document()`` is the same for programs."""

    run: Replications
    """The replications themselves: their number, their ledgers' KPIs, how they were run."""
    file: str
    """The layout, as it was named."""
    reads: tuple[Path, ...] = ()
    """The files that the layout names."""
    drawn: bool = False
    """Whether each replication took its own draw of the uncertain inputs."""
    sources: tuple[Source, ...] = ()
    """The layout and the files that it names, as they were when they were read."""

    @property
    def plan(self) -> Plan:
        """The plan that was run, options included."""
        return self.run.plan

    @property
    def rows(self) -> list[Mapping[str, float]]:
        """The KPIs of each replication by path, in order of their number; NaN: it has none."""
        return self.run.rows

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C ended the run before all replications were finished."""
        return self.run.interrupted

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the replications warn of."""
        return self.run.warnings

    @property
    def note(self) -> str:
        """How it was run, where that is not what was asked for; else empty."""
        return self.run.note or (self.uncertainty.note if self.uncertainty else "")

    @property
    def doubt(self) -> str:
        """Which of its laws rest on few times seen, so that a run with ``inputs='draws'`` is due; else empty."""
        return "" if self.drawn else few_seen(self.plan)

    @cached_property
    def uncertainty(self) -> Uncertainty | None:
        """What the run says of its uncertain inputs; None unless each replication took its own draw of them."""
        return Uncertainty(self.run) if self.drawn else None

    @cached_property
    def intervals(self) -> answer.Intervals:
        """The interval of every KPI by its path, such as ``kpis.wip`` or ``elements.mill.states.working``.

        With draws of the inputs ``low`` and ``high`` are 5 % and 95 % of the replications. A path that is not there
        raises KeyError with the nearest one.
        """
        return answer.summarise(self.rows, self.plan.confidence, spread if self.drawn else None)

    @property
    def failures(self) -> list[str]:
        """The identities that did not hold: check, replication and what was found."""
        return self.run.failures

    def document(self) -> dict[str, Any]:
        """The result as the JSON document of ``twin run --json``."""
        return answer.document(self.run, self.intervals, self.file, __version__, self.uncertainty)

    def frame(self) -> pd.DataFrame:
        """The result as a table for pandas, one row a KPI; times in s, shares 0…1."""
        import pandas as pd

        return pd.DataFrame(self.table_rows(), columns=list(answer.COLUMNS))

    def table_rows(self) -> list[tuple[Any, ...]]:
        """The rows of ``frame()`` as plain tuples; the element is empty for the whole plant."""
        return answer.table(self.intervals)

    def table(self, lang: Lang = "en") -> RenderableType:
        """The result as a rich table; ValueError for an unknown language."""
        from twin.report import table

        return table.render(self, lang)

    def text(self, lang: Lang = "en") -> str:
        """The result as plain text; ValueError for an unknown language."""
        from twin.report.table import plain_text

        return plain_text(self.table(lang))

    def trace(self, replication: int = 1) -> list[tuple[Any, ...]]:
        """What happened in one replication (counted from 1), simulated once more.

        Returns:
            (time in µs, element, machine, state, part), sorted by time.

        Raises:
            ValueError: there is no such replication.
        """
        from twin.engine import simulate

        number = whole("replication", replication, 1, self.run.wanted)
        rows: list[tuple[Any, ...]] = []
        simulate(self.plan.with_draw(number - 1) if self.drawn else self.plan, number - 1, trace=rows)
        return rows

    def against(self, before: Result) -> Comparison:
        """This result against another one on the same random numbers, pair by pair.

        Args:
            before: a run of another layout with the same seed, horizon and warm-up.

        Returns:
            The KPIs of both and their differences, this minus ``before``, with intervals over pairs of replications.

        Raises:
            ValueError: the runs have another seed, horizon or warm-up, so that their replications are no pairs.
        """
        from twin.api.compared import Comparison

        return Comparison(before, self)

    @property
    def plot(self) -> Plots:
        """Figures of the result: ``result.plot.states()`` and others."""
        return Plots(self)

    def save(self, path: str | Path) -> None:
        """Write the document (``.json``) or the table (``.csv``), whole or not at all.

        Raises:
            OutputError: another suffix, a file that the run reads, or it cannot be written.
        """
        check_output(path, "result.json", self.file, self.reads, RESULTS)
        files.save(path, self.document(), answer.COLUMNS, self.table_rows())

    def save_trace(self, path: str | Path) -> None:
        """Write the trace of the first replication as CSV: time (s), element, machine, state, part.

        Raises:
            OutputError: another suffix, a file that the run reads, or it cannot be written.
        """
        check_output(path, "trace.csv", self.file, self.reads, TRACES)
        files.write_text(path, files.trace_text(self.trace()))

    def save_plot(
        self, path: str | Path, colour: str | None = None, figure: str | None = None, lang: Lang = "en"
    ) -> None:
        """Save the figure of the states, or another one (``.svg``, ``.png`` or ``.pdf``), whole or not at all.

        Args:
            path: the file.
            colour: ``'state'`` or ``'bottleneck'``: the drawing of the plant, coloured so, instead.
            figure: another figure, one of ``twin.report.figures.plots.FIGURES``, such as ``'sankey'``.
            lang: ``'en'`` or ``'fr'``.

        Raises:
            OutputError: another suffix, a file that the run reads, or it cannot be written.
            ValueError: another colour, figure or language.
        """
        check_colour(colour, path)
        check_figure(figure, colour, path)
        name = figure or ("states" if colour is None else "plant")
        check_output(path, f"{name}.svg", self.file, self.reads, DRAWINGS)
        options = {"colour": colour} if colour else {}
        files.write_with(path, self.plot.draw(name, lang=lang, **options).savefig)

    def save_report(self, path: str | Path, *, lang: Lang = "en") -> None:
        """Write the run for people: a page (``.html``) or a workbook (``.xlsx``), whole or not at all.

        The first replication is simulated once more, for its trace.

        Args:
            path: the file.
            lang: 'en' or 'fr'.

        Raises:
            OutputError: another suffix, a file that the run reads, or it cannot be written.
            ValueError: an unknown language.
        """
        from twin.report.run import written

        check_output(path, "run.html", self.file, self.reads, written.SUFFIXES)
        written.write(path, self, lang)

    def _repr_html_(self) -> str:
        from twin.report import table

        return table.html(self)


def check_output(
    path: str | Path, example: str, layout: str, reads: Iterable[Path], suffixes: Sequence[str] = ()
) -> None:
    """Refuse a name that cannot be written, or that would cost the user a file that is read."""
    check_path(path, example)
    check_name(path, suffixes)
    check_apart(layout, reads, path)
