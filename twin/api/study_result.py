"""The answer of a study: the decision, tables, figures, files and a document for programs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin.api.result import check_output
from twin.api.search import DOCUMENTS, SearchResult
from twin.api.shown import Shown
from twin.study import files
from twin.study.files import DRAWINGS
from twin.study.studied import Studied

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import RenderableType

    from twin.report.study.plots import StudyPlots
    from twin.report.words import Lang

TABLES = (".csv",)


@dataclass(frozen=True, repr=False)
class StudyResult(Shown):
    """What a study answers: shown as tables, the decision first; ``document()`` is the same for programs."""

    found: Studied
    """Runs and judgement."""

    @property
    def decision(self) -> str:
        """The decision in one sentence, with its reason."""
        return " ".join(self.sentences())

    def sentences(self, lang: Lang = "en") -> list[str]:
        """The decision, what it brings, why, and what could change it; ValueError for an unknown language."""
        from twin.report.study.page import opening
        from twin.report.study.sums import Page
        from twin.report.words import check_lang

        return opening(Page(self.document(), check_lang(lang)))

    @property
    def chosen(self) -> str | None:
        """The scenario to take; that of 'against': leave it as it is; None: it cannot be told, or there is no rule."""
        decision = self.document()["decision"]
        return decision["chosen"] if decision else None

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C ended the study before its question was answered."""
        return self.found.runs.interrupted

    @property
    def replications(self) -> int:
        """Of each scenario."""
        return self.found.runs.n

    @cached_property
    def _document(self) -> dict[str, Any]:
        return self.found.document()

    def document(self) -> dict[str, Any]:
        """The answer as the JSON document of ``twin study --json``."""
        return self._document

    def frame(self) -> pd.DataFrame:
        """The answer as a table for pandas, one row a scenario; EUR, s (payback in years), shares 0…1."""
        import pandas as pd

        from twin.study.listed import table

        head, rows = table(self.document())
        return pd.DataFrame(rows, columns=head)

    def npv(self) -> pd.DataFrame:
        """The net present value of each row (replication) and scenario against that of 'against', EUR.

        Raises:
            ValueError: the study has no finance.
        """
        import pandas as pd

        judged = self.found.judged
        if judged.assumed is None:
            raise ValueError("the study has no 'finance:', so there is no NPV")
        return pd.DataFrame(judged.npvs, columns=[judged.against, *(scene.name for scene in judged.scenes)])

    @property
    def plot(self) -> StudyPlots:
        """Figures of the answer: ``result.plot.npv()`` and others."""
        from twin.report.study.plots import StudyPlots

        return StudyPlots(self.document())

    def to_json(self, path: str | Path | None = None) -> str:
        """The document as text; with a path it is also written there (``.json``).

        Raises:
            OutputError: another suffix, a file that the study reads, or it cannot be written.
        """
        text = files.json_text(self.document())
        if path is not None:
            self._check(path, "study.json", DOCUMENTS)
            files.write_text(path, text)
        return text

    def to_csv(self, path: str | Path) -> None:
        """Write the table of ``frame()`` (``.csv``), whole or not at all; errors as ``to_json``."""
        from twin.study.listed import table

        self._check(path, "study.csv", TABLES)
        files.write_text(path, files.csv_text(*table(self.document())))

    def save_report(self, path: str | Path, *, lang: Lang = "en", search: SearchResult | None = None) -> None:
        """Write what a COO reads: a page (``.html``), a workbook (``.xlsx``) or slides (``.pptx``), whole or not.

        Args:
            path: the file.
            lang: 'en' or 'fr'.
            search: what the search of the same study has found; the page shows it too.

        Raises:
            OutputError: another suffix, a file that the study reads, or it cannot be written.
            ValueError: an unknown language.
        """
        from twin.report.study import written

        self._check(path, "study.html", written.SUFFIXES)
        written.write(path, self.document(), lang, None if search is None else search.document())

    def save_plot(self, path: str | Path, figure: str | None = None, *, lang: Lang = "en") -> None:
        """Save a figure (``.svg``, ``.png`` or ``.pdf``): one of ``FIGURES``, default that of the NPV if there is one.

        Raises:
            OutputError: as ``to_json``; ValueError: there is no such figure, or the study has nothing to show in it.
        """
        self._check(path, "study.svg", DRAWINGS)
        word = figure or ("npv" if self.found.judged.assumed is not None else "differences")
        files.write_with(path, self.plot.draw(word, lang).savefig)

    def _check(self, path: str | Path, example: str, suffixes: tuple[str, ...]) -> None:
        study = self.found.study
        check_output(path, example, study.file, study.reads, suffixes)

    def table(self, lang: Lang = "en") -> RenderableType:
        """The answer as rich tables; ValueError for an unknown language."""
        from twin.report.study import page

        return page.render(self.document(), lang)

    def text(self, lang: Lang = "en") -> str:
        """The answer as plain text; ValueError for an unknown language."""
        from twin.report.study import page

        return page.text(self.document(), lang)

    def _repr_html_(self) -> str:
        from twin.report.study import page

        return page.html(self.document())
