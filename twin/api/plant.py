"""A plant: read, checked, compiled, run, drawn."""

from __future__ import annotations

import inspect
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from twin.api.compared import Changes
from twin.api.result import CheckError, Result, check_output
from twin.core.compile import compile_plan
from twin.core.language import Language, language_of
from twin.core.layout import Layout, from_document, layout_schema, load_layout
from twin.core.plan import Plan
from twin.core.problem import PlantError, Problem
from twin.core.text import read
from twin.study import files
from twin.study.difference import Change, differences, not_a_layout
from twin.study.files import DRAWINGS
from twin.study.inputs import DRAWS, check_drawable, check_word, one_draw
from twin.study.option import check_helpers, check_known, check_path, check_workers, run_changes
from twin.study.replicate import Progress, replicate
from twin.study.source import Source, sources_of
from twin.study.work.crew import one_replication

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from twin.api.replay import Replay
    from twin.report.ways.trace import Moment
    from twin.report.words import Lang

A_LAYOUT = "layouts/pump_line.yaml"
"""The name of a file, as messages show one."""


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
    plan = compile_plan(layout)
    return Plant(layout, plan, sources_of([layout.file, *layout.document.reads]))


def check(path: str | Path) -> list[Problem]:
    """All errors and warnings of a layout, of a study, or of a reading file without its history, sorted by place.

    Never raises for a bad file (TypeError: no path).
    """
    check_path(path, A_LAYOUT)
    register()
    try:
        document = read(path)
        if language_of(document.data) == "reading":
            return _check_reading(path)
        if language_of(document.data) == "study":
            return _check_study(path)
        layout = from_document(document)
    except PlantError as error:
        return list(error.problems)
    try:
        compile_plan(layout)
    except PlantError as error:
        return _sorted([*error.problems, *layout.document.problems])
    return _sorted(layout.document.problems)


def _check_reading(path: str | Path) -> list[Problem]:
    """Nothing; raises PlantError with all problems of a reading file."""
    from twin.calibrate.history.reading import read_reading

    read_reading(path)
    return []


def _check_study(path: str | Path) -> list[Problem]:
    """The warnings of a study and its layout; raises PlantError with all problems."""
    from twin.study.asked import read_study

    return list(read_study(path).warnings)


def language(path: str | Path) -> Language | None:
    """What a file is: 'layout', 'study', 'reading' (a reading file), 'fitted'; None: it cannot be told."""
    check_path(path, A_LAYOUT)
    try:
        return language_of(read(path).data)
    except PlantError:
        return None


def _sorted(problems: list[Problem]) -> list[Problem]:
    return list(PlantError(dict.fromkeys(problems)).problems)


def run(path: str | Path, **options: Any) -> Result:
    """Load a layout and run it; the options are those of ``Plant.run``."""
    check_known(options, [*inspect.signature(Plant.run).parameters][1:])
    return load(path).run(**options)


def compare(a: str | Path, b: str | Path) -> Changes[Change]:
    """What changed between two layouts, by path: a list, in a notebook a table.

    Raises:
        PlantError: one of them is no YAML, or no layout.
    """
    for path in (a, b):
        check_path(path, A_LAYOUT)
    documents = read(a), read(b)
    if problems := [problem for one in documents for problem in not_a_layout(one)]:
        raise PlantError(problems)
    return Changes(differences(*documents))


def schema() -> dict[str, Any]:
    """The JSON Schema of a layout, for completion and hover in editors."""
    register()
    return layout_schema()


@dataclass(frozen=True, repr=False)
class Plant:
    """A checked and compiled plant."""

    layout: Layout
    plan: Plan
    sources: tuple[Source, ...] = ()
    """The layout and the files that it names, as they were when they were read."""

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
        inputs: Literal["draws"] | None = None,
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
            inputs: ``'draws'``: each replication takes its own draw of the uncertain inputs, the laws and shares of
                fitted files; low and high are then 5 % and 95 % of the replications.
            workers: processes; None: one a processor. The result is the same whatever their number.
            executor: any ``concurrent.futures.Executor`` to run on instead.
            progress: called with (finished, wanted).

        Returns:
            The result; after Ctrl-C that of the replications that are finished.

        Raises:
            ValueError, TypeError: an option that makes no sense.
            RunError: the plant jams (the deadlock is named), the workers keep dying, or no input can be drawn.
            CheckError: an identity of the language does not hold.
        """
        check_workers(workers)
        check_helpers(executor, progress)
        check_word(inputs)
        plan = self.plan.with_run(**run_changes(replications, horizon, warm_up, seed))
        if inputs is not None:
            check_drawable(plan)
        one = one_replication if inputs is None else one_draw
        run = replicate(plan, workers=workers, executor=executor, progress=progress, one=one)
        result = Result(run, self.layout.file, tuple(self.reads), inputs == DRAWS, self.sources)
        if result.run.failures:
            raise CheckError(result)
        return result

    def describe(self) -> str:
        """The compiled plan as text: all that is set, defaults that matter included (``twin show``)."""
        return self.plan.describe()

    def plot(self, ax: Axes | None = None) -> Figure:
        """The drawing of the plant, from its flow."""
        from twin.report.plant import drawing

        return drawing.plant(self.plan, ax=ax)

    def save_plot(self, path: str | Path) -> None:
        """Save the drawing (``.svg``, ``.png`` or ``.pdf``), whole or not at all.

        Raises:
            OutputError: another suffix, or it cannot be written.
        """
        check_output(path, "plant.svg", self.layout.file, self.reads, DRAWINGS)
        files.write_with(path, self.plot().savefig)

    def play(
        self,
        path: str | Path,
        *,
        start: Moment | None = None,
        hours: float | None = None,
        replication: int = 1,
        seed: int | None = None,
        lang: Lang = "en",
    ) -> Replay:
        """Simulate once and write a page (``.html``) that replays a window of the run, whole or not at all.

        Args:
            path: the page.
            start: the begin of the window: text with its unit (``'8 h'``), seconds or a timedelta since time 0; None:
                the end of the warm-up.
            hours: the length of the window; None: 8, or as much of it as the run and a page hold.
            replication: which one, from 1.
            seed: start of all random streams.
            lang: 'en' or 'fr'.

        Raises:
            ValueError: an option that makes no sense, or a window that leaves the run.
            RunError: the plant jams, or the window holds more than a page can replay.
            OutputError: another suffix, a file that the run reads, or it cannot be written.
        """
        from twin.api.replay import Asked, replay

        return replay(self, path, Asked(start, hours, replication, seed, lang))

    def __repr__(self) -> str:
        return f"Plant({self.plan.name!r}, {len(self.plan.elements)} elements, {self.layout.file!r})"

    def _repr_html_(self) -> str:
        from twin.report.notebook import planned

        return planned.plant(self.plan, self.problems)
