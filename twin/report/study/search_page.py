"""The page of a search: the best design first, then those that may be best, how it was searched, the sources."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from twin.report.medium.grid import legible
from twin.report.medium.html import Answer, Part, Section, drawn, render
from twin.report.study import sources
from twin.report.study.search import View, lines, sentences, sheets
from twin.report.study.sums import Page
from twin.report.words import Lang, check_lang


def page(document: Mapping[str, Any], lang: Lang = "en") -> str:
    """A search as HTML, as ``twin.report.study.html_page.page``.

    Args:
        document: of ``twin optimise --json``.
        lang: 'en' or 'fr'; ValueError for another.
    """
    told = Page(document, check_lang(lang))
    return render(
        "study.html",
        lang,
        title=document["study"],
        question=document["question"],
        answers=[Answer(opening(document, lang))],
        warnings=(),
        sections=[Section(told.say("head_search"), tuple(parts(document, lang)))],
        sources=sources.facts(told, document["replications"], "replications_all"),
        origins=sources.origins(told),
        command=shlex.join(["twin", "report", document["provenance"]["files"][0]["file"]]),
    )


def opening(document: Mapping[str, Any], lang: Lang) -> list[str]:
    """The answer in sentences."""
    return [legible(one) for one in sentences(View(document, lang))]


def parts(document: Mapping[str, Any], lang: Lang) -> Iterator[Part]:
    """The designs that may be best, the other leaders, how they were found."""
    from twin.report.study import figures

    view = View(document, lang)
    with suppress(figures.Absent):
        yield Part(drawn=drawn(figures.front(document, lang=lang)))
    for sheet in sheets(view):
        yield Part(sheet=sheet)
    for line in lines(view):
        yield Part(line, note=True)
