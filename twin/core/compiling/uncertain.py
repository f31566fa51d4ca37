"""What a plan does not know for certain: the draws of the fitted files it uses, and whether these are out of date."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from twin.core.compiling.tables import Tables
from twin.core.drawfile import Drawn, beside, read_draws
from twin.core.inputs import Input, Inputs
from twin.core.origin import Origin, Told, changed
from twin.core.problem import Faults, Loc, quoted

Draws = Mapping[tuple[str, str], Drawn]


def uncertain_inputs(tables: Tables, like: Inputs | None = None) -> Inputs:
    """The inputs of a plan that have draws; warns of draws that cannot be used, and of calibrations out of date.

    Args:
        tables: of the plan.
        like: the inputs of the same plant with other numbers, whose draws are taken without reading a file.
    """
    wrong: list[str] = list(like.wrong) if like else []
    files = _read(tables, wrong) if like is None else _as_read(tables, like)
    found, fixed = list[Input](), list[str]()
    for origin, _ in tables.origins.values():
        drawn = files[origin.file].get((origin.name, origin.part))
        one = _input(tables, origin, drawn) if drawn else None
        if one is not None and (one.laws or one.shares):
            found.append(one)
        elif drawn is None:  # a law that is constant by its history has draws, and none is wanted
            fixed.append(f"{origin.file}#{origin}")
    return Inputs(tuple(found), tuple(fixed), tuple(wrong))


def _read(tables: Tables, wrong: list[str]) -> dict[str, Draws]:
    """The draws of each fitted file, from the files; ``wrong``: why some cannot be used."""
    warn_of_changes(tables)
    return {file: _draws(tables, file, loc, wrong) for file, loc in _files(tables).items()}


def _as_read(tables: Tables, like: Inputs) -> dict[str, Draws]:
    """The same as they were read for another plan."""
    return {file: {(one.name, one.part): one.drawn for one in like if one.file == file} for file in _files(tables)}


def _files(tables: Tables) -> dict[str, Loc]:
    """The fitted files, each with the first place that asks for it."""
    found: dict[str, Loc] = {}
    for origin, loc in tables.origins.values():
        found.setdefault(origin.file, loc)
    return found


def _draws(tables: Tables, file: str, loc: Loc, wrong: list[str]) -> Draws:
    """The draws beside a fitted file; none after a problem, which is a warning: a run without draws needs none."""
    path = tables.layout.folder / file
    tables.layout.document.reads.append(beside(path))
    try:
        return read_draws(path)
    except Faults as error:
        wrong.append(error.faults[0].text)
        tables.layout.document.report(loc, error.faults[0].text, warning=True)
        return {}


def _input(tables: Tables, origin: Origin, drawn: Drawn) -> Input:
    """The input with all places where the plan uses it; a constant is never drawn."""
    rows = tables.laws.items()
    laws = tuple(index for row, index in rows if row.origin == origin.key and row.family != "constant")
    places = tables.shares.get(origin.key, ())
    return Input(origin.file, origin.name, origin.part, drawn, laws if drawn.families else (),
                 () if drawn.families else tuple(places))  # fmt: skip


def warn_of_changes(tables: Tables) -> None:
    """Warn of every file that was calibrated on and is another now, once."""
    told = dict[tuple[Path, Told], None]()
    for origin, loc in tables.origins.values():
        for one in origin.read:
            path = (tables.layout.folder / origin.file).parent / one.file
            if (path, one) in told:
                continue
            told[path, one] = None
            tables.layout.document.reads.append(path)
            if at := changed(path, one):
                what = f"the calendar of {quoted(one.file)}" if one.hours else quoted(one.file)
                text = f"{what} has changed ({at:%Y-%m-%d}) since {_when(origin)}; calibrate again"
                tables.layout.document.report(loc, text, warning=True)


def _when(origin: Origin) -> str:
    return f"{quoted(origin.file)} was calibrated" + (f" on {origin.date}" if origin.date else "")
