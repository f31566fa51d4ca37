"""A calibration: a history read, cleaned and fitted; its table, its page, the fitted file that layouts refer to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin import __version__
from twin.api.plant import Plant, language, load, register
from twin.api.shown import Shown
from twin.calibrate.chain import Chain, Step, calibrate
from twin.core.drawfile import beside
from twin.core.problem import Mark, PlantError, Problem
from twin.report.calibration.plots import Plots
from twin.study.files import OutputNameError, check_apart, check_name
from twin.study.option import check_known, check_path

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import RenderableType

    from twin.calibrate.cleaning.account import Account
    from twin.calibrate.found import Findings
    from twin.calibrate.output.listed import Row
    from twin.calibrate.output.touched import Touched
    from twin.report.words import Lang
    from twin.study.validation import Validation

FITTED = (".yaml",)
"""What the name of a fitted file ends with."""
PAGES = (".html",)
A_READING = "calibration/pump_line.yaml"
"""The name of a reading file, as messages show one."""
NOTHING = "no law, time or share can be told from this history"


@dataclass(frozen=True, repr=False)
class Calibration(Shown):
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
    def touched(self) -> list[Touched]:
        """The rows of the files that each rule of cleaning took or changed."""
        from twin.calibrate.output.touched import touched

        return touched(self.account, self.chain.files)

    @property
    def problems(self) -> Sequence[Problem]:
        """Rows that could not be read and words that are not known, by place; the other rows were used."""
        return self.chain.log.errors

    @property
    def default(self) -> Path:
        """The fitted file beside the reading file: ``pump_line.yaml`` → ``pump_line.fitted.yaml``."""
        return default_of(self.chain.reading.path)

    @property
    def reads(self) -> list[Path]:
        """The files that the reading file names: those of the history, and the layout of its calendar."""
        reading = self.chain.reading
        named = [*(one.file for one in reading.history), reading.layout]
        return [reading.path.parent / name for name in named if name is not None]

    @property
    def names(self) -> list[str]:
        """The entries of the fitted file: modes, then times, then shares."""
        from twin.calibrate.output.written import plain

        found = self.findings
        modes, times, shares = ([one.name for one in some] for some in (found.modes, found.times, found.counts))
        return [plain(name) for name in (*modes, *times, *shares)]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found that a fitted file could hold."""
        return not self.names

    def check_outputs(self, fitted: str | Path | None = None, report: str | Path | None = None) -> list[Path]:
        """Refuse names that cannot be written, or that would cost the user a file that is read, or a layout.

        Args:
            fitted: the fitted file; default beside the reading file.
            report: the report; None: there is none.

        Returns:
            The fitted file and its draws.

        Raises:
            OutputError: one of them cannot be written; OutputNameError: the name makes no sense.
        """
        reading, place = self.chain.reading.path, self.default if fitted is None else Path(fitted)
        check_names(reading, fitted, report)
        check_apart(reading, self.reads, place, beside(place), report, what="reading file")
        return [place, beside(place)]

    def save(self, path: str | Path | None = None, command: str = "") -> list[Path]:
        """Write the fitted file and the draws beside it, each whole or not at all.

        Args:
            path: the file; default beside the reading file.
            command: what the file says it was made with.

        Returns:
            The files written.

        Raises:
            OutputError: another suffix, or a file cannot be written.
            PlantError: nothing was found, or two things that were found have the same name.
        """
        from twin.calibrate.output.fitted import made_by, write_fitted

        place, draws = self.check_outputs(path)
        if self.is_empty:
            raise PlantError([self.chain.reading.problem((), NOTHING)])
        write_fitted(place, self.findings, made_by(self.chain.reading, command, version=__version__))
        return [place, draws]

    def check(self, path: str | Path | None = None) -> list[Problem]:
        """What of a fitted file is no longer what the history says; empty: nothing has moved.

        Args:
            path: the fitted file; default beside the reading file.

        Raises:
            PlantError: the fitted file cannot be read.
        """
        from twin.calibrate.output.fitted import made_by
        from twin.calibrate.output.recheck import check_fitted

        place = self.default if path is None else Path(path)
        if not place.exists():
            return [Problem(Mark(str(place), 1, 1), "", "there is no such fitted file yet")]
        made = made_by(self.chain.reading, version=__version__)
        return check_fitted(place, lambda reading: (self.findings, made))

    def document(self) -> dict[str, Any]:
        """The findings as the JSON document of ``twin calibrate --json``: the account and its rows, the fitted file."""
        from twin.calibrate.output.fitted import fitted_document, made_by

        made = made_by(self.chain.reading, version=__version__)
        return {
            "calibration": self.chain.reading.calibration,
            "account": [entry._asdict() for entry in self.chain.entries()],
            "touched": [one.document() for one in self.touched],
            "problems": [problem.document() for problem in self.problems],
            "fitted": fitted_document(self.findings, made, self.default.parent),
            "notes": list(self.findings.notes),
        }

    def validate(self, layout: str | Path, **options: Any) -> Validation:
        """Calibrate on the first weeks, predict the others with a layout, and compare; see ``twin.study.validate``.

        Args:
            layout: a layout that takes laws of this calibration by reference.
            options: ``replications`` (weeks to simulate; default 200), ``workers``, ``progress``.

        Returns:
            The validation; ``save()`` keeps it beside the reading file, where studies look for it.

        Raises:
            PlantError: all problems of the layout.
            NoValidationError: too few weeks, or nothing to compare.
        """
        from twin.study.validate import validate

        check_known(options, ("replications", "workers", "progress"))
        return validate(taker(layout, self.chain.reading.path).layout, self.chain, **options)

    def frame(self) -> pd.DataFrame:
        """The laws and shares as a table for pandas, one row each: mean and CV with their 90 % intervals, law."""
        import pandas as pd

        from twin.calibrate.output.listed import Row

        return pd.DataFrame(self.table_rows(), columns=list(Row._fields))

    def table_rows(self) -> list[Row]:
        """The rows of ``frame()`` as plain tuples; means in s or cycles, shares 0…1."""
        from twin.calibrate.output.listed import rows

        return list(rows(self.findings))

    @property
    def plot(self) -> Plots:
        """Figures of the calibration: ``calibration.plot.mode("mill.spindle")`` and others."""
        return Plots(self.findings)

    def table(self, lang: Lang = "en") -> RenderableType:
        """The findings as rich tables; ValueError for an unknown language."""
        from twin.report.calibration import findings

        return findings.render(self.findings, self.chain.entries(), lang)

    def text(self, lang: Lang = "en") -> str:
        """The findings as plain text."""
        from twin.report.calibration import findings

        return findings.text(self.findings, self.chain.entries(), lang)

    def save_report(self, path: str | Path, *, lang: Lang = "en") -> None:
        """Write the report: one page with the account, all laws with their intervals, and the evidence of each mode.

        Raises:
            OutputError: another suffix, or it cannot be written.
            ValueError: an unknown language.
        """
        from twin.report.calibration import page as calibration

        self.check_outputs(report=path)
        reading = self.chain.reading
        about = [*((one.name, one.sha256) for one in self.chain.log.files), (str(reading.path), reading.sha256)]
        told: dict[str, Any] = {"touched": self.touched, "title": reading.calibration, "about": about}
        calibration.write(path, self.findings, self.chain.entries(), **told, lang=lang)

    def _repr_html_(self) -> str:
        from twin.report.calibration import page as calibration

        return calibration.fragment(self.findings)


