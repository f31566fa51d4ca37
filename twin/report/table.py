"""The result of a run as a table, for the terminal (rich) and for notebooks (HTML)."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

from twin.report.medium.grid import Sheet, widest
from twin.report.result.limits import where_to_look
from twin.report.result.sheet import Answer, caption, checks, sheets
from twin.report.said import spoken
from twin.report.words import Lang, say

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.table import Table
    from rich.text import Text


WIDTH = 110
"""Columns of a text where there is no terminal."""
CROWDED = 10
"""From so many columns on they stand one space apart, so that all fit 80 columns."""
FULL = 12
"""From so many on names are folded still more."""


def render(result: Answer, lang: Lang = "en") -> RenderableType:
    """The result for the terminal: good from 80 columns; long names fold, numbers are never cut.

    Args:
        result: a plan, its document and warnings.
        lang: 'en' or 'fr'; ValueError for another.
    """
    from rich.console import Group

    return Group(*tables(sheets(result.plan, result.document(), lang)), *_footer(result, lang))


def tables(found: Sequence[Sheet]) -> list[RenderableType]:
    """Tables for the terminal, each with its note and an empty line."""
    return [part for sheet in found for part in _parts(sheet)]


class Fitting:
    """The first of some forms of a table that the terminal is wide enough for; the last where it is for none."""

    def __init__(self, *forms: Sheet) -> None:
        self.forms = forms

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        """What rich shows of it."""
        fits = (form for form in self.forms if needed(form) <= options.max_width)
        yield from _parts(next(fits, self.forms[-1]))


def needed(sheet: Sheet) -> int:
    """Columns of a terminal that a table takes at least; names in its first column fold."""
    columns = range(len(sheet.head))
    return sum(_least(sheet, number) for number in columns) + (2 if len(columns) < CROWDED else 1) * (len(columns) - 1)


def plain_text(shown: RenderableType, width: int = WIDTH) -> str:
    """What a terminal of so many columns would show, without colours."""
    from rich.console import Console

    out = io.StringIO()
    Console(file=out, width=width, force_jupyter=False).print(shown)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()).rstrip()


def _parts(sheet: Sheet) -> Iterator[RenderableType]:
    from rich.text import Text

    yield _table(sheet)
    if sheet.note:
        yield Text(sheet.note, style="dim")
    yield Text()


def _table(sheet: Sheet) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=Text(sheet.title, style="bold"), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False,
        padding=(0, 1 if len(sheet.head) < CROWDED else 0, 0, 0), show_edge=False, collapse_padding=True,
    )  # fmt: skip
    for number, head in enumerate(sheet.head):
        first, least = number == 0, _least(sheet, number)
        table.add_column(
            Text(head), justify="left" if first else "right", overflow="fold",
            no_wrap=not first and widest(head) <= least, min_width=least,
        )  # fmt: skip
    for row in sheet.rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _least(sheet: Sheet, number: int) -> int:
    """Letters that a column needs: its longest line; of the first, which folds, some of them; words of heads."""
    longest = max(widest(row[number]) for row in sheet.rows)
    few = sheet.names or (8 if len(sheet.head) < FULL else 6)
    wide = longest if number else min(few, longest)
    return max(wide, *map(len, sheet.head[number].split()), 0)


def _footer(result: Answer, lang: Lang) -> Iterator[Text]:
    from rich.text import Text

    document = result.document()
    if line := where_to_look(result, document, lang):
        yield Text(line)
    if line := checks(document, lang):
        yield Text(line, style="green" if all(c["ok"] for c in document["checks"]) else "bold red")
    for warning in result.warnings:
        yield Text(say("warning", lang) + spoken(warning, lang), style="yellow")
    for line in caption(document, lang):
        yield Text(line, style="dim")


STYLE = """<style scoped>
.twin table {border-collapse: collapse; margin: 0.2em 0 0.9em 0; font-variant-numeric: tabular-nums}
.twin caption {text-align: left; font-weight: bold; padding: 0.2em 0; caption-side: top}
.twin th, .twin td {text-align: right; padding: 0.15em 0.7em; border: none; white-space: pre-line}
.twin th:first-child, .twin td:first-child {text-align: left; padding-left: 0}
.twin thead th {border-bottom: 1px solid currentColor; font-weight: normal; opacity: 0.75}
.twin p {margin: 0.2em 0} .twin .note {opacity: 0.7; font-size: 0.9em; max-width: 60em}
.twin .bad {color: #D55E00; font-weight: bold}
</style>"""
"""How tables look in a notebook; it holds for what stands in a division of class 'twin' alone."""


def html(result: Answer, lang: Lang = "en") -> str:
    """The result for a notebook; every name is escaped. ValueError for an unknown language."""
    document = result.document()
    parts = [html_sheet(sheet) for sheet in sheets(result.plan, document, lang)]
    if line := where_to_look(result, document, lang):
        parts.append(_html_line(line, ""))
    if line := checks(document, lang):
        parts.append(_html_line(line, "" if all(c["ok"] for c in document["checks"]) else "bad"))
    parts += [_html_line(say("warning", lang) + spoken(text, lang), "bad") for text in result.warnings]
    parts += [_html_line(line, "note") for line in caption(document, lang)]
    return f'{STYLE}<div class="twin" lang="{lang}">{"".join(parts)}</div>'


def _html_line(text: str, kind: str) -> str:
    return f'<p class="{kind}">{escape(text)}</p>' if kind else f"<p>{escape(text)}</p>"


def html_sheet(sheet: Sheet) -> str:
    """A table for a notebook; every cell is escaped."""
    head = "".join(f"<th>{escape(cell)}</th>" for cell in sheet.head)
    rows = "".join(f"<tr>{_html_cells(row)}</tr>" for row in sheet.rows)
    note = _html_line(sheet.note, "note") if sheet.note else ""
    caption = f"<caption>{escape(sheet.title)}</caption>"
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{note}"


def _html_cells(row: tuple[str, ...]) -> str:
    return "".join(f"<td>{escape(cell)}</td>" for cell in row)
