"""A study: levers, scenarios, money and the decision rule, loaded, simulated and answered."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin.api.compared import Changes
from twin.api.plant import register
from twin.api.search import SearchResult
from twin.api.study_result import StudyResult
from twin.core.plan import Plan
from twin.core.problem import Problem
from twin.study.asked import Shown
from twin.study.asked import Study as Asked
from twin.study.files import check_apart, check_name
from twin.study.option import check_helpers, check_path, check_workers
from twin.study.studied import (
    Keep,
    Told,
    check_scenario,
    default_store,
    open_store,
    run_study,
    with_replications,
)

if TYPE_CHECKING:
    from twin.study.paired.store import Store
    from twin.study.work.spread import Progress

A_STUDY = "experiments/pump_line_2027.yaml"
"""The name of a study, as messages show one."""
KEEP = ("all", "named")


def load_study(path: str | Path) -> Study:
    """Read and check a study and the layout that it names.

    Raises:
        PlantError: all problems of both files, sorted by place.
        TypeError: what is given is no path.
    """
    from twin.study.asked import read_study

    check_path(path, A_STUDY)
    register()
    return Study(read_study(path))


def study_schema() -> dict[str, Any]:
    """The JSON Schema of a study, for completion and hover in editors."""
    import twin.lever.kinds  # the shorthands
    from twin.study.asked import study_schema as schema

    assert twin.lever.kinds
    register()
    return schema()


@dataclass(frozen=True, repr=False)
class Study:
    """A checked study, ready to run."""

    asked: Asked
    """What the file says."""

    @property
    def name(self) -> str:
        """What the study calls itself."""
        return self.asked.name

    @property
    def question(self) -> str:
        """What it shall answer."""
        return self.asked.question

    @property
    def file(self) -> str:
        """The study file, as it was named."""
        return self.asked.file

    @property
    def scenarios(self) -> list[str]:
        """The names of all scenarios, the baseline first."""
        return [one.name for one in self.asked.scenarios]

    @property
    def searches(self) -> bool:
        """Whether it asks for a search ('optimise:'), which ``optimise`` answers."""
        return self.asked.optimise is not None

    @property
    def problems(self) -> list[Problem]:
        """What the check warns of, sorted by place."""
        return list(self.asked.warnings)

    @property
    def reads(self) -> list[Path]:
        """The files that it names: the layout, and those of the layout."""
        return list(self.asked.reads)

    @property
    def store(self) -> Path:
        """Where ``twin study`` keeps its replications: beside the study."""
        return default_store(self.file)

    def diff(self, scenario: str) -> Changes[Shown]:
        """What a scenario changes in the layout: path, old, new, lever and place; in a notebook a table.

        Raises:
            ValueError: there is no such scenario; with the nearest.
        """
        check_scenario(self.asked, scenario)
        return Changes(self.asked.changes(scenario))

    def plan(self, scenario: str) -> Plan:
        """The compiled plan of a scenario, effects that are drawn at their mean.

        Raises:
            ValueError: there is no such scenario; with the nearest.
        """
        check_scenario(self.asked, scenario)
        return self.asked.case(scenario).plan

    def run(
        self,
        replications: int | None = None,
        *,
        workers: int | None = None,
        store: str | Path | None = None,
        keep: Keep = "all",
        executor: Executor | None = None,
        progress: Progress | None = None,
        told: Told | None = None,
        explain: str | None = None,
    ) -> StudyResult:
        """Simulate all scenarios on common random numbers and answer the question.

        Args:
            replications: of each scenario, whatever the study says; None: as it says.
            workers: processes; None: one a processor. The answer is the same whatever their number.
            store: a file that keeps finished replications, so that a second run goes on from there; None: none.
            keep: of each replication 'all' KPIs, or those alone that the study names.
            executor: any ``concurrent.futures.Executor`` to run on instead.
            progress: called with (finished, wanted) replications of all scenarios.
            told: called with words on how far the study is.
            explain: a scenario whose gain is taken apart by lever; all subsets of its levers are simulated too.

        Returns:
            The answer; after Ctrl-C that of the replications that all scenarios have.

        Raises:
            ValueError, TypeError: an option that makes no sense.
            RunError: a scenario jams, the workers keep dying, or a warm-up is never over.
            OutputError: the store cannot be used.
        """
        self.check_options(replications, workers=workers, store=store, keep=keep, explain=explain)
        check_helpers(executor, progress)
        with self._opened(store, keep) as kept:
            found = run_study(
                self.asked, replications=replications, store=kept, workers=workers, executor=executor,
                progress=progress, told=told, explain=explain,
            )  # fmt: skip
        return StudyResult(found)

    def optimise(
        self,
        *,
        workers: int | None = None,
        store: str | Path | None = None,
        executor: Executor | None = None,
        progress: Progress | None = None,
    ) -> SearchResult:
        """Search for the best design, as 'optimise:' of the study says.

        Args:
            workers, store, executor: as for ``run``.
            progress: called with (finished, most) replications.

        Returns:
            The answer; after Ctrl-C the best so far.

        Raises:
            ValueError, TypeError: an option that makes no sense.
            PlantError: there is nothing to search for, or no design is possible.
            RunError: no design could be simulated.
            OutputError: the store cannot be used.
        """
        from twin.study.search.optimise import optimise

        self.check_options(workers=workers, store=store)
        check_helpers(executor, progress)
        with self._opened(store, "all") as kept:
            found = optimise(self.asked, store=kept, workers=workers, executor=executor, progress=progress)
        return SearchResult(self.asked, found)

    def check_options(
        self,
        replications: int | None = None,
        *,
        workers: int | None = None,
        store: str | Path | None = None,
        keep: str = "all",
        explain: str | None = None,
    ) -> None:
        """Say before anything is simulated that an option of ``run`` makes no sense.

        Raises:
            ValueError: it does not; OutputError: the store cannot be used, or is a file that the study reads.
        """
        check_workers(workers)
        with_replications(self.asked, replications)
        if keep not in KEEP:
            raise ValueError(f"keep: 'all' or 'named' is due, not {keep!r}")
        if explain is not None:
            from twin.study.judged.gain import subset_scenarios

            check_scenario(self.asked, explain)
            subset_scenarios(self.asked, explain)
        if store is not None:
            check_path(store, "runs.sqlite")
            check_name(store)
            check_apart(self.file, self.reads, store, what="study")

    @contextmanager
    def _opened(self, path: str | Path | None, keep: Keep) -> Iterator[Store | None]:
        if path is None:
            yield None
            return
        with open_store(self.asked, path, keep) as found:
            yield found

    def __repr__(self) -> str:
        return f"Study({self.name!r}, {len(self.scenarios)} scenarios, {self.file!r})"

    def _repr_html_(self) -> str:
        from twin.report.notebook import asked

        return asked.html(self.asked)
