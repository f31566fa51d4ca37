"""A study written to a file for people: a page, a workbook or slides, told by the suffix."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from twin.report.words import Lang, check_lang
from twin.study.files import check_name, write_text

SUFFIXES = (".html", ".xlsx", ".pptx")
PAGES = (".html",)
"""What a search alone is written to."""


def write(
    path: str | Path, document: Mapping[str, Any], lang: Lang = "en", search: Mapping[str, Any] | None = None
) -> None:
    """Write a study, whole or not at all.

    Args:
        path: the file.
        document: of ``twin study --json``.
        lang: 'en' or 'fr'.
        search: of ``twin optimise --json``, where the study searches for a design too; pages show it.

    Raises:
        OutputError: another suffix, it cannot be written, or what it takes is not installed.
        ValueError: an unknown language.
    """
    check_name(path, SUFFIXES)
    suffix = Path(path).suffix.lower()
    if suffix == ".html":
        from twin.report.study import html_page

        write_text(path, html_page.page(document, check_lang(lang), search))
    elif suffix == ".xlsx":
        from twin.report.study import workbook

        workbook.write(path, document, lang)
    else:
        from twin.report.study import slides

        slides.write(path, document, lang)


def write_search(path: str | Path, document: Mapping[str, Any], lang: Lang = "en") -> None:
    """Write the page of a search alone (``.html``), whole or not at all; errors as ``write``."""
    from twin.report.study import search_page

    check_name(path, PAGES)
    write_text(path, search_page.page(document, check_lang(lang)))
