"""The command about histories: calibrate."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from twin.cli.frame import INTERRUPTED, Json, app, count, mistakes, misuse, next_command, show_problems, tell

if TYPE_CHECKING:
    from twin.api.history import Calibration

ReadingFile = Annotated[
    str, typer.Argument(metavar="READING", help="How to read a history, such as calibration/pump_line.yaml.")
]
STEPS = {"read": "reading", "clean": "cleaning", "observe": "taking samples", "fit": "fitting"}
"""What is told while the user waits."""


@app.command()
def calibrate(
    reading: ReadingFile,
    *,
    out: Annotated[
        str | None, typer.Option(metavar="FILE", help="The fitted file; default READING with .fitted.yaml.")
    ] = None,
    report: Annotated[str | None, typer.Option(metavar="FILE", help="Save the report, one page (.html).")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing: fail where the fitted file is not what would be written.")
    ] = False,
    lang: Annotated[str, typer.Option(metavar="LANG", help="Language of tables and report: en or fr.")] = "en",
    as_json: Json = False,
) -> None:
    """Calibrate laws from a history: clean it, fit it, write the fitted file that layouts refer to."""
    try:
        _calibrate(reading, out, report, lang, check, as_json)
    except KeyboardInterrupt:
        tell("interrupted: nothing is written")
        raise typer.Exit(INTERRUPTED) from None


def _calibrate(reading: str, out: str | None, report: str | None, lang: str, check: bool, as_json: bool) -> None:
    from twin.api import check_name
    from twin.api.history import FITTED, PAGES, fit
    from twin.report.words import check_lang

    with misuse():
        check_lang(lang)
        check_name(None if check else out, FITTED)
        check_name(report, PAGES)
    with mistakes(as_json), _steps() as step:
        found = fit(reading, step)
    _tell_errors(found)
    with misuse():
        for path, suffixes in ((out, FITTED), (report, PAGES)):
            if path is not None:
                found.check_output(path, suffixes)
    if check:
        _check(found, out, reading)
        return
    with mistakes(as_json):
        written = [f"fitted: {path}" for path in found.save(out, _typed(reading, out))]
        if report is not None:
            found.save_report(report, lang)  # type: ignore[arg-type]
            written.append(f"report: {report}")
    _print(found, lang, as_json)
    for line in written:
        tell(line)
    next_command(f"twin calibrate {reading} --report report.html" if report is None else "twin run LAYOUT")


def _typed(reading: str, out: str | None) -> str:
    """The command, to be typed again."""
    return f"twin calibrate {reading}{'' if out is None else f' --out {out}'}"


def _check(found: Calibration, fitted: str | None, reading: str) -> None:
    """Exit code 1 where the fitted file is not what would be written now."""
    with mistakes():
        problems = found.check(fitted)
    show_problems(problems, as_json=False)
    if problems:
        next_command(_typed(reading, fitted))
        raise typer.Exit(1)
    tell(f"{fitted or found.default}: as the history says")


def _tell_errors(found: Calibration) -> None:
    """Rows that could not be read; the others go on."""
    for problem in found.problems[:MOST]:
        tell(str(problem))
    left = len(found.problems) + found.chain.log.more - MOST
    if left > 0:
        tell(f"and {count(left, 'more problem')} of this kind")


MOST = 20
"""Problems of single rows that are told."""


def _print(found: Calibration, lang: str, as_json: bool) -> None:
    """The answer on standard output."""
    from twin.study.files import json_text

    if as_json:
        typer.echo(json_text(found.document()), nl=False)
    elif sys.stdout.isatty():
        from rich import print as show_rich

        show_rich(found.table(lang))  # type: ignore[arg-type]
    else:
        typer.echo(found.text(lang))  # type: ignore[arg-type]


@contextmanager
def _steps() -> Iterator[Callable[[str], Any] | None]:
    """What is done now, on standard error, on a terminal only."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    with Console(stderr=True).status("reading …") as status:
        yield lambda what: status.update(f"{STEPS[what]} …")
