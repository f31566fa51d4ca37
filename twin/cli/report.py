"""The command ``report``: a layout, a study or a reading file, answered on a page for people."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from twin.cli import study as studies
from twin.cli.frame import INTERRUPTED, app, examples, mistakes, misuse, next_command, tell
from twin.cli.study import NoStore, StoreFile, Workers

if TYPE_CHECKING:
    from twin.api.search import SearchResult
    from twin.api.study import Study
    from twin.report.words import Lang

PAGE, WORKBOOK, SLIDES = ".html", ".xlsx", ".pptx"
WHAT = {PAGE: "page", WORKBOOK: "workbook", SLIDES: "slides"}
"""Suffix → what such a file is called."""
OF = {"layout": (PAGE, WORKBOOK), "study": (PAGE, WORKBOOK, SLIDES), "reading": (PAGE,), "search": (PAGE,)}
"""What can be written of each kind of file."""
NAMES = {"layout": "a layout", "study": "a study", "reading": "a reading file"}


class Wanted(NamedTuple):
    """What a user asked for."""

    file: str
    out: tuple[str, ...]
    lang: Lang
    replications: int | None
    workers: int | None
    store: str | None
    no_store: bool
    explain: str | None
    run: dict[str, Any]
    """How long, from which seed and with which inputs a plant is run, as ``Plant.run`` takes it."""

    def again(self, *more: str) -> str:
        """The command, to be typed again with more words."""
        given = {"--lang": None if self.lang == "en" else self.lang, "--replications": self.replications,
                 "--store": self.store, "--explain": self.explain,
                 **{f"--{name.replace('_', '-')}": value for name, value in self.run.items()}}  # fmt: skip
        options = [str(word) for pair in given.items() if pair[1] is not None for word in pair]
        options += ["--no-store"] if self.no_store else []
        return shlex.join(["twin", "report", self.file, *options, *more])


@app.command(
    epilog=examples(
        "twin report experiments/packaging_automation.yaml",
        "twin report experiments/packaging_automation.yaml --lang fr -o page.html -o page.xlsx",
        "twin report layouts/pump_line.yaml",
        "twin report calibration/pump_line.yaml",
    )
)
def report(
    file: Annotated[
        str,
        typer.Argument(metavar="FILE", help="A study, a layout, or the reading file of a calibration."),
    ],
    *,
    out: Annotated[
        list[str] | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            help="Where to: a page (.html), a workbook (.xlsx) or slides (.pptx); may come several times. "
            "Default FILE with .html.",
        ),
    ] = None,
    lang: Annotated[str, typer.Option(metavar="LANG", help="Language of the page: en or fr.")] = "en",
    replications: Annotated[
        int | None, typer.Option(metavar="N", help="Of the plant, or of each scenario, whatever the file says.")
    ] = None,
    horizon: Annotated[str | None, typer.Option(metavar="TIME", help="Of a layout: measured time.")] = None,
    warm_up: Annotated[str | None, typer.Option(metavar="TIME", help="Of a layout: time before it.")] = None,
    seed: Annotated[int | None, typer.Option(metavar="N", help="Of a layout: start of all random streams.")] = None,
    inputs: Annotated[str | None, typer.Option(metavar="draws", help="Of a layout: draw uncertain inputs.")] = None,
    workers: Workers = None,
    store: StoreFile = None,
    no_store: NoStore = False,
    explain: Annotated[
        str | None,
        typer.Option(metavar="SCENARIO", help="Take its gain apart by lever; simulates all subsets of them."),
    ] = None,
) -> None:
    """Write a page to read: of a study, a run or a calibration."""
    from twin.report.words import check_lang

    with misuse():
        names = tuple(out or (str(Path(file).with_suffix(PAGE)),))
        run = {"horizon": horizon, "warm_up": warm_up, "seed": seed, "inputs": inputs}
        wanted = Wanted(file, names, check_lang(lang), replications, workers, store, no_store, explain, run)
    try:
        _WRITERS[_kind(wanted)](wanted)
    except KeyboardInterrupt:
        tell("interrupted: nothing is written")
        raise typer.Exit(INTERRUPTED) from None


def _kind(wanted: Wanted) -> str:
    """What the file is: 'layout', 'study' or 'reading'; misuse is told before anything is read further."""
    from twin import api

    with mistakes():
        found = api.language(wanted.file) or "layout"  # what cannot be read is told as a layout's problems are
    with misuse():
        if found == "fitted":
            raise ValueError(f"{wanted.file} is what a calibration wrote; give its reading file")
        _check_options(wanted, found)
        for name in wanted.out:
            api.check_name(name, OF[found])
        api.check_workers(wanted.workers)
    with mistakes():
        _check_slides(wanted)
    return found


def _check_slides(wanted: Wanted) -> None:
    """Raise OutputError before anything is simulated where slides cannot be written."""
    slides = [name for name in wanted.out if Path(name).suffix.lower() == SLIDES]
    if slides:
        from twin.report.medium import deck

        deck.library(slides[0])


def _check_options(wanted: Wanted, kind: str) -> None:
    """Raise ValueError for options that mean nothing for such a file."""
    given = {
        "--replications": wanted.replications is not None and kind == "reading",
        "--workers": wanted.workers is not None and kind == "reading",
        "--store": wanted.store is not None and kind != "study",
        "--no-store": wanted.no_store and kind != "study",
        "--explain": wanted.explain is not None and kind != "study",
        **{f"--{name.replace('_', '-')}": value is not None and kind != "layout" for name, value in wanted.run.items()},
    }
    for option, is_odd in given.items():
        if is_odd:
            raise ValueError(f"{option} makes no sense here: {wanted.file} is {NAMES[kind]}")


def _of_study(wanted: Wanted) -> None:
    """Scenarios, search or both, as the study asks for."""
    from twin import api

    asked = studies.Asked(
        file=wanted.file, replications=wanted.replications, workers=wanted.workers, store=wanted.store,
        no_store=wanted.no_store, keep="all", explain=wanted.explain, as_json=None, csv=None, plot=None, figure=None,
        lang=wanted.lang,
    )  # fmt: skip
    found = studies.loaded(wanted.file)
    place = studies.check_options(found, asked)
    alone = found.searches and len(found.scenarios) == 1
    with misuse():
        api.check_apart(wanted.file, found.reads, *wanted.out, what="study", store=place)
        if alone:
            _check_search(wanted)
    search = _searched(found, wanted, place) if found.searches else None
    if search is not None and alone:
        _finish(wanted, "search", partial(search.save_report, lang=wanted.lang), search.sentences(wanted.lang),
                interrupted=search.interrupted)  # fmt: skip
        return
    result = studies.answer(found, asked, place)
    if result.interrupted:
        studies.tell_kept(asked, place)
    if not result.replications:
        raise typer.Exit(INTERRUPTED)
    said = [*result.sentences(wanted.lang), *(search.sentences(wanted.lang) if search is not None else ())]
    _finish(wanted, "study", partial(result.save_report, lang=wanted.lang, search=search), said,
            interrupted=result.interrupted or (search is not None and search.interrupted))  # fmt: skip


def _searched(found: Study, wanted: Wanted, place: Path | None) -> SearchResult:
    with mistakes(), studies.study_bar() as (progress, _):
        return found.optimise(workers=wanted.workers, store=place, progress=progress)


def _check_search(wanted: Wanted) -> None:
    """Raise ValueError for what a search alone does not have."""
    from twin import api

    if wanted.replications is not None or wanted.explain is not None:
        raise ValueError(f"{wanted.file} has no scenarios, so leave --replications and --explain out")
    for name in wanted.out:
        api.check_name(name, OF["search"])


def _of_layout(wanted: Wanted) -> None:
    """A run of the plant."""
    from twin import api
    from twin.cli import plants

    with misuse():
        api.run_changes(wanted.replications, wanted.run["horizon"], wanted.run["warm_up"], wanted.run["seed"])
        api.check_inputs(wanted.run["inputs"])
    plant = plants.loaded_plant(wanted.file)
    with misuse():
        api.check_apart(wanted.file, plant.reads, *wanted.out)
    with mistakes():
        result = plants.simulated(plant, wanted.replications, {**wanted.run, "workers": wanted.workers})
    for line in (*result.failures, *([result.doubt] if result.doubt else [])):
        tell(line)
    _finish(wanted, "layout", partial(result.save_report, lang=wanted.lang),
            interrupted=result.interrupted, failed=bool(result.failures))  # fmt: skip


def _of_reading(wanted: Wanted) -> None:
    """What a history says; the fitted file is not written."""
    from twin import api
    from twin.api.history import fit
    from twin.cli import history

    with misuse():
        api.check_apart(wanted.file, (), *wanted.out, what="reading file")
    with mistakes(), history.steps() as step:
        found = fit(wanted.file, step)
    with misuse():
        api.check_apart(wanted.file, found.reads, *wanted.out, what="reading file")
    history.tell_errors(found)
    _finish(wanted, "reading", partial(found.save_report, lang=wanted.lang))


_WRITERS: dict[str, Callable[[Wanted], None]] = {"study": _of_study, "layout": _of_layout, "reading": _of_reading}


def _finish(
    wanted: Wanted,
    kind: str,
    save: Callable[[str], Any],
    said: Sequence[str] = (),
    *,
    interrupted: bool = False,
    failed: bool = False,
) -> None:
    """Write the files, say the answer in words, then what is written and how to go on."""
    saved, unsaved = list[str](), list[str]()
    for path, line in _saved(wanted, save):
        (unsaved if line else saved).append(line or f"{WHAT[Path(path).suffix.lower()]}: {path}")
    try:
        for line in said:
            typer.echo(line)
    finally:
        for line in (*saved, *unsaved):
            tell(line)
    next_command(_next(wanted, kind, again=interrupted or not saved))
    if unsaved or failed or interrupted:
        raise typer.Exit(INTERRUPTED if interrupted and not (unsaved or failed) else 1)


def _saved(wanted: Wanted, save: Callable[[str], Any]) -> Iterator[tuple[str, str]]:
    """Each file with why it could not be written; empty: it is."""
    from twin.study.files import OutputError

    for path in wanted.out:
        try:
            save(path)
        except OutputError as error:
            yield path, f"{error}"
        else:
            yield path, ""


_THEN = {"layout": "play", "study": "study", "reading": "calibrate", "search": "optimise"}
"""Where all is written: the command that tells more of such a file."""


def _next(wanted: Wanted, kind: str, *, again: bool) -> str:
    """The same once more after Ctrl-C or where nothing is written; what else can be written; else what may be done."""
    if again:
        return wanted.again(*(word for name in wanted.out for word in ("--out", name)))
    last = max(OF[kind].index(Path(name).suffix.lower()) for name in wanted.out)
    for suffix in OF[kind][last + 1 :]:
        return wanted.again("--out", str(Path(wanted.out[0]).with_suffix(suffix)))
    return shlex.join(["twin", _THEN[kind], wanted.file])
