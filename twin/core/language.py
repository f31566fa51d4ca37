"""In which language a YAML file is written: a layout, a study, a reading file of a calibration, or a fitted file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from twin.core.problem import PlantError, quoted
from twin.core.refused import received

if TYPE_CHECKING:
    from twin.core.text import Document

Language = Literal["layout", "study", "reading", "fitted"]
_MARKS: dict[Language, frozenset[str]] = {
    "layout": frozenset({"plant", "flow", "stations", "sources", "sinks"}),
    "reading": frozenset({"calibration", "history"}),
    "study": frozenset({"study", "levers", "scenarios", "decision"}),
}
"""Keys at the top that only one language has."""
_FITTED = frozenset({"up", "repair", "evidence", "interval90"})
"""What an entry of a fitted file has some of."""


def top_map(document: Document, language: Literal["layout", "reading", "study"]) -> dict[str, Any]:
    """What stands in a document that should be in a language.

    Raises:
        PlantError: it is no map, or is sound in another language.
    """
    data = document.data
    noun = {"layout": "layout", "reading": "reading file", "study": "study"}[language]
    if not isinstance(data, dict):
        if not document.problems:
            got = "the file is empty" if data is None else f"{received(data)} is no {noun}"
            document.report((), f"{got}; a {noun} is a map that begins with 'twin: 1'")
        raise PlantError(document.problems)
    if other := {"layout": no_layout, "reading": no_reading, "study": no_study}[language](data, document.file):
        document.report((), other)
        raise PlantError(document.problems)
    return data


def language_of(data: Any) -> Language | None:
    """The language of a document, by the keys at its top; None: it cannot be told."""
    if not isinstance(data, dict):
        return None
    found = [language for language, marks in _MARKS.items() if not marks.isdisjoint(data)]
    if found == ["reading", "study"] and "history" not in data:
        return "study"  # it names the calibration of its layout
    if found:
        return found[0] if len(found) == 1 else None
    entries = [value for value in data.values() if isinstance(value, dict)]
    is_fitted = "twin" not in data and any(not _FITTED.isdisjoint(one) for one in entries)
    return "fitted" if is_fitted and len(entries) == len(data) else None


def no_layout(data: Any, file: str) -> str:
    """Why a file is no layout though it is sound in another language, and what it is for; empty: it may be one."""
    found = language_of(data)
    if found == "study":
        return f"this is a study, not a layout; 'twin study {file}' answers its question"
    if found == "reading":
        return f"this is a reading file, not a layout; 'twin calibrate {file}' reads the history that it names"
    if found == "fitted":
        name = quoted(next(iter(data)))[1:-1]
        return f"this is a fitted file, not a layout; a layout takes its laws by 'from: {file}#{name}'"
    return ""


def no_reading(data: Any, file: str) -> str:
    """Why a file is no reading file though it is sound in another language; empty: it may be one."""
    found = language_of(data)
    if found == "layout":
        return f"this is a layout, not a reading file; 'twin run {file}' simulates it"
    if found == "study":
        return f"this is a study, not a reading file; 'twin study {file}' answers its question"
    if found == "fitted":
        sources = (entry.get("source") for entry in data.values())
        made = next((one["reading"] for one in sources if isinstance(one, dict) and "reading" in one), None)
        known = "" if made is None else f"; it was made with {quoted(made)}"
        return f"this is a fitted file, not a reading file{known}"
    return ""


def no_study(data: Any, file: str) -> str:
    """Why a file is no study though it is sound in another language; empty: it may be one."""
    found = language_of(data)
    if found == "layout":
        return f"this is a layout, not a study; a study names it: 'layout: {file}'"
    if found == "reading":
        return f"this is a reading file, not a study; 'twin calibrate {file}' reads the history that it names"
    return "this is a fitted file, not a study" if found == "fitted" else ""
