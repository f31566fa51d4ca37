"""Sentences that come as data (``twin.core.said``), in the language of the report.

``localised`` puts them into a whole document, so that a page of it need not know which of its texts are sentences.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from twin.core.said import TWIN, Names, Said
from twin.report.words import Lang, check_lang, time, typeset

MORE = {"en": "{names} and {n} more", "fr": "{names} et {n} de plus"}
FRENCH = str.maketrans(",.", "\u202f,")
NAMED = ("variance", "inputs")
"""Maps of a document whose keys are the names of inputs."""


def spoken(value: Any, lang: Lang = "en") -> str:
    """A sentence in a language: one that knows its key, or its data; a plain text stays as it is."""
    if isinstance(value, Said):
        return _by_key(value.key, value.values, check_lang(lang))
    if isinstance(value, Mapping):
        return _by_key(value["key"], value["values"], check_lang(lang))
    return str(value)


def _by_key(key: str, values: Mapping[str, Any], lang: Lang) -> str:
    if key in _worded():
        return _worded()[key](values, lang)
    return _Speaker(lang).vformat(templates(lang)[key], (), values)


@cache
def templates(lang: Lang) -> Mapping[str, str]:
    """All sentences by key: those of studies, of runs and of calibrations."""
    if lang == "fr":
        from twin.report.noted import NOTES_FR
        from twin.report.phrases.study_said import SAID_FR
        from twin.report.phrases.warned import WARNED_FR

        return {key: typeset(text) for key, text in {**NOTES_FR, **WARNED_FR, **SAID_FR}.items()}
    from twin.calibrate.note import NOTES
    from twin.core.standstill.warned import WARNED
    from twin.study.said import SAID

    return {**NOTES, **WARNED, **SAID}


@cache
def _worded() -> Mapping[str, Callable[[Mapping[str, Any], Lang], str]]:
    """Names that are put into words otherwise than by filling blanks."""
    from twin.report import worded

    return {
        "metric": lambda v, lang: worded.metric(v["path"], v["end"], lang),
        "largest": lambda v, lang: worded.most("largest", _values(v["metric"]), lang),
        "smallest": lambda v, lang: worded.most("smallest", _values(v["metric"]), lang),
        "clause": lambda v, lang: worded.clause(lambda one: spoken(one, lang), v, lang),
        "assumption": lambda v, lang: worded.assumption(v["assumption"], lang),
        "kind": lambda v, lang: worded.kind(v["kind"], lang),
        "carrier": lambda v, lang: worded.carrier(v["name"], lang),
        "rate": lambda v, lang: worded.rate(v["rate"], lang),
        "fitted": lambda v, lang: worded.fitted(v["name"], v["part"], lang),
        "time": lambda v, lang: time(v["seconds"], lang),
    }


def _values(told: Any) -> Mapping[str, Any]:
    """What fills the blanks of a sentence, or of its data."""
    found: Mapping[str, Any] = told.values if isinstance(told, Said) else told["values"]
    return found


class _Speaker(string.Formatter):
    """Fills blanks: numbers in the reader's format, sentences in sentences, lists with what stands between."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Mapping) and "names" in value:
            value = Names(value["names"])
        if isinstance(value, Names):
            return value.said(MORE[self.lang])
        if isinstance(value, list | tuple):
            return (format_spec or ", ").join(spoken(one, self.lang) for one in value)
        if isinstance(value, str | Mapping):
            return spoken(value, self.lang)
        text = str(super().format_field(value, format_spec))
        return text.translate(FRENCH).replace("%", "\u202f%") if self.lang == "fr" else text


def localised(document: Mapping[str, Any], lang: Lang = "en") -> dict[str, Any]:
    """A document with its sentences in a language, and without their data; names of inputs in words, too.

    What identifies something (metrics, kinds, assumptions, statuses) stays as programs have it.
    """
    labels = _labels(document)
    names = {name: _input(told, labels, lang) for name, told in document.get(f"inputs{TWIN}", {}).items()}
    if len(dict.fromkeys(names.values())) < len(names):
        names = {}  # two inputs would be mixed up
    rest = {key: value for key, value in document.items() if key != f"inputs{TWIN}"}
    found: dict[str, Any] = _in(rest, names, lang)
    return found


def _labels(document: Mapping[str, Any]) -> dict[str, str]:
    """What each lever is called, as far as it has a label."""
    pairs = [(one.get("levers", ()), one.get("labels", ())) for one in document.get("scenarios", ())]
    return {lever: label for levers, found in pairs for lever, label in zip(levers, found, strict=False)}


def _input(told: Any, labels: Mapping[str, str], lang: Lang) -> str:
    """The name of an input; an effect on the plant by the label of its lever and what it changes."""
    from twin.report import worded

    values = _values(told) if isinstance(told, Mapping | Said) else {}
    key = told.key if isinstance(told, Said) else told.get("key") if values else ""
    what = values.get("what") if key == "of_lever" else None
    place = worded.place(what, lang) if isinstance(what, str) else ""
    return f"{labels.get(values['lever'], values['lever'])} ({place})" if place else spoken(told, lang)


def _in(value: Any, names: Mapping[str, str], lang: Lang) -> Any:
    if isinstance(value, Mapping):
        return {
            key: _texts(one, value[f"{key}{TWIN}"], lang) if f"{key}{TWIN}" in value else _named(key, one, names, lang)
            for key, one in value.items()
            if not (isinstance(key, str) and key.endswith(TWIN) and key.removesuffix(TWIN) in value)
        }
    return [_in(one, names, lang) for one in value] if isinstance(value, list) else value


def _named(key: str, value: Any, names: Mapping[str, str], lang: Lang) -> Any:
    if key in NAMED and isinstance(value, Mapping):
        return {names.get(name, name): _in(one, names, lang) for name, one in value.items()}
    if key == "input" and isinstance(value, str):
        return names.get(value, value)
    return _in(value, names, lang)


def _texts(text: Any, told: Any, lang: Lang) -> Any:
    """A text, or a list of them, by its data where it has any."""
    if isinstance(text, list):
        return [_texts(one, own, lang) for one, own in zip(text, told, strict=True)]
    return text if told is None else spoken(told, lang)
