"""The command about histories: calibrate."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from twin.cli.frame import (
    INTERRUPTED,
    Json,
    app,
    count,
    mistakes,
    misuse,
    next_command,
    progress_bar,
    show_problems,
    tell,
)

if TYPE_CHECKING:
    from rich.console import RenderableType

    from twin.api.history import Calibration
    from twin.report.words import Lang

ReadingFile = Annotated[
    str, typer.Argument(metavar="READING", help="How to read a history, such as calibration/pump_line.yaml.")
]
STEPS = {"read": "reading", "clean": "cleaning", "observe": "taking samples", "fit": "fitting"}
"""What is told while the user waits."""
TOLD = 20
"""Problems of single rows that are told."""


class Asked(NamedTuple):
    """What a user asked for."""

    reading: str
    out: str | None
    report: str | None
    check: bool
    validate: str | None
    lang: Lang
    as_json: bool


@app.command()
def calibrate(
    reading: ReadingFile,
    *,
    out: Annotated[
        str | None, typer.Option(metavar="FILE", help="The fitted file; default READING with .fitted.yaml.")
    ] = None,
    report: Annotated[str | None, typer.Option(metavar="FILE", help="Save the report, one page (.html).")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail where the fitted file is not what would be written.")
    ] = False,
    validate: Annotated[
        str | None,
        typer.Option(metavar="LAYOUT", help="Write nothing; calibrate on the first weeks and predict the others."),
    ] = None,
    lang: Annotated[str, typer.Option(metavar="LANG", help="Language of tables and report: en or fr.")] = "en",
    as_json: Json = False,
) -> None:
    """Calibrate laws from a history: clean it, fit it, write the fitted file that layouts refer to."""
    from twin.report.words import check_lang

    with misuse():
        if sum((check, validate is not None, report is not None)) > 1:
            raise ValueError("one of --check, --validate and --report at a time")
        asked = Asked(reading, out, report, check, validate, check_lang(lang), as_json)
    try:
        _calibrate(asked)
    except KeyboardInterrupt:
        tell("interrupted: nothing is written")
        raise typer.Exit(INTERRUPTED) from None


def _calibrate(asked: Asked) -> None:
    from twin.api.history import FITTED, PAGES, fit

    with mistakes(asked.as_json), _steps() as step, _minutes(asked):
        found = fit(asked.reading, step)
    _tell_errors(found)
    if asked.check:
        _check(found, asked)
    elif asked.validate is not None:
        _validate(found, asked)
    else:
        with misuse():
            for path, suffixes in ((asked.out, FITTED), (asked.report, PAGES)):
                if path is not None:
                    found.check_output(path, suffixes)
        _write(found, asked)


def _write(found: Calibration, asked: Asked) -> None:
    """The fitted file, its draws and the report; then the answer."""
    with mistakes(asked.as_json):
        written = [f"fitted: {path}" for path in found.save(asked.out, _typed(asked))]
        if asked.report is not None:
            found.save_report(asked.report, asked.lang)
            written.append(f"report: {asked.report}")
    _print(found.document, lambda: found.table(asked.lang), lambda: found.text(asked.lang), asked.as_json)
    for line in written:
        tell(line)
    next_command(_next(found, asked))


def _next(found: Calibration, asked: Asked) -> str:
    if asked.report is None:
        return f"twin calibrate {asked.reading} --report report.html"
    modes = found.findings.modes
    return (
        f"write 'from: {asked.out or found.default}#{modes[0].name if modes else 'NAME'}' in a layout, then twin run it"
    )


def _typed(asked: Asked) -> str:
    """The command, to be typed again."""
    return f"twin calibrate {asked.reading}{'' if asked.out is None else f' --out {asked.out}'}"


def _check(found: Calibration, asked: Asked) -> None:
    """Exit code 1 where the fitted file is not what would be written now."""
    with mistakes():
        problems = found.check(asked.out)
    show_problems(problems, as_json=asked.as_json)
    if problems:
        next_command(_typed(asked))
        raise typer.Exit(1)
    tell(f"{asked.out or found.default}: as the history says")


def _validate(found: Calibration, asked: Asked) -> None:
    """The weeks held out against their prediction."""
    from twin.report import validated

    assert asked.validate is not None
    with mistakes(asked.as_json), progress_bar() as progress:
        answer = found.validate(asked.validate, progress=progress)
    _print(
        answer.document,
        lambda: validated.render(answer, asked.lang),
        lambda: validated.text(answer, asked.lang),
        asked.as_json,
    )


def _tell_errors(found: Calibration) -> None:
    """Rows that could not be read; the others go on."""
    for problem in found.problems[:TOLD]:
        tell(str(problem))
    left = len(found.problems) + found.chain.log.more - TOLD
    if left > 0:
        tell(f"and {count(left, 'more problem')} with rows; the other rows are used")


@contextmanager
def _minutes(asked: Asked) -> Iterator[None]:
    """A history of minutes per reason has its tables, then the reason why no law can come of it."""
    from rich.console import Console

    from twin.calibrate.chain import NoLawError
    from twin.report.findings import lost
    from twin.report.table import tables

    try:
        yield
    except NoLawError as error:
        console = Console(width=None if sys.stdout.isatty() else 110)
        for one in tables(lost(error.log.minutes, asked.lang)):
            console.print(one)
        raise


def _print(
    document: Callable[[], Any], table: Callable[[], RenderableType], text: Callable[[], str], as_json: bool
) -> None:
    """The answer on standard output."""
    from twin.study.files import json_text

    if as_json:
        typer.echo(json_text(document()), nl=False)
    elif sys.stdout.isatty():
        from rich import print as show_rich

        show_rich(table())
    else:
        typer.echo(text())


@contextmanager
def _steps() -> Iterator[Callable[[str], Any] | None]:
    """What is done now, on standard error, on a terminal only."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    with Console(stderr=True).status("reading …") as status:
        yield lambda what: status.update(f"{STEPS[what]} …")
