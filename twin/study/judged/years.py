"""The plants of a study as years, and their money: as simulated, and with the chance of all its years."""

from __future__ import annotations

import math

from twin.core.unit import MICRO
from twin.study.asked.study import Study
from twin.study.judged.answer import repeated
from twin.study.judged.assumed import YEAR, Assumed
from twin.study.judged.money import Money, money
from twin.study.judged.yearly import Yearly, yearly
from twin.study.paired.runner import Runs


def years_of(study: Study, runs: Runs) -> dict[str, Yearly]:
    """The year of each scenario of the study; what was simulated besides has no money."""
    names = [one.name for one in study.scenarios]
    return {case.name: yearly(case.name, case.plan, runs.rows(case.name)) for case in runs.cases if case.name in names}


def money_against(study: Study, years: dict[str, Yearly], economy: Assumed) -> dict[str, Money]:
    """The money of all scenarios against that of 'against', by name."""
    return {name: money_of(study, years, economy, name) for name in years if name != study.decision.against}


def money_of(study: Study, years: dict[str, Yearly], economy: Assumed, name: str) -> Money:
    """The money of one scenario against that of 'against'; both are taken against the baseline."""
    base, other = years[study.baseline], study.decision.against
    found = money(study.scenario(name).levers, base, years[name], economy)
    if other == study.baseline:
        return found
    return found.less(money(study.scenario(other).levers, base, years[other], economy))


def calmed(study: Study, runs: Runs, years: dict[str, Yearly]) -> dict[str, Yearly]:
    """Years with the chance of one horizon averaged over those of the study, where it can be told apart.

    Nothing of the plant is uncertain: all that differs between rows is chance. Draws that are repeated: chance is what
    differs within them. Draws that are not: rows stay as they are, and their spread is a little too wide.
    """
    group, again = groups(study, runs), periods(study, runs)
    if group is not None and repeated(group) is None:
        return years
    base = years[study.baseline]
    calm = base.averaged(again, group)
    return {
        name: calm if name == study.baseline else one.beside(base, calm, again, group) for name, one in years.items()
    }


def periods(study: Study, runs: Runs) -> float:
    """How many simulated horizons the years of the study hold; 1 where each ends when the plant is empty."""
    assert study.finance is not None
    return max(study.finance.years * YEAR / max(runs.cases[0].plan.horizon / MICRO, 1.0), 1.0)


def groups(study: Study, runs: Runs) -> list[int] | None:
    """The draw of the plant's uncertain inputs of each row; None: nothing of the plant is uncertain."""
    cases = study.cases()
    if any(case.effects for case in cases):
        return list(range(runs.n))
    draws = [case.plan.inputs.draws for case in cases if case.drawn and case.plan.inputs]
    return [k % math.lcm(*draws) for k in range(runs.n)] if draws else None
