"""A study written to a file for people: a page, a workbook or slides, told by the suffix."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from twin.report.words import Lang, check_lang

SUFFIXES = (".html", ".xlsx", ".pptx")


def write(path: str | Path, document: Mapping[str, Any], lang: Lang = "en") -> None:
    """Write a study, whole or not at all.

    Raises:
        OutputError: it cannot be written, or what it takes is not installed.
        ValueError: an unknown language.
    """
    check_lang(lang)
    raise NotImplementedError
