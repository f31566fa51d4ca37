"""Cases side by side: replication k of each with the same random streams, until the question is answered.

The number of replications is decided at fixed checkpoints, in the order of replications, so the answer is the same bit
for bit whatever the workers, whoever died on the way, and however often the study was stopped and went on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, Protocol, Unpack

from twin.core.plan import Plan
from twin.core.run import RunError
from twin.core.version import __version__
from twin.study.paired.means import Means
from twin.study.paired.store import Kept, Key, Store
from twin.study.work.crew import Outcome, one_replication
from twin.study.work.spread import Progress, Spread

if TYPE_CHECKING:
    from twin.law.law import Floats


class Case(Protocol):
    """A scenario as the runner sees it (``twin.study.asked.case``)."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def plan(self) -> Plan:
        """Its plan, with what is uncertain at its mean."""

    @property
    def digest(self) -> str:
        """What decides its replications, seed and draws apart."""

    @property
    def draws(self) -> str:
        """The set of draws of uncertain inputs; empty: none are drawn."""

    def at(self, replication: int) -> Plan:
        """The plan of a replication."""


class Checkpoint(NamedTuple):
    """What is said after so many replications."""

    done: bool
    """Whether the question is answered, or cannot be with more."""
    more: int | None = None
    """About how many more are needed; None: it cannot be told."""
    words: str = ""
    out: tuple[str, ...] = ()
    """Cases that need no more replications; all the others go on."""


@dataclass(frozen=True)
class Runs:
    """The cases after n replications each."""

    cases: tuple[Case, ...]
    kept: tuple[tuple[Kept, ...], ...]
    """One row of replications a case, all equally many; fewer of cases that went out on the way."""
    checkpoint: Checkpoint
    """What was said at the last checkpoint."""
    interrupted: bool = False
    from_store: int = 0
    """How many of all replications were there already."""

    @property
    def n(self) -> int:
        """Replications of each case that did not go out on the way."""
        return max(map(len, self.kept), default=0)

    @property
    def names(self) -> tuple[str, ...]:
        """The cases in order."""
        return tuple(case.name for case in self.cases)

    def rows(self, name: str) -> list[Mapping[str, float]]:
        """The KPIs of a case by path, one map a replication; KeyError: there is no such case."""
        if name not in self.names:
            raise KeyError(f"no scenario '{name}'; there are {', '.join(self.names)}")
        return [one.row for one in self.kept[self.names.index(name)]]

    def matrix(self, path: str) -> Floats:
        """A KPI as an array (replications, cases); NaN where a replication has none."""
        import numpy as np

        found = np.full((self.n, len(self.kept)), np.nan)
        for column, case in enumerate(self.kept):
            found[: len(case), column] = [one.row.get(path, np.nan) for one in case]
        return found

    def warnings(self, name: str) -> list[str]:
        """What the replications of a case warn of, each once."""
        kept = self.kept[self.names.index(name)]
        return list(dict.fromkeys(text for one in kept for text in one.warnings))

    def first(self, n: int) -> Runs:
        """The same after the first n replications."""
        return replace(self, kept=tuple(case[:n] for case in self.kept), from_store=0)

    @property
    def out(self) -> dict[str, int]:
        """The cases that went out on the way, with their replications."""
        return {case.name: len(own) for case, own in zip(self.cases, self.kept, strict=True) if len(own) < self.n}

    def without(self, names: Iterable[str]) -> Runs:
        """The same without some cases."""
        gone = tuple(names)
        kept = [(case, own) for case, own in zip(self.cases, self.kept, strict=True) if case.name not in gone]
        return replace(self, cases=tuple(case for case, _ in kept), kept=tuple(own for _, own in kept))


Enough = Callable[[Runs], Checkpoint]
"""Told of the runs at a checkpoint."""


def one_of(cases: Sequence[Case], code: int) -> Outcome:
    """Simulate replication ``code // cases`` of case ``code % cases``."""
    from twin import element

    element.plug_in()  # the laws, in a worker that was started afresh
    replication, index = divmod(code, len(cases))
    outcome = one_replication(cases[index].at(replication), replication)
    return outcome._replace(replication=code)


