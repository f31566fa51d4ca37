"""Where a gain comes from: the share of each lever (Shapley), and the effects of a factorial."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from twin.study.asked.scenario import Scenario
from twin.study.asked.study import Study
from twin.study.judged.judge import Judged
from twin.study.paired.runner import Runs
from twin.study.statistics.effects import Effect, Waterfall, effects, shapley, subsets

MOST_LEVERS = 6
"""Of a waterfall: each lever doubles the scenarios."""


def subset_scenarios(study: Study, name: str) -> list[Scenario]:
    """All subsets of the levers of a scenario as scenarios, those of the study under their own names.

    Raises:
        KeyError: there is no such scenario.
        ValueError: fewer than two levers or too many.
    """
    levers = study.scenario(name).levers
    if not 2 <= len(levers) <= MOST_LEVERS:
        raise ValueError(f"a waterfall takes 2 to {MOST_LEVERS} levers; '{name}' has {len(levers)}")
    known = _by_levers(study)
    return [known.get(frozenset(one)) or Scenario("+".join(one), tuple(one)) for one in subsets(levers)]


def _by_levers(study: Study) -> Mapping[frozenset[str], Scenario]:
    return {frozenset(one.levers): one for one in reversed(study.scenarios) if not one.settings}


def waterfall(study: Study, runs: Runs, name: str, path: str, confidence: float) -> Waterfall | None:
    """The gain of a KPI by lever; None: not all subsets of its levers are among the runs."""
    try:
        wanted = [one.name for one in subset_scenarios(study, name)]
    except ValueError:
        return None
    if not set(wanted) <= set(runs.names) or runs.n < 2:
        return None
    table = runs.matrix(path)[:, [runs.names.index(one) for one in wanted]]
    if not np.isfinite(table).all():
        return None
    return shapley(list(study.scenario(name).levers), table, confidence)


def factorial_effects(judged: Judged, path: str) -> dict[str, tuple[Effect, ...]]:
    """The main effects and interactions of each factorial of the study on a KPI, by its name."""
    runs, found = judged.runs, dict[str, tuple[Effect, ...]]()
    for one in judged.study.factorials:
        if not set(one.scenarios) <= set(runs.names):
            continue  # some were screened out
        table = runs.matrix(path)[:, [runs.names.index(name) for name in one.scenarios]]
        if runs.n > 1 and np.isfinite(table).all():
            found[one.name] = effects(one.design, table, judged.confidence)
    return found
