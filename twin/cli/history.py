"""The command about histories: calibrate."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from twin.cli import plants  # noqa: F401  its commands stand first in the help
from twin.cli.frame import (
    INTERRUPTED,
    Json,
    app,
    count,
    examples,
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
"""Problems of rows that are told, those of one kind together."""


class Asked(NamedTuple):
    """What a user asked for."""

    reading: str
    out: str | None
    report: str | None
    check: bool
    validate: str | None
    replications: int | None
    lang: Lang
    as_json: bool


@app.command(
    epilog=examples(
        "twin calibrate calibration/pump_line.yaml",
        "twin calibrate calibration/pump_line.yaml --report report.html --lang fr",
        "twin calibrate calibration/pump_line.yaml --check",
        "twin calibrate calibration/pump_line.yaml --validate layouts/pump_line_fitted.yaml",
    )
)
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
        typer.Option(
            metavar="LAYOUT",
            help="Calibrate on the first weeks and predict the others; kept beside READING with .validity.json.",
        ),
    ] = None,
    replications: Annotated[
        int | None, typer.Option(metavar="N", help="With --validate: weeks to simulate; default 200.")
    ] = None,
    lang: Annotated[str, typer.Option(metavar="LANG", help="Language of tables and report: en or fr.")] = "en",
    as_json: Json = False,
) -> None:
    """Calibrate laws from a history. They go to a file that layouts refer to."""
    from twin.report.words import check_lang

    with misuse():
        asked = Asked(reading, out, report, check, validate, replications, check_lang(lang), as_json)
        _check_together(asked)
    written = list[str]()
    try:
        _calibrate(asked, written)
    except KeyboardInterrupt:
        tell("interrupted" if written else "interrupted: nothing is written")
        raise typer.Exit(INTERRUPTED) from None


def _check_together(asked: Asked) -> None:
    """Raise ValueError for options that exclude each other, or make no sense."""
    if sum((asked.check, asked.validate is not None, asked.report is not None)) > 1:
        raise ValueError("one of --check, --validate and --report at a time")
    if asked.validate is not None and asked.out is not None:
        raise ValueError("--out names the fitted file, which --validate does not write")
    if asked.replications is not None:
        if asked.validate is None:
            raise ValueError("--replications are weeks that --validate simulates; name the layout with it")
        from twin.study.option import whole
        from twin.study.validate import MOST_WEEKS

        whole("--replications", asked.replications, 2, MOST_WEEKS)


def _calibrate(asked: Asked, written: list[str]) -> None:
    """Do what is asked; the files that are written are told and put into ``written``."""
    from twin.api.history import fit

    with mistakes(asked.as_json):
        _check_early(asked)
        with _minutes(asked), steps() as step:
            found = fit(asked.reading, step)
    if asked.check:
        _check(found, asked)
    elif asked.validate is not None:
        tell_errors(found)
        _validate(found, asked, written)
    else:
        with misuse():
            found.check_outputs(asked.out, asked.report)
        tell_errors(found)
        _write(found, asked, written)


def _check_early(asked: Asked) -> None:
    """What is wrong with the layout, or with the names of files to be written, is told before a history is read."""
    from twin.api.history import check_names, check_validity, taker

    if asked.validate is not None:
        taker(asked.validate, asked.reading)
        check_validity(asked.reading)
    elif not asked.check:
        with misuse():
            check_names(asked.reading, asked.out, asked.report)


def _write(found: Calibration, asked: Asked, written: list[str]) -> None:
    """The fitted file, its draws and the report; then the answer."""
    with mistakes(asked.as_json):
        if not found.is_empty:
            written += [f"fitted: {path}" for path in found.save(asked.out, _typed(asked))]
        if asked.report is not None:
            found.save_report(asked.report, lang=asked.lang)
            written.append(f"report: {asked.report}")
    try:
        _print(found.document, lambda: found.table(asked.lang), asked.as_json)
    finally:
        for line in written:
            tell(line)
    if found.is_empty:
        from twin.api.history import NOTHING

        tell(f"{NOTHING}; no fitted file is written")
        raise typer.Exit(1)
    next_command(_next(found, asked))


def _next(found: Calibration, asked: Asked) -> str:
    """The report first; then a layout."""
    if asked.report is None:
        return f"{_typed(asked)} --report report.html"
    entry = f"{Path(asked.out or found.default).name}#{found.names[0]}"
    return f"write 'from: {entry}' in a layout (the file as seen from there), then twin run it"


def _typed(asked: Asked) -> str:
    """The command, to be typed again."""
    words = ["twin", "calibrate", asked.reading, *([] if asked.out is None else ["--out", asked.out])]
    return shlex.join(words)


def _check(found: Calibration, asked: Asked) -> None:
    """One line where the fitted file is what would be written now; else what is not, and exit code 1."""
    with mistakes(asked.as_json):
        problems = found.check(asked.out)
    show_problems(problems, asked.as_json)
    if problems:
        next_command(_typed(asked))
        raise typer.Exit(1)
    tell(f"{asked.out or found.default}: as the history says")
    next_command(f"{shlex.join(['twin', 'calibrate', asked.reading])} --report report.html")


def _validate(found: Calibration, asked: Asked, written: list[str]) -> None:
    """The weeks held out against their prediction; kept in a file that is put into ``written`` and told."""
    from twin.report.calibration import validated

    assert asked.validate is not None
    with mistakes(asked.as_json), progress_bar() as progress:
        more = {} if asked.replications is None else {"replications": asked.replications}
        answer = found.validate(asked.validate, progress=progress, **more)
    try:
        _print(answer.document, lambda: validated.render(answer, asked.lang), asked.as_json)
    finally:  # an answer that cannot be kept, after a minute of work, is shown all the same
        with mistakes(as_json=False):
            written.append(f"validity: {answer.save()}")
        tell(written[-1])
    next_command(f"{shlex.join(['twin', 'run', asked.validate])} --inputs draws")


def tell_errors(found: Calibration) -> None:
    """Rows that could not be read; the others go on."""
    from twin.calibrate.history.alike import alike

    kinds = alike(found.problems)
    for problem in kinds[:TOLD]:
        tell(str(problem))
    left = len(kinds[TOLD:]) + found.chain.log.more
    if left > 0:
        tell(f"and {count(left, 'more problem')} with rows; the other rows are used")


@contextmanager
def _minutes(asked: Asked) -> Iterator[None]:
    """A history of minutes per reason has its tables, then the reason why no law can come of it."""
    from twin.calibrate.chain import NoLawError

    try:
        yield
    except NoLawError as error:
        from twin.report.calibration import findings

        if not asked.as_json:
            _show(findings.render_lost(error.log.minutes, asked.lang))
        raise


def _print(document: Callable[[], Any], table: Callable[[], RenderableType], as_json: bool) -> None:
    """The answer on standard output."""
    from twin.study.files import json_text

    if as_json:
        typer.echo(json_text(document()), nl=False)
    else:
        _show(table())


def _show(table: RenderableType) -> None:
    """Tables as wide as the terminal, or as plain text."""
    from twin.report.table import plain_text

    if sys.stdout.isatty():
        from rich import print as show_rich

        show_rich(table)
    else:
        typer.echo(plain_text(table))


@contextmanager
def steps() -> Iterator[Callable[[str], Any] | None]:
    """What is done now, on standard error, on a terminal only."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    with Console(stderr=True).status("reading …") as status:
        yield lambda what: status.update(f"{STEPS[what]} …")
