"""The command ``play``: a window of a run, replayed on a page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from twin.cli.frame import Language, app, examples, language, mistakes, misuse, next_command, nothing_finished, tell
from twin.cli.plants import LayoutFile, loaded_plant


@app.command(
    epilog=examples(
        "twin play layouts/machining_cell.yaml",
        "twin play layouts/pump_line.yaml --from '32 h' --hours 4 -o shift.html",
        "twin play layouts/packaging_line.yaml --hours 0.5 --replication 3 --lang fr",
    )
)
def play(
    layout: LayoutFile,
    *,
    out: Annotated[
        str | None,
        typer.Option("--out", "-o", metavar="FILE", help="The page (.html); default LAYOUT with .play.html."),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option("--from", metavar="TIME", help="Begin, such as '32 h' after time 0; default after the warm-up."),
    ] = None,
    hours: Annotated[
        float | None, typer.Option(metavar="HOURS", help="How long; default 8, less where a page cannot hold it.")
    ] = None,
    replication: Annotated[int, typer.Option(metavar="N", help="Which replication, from 1.")] = 1,
    seed: Annotated[int | None, typer.Option(metavar="N", help="Start of all random streams.")] = None,
    lang: Language = "en",
) -> None:
    """Replay a window of a run on the drawn plant. One page that needs no network."""
    with nothing_finished():
        from twin import api
        from twin.api import replay

        wanted, path = language(lang), out or str(Path(layout).with_suffix(".play.html"))
        with misuse():
            if start is not None:
                replay.instant("--from", start)
            if hours is not None:
                replay.check_hours("--hours", hours)
            asked = replay.Asked(start, hours, replication, seed, wanted)
            api.check_name(path, replay.SUFFIXES)
        plant = loaded_plant(layout)
        with misuse():
            api.check_apart(layout, plant.reads, path)
            with mistakes():
                made = replay.replay(plant, path, asked)
    if made.cut:
        tell(f"the window is {made.hours:g} h, what a page can replay smoothly; choose it with --from and --hours")
    size = f"{made.bytes / 1e6:.1f} MB" if made.bytes > 1e6 else f"{made.bytes / 1e3:.0f} kB"
    tell(f"replay: {path} ({made.hours:.3g} h, {size}); open it in a browser")
    next_command(f"change a copy of {layout}, then twin diff {layout} COPY")
