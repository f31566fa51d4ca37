"""What a notebook holds: load a plant, check it, run it, look at the result."""

from __future__ import annotations

import html
import inspect
import io
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin import __version__
from twin.core.compile import compile_plan
from twin.core.layout import Layout, layout_schema, load_layout
from twin.core.plan import Plan
from twin.core.problem import PlantError, Problem
from twin.core.run import RunError
from twin.core.text import read
from twin.report.plots import Plots, check_colour
from twin.study import answer, files
from twin.study.difference import Change, differences, not_a_layout
from twin.study.files import DRAWINGS, RESULTS, TRACES, OutputError, check_apart, check_name
from twin.study.option import check_helpers, check_known, check_path, check_workers, run_changes, whole
from twin.study.replicate import Progress, Replications, replicate

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure
    from rich.console import RenderableType

__all__ = [
    "DRAWINGS",
    "RESULTS",
    "TRACES",
    "CheckError",
    "OutputError",
    "Plant",
    "PlantError",
    "Plots",
    "Result",
    "RunError",
    "__version__",
    "check",
    "check_apart",
    "check_colour",
    "check_name",
    "check_workers",
    "compare",
    "load",
    "run",
    "run_changes",
    "schema",
]
A_LAYOUT = "layouts/pump_line.yaml"
"""The name of a file, as messages show one."""


class CheckError(RunError):
    """An identity of the language does not hold, so the numbers cannot be trusted; ``result`` has them all the same."""

    def __init__(self, result: Result) -> None:
        super().__init__("\n".join(result.run.failures))
        self.result = result

    def __reduce__(self) -> tuple[Any, ...]:
        return CheckError, (self.result,)


def register() -> None:
    """Make all kinds and laws known: those of the package, then plug-ins (entry-point group ``twin.kinds``)."""
    from twin import element

    element.plug_in()


def load(path: str | Path) -> Plant:
    """Read, check and compile a layout.

    Raises:
        PlantError: all problems of the file, sorted by place.
        TypeError: what is given is no path.
    """
    check_path(path, A_LAYOUT)
    register()
    layout = load_layout(path)
    return Plant(layout, compile_plan(layout))


def check(path: str | Path) -> list[Problem]:
    """All errors and warnings of a layout, sorted by place; never raises for a bad file (TypeError: no path)."""
    check_path(path, A_LAYOUT)
    register()
    try:
        layout = load_layout(path)
    except PlantError as error:
        return list(error.problems)
    try:
        compile_plan(layout)
    except PlantError as error:
        return _sorted([*error.problems, *layout.document.problems])
    return _sorted(layout.document.problems)


def _sorted(problems: list[Problem]) -> list[Problem]:
    return list(PlantError(dict.fromkeys(problems)).problems)


def run(path: str | Path, **options: Any) -> Result:
    """Load a layout and run it; the options are those of ``Plant.run``."""
    check_known(options, [*inspect.signature(Plant.run).parameters][1:])
    return load(path).run(**options)


def compare(a: str | Path, b: str | Path) -> list[Change]:
    """What changed between two layouts, by path.

    Raises:
        PlantError: one of them is no YAML, or no layout.
    """
    for path in (a, b):
        check_path(path, A_LAYOUT)
    documents = read(a), read(b)
    if problems := [problem for one in documents for problem in not_a_layout(one)]:
        raise PlantError(problems)
    return differences(*documents)


def schema() -> dict[str, Any]:
    """The JSON Schema of a layout, for completion and hover in editors."""
    register()
    return layout_schema()


@dataclass(frozen=True, repr=False)
class Plant:
    """A checked and compiled plant."""

    layout: Layout
    plan: Plan

    @property
    def problems(self) -> list[Problem]:
        """What the check warns of, sorted by place."""
        return _sorted(self.layout.document.problems)

    @property
    def reads(self) -> list[Path]:
        """The files that the layout names, such as lists of orders."""
        return list(dict.fromkeys(self.layout.document.reads))

    def run(
        self,
        replications: int | None = None,
        *,
        horizon: str | timedelta | None = None,
        warm_up: str | timedelta | None = None,
        seed: int | None = None,
        workers: int | None = None,
        executor: Executor | None = None,
        progress: Progress | None = None,
    ) -> Result:
        """Simulate the plant.

        Args:
            replications: independent repetitions, each with its own random streams.
            horizon: measured time after the warm-up, such as ``'20 d'``.
            warm_up: time before the statistics start, such as ``'8 h'``.
            seed: start of all random streams.
            workers: processes; None: one a processor. The result is the same whatever their number.
            executor: any ``concurrent.futures.Executor`` to run on instead.
            progress: called with (finished, wanted).

        Returns:
            The result; after Ctrl-C that of the replications that are finished.

        Raises:
            ValueError, TypeError: an option that makes no sense.
            RunError: the plant jams (the deadlock is named), or the workers keep dying.
            CheckError: an identity of the language does not hold.
        """
        check_workers(workers)
        check_helpers(executor, progress)
        plan = self.plan.with_run(**run_changes(replications, horizon, warm_up, seed))
        run = replicate(plan, workers=workers, executor=executor, progress=progress)
        result = Result(run, self.layout.file, tuple(self.reads))
        if result.run.failures:
            raise CheckError(result)
        return result

    def describe(self) -> str:
        """The compiled plan as text: all that is set, defaults that matter included (``twin show``)."""
        return self.plan.describe()

    def plot(self, ax: Any = None) -> Figure:
        """The drawing of the plant, from its flow."""
        from twin.report import drawing

        return drawing.plant(self.plan, ax=ax)

    def save_plot(self, path: str | Path) -> None:
        """Save the drawing (``.svg``, ``.png`` or ``.pdf``), whole or not at all.

        Raises:
            OutputError: another suffix, or it cannot be written.
        """
        _check_output(path, "plant.svg", self.layout.file, self.reads, DRAWINGS)
        files.write_with(path, self.plot().savefig)

    def __repr__(self) -> str:
        return f"Plant({self.plan.name!r}, {len(self.plan.elements)} elements, {self.layout.file!r})"

    def _repr_html_(self) -> str:
        name, text = html.escape(self.plan.name), html.escape(self.describe())
        return f"<h3>{name}</h3>{_svg(self.plot())}<details><summary>Every value</summary><pre>{text}</pre></details>"


