"""The designs that are possible, against trying all."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.study.search.known import equal_sum
from twin.study.search.space import Bound, Count, Space, StopSearch

SIZES = st.lists(st.integers(1, 4), min_size=1, max_size=4)


@st.composite
def spaces(draw: st.DrawFn) -> Space:
    sizes = draw(SIZES)
    bounds = []
    for _ in range(draw(st.integers(0, 3))):
        terms = tuple(tuple(draw(st.lists(st.integers(-5, 5), min_size=n, max_size=n))) for n in sizes)
        low = draw(st.integers(-8, 8))
        bounds.append(Bound(terms, low, low + draw(st.integers(0, 6))))
    return Space(tuple(sizes), tuple(bounds))


def tried(space: Space) -> list[tuple[int, ...]]:
    every = itertools.product(*(range(size) for size in space.sizes))
    return [one for one in every if all(b.low <= b.total(one) <= b.high for b in space.bounds)]


@given(spaces())
def test_all_designs(space: Space) -> None:
    assert list(space.designs()) == tried(space)


@given(spaces(), st.data())
def test_the_nearest_is_possible(space: Space, data: st.DataObject) -> None:
    target = data.draw(st.lists(st.floats(-2, 6), min_size=len(space.sizes), max_size=len(space.sizes)))
    found, every = space.nearest(target), tried(space)
    assert (found is None) == (not every)
    assert found is None or found in every
    assert all(space.nearest(one) == one for one in every)


@given(spaces())
def test_neighbours(space: Space) -> None:
    every = tried(space)
    for one in every[:5]:
        near = list(space.neighbours(one))
        assert sorted(near) == [
            other
            for other in every
            if 0 < sum(a != b for a, b in zip(one, other, strict=True)) <= 2
            and all(abs(a - b) <= 1 for a, b in zip(one, other, strict=True))
        ]
        assert len(near) == len(dict.fromkeys(near))


@given(spaces())
def test_repaired(space: Space) -> None:
    """One decision moves a step, which is not possible alone; the others do what makes it possible."""
    every = tried(space)
    for one in every[:5]:
        for other in space.repaired(one):
            assert other in every
            steps = [i for i, (a, b) in enumerate(zip(one, other, strict=True)) if abs(a - b) == 1]
            assert any(not space.fits((*one[:i], other[i], *one[i + 1 :])) for i in steps)


def test_a_lever_pushes_places_out() -> None:
    """The lever costs as much as eight steps; each rack in turn gives way first."""
    levels = tuple(map(float, range(8)))
    space = Space((8, 8, 2), (Bound((levels, levels, (0.0, 8.0)), high=10.0),))
    assert set(space.repaired((5, 5, 0))) >= {(0, 2, 1), (2, 0, 1)}
    assert space.nearest((5, 5, 1)) == (2, 0, 1), "the lever stays"
    assert space.nearest((5, 5, 1), [0, 1, 2]) == (5, 5, 0)


@given(spaces())
def test_how_many(space: Space) -> None:
    assert space.count() == Count(len(tried(space)), exact=True)


def test_about_how_many() -> None:
    """Of 6 decisions with 10 levels those that add up to 27: 55,252; walks are off by a tenth at most."""
    found = equal_sum(6, 10, 27).count(most_steps=100)
    assert not found.exact
    assert found.number == pytest.approx(55_252, rel=0.1)
    assert Space((1000,) * 50).count() == Count(1000**50, exact=True)


def test_the_flow_line_has_399() -> None:
    rates, places = tuple(map(float, range(5, 11))), tuple(map(float, range(1, 20)))
    one = Bound(((*rates,),) * 3 + ((0.0,) * 19,) * 2, 20, 20)
    two = Bound(((0.0,) * 6,) * 3 + (places,) * 2, 20, 20)
    assert sum(1 for _ in Space((6, 6, 6, 19, 19), (one, two)).designs()) == 399


def test_money_that_is_not_exact() -> None:
    """0.1 + 0.2 is a little more than 0.3."""
    levels = (0.0, 0.1, 0.2, 0.3)
    assert len(list(Space((4, 4), (Bound((levels,) * 2, 0.3, 0.3),)).designs())) == 4


def test_a_tangled_space_is_given_up() -> None:
    with pytest.raises(StopSearch):
        list(equal_sum(8, 10, 36).designs(most_steps=1000))
