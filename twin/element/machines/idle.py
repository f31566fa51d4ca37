"""Keys that change nothing as the plant is written: hours without a calendar, ways without ends. Worth a word."""

from __future__ import annotations

from typing import Any

from twin.core.compiling.names import Names
from twin.core.plan import ElementId, needs_in
from twin.core.problem import Loc, quoted
from twin.core.timetable import BREAK

NONE = -1
"""In a table of changes: nothing to set up."""


def without_hours(names: Names, calendar: ElementId) -> None:
    """Warn of keys about closings where there is none."""
    kind = names.element.kind
    for key in [key for key in ("at_end", "last_start") if calendar < 0 and key in kind.model_fields_set]:
        text = f"there are no closings: {quoted(names.element.name)} keeps no calendar"
        names.problem((key,), f"{text}; write 'calendar:', or take {quoted(key)} out", warning=True)


def without_stops(names: Names, hand_over: bool, row: Any) -> None:
    """Warn of ``hand_over`` on machines that nothing ever stops."""
    if hand_over and not row.modes and row.calendar < 0:
        text = "'hand_over' is for machines that are down or closed, and nothing ever stops these"
        names.problem(("hand_over",), f"{text}; take it out", warning=True)


def without_people(names: Names, priority: int, row: Any) -> None:
    """Warn of the priority of tasks for people where there are none."""
    if priority and not any(needs_in(row)):
        text = f"no task here needs people, so none of them comes first; write 'by:' in {quoted(names.element.name)}"
        names.problem(("priority",), f"{text}, or take 'priority' out", warning=True)


def without_ends(names: Names, walking: float, skills: tuple[int, ...], rows: tuple[Any, ...]) -> None:
    """Warn of people who walk, but to machines that stand nowhere: the way there takes no time."""
    calling = [i for i, row in enumerate(rows) if any(need.skill in skills for need in needs_in(row))]
    nowhere = [names.name_of(i) for i in calling if getattr(rows[i], "at", ()) is None]
    if walking and nowhere:
        more = f" and {len(nowhere) - 3} more" if len(nowhere) > 3 else ""
        text = f"the way to {', '.join(map(quoted, nowhere[:3]))}{more} takes no time"
        names.problem(("walking",), f"{text}; write 'at: [x, y]' there", warning=True)


def without_breaks(names: Names, start_up: Any, calendar: ElementId, rows: tuple[Any, ...]) -> None:
    """Warn of a start-up after breaks where there is none."""
    if start_up is None or start_up.after != "break" or calendar < 0:
        return
    if all(change.state != BREAK for change in rows[calendar].changes):
        text = f"{quoted(names.name_of(calendar))} has no breaks, so this is what 'after: off' says"
        names.problem(("start_up", "after"), f"{text}; write 'breaks:' there, or take it out", warning=True)


def never_set_up(names: Names, setup: Any) -> None:
    """Warn of set-ups where no two products that come need one."""
    if setup is None:
        return
    coming = [names.products.index(product) for product in names.arriving(names.index)]
    states = {setup.groups[product] for product in coming} | ({setup.first} - {NONE})
    if all(setup.changes[state][product] == NONE for state in states for product in coming):
        what = "one product comes" if len(coming) == 1 else "one family of products comes"
        say = "for a time with each part write 'load: {time: 3 s}', or take 'setup' out"
        names.problem(("setup",), f"nothing is ever set up here: only {what}; {say}", warning=True)


def rule_without_setup(names: Names, loc: Loc, rule: str, takers: tuple[ElementId, ...], rows: tuple[Any, ...]) -> None:
    """Warn of 'same_setup' before machines that are never set up."""
    if rule == "same_setup" and not any(getattr(rows[taker], "setup", None) for taker in takers):
        text = "'same_setup' changes nothing: no station that takes from here has a 'setup'"
        names.problem(loc, f"{text}; write 'fifo', or give one a 'setup'", warning=True)