def _check_output(
    path: str | Path, example: str, layout: str, reads: Iterable[Path], suffixes: Sequence[str] = ()
) -> None:
    """Refuse a name that cannot be written, or that would cost the user a file that is read."""
    check_path(path, example)
    check_name(path, suffixes)
    check_apart(layout, reads, path)


def _svg(figure: Figure) -> str:
    """A figure as an SVG element to stand inside a page."""
    out = io.StringIO()
    figure.savefig(out, format="svg")
    return out.getvalue().partition("<svg")[2].join(("<svg", ""))


@dataclass(frozen=True, repr=False)
class Result:
    """What a run answers: shown as a table; ``document()`` is the same for programs."""

    run: Replications
    """The replications themselves: their number, their ledgers' KPIs, how they were run."""
    file: str
    """The layout, as it was named."""
    reads: tuple[Path, ...] = ()
    """The files that the layout names."""

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
        return self.run.note

    @cached_property
    def intervals(self) -> answer.Intervals:
        """The interval of every KPI by its path, such as ``kpis.wip`` or ``elements.mill.states.working``.

        A path that is not there raises KeyError with the nearest one.
        """
        return answer.summarise(self.rows, self.plan.confidence)

    @property
    def failures(self) -> list[str]:
        """The identities that did not hold: check, replication and what was found."""
        return self.run.failures

    def document(self) -> dict[str, Any]:
        """The result as the JSON document of ``twin run --json``."""
        return answer.document(self.run, self.intervals, self.file, __version__)

    def frame(self) -> pd.DataFrame:
        """The result as a table for pandas, one row a KPI; times in s, shares 0…1."""
        import pandas as pd

        return pd.DataFrame(self.table_rows(), columns=list(answer.COLUMNS))

    def table_rows(self) -> list[tuple[Any, ...]]:
        """The rows of ``frame()`` as plain tuples; the element is empty for the whole plant."""
        return answer.table(self.intervals)

    def table(self) -> RenderableType:
        """The result as a rich table."""
        from twin.report import table

        return table.render(self)

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
        simulate(self.plan, number - 1, trace=rows)
        return rows

    @property
    def plot(self) -> Plots:
        """Figures of the result: ``result.plot.states()`` and others."""
        return Plots(self)

    def save(self, path: str | Path) -> None:
        """Write the document (``.json``) or the table (``.csv``), whole or not at all.

        Raises:
            OutputError: another suffix, a file that the run reads, or it cannot be written.
        """
        _check_output(path, "result.json", self.file, self.reads, RESULTS)
        files.save(path, self.document(), answer.COLUMNS, self.table_rows())

    def save_trace(self, path: str | Path) -> None:
        """Write the trace of the first replication as CSV: time (s), element, machine, state, part.

        Raises:
            OutputError: another suffix, a file that the run reads, or it cannot be written.
        """
        _check_output(path, "trace.csv", self.file, self.reads, TRACES)
        files.write_text(path, files.trace_text(self.trace()))

    def save_plot(self, path: str | Path, colour: str | None = None) -> None:
        """Save the figure of the states (``.svg``, ``.png`` or ``.pdf``), whole or not at all.

        Args:
            path: the file.
            colour: ``'state'`` or ``'bottleneck'``: the drawing of the plant, coloured so, instead.

        Raises:
            OutputError: another suffix, a file that the run reads, or it cannot be written.
            ValueError: another colour.
        """
        check_colour(colour, path)
        _check_output(path, "states.svg" if colour is None else "plant.svg", self.file, self.reads, DRAWINGS)
        figure = self.plot.states() if colour is None else self.plot.plant(colour=colour)
        files.write_with(path, figure.savefig)

    def __rich__(self) -> RenderableType:
        return self.table()

    def __str__(self) -> str:
        from rich.console import Console

        console = Console(file=io.StringIO(), width=110, force_jupyter=False)
        console.print(self.table())
        return console.file.getvalue().rstrip("\n")  # type: ignore[attr-defined, no-any-return]

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from twin.report import table

        return table.html(self)
