"""What a notebook holds: load a plant, check it, run it, look at the result."""

from __future__ import annotations

import html
import io
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, cached_property
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin import __version__
from twin.core.compile import compile_plan
from twin.core.layout import Layout, layout_schema, load_layout
from twin.core.plan import Plan
from twin.core.problem import PlantError, Problem
from twin.core.run import RunError
from twin.core.text import read
from twin.study import files
from twin.study.answer import document, summarise
from twin.study.difference import Change, differences
from twin.study.files import DRAWINGS, RESULTS, OutputError, check_apart, check_name
from twin.study.interval import Interval
from twin.study.option import check_workers, run_changes
from twin.study.replicate import Progress, Replications, replicate

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure
    from rich.console import RenderableType

__all__ = [
    "DRAWINGS",
    "RESULTS",
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
    "check_name",
    "check_workers",
    "compare",
    "load",
    "run",
    "run_changes",
    "schema",
]
COLUMNS = ("element", "kpi", "mean", "low", "high", "sd", "n", "unit")
"""Columns of ``Result.frame()`` and of a CSV file."""


class CheckError(RunError):
    """An identity of the language does not hold, so the numbers cannot be trusted; ``result`` has them all the same."""

    def __init__(self, result: Result) -> None:
        super().__init__("\n".join(result.run.failures))
        self.result = result

    def __reduce__(self) -> tuple[Any, ...]:
        return CheckError, (self.result,)


@cache
def register() -> None:
    """Make all kinds and laws known: those of the package, then plug-ins (entry-point group ``twin.kinds``)."""
    import twin.element  # noqa: F401

    for plugin in entry_points(group="twin.kinds"):
        plugin.load()


def load(path: str | Path) -> Plant:
    """Read, check and compile a layout.

    Raises:
        PlantError: all problems of the file, sorted by place.
    """
    register()
    layout = load_layout(path)
    return Plant(layout, compile_plan(layout))


def check(path: str | Path) -> list[Problem]:
    """All errors and warnings of a layout, sorted by place; never raises for a bad file."""
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
    return load(path).run(**options)


