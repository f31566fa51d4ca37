"""Commands about studies: study, optimise; what ``diff`` says of a scenario."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from twin.cli import history  # noqa: F401  its commands stand first in the help
from twin.cli.frame import (
    INTERRUPTED,
    Language,
    app,
    bar_of,
    count,
    examples,
    language,
    mistakes,
    misuse,
    next_command,
    nothing_finished,
    show_answer,
    tell,
)
from twin.report.study.plots import FIGURES

if TYPE_CHECKING:
    from twin.api.search import SearchResult
    from twin.api.study import Study
    from twin.api.study_result import StudyResult
    from twin.report.words import Lang

StudyFile = Annotated[
    str, typer.Argument(metavar="STUDY", help="A study in YAML, such as experiments/pump_line_2027.yaml.")
]
Workers = Annotated[int | None, typer.Option(metavar="N", help="Processes; default one a processor.")]
StoreFile = Annotated[
    str | None, typer.Option(metavar="FILE", help="Where finished replications are kept; default STUDY.runs.sqlite.")
]
NoStore = Annotated[bool, typer.Option("--no-store", help="Keep nothing on disk, and take nothing from there.")]
AsJson = Annotated[
    str | None, typer.Option("--json", metavar="FILE", help="Save the answer as JSON; '-': print it instead of text.")
]


class Asked(NamedTuple):
    """What a user asked for."""

    file: str
    replications: int | None
    workers: int | None
    store: str | None
    no_store: bool
    keep: str
    explain: str | None
    as_json: str | None
    csv: str | None
    plot: str | None
    figure: str | None
    lang: Lang = "en"

    @property
    def prints_json(self) -> bool:
        """Whether the answer is printed as JSON."""
        return self.as_json == "-"

    @property
    def json_file(self) -> str | None:
        """The file of the answer."""
        return None if self.prints_json else self.as_json


@app.command(
    epilog=examples(
        "twin study experiments/packaging_automation.yaml",
        "twin study experiments/packaging_automation.yaml --plot tornado.svg --figure tornado",
        "twin study experiments/pump_line_2027.yaml --explain lean_robot --json answer.json",
    )
)
def study(
    study: StudyFile,
    *,
    replications: Annotated[
        int | None, typer.Option(metavar="N", help="Of each scenario, whatever the study says.")
    ] = None,
    workers: Workers = None,
    store: StoreFile = None,
    no_store: NoStore = False,
    keep: Annotated[
        str, typer.Option(metavar="WHAT", help="Of each replication keep 'all' KPIs, or those 'named' in the study.")
    ] = "all",
    explain: Annotated[
        str | None,
        typer.Option(metavar="SCENARIO", help="Take its gain apart by lever; simulates all subsets of them."),
    ] = None,
    as_json: AsJson = None,
    csv: Annotated[str | None, typer.Option(metavar="FILE", help="Save one row a scenario (.csv).")] = None,
    plot: Annotated[str | None, typer.Option(metavar="FILE", help="Save a figure (.svg, .png or .pdf).")] = None,
    figure: Annotated[str | None, typer.Option(metavar="WHAT", help=f"With --plot: {', '.join(FIGURES)}.")] = None,
    lang: Language = "en",
) -> None:
    """Answer a study: scenarios, money, decision, risk."""
    with nothing_finished():
        asked = Asked(
            study, replications, workers, store, no_store, keep, explain, as_json, csv, plot, figure, language(lang)
        )
        _check_names(asked)
        found = loaded(asked.file)
        place = check_options(found, asked)
        result = answer(found, asked, place)
    _show(result, asked, place)


def _check_names(asked: Asked) -> None:
    """What makes no sense whatever the study says."""
    from twin import api
    from twin.api.search import DOCUMENTS
    from twin.api.study_result import TABLES
    from twin.report.words import figure_named

    with misuse():
        if asked.no_store and asked.store is not None:
            raise ValueError("one of --store and --no-store")
        if asked.figure is not None and asked.plot is None:
            raise ValueError("--figure says what --plot FILE shows; name the file too")
        if asked.figure is not None:
            figure_named(asked.figure, FIGURES)
        api.check_workers(asked.workers)
        api.check_name(asked.json_file, DOCUMENTS)
        api.check_name(asked.csv, TABLES)
        api.check_name(asked.plot, api.DRAWINGS)


def loaded(path: str) -> Study:
    """The study of a file; its warnings are told."""
    from twin.api.study import load_study

    with mistakes():
        found = load_study(path)
    for problem in found.problems:
        tell(str(problem))
    return found


def check_options(found: Study, asked: Asked) -> Path | None:
    """The store, once nothing speaks against what is asked for."""
    from twin import api

    place = None if asked.no_store else Path(asked.store or found.store)
    with misuse():
        found.check_options(
            asked.replications, workers=asked.workers, store=place, keep=asked.keep, explain=asked.explain
        )
        api.check_apart(asked.file, found.reads, asked.json_file, asked.csv, asked.plot, what="study", store=place)
    return place


def answer(found: Study, asked: Asked, place: Path | None) -> StudyResult:
    """The answer; what went wrong is told in lines, and after Ctrl-C what is kept."""
    from twin import api

    with mistakes(), study_bar() as (progress, told):
        try:
            return found.run(
                asked.replications, workers=asked.workers, store=place, keep=asked.keep,  # type: ignore[arg-type]
                progress=progress, told=told, explain=asked.explain,
            )  # fmt: skip
        except OSError as error:
            raise api.RunError(
                f"worker processes cannot be started: {error.strerror or error}; try --workers 1"
            ) from None
        except KeyboardInterrupt:
            tell_kept(asked, place)
            raise


@contextmanager
def study_bar() -> Iterator[tuple[Callable[[int, int], None] | None, Callable[[str], None] | None]]:
    """A bar with the time left, and below it what was said last; on a terminal only."""
    if not sys.stderr.isatty():
        yield None, None
        return
    with bar_of("replications") as bar:
        task = bar.add_task("")

        def progress(done: int, wanted: int) -> None:
            bar.update(task, completed=done, total=wanted, refresh=True)

        def told(words: str) -> None:
            bar.console.print(words, style="dim", highlight=False)

        yield progress, told


def _show(result: StudyResult, asked: Asked, place: Path | None) -> None:
    """The answer on standard output and in files, then how to go on."""
    if result.interrupted:
        tell_kept(asked, place)
    if not result.replications:
        raise typer.Exit(INTERRUPTED)
    saved, unsaved = _save(result, asked)
    _finish(result, asked, saved, unsaved, _next(result, asked))


def _finish(result: StudyResult | SearchResult, asked: Asked, saved: list[str], unsaved: list[str], then: str) -> None:
    """The answer, what was written, how to go on; exits with 1 where a file could not be written."""
    try:
        _print(result, asked)
    finally:
        for line in (*saved, *unsaved):
            tell(line)
    next_command(then)
    if unsaved or result.interrupted:
        raise typer.Exit(1 if unsaved else INTERRUPTED)


def tell_kept(asked: Asked, place: Path | None) -> None:
    """Where finished replications are kept after Ctrl-C, and how to go on."""
    if place is None:
        tell("interrupted; without a store nothing is kept")
    else:
        tell(f"interrupted; what is finished is kept in {place}, and the same command goes on from there")


def _save(result: StudyResult, asked: Asked) -> tuple[list[str], list[str]]:
    return _written(
        ("answer", asked.json_file, result.to_json),
        ("table", asked.csv, result.to_csv),
        (asked.figure or "figure", asked.plot, lambda path: result.save_plot(path, asked.figure, lang=asked.lang)),
    )


def _written(*tasks: tuple[str, str | None, Callable[[str], Any]]) -> tuple[list[str], list[str]]:
    """Write the files asked for: (what is written, what could not be)."""
    from twin.study.files import OutputError

    saved, unsaved = list[str](), list[str]()
    for what, path, save in tasks:
        if path is None:
            continue
        try:
            save(path)
            saved.append(f"{what}: {path}")
        except (OutputError, ValueError) as error:
            unsaved.append(f"{error}")
    return saved, unsaved


def _print(answer: StudyResult | SearchResult, asked: Asked) -> None:
    if asked.prints_json:
        typer.echo(answer.to_json(), nl=False)
    else:
        show_answer(answer, asked.lang)


def _next(result: StudyResult, asked: Asked) -> str:
    """On with the study; or its page."""
    words = ["twin", "study" if result.interrupted else "report", asked.file]
    words += [] if asked.replications is None else ["--replications", str(asked.replications)]
    words += [] if asked.explain is None else ["--explain", asked.explain]
    words += [] if asked.lang == "en" else ["--lang", asked.lang]
    return shlex.join(words)


@app.command(
    epilog=examples(
        "twin optimise experiments/buffer_allocation.yaml",
        "twin optimise experiments/buffer_allocation.yaml --json answer.json",
    )
)
def optimise(
    study: StudyFile,
    *,
    workers: Workers = None,
    store: StoreFile = None,
    no_store: NoStore = False,
    as_json: AsJson = None,
    plot: Annotated[
        str | None, typer.Option(metavar="FILE", help="Save a figure of the leaders (.svg, .png or .pdf).")
    ] = None,
    lang: Language = "en",
) -> None:
    """Search for the best design of a study. Places, machines, people, cards, under a budget."""
    with nothing_finished():
        asked = Asked(study, None, workers, store, no_store, "all", None, as_json, None, plot, None, language(lang))
        _check_names(asked)
        found = loaded(asked.file)
        place = check_options(found, asked)
        with mistakes(), study_bar() as (progress, _):
            result = found.optimise(workers=workers, store=place, progress=progress)
    if result.interrupted:
        tell_kept(asked, place)
    saved, unsaved = _written(
        ("answer", asked.json_file, result.to_json),
        ("figure", asked.plot, lambda path: result.save_plot(path, lang=asked.lang)),
    )
    words = ["twin", "optimise" if result.interrupted else "report", asked.file]
    words += [] if asked.lang == "en" else ["--lang", asked.lang]
    _finish(result, asked, saved, unsaved, shlex.join(words))


def show_changes(path: str, scenario: str) -> None:
    """What a scenario of a study changes: place, path, old → new, lever."""
    found = loaded(path)
    with misuse(), mistakes():
        changes = found.diff(scenario)
    for change in changes:
        typer.echo(str(change))
    tell(count(len(changes), "change") if changes else "no change")
    next_command(f"twin study {path}")
