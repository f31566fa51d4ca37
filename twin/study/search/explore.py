"""Finding good designs: all of them where the budget allows, else an evolution or Optuna, then steps around the best.

Every design that is proposed is turned into the nearest one that is possible, and gets the same few replications as
all others, so that proposals are compared on common random numbers. Nothing here depends on how long a simulation
takes or who does it.

Sources: Storn & Price (1997), Journal of Global Optimization 11 (differential evolution); Miettinen (1999), Nonlinear
Multiobjective Optimization, sec. 3.4 (weighted Tchebycheff, by which two goals become one).
"""

from __future__ import annotations

import importlib
import itertools
import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from twin.study.search.memory import Memory
from twin.study.search.problem import Problem, Settings
from twin.study.search.rank import Look, best_first, look
from twin.study.search.space import Design, Space, StopSearch

if TYPE_CHECKING:
    from twin.law.law import Floats

FIRST, MOST_FIRST = 2, 20
"""Replications of a new design, at least and at most."""
_ALL, _EXPLORED = 0.4, 0.4
"""Share of the budget for the first replications of all designs, or of those that a search visits."""
_EVOLVED = (0.6, 0.35)
"""Share of the exploration that evolution gets, with one goal and with two, since a front is long; steps around the
best get the rest."""
_WEIGHTS = (0.5, 0.05, 0.95, 0.25, 0.75)
"""Of the first of two goals, one evolution each."""
_STALE = 8
"""Generations without a new design that end an evolution."""
_BATCH = 10
"""Designs that Optuna proposes at once, however many workers there are."""
_BROKEN = 1e12
"""Added to the score of a design that breaks a limit."""


class SearchError(ValueError):
    """Nothing can be searched for; the text is one clear line.

    Args:
        text: the line.
        key: what of the study is to be changed: 'limits' or 'method'.
    """

    def __init__(self, text: str, key: str) -> None:
        super().__init__(text)
        self.key = key


class Explored(NamedTuple):
    """How designs were found."""

    method: str
    """'exhaustive', 'evolution' or 'optuna'."""
    feasible: int | None
    """How many designs are possible; None: more than could be listed."""
    first: int
    """Replications of every design that was visited."""


