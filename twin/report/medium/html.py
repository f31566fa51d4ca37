"""Pages for people: templates filled in, with every word from a file escaped and legible."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from twin.report.medium.grid import Sheet, legible
from twin.report.medium.svg import svg
from twin.report.style import held
from twin.report.words import Lang, check_lang, say

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup
    from matplotlib.figure import Figure


class Drawn(NamedTuple):
    """A figure in a page; its title, one sentence, says what it shows."""

    drawing: Markup
    note: str = ""
    """What must be known to read it; empty: nothing."""


class Part(NamedTuple):
    """A piece of a section: a sentence, a table or a figure; those that are given stand in this order."""

    text: str = ""
    drawn: Drawn | None = None
    sheet: Sheet | None = None
    note: bool = False
    """Whether the sentence is small print."""
    heading: bool = False
    """Whether the sentence is a heading inside the section."""
    name: str = ""
    """A class of the table for the style of the page."""
    folded: str = ""
    """What is pressed to see the table, which paper does not show; empty: it stands open."""


class Section(NamedTuple):
    """A part of a page with its heading; without pieces it is left out."""

    title: str
    parts: tuple[Part, ...]
    name: str = ""
    """A class for the style of the page, such as 'annex'."""


class Answer(NamedTuple):
    """What stands in a box above all sections."""

    lines: list[str]
    """The first is the answer, the others explain it."""
    among: str = ""
    """Among what it is the answer, where a page has several; empty: there is one only."""


def render(template: str, lang: Lang = "en", **values: Any) -> str:
    """A page, or a part of one, in a language.

    A page extends ``base.html`` (its blocks: ``policy``, ``paper``, ``style``, ``main``, ``script``) and takes its
    tables and figures from ``parts.html``. What a reader would not see becomes '\ufffd'.

    Args:
        template: a file of ``twin/report/templates``.
        lang: 'en' or 'fr'.
        values: what the template says; ``say`` and ``lang`` are there without being named.

    Raises:
        ValueError: an unknown language.
    """
    told = {"lang": check_lang(lang), "say": lambda key, **blanks: say(key, lang, **blanks)}
    return legible(_template(template).render(**told, **values))


def drawn(figure: Figure, note: str = "") -> Drawn:
    """A figure of matplotlib for a page; who does not see it is told its title."""
    titles = (ax.get_title(loc) for ax in figure.axes for loc in ("left", "center"))
    told = next(filter(None, (figure.get_suptitle(), *titles)), "")
    return Drawn(svg(figure, " ".join(told.split())), note)


@cache
def _template(name: str) -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    pages = Environment(
        loader=PackageLoader("twin.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    pages.filters["held"] = held
    return pages.get_template(name)