def run_cases(
    cases: Sequence[Case],
    checkpoints: Sequence[int],
    enough: Enough | None = None,
    *,
    one: Callable[[Sequence[Case], int], Outcome] = one_of,
    **means: Unpack[Means],
) -> Runs:
    """Simulate cases until ``enough`` says so, at the latest to the last checkpoint.

    Args:
        cases: they share seed and random streams; a case is simulated once however often it is listed.
        checkpoints: numbers of replications after which it is looked, rising.
        enough: told of the runs at each checkpoint; None: all are simulated. Cases that it says are out stay as they
            are, the others go on. It must say the same of the same runs, for an interrupted study begins anew.
        one: what a replication is; another one needs a store of its own.
        means: where runs are kept, who makes them, who is told: ``Means``.

    Returns:
        The runs; after Ctrl-C those of the replications that all cases have (none: ``n`` is 0). What else is
        finished is in the store.

    Raises:
        RunError: a replication that cannot be run to its end (a deadlock), or an identity that does not hold.
        StoreError: the store cannot be read or written.
    """
    work = _Work(tuple(cases), means.get("store"))
    spread = Spread(
        work.cases, one, workers=means.get("workers"), executor=means.get("executor"), keep=work.keep, name=work.name,
    )  # fmt: skip
    said, interrupted, n = Checkpoint(False), False, 0
    with spread:
        try:
            for n in checkpoints:
                work.recall(n)
                spread.run(work.missing(n), _counted(means.get("progress"), work, n, checkpoints[-1]))
                said = enough(work.runs(n, said)) if enough is not None else Checkpoint(n == checkpoints[-1])
                if said.done:
                    break
                work.drop(said.out, n)
        except KeyboardInterrupt:
            spread.close()
            n, interrupted = work.common(), True
    return work.runs(n, said, interrupted)


def _counted(progress: Progress | None, work: _Work, n: int, most: int) -> Progress | None:
    """Progress over all cases to the present checkpoint."""
    if progress is None:
        return None
    whole = len(work.wanted(n))
    before = whole - len(work.missing(n))
    return lambda done, wanted: progress(before + done, whole)


class _Work:
    """The account of ``run_cases``: what is there of each case."""

    def __init__(self, cases: tuple[Case, ...], store: Store | None) -> None:
        self.cases, self.store = cases, store
        self.keys = [key_of(case) for case in cases]
        self.found: dict[int, Kept] = {}
        self.until: dict[int, int] = {}
        """Replications of the cases that are out, by index."""
        self.recalled = self.from_store = 0

    def name(self, code: int) -> str:
        """A replication in words."""
        replication, index = divmod(code, len(self.cases))
        return f"scenario {self.cases[index].name}, replication {replication + 1}"

    def recall(self, n: int) -> None:
        """Take from the store what is there of the first n replications."""
        if self.store is None or n <= self.recalled:
            return
        for index, key in enumerate(self.keys):
            if index in self.until:
                continue
            for replication, kept in self.store.load(key, n).items():
                code = replication * len(self.cases) + index
                if code not in self.found:
                    self.found[code] = kept
                    self.from_store += 1
        self.recalled = n

    def missing(self, n: int) -> list[int]:
        """What is to be done of the first n replications, in order."""
        return [code for code in self.wanted(n) if code not in self.found]

    def wanted(self, n: int) -> list[int]:
        """All of the first n replications that are due, in order."""
        k = len(self.cases)
        if not self.until:
            return list(range(n * k))
        return [r * k + index for r in range(n) for index in range(k) if r < self.until.get(index, n)]

    def drop(self, names: Sequence[str], n: int) -> None:
        """These cases need no more than n replications."""
        for index, case in enumerate(self.cases):
            if case.name in names:
                self.until.setdefault(index, n)

    def keep(self, outcomes: list[Outcome]) -> None:
        """Take in finished replications, in memory and on disk."""
        for outcome in outcomes:
            for check in outcome.checks:
                if not check.ok:
                    raise RunError(f"{self.name(outcome.replication)}: check '{check.name}' failed: {check.found}")
        k = len(self.cases)
        fresh = [(outcome.replication, _kept(outcome)) for outcome in outcomes]
        if self.store is not None:
            fresh = [(code, self.store.kept(kept)) for code, kept in fresh]
            for index, case in enumerate(self.cases):
                if own := [(code // k, kept) for code, kept in fresh if code % k == index]:
                    self.store.add(self.keys[index], case.name, own)
        self.found.update(fresh)

    def common(self) -> int:
        """Replications that all cases that go on have, from the first on without a gap."""
        n, k = 0, len(self.cases)
        going = [index for index in range(k) if index not in self.until]
        while all(n * k + index in self.found for index in going):
            n += 1
        return n

    def runs(self, n: int, said: Checkpoint, interrupted: bool = False) -> Runs:
        """The first n replications of each case."""
        k = len(self.cases)
        counts = [min(n, self.until.get(index, n)) for index in range(k)]
        kept = tuple(tuple(self.found[r * k + index] for r in range(count)) for index, count in enumerate(counts))
        return Runs(self.cases, kept, said, interrupted, self.from_store)


def _kept(outcome: Outcome) -> Kept:
    """What an outcome leaves; -0.0 becomes 0.0, as SQLite has it."""
    return Kept({path: value + 0.0 for path, value in outcome.row.items()}, outcome.warnings)


def key_of(case: Case) -> Key:
    """What decides the replications of a case."""
    import numpy as np

    return Key(case.digest, case.plan.seed, case.draws, __version__, np.__version__)
