"""What differs: between two layouts, in a scenario, and between two results on the same random numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from twin.api.shown import Shown
from twin.core.problem import nearest, quoted
from twin.study.statistics.interval import Interval, mean_interval

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import RenderableType

    from twin.api.result import Result
    from twin.report.notebook.planned import Changed
    from twin.report.words import Lang

C = TypeVar("C", bound="Changed")


class Changes(list[C]):
    """Changes as a list; alone on a line of a notebook a table of them."""

    def __str__(self) -> str:
        return "\n".join(str(one) for one in self)

    def _repr_html_(self) -> str:
        from twin.report.notebook import planned

        return planned.changes(self)


class Line(NamedTuple):
    """A KPI of two results."""

    path: str
    """Such as 'kpis.wip' or 'elements.mill.kpis.oee'."""
    before: Interval
    after: Interval
    difference: Interval
    """After minus before, over the replications in which both have it."""


@dataclass(frozen=True, repr=False)
class Comparison(Shown):
    """A result against another on the same random numbers; SI units, as ``Result.intervals``."""

    before: Result
    after: Result

    def __post_init__(self) -> None:
        if wrong := unlike(self.before, self.after):
            raise ValueError(f"the runs cannot be compared pair by pair: {wrong}")

    @property
    def names(self) -> tuple[str, str]:
        """The two layouts, by the names of their plants; where these are alike by those of their files."""
        runs = (self.before, self.after)
        told = ([run.plan.name for run in runs], [Path(run.file).stem for run in runs], [run.file for run in runs])
        before, after = next((names for names in told if names[0] != names[1]), told[-1])
        return before, after

    @property
    def n(self) -> int:
        """Replications that both have."""
        return min(len(self.before.rows), len(self.after.rows))

    @property
    def confidence(self) -> float:
        """Of each interval, that of the second run."""
        return self.after.plan.confidence

    @cached_property
    def lines(self) -> dict[str, Line]:
        """All KPIs that both results have, by path."""
        paths = [path for path in self.before.intervals if path in self.after.intervals]
        return {path: line for path in paths if (line := self._line(path)) is not None}

    @property
    def headline(self) -> list[Line]:
        """The KPIs of the whole plant."""
        return [line for path, line in self.lines.items() if path.startswith("kpis.")]

    def _line(self, path: str) -> Line | None:
        pairs = zip(self.before.rows, self.after.rows, strict=False)
        values = [(a.get(path), b.get(path)) for a, b in pairs]
        found = mean_interval([None if a is None or b is None else b - a for a, b in values], self.confidence)
        return found and Line(path, self.before.intervals[path], self.after.intervals[path], found)

    def __getitem__(self, path: str) -> Interval:
        """The paired difference of a KPI: after minus before; KeyError with the nearest path."""
        if path not in self.lines:
            near = nearest(path, self.lines)
            raise KeyError(f"there is no {quoted(path, 80)}" + (f"; did you mean '{near}'?" if near else ""))
        return self.lines[path].difference

    def frame(self) -> pd.DataFrame:
        """All KPIs as a table for pandas, one row each; times in s, shares 0…1."""
        import pandas as pd

        columns = ["kpi", "before", "after", "difference", "low", "high", "n"]
        rows = [
            (path, one.before.mean, one.after.mean, one.difference.mean, one.difference.low, one.difference.high,
             one.difference.n)
            for path, one in self.lines.items()
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)

    def table(self, lang: Lang = "en") -> RenderableType:
        """The KPIs of the plant as a rich table; ValueError for an unknown language."""
        from twin.report.notebook import compared

        return compared.render(self, lang)

    def text(self, lang: Lang = "en") -> str:
        """The KPIs of the plant as plain text; ValueError for an unknown language."""
        from twin.report.notebook import compared

        return compared.text(self, lang)

    def _repr_html_(self) -> str:
        from twin.report.notebook import compared

        return compared.html(self)


def unlike(before: Result, after: Result) -> str:
    """Why replications of two results are no pairs; empty: they are."""
    for word, key in (("seeds", "seed"), ("horizons", "horizon"), ("warm-ups", "warm_up")):
        if getattr(before.plan, key) != getattr(after.plan, key):
            return f"their {word} differ; run both with the same"
    if before.drawn != after.drawn:
        return "one alone took draws of its inputs; run both with inputs='draws', or none"
    return "" if min(len(before.rows), len(after.rows)) else "one of them has no replication"
