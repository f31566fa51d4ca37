"""A case: a scenario compiled, with its uncertain effects; ``at(k)`` is the plan of replication k."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, NamedTuple

from twin.core.layout import RunSpec
from twin.core.plan import Plan
from twin.core.problem import PlantError
from twin.core.run import RunError
from twin.core.text import Document
from twin.law.amount import Amount
from twin.lever.change import Data
from twin.study.asked.changed import compiled, pull
from twin.study.asked.scenario import Pulled

DRAWS = "one per replication"
"""What ``run.inputs.draws`` says where the uncertain inputs of fitted files are drawn."""


class DrawnEffect(NamedTuple):
    """What a lever does where it is not known: drawn once a replication, the same in every scenario."""

    lever: str
    """Name of the lever; empty: a setting of a sweep."""
    path: str
    """What it changes."""
    verb: str
    """'scale', 'add' or 'drawn'."""
    amount: Amount
    """The factor, what is added, or the value itself."""
    stream: str
    """Key of its random stream: 'lever NAME#PATH'."""

    def at(self, seed: int, replication: int) -> float:
        """Its value in a replication (from 0): a factor, or what is added or stands there, in SI units."""
        return self.amount.at(seed, replication, self.stream)


@dataclass(frozen=True)
class Recipe:
    """How the plan of a case is made again with other effects."""

    file: str
    """The layout; files that it names are looked for beside it."""
    data: Data = field(repr=False)
    """The layout as plain data before any change."""
    base: tuple[str, ...]
    """Names of the elements of the layout."""
    pulled: tuple[Pulled, ...]
    run: RunSpec


@dataclass(frozen=True)
class Case:
    """A scenario ready to simulate; it can be pickled, and is quick to take apart."""

    name: str
    plan: Plan
    """Effects at their mean; run settings of the study."""
    effects: tuple[DrawnEffect, ...] = ()
    drawn: bool = False
    """Whether replication k takes draw k of the uncertain inputs of fitted files."""
    recipe: Recipe | None = None
    """None: no effect is drawn."""
    _last: dict[int, Plan] = field(default_factory=dict, repr=False, compare=False)

    @property
    def digest(self) -> str:
        """A name for all that decides a result, seed, replications and draws of fitted files apart."""
        if not self.effects:
            return self.plan.digest
        told = [(one.stream, one.path, one.verb, one.amount.key) for one in self.effects]
        return hashlib.blake2b(repr((self.plan.digest, told)).encode(), digest_size=12).hexdigest()

    @property
    def draws(self) -> str:
        """A name for the draws of fitted files that are used; empty: none are."""
        return self.plan.inputs.digest if self.drawn and self.plan.inputs else ""

    def at(self, replication: int) -> Plan:
        """The plan of a replication (from 0), its effects and its uncertain inputs drawn.

        Raises:
            RunError: with what is drawn the plant makes no sense, such as less than no time; one line.
        """
        if replication not in self._last:
            plan = self._with_effects(replication) if self.effects else self.plan
            self._last.clear()
            self._last[replication] = plan.with_draw(replication) if self.drawn else plan
        return self._last[replication]

    def effects_at(self, replication: int) -> dict[str, float]:
        """The effects of a replication by stream: a factor, or what is added or stands there, in SI units."""
        return {one.stream: one.at(self.plan.seed, replication) for one in self.effects}

    def with_run(self, **changes: Any) -> Case:
        """The same case with other run settings (warm_up and horizon in µs, seed, replications, confidence)."""
        return replace(self, plan=self.plan.with_run(**changes), _last={})

    def _with_effects(self, replication: int) -> Plan:
        from twin import element

        element.plug_in()  # the kinds, in a worker that was started afresh
        assert self.recipe is not None
        recipe, seed, data = self.recipe, self.plan.seed, self.recipe.data
        try:
            for one in recipe.pulled:
                data = pull(data, [one], partial(_draw, seed, replication, one.key)).data
            plan = compiled(Document(recipe.file, data), recipe.base, recipe.run, self.plan)
        except (PlantError, ValueError) as error:
            raise RunError(self._say(error, replication)) from None
        run = ("warm_up", "horizon", "replications", "seed", "confidence")
        return plan.with_run(**{name: getattr(self.plan, name) for name in run})

    def _say(self, error: Exception, replication: int) -> str:
        drawn = ", ".join(f"{path} {value:.4g}" for path, value in self.effects_at(replication).items())
        first = error.problems[0] if isinstance(error, PlantError) else None
        what = f"{first.path}: {first.text}" if first else str(error)
        return f"{self.name}, replication {replication + 1}: with the effects drawn ({drawn}), {what}"

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_last": {}}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        self.__dict__.update(state)


def _draw(seed: int, replication: int, key: str, amount: Amount) -> float:
    return amount.at(seed, replication, key)
