"""Designs of a study, simulated: each a scenario, compiled when it is first met; here and in the workers.

A replication is named by one number, (number of the design) · span + replication, so that the workers, who are sent
the study once, can make any design that the search comes to think of.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Unpack

from twin.core.plan import Micro
from twin.core.problem import PlantError
from twin.core.run import RunError
from twin.study.asked.case import Case
from twin.study.asked.optimise import Search
from twin.study.asked.scenario import Scenario
from twin.study.asked.study import Study
from twin.study.paired.means import Means
from twin.study.paired.runner import key_of
from twin.study.paired.store import Kept, Key
from twin.study.search.problem import Answer, Row, Wanted
from twin.study.search.space import Design
from twin.study.work.crew import Outcome, one_replication
from twin.study.work.spread import Progress, Spread

FAILED = "failed"
"""Stands alone in the row of a replication that could not be run to its end; its warning says why."""


def kpis(search: Search) -> list[str]:
    """Paths of the KPIs that a search looks at; a store of named KPIs must keep them."""
    metrics = [*(aim.metric for aim in search.aims), *(one.metric for one in search.ceilings)]
    return list(dict.fromkeys(metric.base for metric in metrics if metric is not None))


class Designs:
    """The designs of a study.

    Args:
        study: the study.
        search: what it searches for.
        carried: whether the cases that are compiled already travel to workers.
    """

    def __init__(self, study: Study, search: Search, carried: bool = False) -> None:
        self.study, self.search, self.carried = study, search, carried
        self.warm_up: Micro | None = None
        """Found from pilots; None: that of the study."""
        self.span = search.replications + 1
        self.cases: dict[Design, Case] = {}

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ if self.carried else {**self.__dict__, "cases": {}}

    def name(self, design: Design) -> str:
        """A design in words: 'b1=12, crew=1'."""
        amounts = self.amounts(design)
        return ", ".join(f"{name}={amount:g}" for name, amount in amounts.items())

    def amounts(self, design: Design) -> dict[str, float]:
        """The amount of each decision."""
        return {one.name: one.levels[level].amount for one, level in zip(self.search.choices, design, strict=True)}

    def cost(self, design: Design) -> float:
        """What all decisions cost together, EUR."""
        return math.fsum(one.levels[level].cost for one, level in zip(self.search.choices, design, strict=True))

    def scenario(self, design: Design) -> Scenario:
        """The design as a scenario of the study: levers as the study lists them, then the values."""
        taken = [(one, one.levels[level].value) for one, level in zip(self.search.choices, design, strict=True)]
        pulled = [one.lever for one, value in taken if one.lever and value]
        levers = tuple(name for name in self.study.levers if name in pulled)
        settings = {one.path: value for one, value in taken if one.path}
        return Scenario(self.name(design), levers, settings, ("optimise", "decide"))

    def case(self, design: Design) -> Case:
        """The design compiled.

        Raises:
            PlantError: the plant cannot be so.
        """
        if design not in self.cases:
            case = self.study.case(self.scenario(design))
            self.cases[design] = case if self.warm_up is None else case.with_run(warm_up=self.warm_up)
        return self.cases[design]

    def code(self, design: Design, replication: int) -> int:
        """The number of a replication."""
        number = 0
        for one, level in zip(self.search.choices, design, strict=True):
            number = number * len(one.levels) + level
        return number * self.span + replication

    def decoded(self, code: int) -> tuple[Design, int]:
        """The design and the replication of a number."""
        number, replication = divmod(code, self.span)
        levels = []
        for one in reversed(self.search.choices):
            number, level = divmod(number, len(one.levels))
            levels.append(level)
        return tuple(levels[::-1]), replication

    def row(self, design: Design, kept: Kept) -> Row:
        """Of a replication what the search looks at: goals, then limits."""
        goals = (
            kept.row.get(aim.metric.base, math.nan) if aim.metric else self.cost(design) for aim in self.search.aims
        )
        return (*goals, *(kept.row.get(one.metric.base, math.nan) for one in self.search.ceilings))


def one_of(designs: Designs, code: int) -> Outcome:
    """Simulate a replication by its number; one that jams says so and lets the search go on."""
    from twin import element

    element.plug_in()  # the laws, in a worker that was started afresh
    design, replication = designs.decoded(code)
    try:
        found = one_replication(designs.case(design).at(replication), replication)
    except RunError as jam:
        return Outcome(code, {FAILED: 1.0}, (), (f"replication {replication + 1}: {jam}",))
    return found._replace(replication=code)


class Simulator:
    """Simulates what a search wants; workers stay until ``close``.

    Args:
        designs: of the study.
        means: where runs are kept, who makes them, who is told: ``Means``.

    Raises:
        ValueError: the store does not keep the KPIs that are looked at.
    """

    def __init__(
        self,
        designs: Designs,
        **means: Unpack[Means],
    ) -> None:
        store = means.get("store")
        if store is not None and not store.whole and not {*kpis(designs.search)} <= store.columns.keys():
            raise ValueError(f"the store must keep {', '.join(kpis(designs.search))}")
        self.designs, self.store, self.progress = designs, store, means.get("progress")
        self.spread = Spread(
            designs, one_of, workers=means.get("workers"), executor=means.get("executor"), keep=self._keep,
            name=self._words,
        )  # fmt: skip
        self.found: dict[int, Kept] = {}
        self.finished = self.from_store = 0
        self.warnings: dict[str, str] = {}
        """What replications warn of, each once, with the first design that did."""

    def close(self) -> None:
        """Let the workers go."""
        self.spread.close()

    def evaluate(self, wanted: Sequence[Wanted]) -> Answer:
        """Simulate; Ctrl-C ends it with what is finished.

        Raises:
            RunError: an identity that does not hold, or workers that died three times.
            StoreError: the store cannot be read or written.
        """
        failed = self._refused(wanted)
        codes = [code for one in wanted if one.design not in failed for code in self._missing(one)]
        interrupted = False
        try:
            self.spread.run(codes, self._told())
        except KeyboardInterrupt:
            self.spread.close()
            interrupted = True
        return self._answer(wanted, failed, interrupted)

    def _told(self) -> Progress | None:
        """Progress over the whole search."""
        if self.progress is None:
            return None
        told, before, budget = self.progress, self.finished + len(self.found), self.designs.search.replications
        return lambda done, wanted: told(before + done, budget)

    def _refused(self, wanted: Sequence[Wanted]) -> dict[Design, str]:
        """Designs that the plant cannot have."""
        failed: dict[Design, str] = {}
        for one in wanted:
            try:
                self.designs.case(one.design)
            except PlantError as error:
                failed[one.design] = str(next(p for p in error.problems if not p.warning))
        return failed

    def _missing(self, one: Wanted) -> list[int]:
        """The numbers of what must be simulated, when the store has been asked."""
        codes = [self.designs.code(one.design, k) for k in range(one.first, one.until)]
        if self.store is not None:
            there = self.store.load(self._key(one.design), one.until)
            stored = {code: there[k] for k, code in zip(range(one.first, one.until), codes, strict=True) if k in there}
            self.from_store += len(stored)
            self.found.update(stored)
            self._note(one.design, list(stored.values()))
        return [code for code in codes if code not in self.found]

    def _answer(self, wanted: Sequence[Wanted], failed: dict[Design, str], interrupted: bool) -> Answer:
        rows: dict[Design, list[Row]] = {}
        for one in wanted:
            for k in range(one.first, one.until):
                kept = self.found.get(self.designs.code(one.design, k))
                if kept is None:
                    break
                if FAILED in kept.row:
                    failed[one.design] = kept.warnings[0]
                    break
                rows.setdefault(one.design, []).append(self.designs.row(one.design, kept))
        self.finished += len(self.found)
        self.found.clear()
        self.spread.found.clear()
        return Answer(rows, failed, interrupted)

    def _keep(self, outcomes: list[Outcome]) -> None:
        """Take in finished replications, in memory and on disk."""
        fresh: dict[Design, list[tuple[int, Kept]]] = {}
        for outcome in outcomes:
            design, replication = self.designs.decoded(outcome.replication)
            for check in outcome.checks:
                if not check.ok:
                    text = f"check '{check.name}' failed: {check.found}"
                    raise RunError(f"{self._words(outcome.replication)}: {text}")
            # As the store has it, which knows no -0.0.
            kept = Kept({path: value + 0.0 for path, value in outcome.row.items()}, outcome.warnings)
            self.found[outcome.replication] = kept
            if FAILED not in kept.row:
                fresh.setdefault(design, []).append((replication, kept))
        for design, several in fresh.items():
            self._note(design, [kept for _, kept in several])
            if self.store is not None:
                self.store.add(self._key(design), self.designs.name(design), several)

    def _note(self, design: Design, several: Sequence[Kept]) -> None:
        for kept in several:
            for text in kept.warnings:
                self.warnings.setdefault(text, self.designs.name(design))

    def _key(self, design: Design) -> Key:
        return key_of(self.designs.case(design))

    def _words(self, code: int) -> str:
        design, replication = self.designs.decoded(code)
        return f"design {self.designs.name(design)}, replication {replication + 1}"