def default_of(reading: str | Path) -> Path:
    """The fitted file beside a reading file."""
    return Path(reading).with_suffix(".fitted.yaml")


def check_names(reading: str | Path, fitted: str | Path | None = None, report: str | Path | None = None) -> None:
    """Say before a history is read that a file cannot be written.

    Raises:
        OutputError: it cannot; OutputNameError: another suffix, or it is there and is a layout or a reading file.
    """
    place = default_of(reading) if fitted is None else Path(fitted)
    check_name(place, FITTED)
    check_name(beside(place))
    check_name(report, PAGES)
    if place.is_file() and (found := language(place)) in ("layout", "reading"):
        what = "a layout" if found == "layout" else "a reading file"
        raise OutputNameError(f"{place}: this is {what}; name another file")


def check_validity(reading: str | Path) -> None:
    """Say before a history is read that a validation cannot be kept beside the reading file; raises OutputError."""
    from twin.study.validation import validity_of

    check_name(validity_of(reading))


def taker(layout: str | Path, reading: str | Path) -> Plant:
    """A layout that takes laws which a reading file has found.

    Raises:
        PlantError: all problems of the layout.
        NoValidationError: it takes none.
    """
    from twin.study.validate import taken_from

    plant = load(layout)
    taken_from(plant.plan, plant.layout.folder, Path(reading))
    return plant


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
