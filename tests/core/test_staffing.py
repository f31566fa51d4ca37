"""Enough people for a task: against all ways of sharing them out."""

from __future__ import annotations

import itertools
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from twin.core.compiling.staffing import shortage


class Group(NamedTuple):
    people: int
    skills: tuple[str, ...]


SKILLS = ("a", "b", "c")
groups = st.lists(
    st.builds(Group, st.integers(1, 3), st.lists(st.sampled_from(SKILLS), unique=True).map(tuple)), max_size=4
)
needs = st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 4), min_size=1)


def tightest(wanted: dict[str, int], there: list[Group]) -> int:
    """How many people some of the skills lack at most (Hall: none lacks any, if and only if the task can be done)."""
    sets = itertools.chain.from_iterable(itertools.combinations(wanted, n) for n in range(1, len(wanted) + 1))
    return max(
        sum(wanted[skill] for skill in some) - sum(g.people for g in there if set(some) & {*g.skills}) for some in sets
    )


@settings(max_examples=500, deadline=None)
@given(needs, groups)
def test_a_shortage_is_found_when_there_is_one(wanted: dict[str, int], there: list[Group]) -> None:
    found = shortage(wanted, there)
    assert (found is not None) == (tightest(wanted, there) > 0)
    if found is not None:
        assert found.needed == sum(wanted[skill] for skill in found.skills)
        assert found.there == sum(g.people for g in there if set(found.skills) & {*g.skills})
        assert found.there < found.needed


def test_people_change_places() -> None:
    both, one = Group(1, ("a", "b")), Group(1, ("a",))
    assert shortage({"a": 1, "b": 1}, [both, one]) is None
    found = shortage({"a": 2, "b": 1}, [both, one])
    assert found is not None
    assert (found.skills, found.needed, found.there) == (("a", "b"), 3, 2)
