"""Commands about plants: init, check, show, diff, run, schema."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from twin.cli.frame import (
    INTERRUPTED,
    Json,
    Language,
    app,
    count,
    examples,
    language,
    mistakes,
    misuse,
    next_command,
    nothing_finished,
    progress_bar,
    show_answer,
    show_problems,
    tell,
)

if TYPE_CHECKING:
    from twin.api import Plant, Result
    from twin.report.words import Lang

SCHEMAS = ("layout", "study")
LayoutFile = Annotated[str, typer.Argument(metavar="LAYOUT", help="A plant in YAML, such as layouts/pump_line.yaml.")]


@app.command(epilog=examples("twin init my_plant", "twin init ."))
def init(folder: Annotated[str, typer.Argument(metavar="DIR", help="Where to put it; made when missing.")]) -> None:
    """Make a workspace: layouts, history, studies, notebooks. Nothing is overwritten."""
    from twin import workspace

    with mistakes():
        names = workspace.init(folder)
    for name in names:
        typer.echo(str(Path(folder) / name))
    next_command(f"twin run {Path(folder) / workspace.FIRST}")


@app.command(
    epilog=examples(
        "twin check layouts/pump_line.yaml",
        "twin check layouts/pump_line.yaml experiments/pump_line_2027.yaml calibration/pump_line.yaml",
        "twin check --json layouts/pump_line.yaml",
    )
)
def check(
    layouts: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Layouts, studies, and reading files of calibrations.")
    ],
    as_json: Json = False,
) -> None:
    """Check layouts, studies and reading files. All problems are told with their places."""
    from twin import api
    from twin.core.problem import tidied

    with mistakes(as_json):
        found = tidied(problem for path in layouts for problem in api.check(path))
    show_problems(found, as_json)
    errors = sum(not problem.warning for problem in found)
    if errors:
        tell(f"{count(errors, 'error')}, {count(len(found) - errors, 'warning')}")
        next_command(f"correct the file, then twin check {' '.join(layouts)}")
        raise typer.Exit(1)
    languages = [api.language(path) for path in layouts]
    what = "study" if set(languages) == {"study"} else "layout" if set(languages) <= {"layout", None} else "file"
    tell(f"{count(len(layouts), what)} checked, {count(len(found), 'warning')}")
    if "reading" in languages:
        tell("of reading files the words are checked; the history itself is read by twin calibrate")
    command = {"reading": "calibrate", "study": "study"}.get(languages[0] or "", "run")
    next_command(f"twin {command} {layouts[0]}")


def loaded_plant(path: str, as_json: bool = False) -> Plant:
    """The plant of a file; its warnings are told."""
    from twin import api

    with mistakes(as_json):
        plant = api.load(path)
    for problem in plant.problems:
        tell(str(problem))
    return plant


@app.command(epilog=examples("twin show layouts/pump_line.yaml", "twin show layouts/pump_line.yaml --plot plant.svg"))
def show(
    layout: LayoutFile,
    plot: Annotated[str | None, typer.Option(metavar="FILE", help="Save the drawing (.svg, .png or .pdf).")] = None,
) -> None:
    """Show the compiled plan in words, and draw the plant."""
    from twin import api

    with misuse():
        api.check_name(plot, api.DRAWINGS)
    plant = loaded_plant(layout)
    with misuse():
        api.check_apart(layout, plant.reads, plot)
    if plot is not None:
        with mistakes():
            plant.save_plot(plot)
    typer.echo(plant.describe())
    if plot is not None:
        tell(f"drawing: {plot}")
    next_command(f"twin run {layout}" if plot else f"twin show {layout} --plot plant.svg")


@app.command(
    epilog=examples(
        "twin diff layouts/pump_line.yaml layouts/pump_line_fitted.yaml",
        "twin diff experiments/pump_line_2027.yaml lean",
    )
)
def diff(
    a: Annotated[str, typer.Argument(metavar="A", help="The layout before, or a study.")],
    b: Annotated[str, typer.Argument(metavar="B", help="The layout after, or a scenario of the study.")],
) -> None:
    """Show what changed, by path. Of two layouts, or of a scenario of a study: old → new."""
    from twin import api

    with mistakes():
        is_study = api.language(a) == "study"
    if is_study:
        from twin.cli.study import show_changes

        show_changes(a, b)
        return
    with mistakes():
        changes = api.compare(a, b)
    for change in changes:
        typer.echo(str(change))
    tell(count(len(changes), "change") if changes else "no change")
    next_command(f"twin run {b}")


@app.command(
    epilog=examples("twin schema > layouts/plant.schema.json", "twin schema --of study > experiments/study.schema.json")
)
def schema(
    of: Annotated[str, typer.Option(metavar="WHAT", help="Of a 'layout' or of a 'study'.")] = "layout",
) -> None:
    """Print the JSON Schema of layouts or studies. For help in editors."""
    from twin import api

    with misuse():
        if of not in SCHEMAS:
            raise ValueError(f"--of: 'layout' or 'study' is due, not '{of}'")
    if of == "study":
        from twin.api.study import study_schema

        found = study_schema()
    else:
        found = api.schema()
    typer.echo(json.dumps(found, indent=1, ensure_ascii=False))
    option = "" if of == "layout" else " --of study"
    next_command(f"twin schema{option} > {of}.schema.json, and name it in the first line of a {of}: "
          f"# yaml-language-server: $schema={of}.schema.json")  # fmt: skip


@app.command(
    epilog=examples(
        "twin run layouts/three_machines.yaml",
        "twin run layouts/pump_line.yaml --replications 20 --horizon '20 d' --out result.csv",
        "twin run layouts/pump_line_fitted.yaml --inputs draws --replications 200",
        "twin run layouts/machining_cell.yaml --plot plant.svg --colour state",
    )
)
def run(
    layout: LayoutFile,
    *,
    replications: Annotated[int | None, typer.Option(metavar="N", help="Independent repetitions.")] = None,
    horizon: Annotated[str | None, typer.Option(metavar="TIME", help="Measured time, such as '20 d'.")] = None,
    warm_up: Annotated[str | None, typer.Option(metavar="TIME", help="Time before it, such as '8 h'.")] = None,
    seed: Annotated[int | None, typer.Option(metavar="N", help="Start of all random streams.")] = None,
    inputs: Annotated[
        str | None,
        typer.Option(metavar="draws", help="Draw uncertain inputs (laws of fitted files) anew in each replication."),
    ] = None,
    workers: Annotated[int | None, typer.Option(metavar="N", help="Processes; default one a processor.")] = None,
    as_json: Json = False,
    out: Annotated[str | None, typer.Option(metavar="FILE", help="Save the result (.json or .csv).")] = None,
    trace: Annotated[str | None, typer.Option(metavar="FILE", help="Save the trace of replication 1 (.csv).")] = None,
    plot: Annotated[
        str | None, typer.Option(metavar="FILE", help="Save the states figure (.svg, .png or .pdf).")
    ] = None,
    colour: Annotated[
        str | None,
        typer.Option(metavar="WHAT", help="With --plot: draw the plant instead, coloured by state or bottleneck."),
    ] = None,
    figure: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="With --plot: another figure, such as trs, sankey or value_stream."),
    ] = None,
    lang: Language = "en",
) -> None:
    """Simulate a plant and show what it makes, with intervals."""
    with nothing_finished():
        from twin import api

        wanted = language(lang)
        with misuse():
            api.run_changes(replications, horizon, warm_up, seed)
            api.check_inputs(inputs)
            api.check_workers(workers)
            api.check_name(out, api.RESULTS)
            api.check_name(trace, api.TRACES)
            api.check_name(plot, api.DRAWINGS)
            api.check_colour(colour, plot)
            api.check_figure(figure, colour, plot)
        plant = loaded_plant(layout, as_json)
        with misuse():
            api.check_apart(layout, plant.reads, out, trace, plot)
        with mistakes():
            settings = {"horizon": horizon, "warm_up": warm_up, "seed": seed, "inputs": inputs, "workers": workers}
            result = simulated(plant, replications, settings)
    draw = partial(result.save_plot, colour=colour, figure=figure, lang=wanted)
    name = figure or ("states" if colour is None else "drawing")
    asked = (("result", out, result.save), ("trace", trace, result.save_trace), (name, plot, draw))
    saved, unsaved = _save(asked)
    if f"{name}: {plot}" in saved:
        saved += _boxes(result, plot or "")
    try:
        _print(result, as_json, wanted)
    finally:
        for line in (*saved, *unsaved):
            tell(line)
    _tell_how(result, layout, as_json)
    if unsaved or result.failures or result.interrupted:
        raise typer.Exit(INTERRUPTED if result.interrupted and not (unsaved or result.failures) else 1)


def _boxes(result: Result, plot: str) -> list[str]:
    """A line where a drawing that is no SVG shows boxes instead of letters of names."""
    from twin.report.style import lacking

    names = [*(row.name for row in result.plan.elements), *(row.name for row in result.plan.products)]
    letters = "" if plot.lower().endswith(".svg") else lacking(names)
    shown = letters if len(letters) <= 10 else f"{letters[:10]}…"
    return [f"{plot}: our font lacks {shown}, which show as boxes; --plot with .svg shows them"] if letters else []


def simulated(plant: Plant, replications: int | None, settings: dict[str, Any]) -> Result:
    """The result, one with failed checks included."""
    from twin import api

    with progress_bar() as progress:
        try:
            return plant.run(replications, **settings, progress=progress)
        except api.CheckError as error:
            return error.result
        except OSError as error:
            raise api.RunError(
                f"worker processes cannot be started: {error.strerror or error}; try --workers 1"
            ) from None


def _save(asked: Iterable[tuple[str, str | None, Callable[[str], None]]]) -> tuple[list[str], list[str]]:
    """Write the files asked for, before anything is printed: (what is written, what could not be)."""
    from twin.study.files import OutputError

    saved, unsaved = list[str](), list[str]()
    for what, path, save in asked:
        if path is None:
            continue
        try:
            save(path)
            saved.append(f"{what}: {path}")
        except OutputError as error:
            unsaved.append(str(error))
    return saved, unsaved


def _print(result: Result, as_json: bool, lang: Lang) -> None:
    """The answer on standard output."""
    from twin.study.files import json_text

    if as_json:
        typer.echo(json_text(result.document()), nl=False)
    else:
        show_answer(result, lang)


def _tell_how(result: Result, layout: str, as_json: bool) -> None:
    if result.note:
        tell(result.note)
    for warning in result.warnings if as_json else ():
        tell(f"warning: {warning}")
    for failure in result.failures:
        tell(failure)
    if result.doubt:
        tell(result.doubt)
    next_command(f"twin run {layout} --inputs draws" if result.doubt else f"twin report {layout}")
