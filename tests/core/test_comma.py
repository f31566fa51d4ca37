"""Numbers with commas."""

from __future__ import annotations

import pytest

from twin.core.comma import why_torn
from twin.core.text import parse


@pytest.mark.parametrize(
    ("pieces", "said"),
    [
        (("1", "5 h"), "'1,5 h' has a decimal comma; write '1.5 h'"),
        (("0", "20.1 EUR/kWh"), "'0,20.1 EUR/kWh' holds a comma, and between { } that ends a value; write a point"),
    ],
)
def test_a_torn_number_is_told(pieces: tuple[str, ...], said: str) -> None:
    assert why_torn(pieces) == said


def test_a_torn_number_always_has_words() -> None:
    """A fuzzed layout once had a problem without a text."""
    problems = parse(b"a: {price: 0,20.1 EUR/kWh, carbon: 50 g/kWh}\n", "x.yaml").problems
    assert [problem.text for problem in problems] == [
        "'0,20.1 EUR/kWh' holds a comma, and between { } that ends a value; write a point"
    ]
