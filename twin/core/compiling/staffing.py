"""Whether a task can ever have its people: enough of them, however they are shared out among its skills."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol


class Able(Protocol):
    """A group of people who can all do the same."""

    @property
    def people(self) -> int:
        """How many they are."""

    @property
    def skills(self) -> tuple[str, ...]:
        """What each of them can do."""


class Shortage(NamedTuple):
    """Skills that need more people at once than have any of them."""

    skills: tuple[str, ...]
    needed: int
    there: int


def shortage(needs: Mapping[str, int], groups: Sequence[Able]) -> Shortage | None:
    """Why the groups can never give a task its people, or None when they can.

    Each person fills one need, so it takes a flow from needs to groups that fills all of them; where none does, the
    needs from which a further person could be looked for are more than the people of all their groups.
    Reference: Ford, Fulkerson, Flows in Networks, ch. II (for counts of 1: Hall's condition).

    Args:
        needs: people by skill, all at once.
        groups: those that may come.
    """
    given: dict[tuple[str, int], int] = {}
    free = [group.people for group in groups]
    for skill, count in needs.items():
        for _ in range(count):
            reached = _search(skill, needs, groups, given, free)
            if reached is not None:
                skills = tuple(one for one in needs if one in reached)
                there = sum(group.people for group in groups if any(one in group.skills for one in reached))
                return Shortage(skills, sum(needs[one] for one in skills), there)
    return None


def _search(
    start: str,
    needs: Mapping[str, int],
    groups: Sequence[Able],
    given: dict[tuple[str, int], int],
    free: list[int],
) -> list[str] | None:
    """Find one more person for a need, where others may change places; else the needs that were looked through."""
    reached, asked = [start], dict[int, str]()
    since: dict[str, int] = {}
    for skill in reached:
        for number, group in enumerate(groups):
            if number in asked or skill not in group.skills:
                continue
            asked[number] = skill
            if free[number]:
                free[number] -= 1
                _move(number, start, asked, since, given)
                return None
            for other in needs:
                if other not in reached and given.get((other, number)):
                    since[other] = number
                    reached.append(other)
    return reached


def _move(
    number: int, start: str, asked: dict[int, str], since: dict[str, int], given: dict[tuple[str, int], int]
) -> None:
    """Give a free person of a group to the need that asked it; what that one gives up goes to who asked there."""
    skill = asked[number]
    given[skill, number] = given.get((skill, number), 0) + 1
    while skill != start:
        number = since[skill]
        given[skill, number] -= 1
        skill = asked[number]
        given[skill, number] = given.get((skill, number), 0) + 1
