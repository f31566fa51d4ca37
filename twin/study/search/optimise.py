"""``twin optimise``: the search that a study asks for, on its plant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Unpack

import numpy as np

from twin.core.problem import Loc, PlantError, Problem, dotted
from twin.core.run import RunError
from twin.core.said import both
from twin.core.version import __version__
from twin.study.asked.optimise import Choice, Search
from twin.study.asked.study import Study
from twin.study.paired.means import Means
from twin.study.paired.pilot import find_warm_up
from twin.study.search import problem as pure
from twin.study.search.designs import Designs, Simulator
from twin.study.search.explore import SearchError
from twin.study.search.search import Candidate, Found, search
from twin.study.search.space import Bound, Design, Space
from twin.study.statistics.interval import Interval


@dataclass(frozen=True)
class Optimised:
    """The answer of a search."""

    study: str
    """Name of the study."""
    search: Search
    """What was asked."""
    found: Found
    """Designs by their levels."""
    designs: Designs
    """What the levels mean."""
    warm_up: str
    """How it was found; empty: it was given."""
    from_store: int
    """Replications that were there already."""
    warnings: Mapping[str, str]
    """What replications warn of, with the first design that did."""

    @property
    def chosen(self) -> dict[str, float] | None:
        """The amounts of the answer: the cheapest design of those that cannot be told apart; None: two goals, or no
        design that holds the limits."""
        return None if self.found.chosen is None else self.designs.amounts(self.found.chosen)

    @property
    def interrupted(self) -> bool:
        """Whether somebody stopped it; then it is the best so far."""
        return self.found.interrupted

    def document(self) -> dict[str, Any]:
        """All of it, ready for JSON: times in s, money in EUR, shares 0…1, KPIs in their units."""
        found, asked = self.found, self.search
        explored = found.explored
        return {
            "study": self.study,
            "goals": [
                {"name": one.name, **both(metric=one.said), "maximise": one.maximise, "unit": one.unit}
                for one in asked.aims
            ],
            "decisions": {one.name: self._decision(one) for one in asked.choices},
            **both(limits=[*(one.said for one in asked.sums), *(one.said for one in asked.ceilings)]),
            "method": explored.method if explored else None,
            "possible": found.possible.number if found.possible else None,
            "possible_is_estimate": bool(found.possible and not found.possible.exact),
            "visited": found.visited,
            "exhaustive": found.exhaustive,
            "neighbours_visited": found.neighbours_visited,
            "budget": asked.replications,
            "replications": found.spent,
            "first_replications": explored.first if explored else None,
            "from_store": self.from_store,
            **both(warm_up=self.warm_up),
            "confidence": asked.confidence,
            "indifference": asked.indifference,
            "compared": found.compared,
            "settled": found.settled,
            "interrupted": found.interrupted,
            "chosen": self.chosen,
            "best": [self._point(one) for one in found.best],
            "others": [self._point(one) for one in found.candidates if one.status != "may be best"],
            "failed": [{"decisions": self.designs.amounts(one), "why": why} for one, why in found.failed],
            "warnings": [{**both(text=text), "design": design} for text, design in self.warnings.items()],
            "question": self.designs.study.question,
            "run": self._run(),
            "provenance": {"files": [one.document() for one in self.designs.study.sources]},
        }

    def _run(self) -> dict[str, Any]:
        """How it was run: seed, level, versions, and the plans of the designs that may be best, by name."""
        cases = {self.designs.name(one.design): self.designs.case(one.design) for one in self.found.best}
        return {
            "seed": self.designs.study.run.spec.seed,
            "confidence": self.search.confidence,
            "plans": {name: case.digest for name, case in cases.items()},
            "draws": {name: case.draws for name, case in cases.items() if case.draws},
            "twin": __version__,
            "numpy": np.__version__,
        }

    def _decision(self, one: Choice) -> dict[str, Any]:
        levels = [{"amount": level.amount, "value": level.value, "cost": level.cost} for level in one.levels]
        return {"path": one.path or None, "lever": one.lever or None, "levels": levels}

    def _point(self, one: Candidate) -> dict[str, Any]:
        """A design with what is known of it."""
        asked, n = self.search, len(self.search.aims)
        return {
            "decisions": self.designs.amounts(one.design),
            "status": one.status,
            "cost": one.cost,
            "replications": one.n,
            "fresh": one.fresh,
            "goals": [
                {"name": aim.name, "unit": aim.unit, "mean": mean, "interval": _written(interval)}
                for aim, mean, interval in zip(asked.aims, one.means, one.intervals, strict=False)
            ],
            "limits": [
                {"text": limit.text, "unit": limit.metric.unit, "mean": mean, "interval": _written(interval)}
                for limit, mean, interval in zip(asked.ceilings, one.means[n:], one.intervals[n:], strict=True)
            ],
            "holds_limits": one.holds,
            "chosen_minus_this": _written(one.lead),
        }


def _written(interval: Interval | None) -> dict[str, float | int | None] | None:
    return None if interval is None else interval.document()


def optimise(
    study: Study,
    **means: Unpack[Means],
) -> Optimised:
    """Search for the best design of a study: the same answer with any workers, and after any interruption.

    Args:
        study: one with ``optimise:``.
        means: where runs are kept (whole, or at least the KPIs of ``designs.kpis``; the next search goes on there), who
            makes them, who is told: ``Means``.

    Returns:
        The answer; after Ctrl-C the best so far.

    Raises:
        PlantError: nothing to search for, no design is possible, or Optuna was asked for and is not installed.
        RunError: no design could be simulated, or an identity does not hold.
        StoreError: the store cannot be read or written.
        ValueError: the store does not keep those KPIs.
    """
    asked = asked_of(study)
    designs = Designs(study, asked, carried=means.get("executor") is None)
    problem = problem_of(designs)
    warm_up = _warm_up(designs, problem.space, means)
    simulator = Simulator(designs, **means)
    settings = pure.Settings(
        asked.replications, asked.indifference, asked.confidence, study.run.spec.seed, asked.method,
    )  # fmt: skip
    try:
        found = search(problem, settings, simulator.evaluate)
    except SearchError as error:
        raise _wrong(study, ("optimise", error.key), str(error)) from None
    except ModuleNotFoundError as error:
        if error.name != "optuna":
            raise
        text = "'optuna' is not installed; install it with: pip install 'factory-twin[optimise]'"
        raise _wrong(study, ("optimise", "method"), text) from None
    finally:
        simulator.close()
    if not found.candidates and found.failed and not found.interrupted:
        design, why = found.failed[0]
        raise RunError(f"no design could be simulated; the first, {designs.name(design)}: {why}")
    return Optimised(study.name, asked, found, designs, warm_up, simulator.from_store, simulator.warnings)


def asked_of(study: Study) -> Search:
    """What a study searches for.

    Raises:
        PlantError: nothing.
    """
    if isinstance(study.optimise, Search):
        return study.optimise
    raise _wrong(study, (), "nothing to search for; add 'optimise:' with 'decide' and 'goals'")


def _wrong(study: Study, loc: Loc, text: str) -> PlantError:
    return PlantError([Problem(study.document.mark(loc), dotted(loc), text)])


def problem_of(designs: Designs) -> pure.Problem:
    """The search without the plant behind it."""
    asked = designs.search
    return pure.Problem(
        space_of(asked.choices, asked),
        tuple(pure.Goal(aim.name, aim.maximise) for aim in asked.aims),
        tuple(pure.Limit(one.text, one.at_most, one.value) for one in asked.ceilings),
        designs.cost,
        random=_is_random(designs),
    )


def _is_random(designs: Designs) -> bool:
    """Whether replications of a design may differ: the plant has chance, or a decision may bring it."""
    base = designs.study.case(designs.study.baseline)
    laws = (isinstance(level.value, dict) for one in designs.search.choices for level in one.levels)
    return base.plan.is_random or any(one.lever for one in designs.search.choices) or any(laws)


def space_of(choices: Sequence[Choice], asked: Search) -> Space:
    """The designs that are possible."""
    bounds = []
    for one in asked.sums:
        if one.weights is None:
            terms = [tuple(level.cost for level in choice.levels) for choice in choices]
        else:
            weights = one.weights
            terms = [
                tuple(weights.get(choice.name, 0.0) * level.amount for level in choice.levels) for choice in choices
            ]
        bounds.append(Bound(tuple(terms), one.low, one.high))
    return Space(tuple(len(choice.levels) for choice in choices), tuple(bounds))


def _warm_up(designs: Designs, space: Space, means: Means) -> str:
    """Find the warm-up by pilots of three designs that are far apart, where the study asks for it; why it is so."""
    pilots = designs.study.run.pilot
    if not pilots:
        return ""
    points = [[(size - 1) * share for size in space.sizes] for share in (0.0, 0.5, 1.0)]
    apart: dict[Design, None] = {one: None for point in points if (one := space.nearest(point)) is not None}
    cases = [designs.case(one) for one in apart]
    if not cases:
        return ""
    silent: Means = {**means, "progress": None}
    found = find_warm_up(cases, pilots, **silent)
    designs.warm_up = found.time
    designs.cases.clear()
    return found.words
