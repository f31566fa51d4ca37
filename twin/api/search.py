"""What a search for the best design has found, as table, files and a document for programs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin.api.result import check_output
from twin.study import files
from twin.study.asked import Study as Asked

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import RenderableType

    from twin.study.search.optimise import Optimised

DOCUMENTS = (".json",)


@dataclass(frozen=True, repr=False)
class SearchResult:
    """What a search has found: shown as tables; ``document()`` is the same for programs."""

    study: Asked
    found: Optimised
    """Designs, goals, and what may be best."""

    @property
    def chosen(self) -> dict[str, float] | None:
        """The amounts of the answer, the cheapest design that may be best; None: two goals, or no design."""
        return self.found.chosen

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C ended the search; the answer is then the best so far."""
        return self.found.interrupted

    def document(self) -> dict[str, Any]:
        """The answer as the JSON document of ``twin optimise --json``."""
        return self.found.document()

    def frame(self) -> pd.DataFrame:
        """The leaders as a table for pandas, one row a design: decisions, goals with their intervals, cost, status."""
        import pandas as pd

        document = self.document()
        points = [*document["best"], *document["others"]]
        return pd.DataFrame([_point(one) for one in points])

    def to_json(self, path: str | Path | None = None) -> str:
        """The document as text; with a path it is also written there (``.json``); errors as ``StudyResult.to_json``."""
        text = files.json_text(self.document())
        if path is not None:
            check_output(path, "search.json", self.study.file, self.study.reads, DOCUMENTS)
            files.write_text(path, text)
        return text

    def __rich__(self) -> RenderableType:
        from twin.report.study import search

        return search.render(self.document())

    def __str__(self) -> str:
        from twin.report.study import search

        return search.text(self.document())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from twin.report.study import search

        return search.html(self.document())


def _point(one: dict[str, Any]) -> dict[str, Any]:
    """A design as a row of a table."""
    goals: dict[str, Any] = {}
    for goal in one["goals"]:
        interval = goal["interval"] or {}
        goals |= {goal["name"]: goal["mean"], f"{goal['name']}_low": interval.get("low")}
        goals |= {f"{goal['name']}_high": interval.get("high")}
    return {
        **one["decisions"],
        **goals,
        "cost": one["cost"],
        "status": one["status"],
        "replications": one["replications"],
    }
