"""Which language a file is written in, by the keys at its top; what cannot be told is left to later checks."""

from __future__ import annotations

from typing import Any

import pytest

from twin.core.language import language_of, no_layout, no_reading, no_study

ENTRY = {"up": {"weibull": {}}, "source": {"reading": "a.yaml"}}


@pytest.mark.parametrize(
    ("data", "language"),
    [
        ({"twin": 1, "plant": "x"}, "layout"),
        ({"flow": []}, "layout"),
        ({"twin": 1, "calibration": "x"}, "reading"),
        ({"history": []}, "reading"),
        ({"twin": 1, "study": "x", "layout": "a.yaml"}, "study"),
        ({"study": "x", "calibration": "a.fitted.yaml"}, "study"),
        ({"levers": {}, "scenarios": {}}, "study"),
        ({"study": "x", "history": []}, None),
        ({"study": "x", "plant": "y"}, None),
        ({"mill.spindle": ENTRY}, "fitted"),
        ({"a": {"evidence": {}}, "b": {}}, "fitted"),
        ({"calibration": "x", "plant": "y"}, None),
        ({"a": ENTRY, "b": 3}, None),
        ({"twin": 1, "a": ENTRY}, None),
        ({"twin": 1}, None),
        ({"mill.spindle": {"clock": "working"}}, None),
        ({}, None),
        (None, None),
        ([1], None),
        ("plant", None),
    ],
)
def test_languages(data: Any, language: str | None) -> None:
    assert language_of(data) == language
    assert bool(no_layout(data, "f.yaml")) == (language in ("reading", "fitted", "study"))
    assert bool(no_reading(data, "f.yaml")) == (language in ("layout", "fitted", "study"))
    assert bool(no_study(data, "f.yaml")) == (language in ("layout", "fitted", "reading"))


def test_the_words_name_what_the_file_is_for() -> None:
    assert no_layout({"a\nb": ENTRY}, "f.yaml").endswith("by 'from: f.yaml#a b'")
    assert no_reading({"a": ENTRY}, "f.yaml").endswith("; it was made with 'a.yaml'")
    assert no_reading({"a": {"up": {}, "source": 3}}, "f.yaml") == "this is a fitted file, not a reading file"
