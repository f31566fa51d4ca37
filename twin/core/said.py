"""Sentences as data: an English text that knows its phrase and what fills it, so that reports can say it in French too.

The same data goes into documents beside the text: ``{"why": "…", "why_said": {"key": …, "values": {…}}}``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

TWIN = "_said"
"""What the key of the data ends with, beside the key of the text."""


class Said(str):
    """A text in English that knows the key of its phrase and what fills its blanks."""

    key: str
    values: Mapping[str, Any]
    """Names of users, numbers, sentences, and lists of these."""

    @classmethod
    def of(cls, text: str, key: str, /, **values: Any) -> Said:
        """A text whose phrase is made otherwise than by filling blanks, such as the name of a metric."""
        made = cls(text)
        made.key, made.values = key, values
        return made


def said(phrases: Mapping[str, str], key: str, /, **values: Any) -> Said:
    """The sentence of a key with its blanks filled; ``n`` or ``more`` of 1 takes that of one where there is one.

    Raises:
        KeyError: there is no such key, or a blank has no value.
    """
    if 1 in (values.get("n"), values.get("more")) and f"{key}_one" in phrases:
        key += "_one"
    return Said.of(phrases[key].format(**values), key, **values)


class Listed(tuple[str, ...]):
    """Texts in one blank, with what stands behind the colon of the blank between them: ``{roots: and }``."""

    def __format__(self, spec: str) -> str:
        return (spec or ", ").join(self)


class Names(tuple[str, ...]):
    """Names in one blank: the first few, the others counted; English where it is a text."""

    most = 3

    def __format__(self, spec: str) -> str:
        return self.said("{names} and {n} more")

    def said(self, more: str) -> str:
        """The names with a comma between them; ``more`` says how many are left out."""
        names, left = ", ".join(self[: self.most]), len(self) - self.most
        return more.format(names=names, n=left) if left > 0 else names


def data(value: Any) -> Any:
    """What stands in a document: of a sentence key and values, of a list that of its items; a plain text is None."""
    if isinstance(value, str):
        return _filled(value) if isinstance(value, Said) else None
    return [data(one) for one in value]


def _filled(value: Any) -> Any:
    """A value of a blank, ready for JSON."""
    if isinstance(value, Said):
        return {"key": value.key, "values": {name: _filled(one) for name, one in value.values.items()}}
    if isinstance(value, Names):
        return {"names": list(value)}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_filled(one) for one in value]
    return value


def both(**texts: Any) -> dict[str, Any]:
    """Texts, or lists of them, as they stand in a document: each beside its data, where it has any."""
    found: dict[str, Any] = {}
    for name, text in texts.items():
        told = None if text is None else data(text)
        found[name] = text if text is None else str(text) if isinstance(text, str) else [str(one) for one in text]
        if told is not None and (not isinstance(told, list) or any(one is not None for one in told)):
            found[f"{name}{TWIN}"] = told
    return found


def packed(text: str) -> Any:
    """A text for a file: as it is, or with its data behind it."""
    told = data(text)
    return text if told is None else [str(text), told]


def unpacked(found: Any) -> str:
    """A text from a file, as it was; sentences within its blanks stay data."""
    if isinstance(found, str):
        return found
    text, told = found
    return Said.of(text, told["key"], **told["values"])


def lasting(text: str, seconds: float) -> Said:
    """A length of time as it is shown in English."""
    return Said.of(text, "time", seconds=seconds)
