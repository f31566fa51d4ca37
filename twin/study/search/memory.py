"""The designs that were visited and what they showed; no replication is ever simulated twice, and the budget holds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from twin.study.search.problem import Evaluate, Row, Wanted
from twin.study.search.space import Design

if TYPE_CHECKING:
    from twin.law.law import Floats


class Interrupted(Exception):  # noqa: N818 (no error: the user has seen enough)
    """Somebody stopped the search; what was finished is in the memory."""


class Memory:
    """What is known of the designs.

    Args:
        evaluate: simulates.
        budget: replications of all designs together.
        columns: numbers that a replication shows.
    """

    def __init__(self, evaluate: Evaluate, budget: int, columns: int) -> None:
        self.evaluate, self.budget, self.columns = evaluate, budget, columns
        self.rows: dict[Design, list[Row]] = {}
        """Of each visited design, in the order of visits."""
        self.failed: dict[Design, str] = {}
        """Designs that could not be simulated to the end, and why."""
        self.spent = 0
        """Replications so far."""

    @property
    def left(self) -> int:
        """Replications that may still be made."""
        return self.budget - self.spent

    @property
    def sound(self) -> list[Design]:
        """The visited designs that could be simulated."""
        return [design for design in self.rows if design not in self.failed]

    def count(self, design: Design) -> int:
        """Replications of a design."""
        return len(self.rows.get(design, ()))

    def need(self, designs: Iterable[Design], n: int) -> bool:
        """Simulate what is missing of the first n replications of each design, as far as the budget goes.

        Returns:
            Whether all of it is there now; designs that the budget does not reach are left out as a whole.

        Raises:
            Interrupted: somebody stopped it.
        """
        wanted, left, complete = list[Wanted](), self.left, True
        for design in dict.fromkeys(designs):
            missing = 0 if design in self.failed else n - self.count(design)
            complete = complete and missing <= left
            if 0 < missing <= left:
                wanted.append(Wanted(design, n - missing, n))
                left -= missing
        if wanted:
            self._ask(wanted)
        return complete

    def _ask(self, wanted: Sequence[Wanted]) -> None:
        answer = self.evaluate(wanted)
        for one in wanted:
            rows = answer.rows.get(one.design, ())
            if rows or one.design in answer.failed:
                self.rows.setdefault(one.design, []).extend(rows)
            # One that fails counts in full, wherever it failed: so the budget goes the same way with any workers.
            self.spent += one.until - one.first if one.design in answer.failed else len(rows)
        self.failed.update(answer.failed)
        if answer.interrupted:
            raise Interrupted

    def table(self, designs: Sequence[Design], first: int = 0, until: int | None = None) -> Floats:
        """What designs showed: (replications that all of them have, designs, columns)."""
        n = min((self.count(design) for design in designs), default=0) if until is None else until
        rows = [self.rows[design][first:n] for design in designs]
        return np.array(rows, dtype=float).reshape(len(designs), -1, self.columns).swapaxes(0, 1)

    def mean(self, design: Design) -> tuple[float, ...]:
        """The means of the columns over all replications of a design; NaN where one has no value."""
        rows = self.rows[design]
        return tuple(math.fsum(column) / len(rows) for column in zip(*rows, strict=True))
