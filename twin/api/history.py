"""A calibration: a history read, cleaned and fitted; its table, its page, the fitted file that layouts refer to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin import __version__
from twin.api.plant import load, register
from twin.calibrate.chain import Chain, Step, calibrate
from twin.core.problem import Problem
from twin.study.files import check_apart, check_name
from twin.study.option import check_path

if TYPE_CHECKING:
    from rich.console import RenderableType

    from twin.calibrate.account import Account
    from twin.calibrate.found import Findings
    from twin.report.words import Lang
    from twin.study.validate import Validation

FITTED = (".yaml",)
"""What the name of a fitted file ends with."""
PAGES = (".html",)
A_READING = "calibration/pump_line.yaml"
"""The name of a reading file, as messages show one."""


@dataclass(frozen=True, repr=False)
class Calibration:
    """What a history says: shown as a table; ``save`` writes the fitted file, ``save_report`` a page."""

    chain: Chain

    @property
    def findings(self) -> Findings:
        """Evidence, posterior laws and tests of each mode, time and share."""
        return self.chain.findings

    @property
    def account(self) -> Account:
        """The cleaning account: rows and time, from the log to what was used."""
        return self.chain.account

    @property
    def problems(self) -> Sequence[Problem]:
        """Rows that could not be read and words that are not known, by place; the other rows were used."""
        return self.chain.log.errors

    @property
    def default(self) -> Path:
        """The fitted file beside the reading file: ``pump_line.yaml`` → ``pump_line.fitted.yaml``."""
        return self.chain.reading.path.with_suffix(".fitted.yaml")

    @property
    def reads(self) -> list[Path]:
        """The files that the reading file names."""
        folder = self.chain.reading.path.parent
        return [folder / one.file for one in self.chain.reading.history if one.file is not None]

    def check_output(self, path: str | Path, suffixes: Sequence[str]) -> None:
        """Refuse a name that cannot be written, or that would cost the user a file that is read.

        Raises:
            OutputError: it cannot.
        """
        check_name(path, suffixes)
        check_apart(self.chain.reading.path, self.reads, path)

    def save(self, path: str | Path | None = None, command: str = "") -> list[Path]:
        """Write the fitted file and the draws beside it, whole or not at all.

        Args:
            path: the file; default beside the reading file.
            command: what the file says it was made with.

        Returns:
            The files written.

        Raises:
            OutputError: another suffix, or a file cannot be written.
            PlantError: two things that were found have the same name.
        """
        from twin.calibrate.fitted import made_by, write_fitted
        from twin.core.drawfile import beside

        place = self.default if path is None else Path(path)
        self.check_output(place, FITTED)
        self.check_output(beside(place), ())
        draws = write_fitted(place, self.findings, made_by(self.chain.reading, command, version=__version__))
        return [place, draws]

    def check(self, path: str | Path | None = None) -> list[Problem]:
        """What of a fitted file is no longer what the history says; empty: nothing has moved.

        Args:
            path: the fitted file; default beside the reading file.

        Raises:
            PlantError: the fitted file cannot be read.
        """
        from twin.calibrate.fitted import made_by
        from twin.calibrate.recheck import check_fitted

        made = made_by(self.chain.reading, version=__version__)
        return check_fitted(self.default if path is None else path, lambda reading: (self.findings, made))

    def document(self) -> dict[str, Any]:
        """The findings as the JSON document of ``twin calibrate --json``: the account, and each entry as fitted."""
        from twin.calibrate.fitted import fitted_document, made_by

        made = made_by(self.chain.reading, version=__version__)
        return {
            "calibration": self.chain.reading.calibration,
            "account": [entry._asdict() for entry in self.account.rows()],
            "problems": [problem.document() for problem in self.problems],
            "fitted": fitted_document(self.findings, made, self.default.parent),
            "notes": list(self.findings.notes),
        }

    def validate(self, layout: str | Path, **options: Any) -> Validation:
        """Calibrate on the first weeks, predict the others with a layout, and compare; see ``twin.study.validate``.

        Args:
            layout: a layout that takes laws of this calibration by reference.
            options: ``train``, ``tolerance``, ``replications``, ``workers``, ``progress``.

        Raises:
            PlantError: all problems of the layout.
            NoValidationError: too few weeks, or nothing to compare.
        """
        from twin.study.validate import validate

        return validate(load(layout).plan, self.chain, **options)

    def table(self, lang: Lang = "en") -> RenderableType:
        """The findings as rich tables; ValueError for an unknown language."""
        from twin.report import findings

        return findings.render(self.findings, self.account.rows(), lang)

    def text(self, lang: Lang = "en") -> str:
        """The findings as plain text."""
        from twin.report import findings

        return findings.text(self.findings, self.account.rows(), lang)

    def save_report(self, path: str | Path, lang: Lang = "en") -> None:
        """Write the report: one page with the account, all laws with their intervals, and the evidence of each mode.

        Raises:
            OutputError: another suffix, or it cannot be written.
            ValueError: an unknown language.
        """
        from twin.report import calibration

        self.check_output(path, PAGES)
        reading = self.chain.reading
        about = [*((one.name, one.sha256) for one in self.chain.log.files), (str(reading.path), reading.sha256)]
        calibration.write(
            path, self.findings, self.account.rows(), title=reading.calibration, about=about, lang=lang
        )  # fmt: skip

    def __rich__(self) -> RenderableType:
        return self.table()

    def __str__(self) -> str:
        return self.text()

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from twin.report import calibration

        return calibration.fragment(self.findings)


def fit(path: str | Path, step: Step | None = None) -> Calibration:
    """Read a history with its reading file, clean it and fit it.

    Args:
        path: the reading file, such as ``calibration/pump_line.yaml``.
        step: told what is done next: 'read', 'clean', 'observe', 'fit'.

    Raises:
        PlantError: all problems of the reading file, or a history of which nothing can be used.
        TypeError: what is given is no path.
    """
    check_path(path, A_READING)
    register()
    return Calibration(calibrate(path, step))