def explore(problem: Problem, settings: Settings, memory: Memory) -> Explored:
    """Visit designs with a few replications each.

    Raises:
        SearchError: no design is possible, or all of them were asked for and are too many.
        ModuleNotFoundError: Optuna was asked for and is not installed.
        Interrupted: somebody stopped it.
    """
    found = listed(problem, settings)
    share = int(settings.replications * _ALL)
    if found is not None:
        first = min(max(share // len(found), FIRST), MOST_FIRST) if problem.random else 1
        memory.need(found, first)
        return Explored("exhaustive", len(found), first)
    first = min(max(settings.replications // 1000, FIRST), MOST_FIRST) if problem.random else 1
    visits = max(int(settings.replications * (_EXPLORED if problem.random else 1.0)) // first, 1)
    explorer = _Explorer(problem, memory, first, visits)
    rng = np.random.default_rng(settings.seed)
    method = "optuna" if settings.method == "optuna" else "evolution"
    explorer.begin(rng)
    explorer.by_optuna(settings.seed) if method == "optuna" else explorer.by_evolution(rng)
    explorer.around(rng)
    return Explored(method, None, first)


def listed(problem: Problem, settings: Settings) -> list[Design] | None:
    """All designs, where they are few enough for the budget and nothing else was asked for.

    Raises:
        SearchError: there is none, or they were asked for and are too many.
    """
    most = _most(problem, settings)
    try:
        found = list(itertools.islice(problem.space.designs(), most + 1))
    except StopSearch:
        found = [] if problem.space.nearest([(size - 1) / 2 for size in problem.space.sizes]) is None else [()] * most
        found = [*found, ()] if found else found
    if not found:
        raise SearchError("no design fulfils the limits on the decisions", "limits")
    if len(found) <= most and settings.method in ("auto", "exhaustive"):
        return found
    if settings.method == "exhaustive":
        text = (
            f"{settings.replications:,} replications are too few for all designs, of which there are more than {most:,}"
        )
        raise SearchError(f"{text}; allow more, or write 'method: auto'", "method")
    return None


def _most(problem: Problem, settings: Settings) -> int:
    """How many designs can all be looked at."""
    if not problem.random:
        return settings.replications
    return max(int(settings.replications * _ALL) // FIRST, 1)


class _Explorer:
    """Visits of designs that are proposed."""

    def __init__(self, problem: Problem, memory: Memory, first: int, visits: int) -> None:
        self.problem, self.memory, self.first, self.visits = problem, memory, first, visits
        self.space = problem.space
        self.known: dict[tuple[float, ...], Design | None] = {}
        self.evolved = _EVOLVED[len(problem.goals) - 1]
        self.low, self.span = np.zeros(len(problem.goals)), np.ones(len(problem.goals))

    @property
    def left(self) -> int:
        """New designs that may still be visited."""
        return min(self.visits - len(self.memory.rows), self.memory.left // self.first)

    def design(self, point: Floats) -> Design:
        """The possible design near to a point."""
        key = tuple(np.rint(point).tolist())
        if key not in self.known:
            self.known[key] = self.space.nearest(key)
        found = self.known[key]
        if found is None:  # the space is tangled there: what is known to be possible will do
            found = next(iter(self.memory.rows), None) or next(self.space.designs())
        return found

    def visit(self, designs: Sequence[Design], most: int) -> bool:
        """Simulate those that are new, ``most`` of them at most; whether there were any."""
        new = [one for one in dict.fromkeys(designs) if one not in self.memory.rows][: max(min(most, self.left), 0)]
        self.memory.need(new, self.first)
        return bool(new)

    def begin(self, rng: np.random.Generator) -> None:
        """Random designs, as many as a generation has."""
        size = min(max(10 * len(self.space.sizes), 20), 60, max(self.visits // 3, 5))
        self.start = self.random(rng, size)
        self.visit([self.apart(point, rng) for point in self.start], size)
        gains = np.array([one.gains for one in self._looks() if math.isfinite(one.excess)])
        if len(gains):
            self.low, self.span = gains.min(axis=0), np.maximum(np.ptp(gains, axis=0), 1e-12)

    def random(self, rng: np.random.Generator, size: int) -> Floats:
        """Points all over the space."""
        high = np.array(self.space.sizes) - 1
        return rng.uniform(-0.5, high + 0.5, size=(size, len(high)))

    def apart(self, point: Floats, rng: np.random.Generator) -> Design:
        """The possible design near to a point, no decision given way to more often than another one."""
        near = self.space.nearest(point.tolist(), rng.permutation(len(point)).tolist())
        return self.design(point) if near is None else near

    def _looks(self) -> list[Look]:
        return [look(self.problem, self.memory, one) for one in self.memory.rows]

    def score(self, design: Design, weight: float) -> float:
        """Less is better; of two goals with this weight on the first."""
        if design not in self.memory.rows:
            return math.inf
        found = look(self.problem, self.memory, design)
        if found.excess > 0:
            return _BROKEN * (1 + found.excess)
        if len(found.gains) == 1:
            return -found.gains[0]
        missing = (self.low + self.span - np.array(found.gains)) / self.span * np.array([weight, 1 - weight])
        return float(missing.max() + 0.05 * missing.sum())

    # -- evolution

    def by_evolution(self, rng: np.random.Generator) -> None:
        """Differential evolution from the random designs on; with two goals one for each weight."""
        weights = _WEIGHTS[: 1 if len(self.problem.goals) == 1 else None]
        share = int(self.left * self.evolved) // len(weights)
        for weight in weights:
            self._evolve(rng, weight, min(share, self.left))

    def _evolve(self, rng: np.random.Generator, weight: float, most: int) -> None:
        from scipy.optimize import differential_evolution

        generation = _Generation(self, weight, most)
        high = [size - 0.5 for size in self.space.sizes]
        differential_evolution(
            generation.scores, [(-0.5, end) for end in high], init=np.clip(self.start, -0.5, high), maxiter=10_000,
            callback=generation.over, rng=rng, vectorized=True, updating="deferred", polish=False, tol=0.0,
            mutation=(0.4, 0.9), recombination=0.8,
        )  # fmt: skip

    # -- Optuna

    def by_optuna(self, seed: int) -> None:
        """Optuna's tree of Parzen estimators, which knows several goals too."""
        optuna = _optuna()
        sampler = optuna.samplers.TPESampler(seed=seed % 2**32, n_startup_trials=0, multivariate=True)
        study = optuna.create_study(directions=["minimize"] * len(self.problem.goals), sampler=sampler)
        space = {str(i): optuna.distributions.IntDistribution(0, n - 1) for i, n in enumerate(self.space.sizes)}
        for design in list(self.memory.rows):
            self._note(optuna, study, space, design)
        most, stale = int(self.left * self.evolved), 0
        while most > 0 and stale < _STALE // 2:
            trials = [study.ask(space) for _ in range(_BATCH)]
            designs = [self.design(np.array([trial.params[str(i)] for i in range(len(space))])) for trial in trials]
            before = list(self.memory.rows)
            stale = 0 if self.visit(designs, most) else stale + 1
            for trial, design in zip(trials, designs, strict=True):
                study.tell(trial, self._losses(design))
            new = list(self.memory.rows)[len(before) :]
            for design in new:
                self._note(optuna, study, space, design)
            most -= len(new)

    def _note(self, optuna: Any, study: Any, space: Any, design: Design) -> None:
        """Tell what a possible design showed; what was proposed may be another one."""
        params = {str(i): level for i, level in enumerate(design)}
        study.add_trial(optuna.trial.create_trial(params=params, distributions=space, values=self._losses(design)))

    def _losses(self, design: Design) -> list[float]:
        found = look(self.problem, self.memory, design)
        if found.excess > 0:
            return [_BROKEN * (1 + min(found.excess, 1e6))] * len(found.gains)
        return [-gain for gain in found.gains]

    # -- steps

    def around(self, rng: np.random.Generator) -> None:
        """Steps around the best until no new ones turn up, then from random designs again while visits are left."""
        stale = 0
        while self.left > 0 and stale < _STALE:
            self._steps()
            points = self.random(rng, min(len(self.start), self.left))
            stale = 0 if self.visit([self.apart(point, rng) for point in points], self.left) else stale + 1

    def _steps(self) -> None:
        """The designs next to the best ones, again and again while new ones turn up."""
        while self.left > 0:
            best = self._bases()
            near = [one for design in best for one in next_to(self.space, design)]
            if not self.visit(near, _BATCH * len(best)):
                return

    def _bases(self) -> list[Design]:
        """Where steps begin: the best designs, and the best one of each setting of each lever."""
        few = 3 if len(self.problem.goals) == 1 else 12
        ordered = [one.design for one in best_first(self.problem, self.memory, self.memory.sound)]
        found = dict.fromkeys(ordered[:few])
        for i in [i for i, size in enumerate(self.space.sizes) if size == 2]:
            for level in (0, 1):
                found |= dict.fromkeys([one for one in ordered if one[i] == level][:1])
        return list(found)


def next_to(space: Space, design: Design) -> Iterator[Design]:
    """The neighbours of a design, and what is next to it where the limits take more than two steps."""
    yield from space.neighbours(design)
    yield from space.repaired(design)


class _Generation:
    """The objective of an evolution, a generation at a time."""

    def __init__(self, explorer: _Explorer, weight: float, most: int) -> None:
        self.explorer, self.weight, self.most, self.stale = explorer, weight, most, 0

    def scores(self, points: Floats) -> Floats:
        """The scores of a generation, one column a design."""
        explorer = self.explorer
        designs = [explorer.design(point) for point in points.T]
        before = len(explorer.memory.rows)
        self.stale = 0 if explorer.visit(designs, self.most) else self.stale + 1
        self.most -= len(explorer.memory.rows) - before
        return np.array([explorer.score(one, self.weight) for one in designs])

    def over(self, *args: Any, **more: Any) -> bool:
        """Whether no new design may be visited, or none has turned up for long."""
        return self.most <= 0 or self.stale >= _STALE


def _optuna() -> Any:
    """Optuna, silent."""
    optuna: Any = importlib.import_module("optuna")
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna
