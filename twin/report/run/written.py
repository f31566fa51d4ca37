"""A run written to a file for people: a page or a workbook, told by the suffix."""

from __future__ import annotations

from pathlib import Path

from twin.report.run.page import Ran
from twin.report.words import Lang, check_lang
from twin.study.files import check_name, write_text

SUFFIXES = (".html", ".xlsx")


def write(path: str | Path, result: Ran, lang: Lang = "en") -> None:
    """Write a run, whole or not at all.

    Args:
        path: the file.
        result: of ``Plant.run``.
        lang: 'en' or 'fr'.

    Raises:
        OutputError: another suffix, it cannot be written, or what it takes is not installed.
        ValueError: an unknown language.
    """
    check_name(path, SUFFIXES)
    check_lang(lang)
    if Path(path).suffix.lower() == ".html":
        from twin.report.run import page

        write_text(path, page.page(result, lang))
    else:
        from twin.report.run import workbook

        workbook.write(path, result, lang)
