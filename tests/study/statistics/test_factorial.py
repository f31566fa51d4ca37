"""Two-level designs: runs, resolution, what is mixed up."""

from __future__ import annotations

import numpy as np
import pytest

from twin.study.statistics.factorial import LISTED, fraction, full, listed

# NIST/SEMATECH e-Handbook of Statistical Methods, summary tables of useful fractional factorial designs: resolution
# by (factors, runs).
RESOLUTION = {
    (3, 4): 3, (4, 8): 4, (5, 8): 3, (5, 16): 5, (6, 8): 3, (6, 16): 4, (6, 32): 6, (7, 8): 3, (7, 16): 4,
    (7, 32): 4, (7, 64): 7, (8, 16): 4, (8, 32): 4, (8, 64): 5, (8, 128): 8, (9, 16): 3, (9, 32): 4,
    (10, 16): 3, (10, 32): 4,
}  # fmt: skip


def test_whole_design_is_in_standard_order() -> None:
    design = full(["a", "b", "c"])
    assert [design.on(run) for run in range(8)] == [
        (), ("a",), ("b",), ("a", "b"), ("c",), ("a", "c"), ("b", "c"), ("a", "b", "c"),
    ]  # fmt: skip
    assert (design.resolution, design.words, design.aliases(["a"])) == (None, (), ())
    assert design.describe() == ["whole design: 8 runs of 3 factors, nothing is mixed up"]
    assert list(design.effects()) == [("a",), ("b",), ("c",), ("a", "b"), ("a", "c"), ("b", "c")]


def test_half_fraction_of_four() -> None:
    """Box, Hunter & Hunter, sec. 6.1: D = ABC, resolution IV, pairs mixed up with pairs."""
    design = listed(["a", "b", "c", "d"], 8)
    assert design.words == (("a", "b", "c", "d"),)
    assert design.describe() == [
        "1/2 of a design: 8 runs of 4 factors, resolution 4",
        "d is on when the product of a, b, c is +",
        "a × b = c × d",
        "a × c = b × d",
        "a × d = b × c",
    ]
    assert design.on(0) == ()  # - - - makes -
    assert design.on(1) == ("a", "d")
    assert design.aliases(["a"]) == ()
    assert design.aliases(["a"], order=3) == (("b", "c", "d"),)


@pytest.mark.parametrize(("size", "resolution"), RESOLUTION.items())
def test_listed_fractions(size: tuple[int, int], resolution: int) -> None:
    k, runs = size
    design = listed([f"x{i}" for i in range(k)], runs)
    assert (len(design.runs), len(dict.fromkeys(design.runs)), design.resolution) == (runs, runs, resolution)
    table = np.column_stack([design.column([name]) for name in design.factors])
    assert (table.T @ table == runs * np.eye(k)).all()  # balanced, and any two factors are orthogonal
    for word in design.words:
        assert (design.column(word) == 1).all()
    assert len(design.words) == 2**k // runs - 1


def test_the_list_is_that_of_the_book() -> None:
    assert RESOLUTION.keys() == LISTED.keys()


def test_aliases_have_the_same_column() -> None:
    design = listed(list("ABCDEF"), 8)
    for effect in design.effects():
        for other in design.aliases(effect):
            assert (design.column(effect) == design.column(other)).all()
    assert list(design.effects()) == [("A",), ("B",), ("C",), ("D",), ("E",), ("F",), ("A", "F")]


def test_designs_that_cannot_be() -> None:
    with pytest.raises(ValueError, match=r"^no design of 12 runs is listed for 4 factors; those of 8, 16 are$"):
        listed(list("abcd"), 12)
    with pytest.raises(ValueError, match=r"for 13 factors; give generators$"):
        listed([f"x{i}" for i in range(13)], 32)
    with pytest.raises(ValueError, match=r"^1 to 12 free factors, none named twice, are due, not a, a$"):
        full(["a", "a"])
    with pytest.raises(ValueError, match=r"^1 to 12 free factors, none named twice, are due, not none$"):
        full([])
    with pytest.raises(ValueError, match=r"^d = a × e: a generator takes other free factors, once each: a, b, c$"):
        fraction(list("abcd"), {"d": ["a", "e"]})
    with pytest.raises(ValueError, match=r"^z = a × b: "):
        fraction(list("abcd"), {"z": ["a", "b"]})
    with pytest.raises(ValueError, match=r"^a × d is always the same: two factors cannot be told apart$"):
        fraction(list("abcd"), {"d": ["a"]})
