"""What a search for the best design has found, as table, files and a document for programs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin.api.result import check_output
from twin.api.shown import Shown
from twin.study import files
from twin.study.asked import Study as Asked

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import RenderableType

    from twin.report.study.plots import SearchPlots
    from twin.report.words import Lang
    from twin.study.search.optimise import Optimised

DOCUMENTS = (".json",)


@dataclass(frozen=True, repr=False)
class SearchResult(Shown):
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

    @property
    def plot(self) -> SearchPlots:
        """Figures of the answer: ``result.plot.front()``."""
        from twin.report.study.plots import SearchPlots

        return SearchPlots(self.document())

    def save_plot(self, path: str | Path, *, lang: Lang = "en") -> None:
        """Save the figure of the leaders (``.svg``, ``.png`` or ``.pdf``); errors as ``to_json``, ValueError: none."""
        check_output(path, "search.svg", self.study.file, self.study.reads, files.DRAWINGS)
        files.write_with(path, self.plot.front(lang=lang).savefig)

    def sentences(self, lang: Lang = "en") -> list[str]:
        """The answer in words; ValueError for an unknown language."""
        from twin.report.study.search_page import opening
        from twin.report.words import check_lang

        return opening(self.document(), check_lang(lang))

    def save_report(self, path: str | Path, *, lang: Lang = "en") -> None:
        """Write a page (``.html``): the answer, the designs that may be best, how they were found.

        Raises:
            OutputError: as ``to_json``; ValueError: an unknown language.
        """
        from twin.report.study import written

        check_output(path, "search.html", self.study.file, self.study.reads, written.PAGES)
        written.write_search(path, self.document(), lang)

    def table(self, lang: Lang = "en") -> RenderableType:
        """The answer as rich tables; ValueError for an unknown language."""
        from twin.report.study import search

        return search.render(self.document(), lang)

    def text(self, lang: Lang = "en") -> str:
        """The answer as plain text; ValueError for an unknown language."""
        from twin.report.study import search

        return search.text(self.document(), lang)

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
