"""What a station can never do as it is written: begin a part, or finish one. Both are worth a warning."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from twin.core.compiling.names import Names
from twin.core.plan import ElementId, Micro, micro, show_time
from twin.core.problem import quoted
from twin.core.spec import ByProduct
from twin.core.timetable import longest_opening


def never_starts(names: Names, last_start: Micro, calendar: ElementId, rows: tuple[Any, ...]) -> None:
    """Warn of a ``last_start`` that no opening of the calendar outlasts."""
    longest = longest_opening(rows[calendar]) if calendar >= 0 else float("inf")
    if last_start >= longest:
        hours = f"{quoted(names.name_of(calendar))} is never open for longer than {show_time(longest)}"
        text = f"{hours}, so with {quoted(show_time(last_start))} no part is ever started; write less"
        names.problem(("last_start",), text, warning=True)


def never_finishes(names: Names, breakdowns: dict[str, Any], steps: dict[str, Any]) -> None:
    """Warn of a mode that begins the work again each time before it can be done; ``steps``: law of each by its key."""
    for name, mode in breakdowns.items():
        up = _always(mode.mtbf) if mode.part == "restart" and mode.mtbf.dimension == "time" else None
        if up is not None:
            _check_mode(names, ("breakdowns", name, "part"), up, steps)


def _check_mode(names: Names, loc: tuple[str, ...], up: Micro, steps: dict[str, Any]) -> None:
    for key, time, product in _times(names, steps):
        if time is not None and time > up:
            again = f"'restart' begins the {key} of {show_time(time)} again every {show_time(up)}"
            text = f"{again}, so no part is ever finished{names.of(product)}; write 'resume', or a longer 'mtbf'"
            names.problem(loc, text, warning=True)
            return


def _times(names: Names, steps: dict[str, Any]) -> Iterable[tuple[str, Micro | None, str]]:
    for key, law in steps.items():
        for product in names.products:
            route = names.route_time(product) if key == "cycle" else None
            of = law.of(product) if isinstance(law, ByProduct) else law
            yield key, _always(route or of), product


def _always(law: Any) -> Micro | None:
    """The time that a law always gives, or None."""
    moments = law.moments() if law is not None else None
    return micro(moments.mean) if moments is not None and moments.sd == 0 else None
