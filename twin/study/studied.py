"""A study from its file to its answer: warm-up, replications of all scenarios, judgement."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Unpack

from twin.core.problem import nearest, quoted
from twin.core.said import Names, both
from twin.study.asked.case import Case
from twin.study.asked.scenario import Scenario
from twin.study.asked.study import Study
from twin.study.judged.document import HEADLINE, document
from twin.study.judged.gain import subset_scenarios, waterfall
from twin.study.judged.judge import Judged, judge
from twin.study.judged.stop import checkpoints, deciding, named_paths
from twin.study.option import MOST_REPLICATIONS, whole
from twin.study.paired.means import Means
from twin.study.paired.pilot import find_warm_up
from twin.study.paired.runner import Checkpoint, Enough, Runs, run_cases
from twin.study.paired.store import MOST_NAMED, Store
from twin.study.said import said

if TYPE_CHECKING:
    from twin.study.statistics.effects import Waterfall

Keep = Literal["all", "named"]
Told = Callable[[str], None]
"""Told in words how far a study is: the warm-up found, what was said at a checkpoint."""
STORE = ".runs.sqlite"
"""What the name of a store ends with."""


class Neck(NamedTuple):
    """What limits a scenario most of the time."""

    station: str
    share: float
    """Of the time, mean over the replications."""
    trs: float
    """Its TRS (OEE), mean over the replications; NaN: it has none."""

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {**self._asdict(), "trs": None if math.isnan(self.trs) else self.trs}


@dataclass(frozen=True)
class Studied:
    """A study with all that its runs say."""

    study: Study
    """With the number of replications that was asked for, if any."""
    judged: Judged
    notes: tuple[str, ...] = ()
    """How the warm-up was found, in words."""
    waterfall: Waterfall | None = None
    """The gain by lever of the scenario that was asked for."""
    explained: str = ""
    """That scenario; empty: none was."""

    @property
    def runs(self) -> Runs:
        """The replications."""
        return self.judged.runs

    @property
    def warnings(self) -> list[str]:
        """What replications warn of, each with the scenarios in which they do."""
        found: dict[str, list[str]] = {}
        for name in self.runs.names:
            for text in self.runs.warnings(name):
                found.setdefault(text, []).append(name)
        return [said("warns", who=_some(names, len(self.runs.names)), text=text) for text, names in found.items()]

    def document(self) -> dict[str, Any]:
        """All of it, ready for JSON: that of the judgement, bottlenecks, and how it was run."""
        found = document(self.judged)
        found["bottlenecks"] = {name: one.document() for name, one in self.necks().items()}
        found["explained"] = self.explained or None
        found["run"] |= both(notes=self.notes, warnings=self.warnings)
        if self.waterfall is not None:
            told = {"kpi": HEADLINE.partition(".")[2], **self.waterfall.document()}
            for one in found["scenarios"]:
                if one["name"] == self.explained:
                    one["waterfall"] = told
        return found

    def necks(self) -> dict[str, Neck]:
        """The station that is the bottleneck most of the time, by scenario; those that have none are left out."""
        found = {name: self._neck(name) for name in self.runs.names}
        return {name: one for name, one in found.items() if one is not None}

    def _neck(self, name: str) -> Neck | None:
        import numpy as np

        column = self.runs.names.index(name)
        rows = self.runs.rows(name)
        stations = [path.partition(".")[2] for path in (rows[0] if rows else ()) if path.startswith("bottleneck.")]
        stations = [one for one in stations if one.count(".") == 0]
        if not stations:
            return None
        shares = [float(np.mean(self.runs.matrix(f"bottleneck.{one}")[:, column])) for one in stations]
        most = stations[int(np.argmax(shares))]
        trs = self.runs.matrix(f"elements.{most}.kpis.oee")[:, column]
        known = trs[np.isfinite(trs)]
        return Neck(most, max(shares), float(known.mean()) if known.size else math.nan)


def _some(names: Sequence[str], of: int) -> str | Names:
    """Scenarios, few enough to read."""
    return said("all_scenarios") if len(names) == of > 1 else Names(names)


def run_study(
    study: Study,
    *,
    replications: int | None = None,
    told: Told | None = None,
    explain: str | None = None,
    **means: Unpack[Means],
) -> Studied:
    """Simulate all scenarios of a study side by side, as long as it asks for, and judge what they show.

    Args:
        study: what is asked.
        replications: so many of each scenario, whatever the study says; None: as it says.
        told: told in words how far it is.
        explain: a scenario whose gain is to be taken apart by lever: all subsets of its levers are simulated too.
        means: where runs are kept, who makes them, who is told: ``Means``.

    Returns:
        The answer; after Ctrl-C that of the replications that all scenarios have (none: ``runs.n`` is 0).

    Raises:
        RunError: a scenario jams, a pilot does not settle, or no part is ever finished.
        StoreError: the store cannot be read or written.
        ValueError: replications that are no number of them; a scenario that is not there or cannot be taken apart.
        KeyboardInterrupt: Ctrl-C during the pilots.
    """
    study, extra = with_replications(study, replications), _subsets(study, explain)
    cases, notes = warmed_up(study, study.cases(), told, **means)
    runs = run_cases(cases, checkpoints(study), _heard(deciding(study), told), **means)
    found = Studied(study, judge(study, runs), notes)
    if explain is None or runs.n < 2 or runs.interrupted:
        return found
    if told is not None:
        told(f"all subsets of the levers of {explain}")
    cases += [study.case(one).with_run(warm_up=cases[0].plan.warm_up) for one in extra]
    subsets = run_cases(cases, (runs.n,), **means)
    if subsets.interrupted:
        return replace(found, notes=(*notes, said("not_apart", name=explain)))
    fall = waterfall(study, subsets, explain, HEADLINE, study.run.spec.confidence)
    return replace(found, waterfall=fall, explained=explain)


def with_replications(study: Study, replications: int | None) -> Study:
    """The same study with a fixed number of replications; None: as it is.

    Raises:
        ValueError: no such number.
    """
    if replications is None:
        return study
    number = whole("replications", replications, 1, MOST_REPLICATIONS)
    return replace(study, run=study.run._replace(replications=number))


def _subsets(study: Study, explain: str | None) -> list[Scenario]:
    """The scenarios that a waterfall needs beyond those of the study; ValueError: there is no such waterfall."""
    if explain is None:
        return []
    check_scenario(study, explain)
    return [one for one in subset_scenarios(study, explain) if one not in study.scenarios]


def check_scenario(study: Study, name: str) -> None:
    """Raise ValueError unless the study has such a scenario."""
    names = [one.name for one in study.scenarios]
    if name not in names:
        near = nearest(name, names)
        shown = ", ".join(names[:12]) + ("…" if len(names) > 12 else "")
        hint = f"did you mean '{near}'?" if near else f"there is {shown}"
        raise ValueError(f"{study.name} has no scenario {quoted(name)}; {hint}")


def warmed_up(
    study: Study, cases: Sequence[Case], told: Told | None = None, **means: Unpack[Means]
) -> tuple[list[Case], tuple[str, ...]]:
    """The cases with the warm-up that the pilots find, where the study asks for pilots; and why it is so.

    Raises:
        RunError: a pilot jams, or had not settled in its first half.
        KeyboardInterrupt: Ctrl-C.
    """
    if not study.run.pilot:
        return list(cases), ()
    if told is not None:
        told(f"{study.run.pilot} pilots of each scenario, to find the warm-up")
    found = find_warm_up(cases, study.run.pilot, **means)
    if told is not None:
        told(found.words)
    return [case.with_run(warm_up=found.time) for case in cases], (found.words,)


def _heard(enough: Enough | None, told: Told | None) -> Enough | None:
    """The rule that ends the runs, and what it says told to somebody."""
    if enough is None or told is None:
        return enough

    def heard(runs: Runs) -> Checkpoint:
        found = enough(runs)
        told(f"{runs.n} replications each: {found.words}")
        return found

    return heard


def open_store(study: Study, path: str | Path, keep: Keep = "all") -> Store:
    """The store of a study.

    Args:
        study: whose KPIs get columns of their own.
        path: the file; made when it is not there.
        keep: 'all' KPIs of each replication, or those alone that the study names and that its report needs.

    Raises:
        StoreError: it cannot be used.
    """
    named = list(named_paths(study))
    if keep == "named":
        named += [path for path in dict.fromkeys(_of_bottlenecks(study)) if path not in named]
    return Store(path, named[:MOST_NAMED], whole=keep == "all" or len(named) > MOST_NAMED)


def _of_bottlenecks(study: Study) -> Iterator[str]:
    """What the bottlenecks of all scenarios are told from."""
    for case in study.cases():
        for _, name, _ in case.plan.of("stations"):
            yield from (f"bottleneck.{name}", f"elements.{name}.kpis.oee")


def default_store(study: str | Path) -> Path:
    """The store beside a study: ``pump_line_2027.yaml`` → ``pump_line_2027.runs.sqlite``."""
    return Path(study).with_suffix(STORE)