def compare(a: str | Path, b: str | Path) -> list[Change]:
    """What changed between two layouts, by path.

    Raises:
        PlantError: one of them is no YAML.
    """
    return differences(read(a), read(b))


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
            ValueError: an option that makes no sense.
            RunError: the plant jams (the deadlock is named), or the workers keep dying.
            CheckError: an identity of the language does not hold.
        """
        check_workers(workers)
        plan = self.plan.with_run(**run_changes(replications, horizon, warm_up, seed))
        result = Result(replicate(plan, workers=workers, executor=executor, progress=progress), self.layout.file)
        if result.run.failures:
            raise CheckError(result)
        return result

    def describe(self) -> str:
        """The compiled plan as text, every default included."""
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
        check_name(path, DRAWINGS)
        files.write_with(path, self.plot().savefig)

    def __repr__(self) -> str:
        return f"Plant({self.plan.name!r}, {len(self.plan.elements)} elements, {self.layout.file!r})"

    def _repr_html_(self) -> str:
        name, text = html.escape(self.plan.name), html.escape(self.describe())
        return f"<h3>{name}</h3>{_svg(self.plot())}<details><summary>Every value</summary><pre>{text}</pre></details>"


def _svg(figure: Figure) -> str:
    """A figure as an SVG element to stand inside a page."""
    out = io.StringIO()
    figure.savefig(out, format="svg")
    return out.getvalue().partition("<svg")[2].join(("<svg", ""))


@dataclass(frozen=True, repr=False)
class Result:
    """What a run answers: shown as a table; ``document()`` is the same for programs."""

    run: Replications
    file: str
    """The layout, as it was named."""

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
    def intervals(self) -> dict[str, Interval]:
        """The interval of every KPI by its path, such as ``kpis.wip`` or ``elements.mill.states.working``."""
        return summarise(self.rows, self.plan.confidence)

    @property
    def failures(self) -> list[str]:
        """The identities that did not hold: check, replication and what was found."""
        return self.run.failures

    def document(self) -> dict[str, Any]:
        """The result as the JSON document of ``twin run --json``."""
        return document(self.run, self.intervals, self.file, __version__)

    def frame(self) -> pd.DataFrame:
        """The result as a table for pandas, one row a KPI; times in s, shares 0…1."""
        import pandas as pd

        return pd.DataFrame(self.table_rows(), columns=list(COLUMNS))

    def table_rows(self) -> list[tuple[Any, ...]]:
        """The rows of ``frame()`` as plain tuples; the element is empty for the whole plant."""
        return [(*_who(path), *interval, _unit(path)) for path, interval in self.intervals.items()]

    def table(self) -> RenderableType:
        """The result as a rich table."""
        from twin.report import table

        return table.render(self)

    def trace(self, replication: int = 1) -> list[tuple[Any, ...]]:
        """What happened in one replication (counted from 1), simulated once more.

        Returns:
            (time in µs, element, machine, state, part), sorted by time.
        """
        from twin.engine import simulate

        rows: list[tuple[Any, ...]] = []
        simulate(self.plan, replication - 1, trace=rows)
        return rows

    @property
    def plot(self) -> Plots:
        """Figures of the result: ``result.plot.states()`` and others."""
        return Plots(self)

    def save(self, path: str | Path) -> None:
        """Write the document (``.json``) or the table (``.csv``), whole or not at all.

        Raises:
            OutputError: another suffix, or it cannot be written.
        """
        files.save(path, self.document(), COLUMNS, self.table_rows())

    def save_trace(self, path: str | Path) -> None:
        """Write the trace of the first replication as CSV: time (s), element, machine, state, part.

        Raises:
            OutputError: it cannot be written.
        """
        files.write_text(path, files.trace_text(self.trace()))

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


def _who(path: str) -> tuple[str, str]:
    """(element, KPI) of a path, as the table names them."""
    match path.split("."):
        case ["elements", name, "states", state]:
            return name, f"state.{state}"
        case ["elements", name, "kpis", kpi]:
            return name, kpi
        case ["products", name, kpi]:
            return f"product {name}", kpi
        case ["bottleneck", name]:
            return name, "bottleneck"
    return "", path.partition(".")[2]


def _unit(path: str) -> str:
    """The unit the number is in: shares 0…1, times in s; empty for a KPI that is not in the catalogue."""
    from twin.kpi import find

    try:
        return find(path).unit
    except KeyError:
        return ""


class Plots:
    """The figures of a result; each returns a matplotlib Figure and draws on ``ax`` when it is given."""

    def __init__(self, result: Result) -> None:
        self._result = result

    def states(self, ax: Any = None) -> Figure:
        """Time in each state, one bar a machine."""
        from twin.report import figures

        return figures.states(self._result, ax=ax)

    def content(self, ax: Any = None) -> Figure:
        """Content of the buffers over time, in the first replication."""
        from twin.report import figures

        return figures.content(self._result, self._result.trace(), ax=ax)

    def gantt(self, start: str | float | None = None, end: str | float | None = None, ax: Any = None) -> Figure:
        """What each machine did from ``start`` to ``end`` (``'2 h'`` or s; None: a usual window), first replication."""
        from twin.report import figures

        return figures.gantt(self._result, self._result.trace(), start, end, ax=ax)

    def bottleneck(self, ax: Any = None) -> Figure:
        """Share of the time each machine is the bottleneck."""
        from twin.report import figures

        return figures.bottleneck(self._result, ax=ax)

    def plant(self, ax: Any = None) -> Figure:
        """The drawing of the plant with what was measured."""
        from twin.report import drawing

        return drawing.plant(self._result.plan, self._result.document(), ax=ax)
