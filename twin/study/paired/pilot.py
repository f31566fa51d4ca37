"""How long a study warms up: pilot replications of all cases, and MSER-5 on their means.

A plant with hours is looked at in equal amounts of the open time of its main calendar, so that nights and breaks are
no waves in the series. One that is empty whenever it opens begins afresh every time, and needs no warm-up.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple, Unpack

from twin.core.plan import ElementId, Micro, Plan
from twin.core.run import RunError
from twin.core.said import lasting
from twin.core.timetable import OFF, Timetable, timetable
from twin.core.unit import MICRO, show
from twin.study.paired.means import Means
from twin.study.paired.runner import Case, run_cases
from twin.study.paired.store import Kept
from twin.study.said import said
from twin.study.work.crew import Outcome

PERIODS = 1000
"""Equal periods of open time that a pilot is looked at; with fewer, MSER-5 too often cuts a steady series late."""
HOUR = 3600 * MICRO
MOST_OPENINGS = 200
"""Openings at which it is looked whether the plant is empty."""


class Found(NamedTuple):
    """The warm-up of a study, and why."""

    time: Micro
    words: str


def find_warm_up(
    cases: Sequence[Case],
    pilots: int,
    **means: Unpack[Means],
) -> Found:
    """The warm-up that all cases need, from pilot replications of the length of the study's horizon.

    A store that keeps named KPIs alone has no room for pilots.

    Raises:
        RunError: a pilot jams, or had not settled in its first half.
    """
    if any(math.isinf(case.plan.horizon) for case in cases):
        return Found(0.0, said("no_warm_up_finite"))
    store = means.get("store")
    means["store"] = store if store is not None and store.whole else None
    runs = run_cases([_Pilot(case) for case in cases], (pilots,), one=one_pilot, **means)
    if runs.interrupted:
        raise KeyboardInterrupt
    if any(len(kept.row) < 2 * PERIODS for case in runs.kept for kept in case):
        return Found(0.0, said("no_warm_up_empty"))
    if _empties([kept for case in runs.kept for kept in case]):
        return Found(0.0, said("no_warm_up_opens"))
    return _settled(cases, runs.kept)


def _settled(cases: Sequence[Case], kept: Sequence[Sequence[Kept]]) -> Found:
    from twin.study.statistics.warm_up import UnsettledError, warm_up

    series: dict[str, list[list[float]]] = {
        said(words, name=case.name): [[one.row[f"{key}.{i}"] for i in range(PERIODS)] for one in rows]
        for case, rows in zip(cases, kept, strict=True)
        for key, words in (("good", "output_of"), ("wip", "wip_of"))
    }
    try:
        found = warm_up(series, 1.0)
    except UnsettledError as error:
        raise RunError(f"run.warm_up: {error}; a longer 'horizon' makes the pilot longer") from None
    if not found.time:
        return Found(0.0, said("no_warm_up_cut", n=len(kept[0])))
    time = max(edges(case.plan)[round(found.time) - 1] for case in cases)
    # Whole hours are easier to read, and a longer warm-up does no harm.
    time = math.ceil(time / HOUR) * HOUR
    shown = lasting(show(time / MICRO, "time"), time / MICRO)
    return Found(time, said("warm_up", time=shown, series=found.label, n=len(kept[0])))


def _empties(kept: Sequence[Kept]) -> bool:
    """Whether nothing is inside at any opening of any pilot; False where there are no openings."""
    seen = [value for one in kept for path, value in one.row.items() if path.startswith("opening.")]
    return bool(seen) and not any(seen)


class _Pilot:
    """A case from its start, without a warm-up."""

    def __init__(self, case: Case) -> None:
        self.case, self.name, self.draws = case, case.name, case.draws
        self.digest = f"pilot {PERIODS} {case.digest}"
        self.plan = case.plan

    def at(self, replication: int) -> Plan:
        return self.case.at(replication)


def one_pilot(cases: Sequence[Case], code: int) -> Outcome:
    """Good parts and mean WIP of each period, and the parts inside at each opening, as the KPIs of a replication."""
    from twin import element
    from twin.engine.series import series

    element.plug_in()
    replication, index = divmod(code, len(cases))
    plan = cases[index].at(replication)
    bins, openings = edges(plan), _openings(plan)
    moments = sorted({*bins, *openings})
    found = dict(zip(moments, series(plan, replication, moments), strict=False))
    if len(found) < len(moments):
        return Outcome(code, {}, (), ())
    row, good, area, since = dict[str, float](), 0, 0.0, 0.0
    for i, edge in enumerate(bins):
        now = found[edge]
        row[f"good.{i}"], row[f"wip.{i}"] = float(now.good - good), (now.area - area) / (edge - since)
        good, area, since = now.good, now.area, edge
    return Outcome(code, row | {f"opening.{i}": float(found[at].inside) for i, at in enumerate(openings)}, (), ())


def edges(plan: Plan) -> list[Micro]:
    """The ends of the periods: equal amounts of open time of the main calendar, whole microseconds."""
    hours, end = _main(plan), plan.warm_up + plan.horizon
    opened = hours.open_between(0.0, end)
    found = [math.floor(hours.due(0.0, opened * (i + 1) / PERIODS)) for i in range(PERIODS)]
    return [float(min(at, end)) for at in found]


def _openings(plan: Plan) -> list[Micro]:
    """Just before the main calendar opens after time 0; empty: it never closes."""
    hours, end, at = _main(plan), plan.warm_up + plan.horizon, 0.0
    found = list[Micro]()
    while len(found) < MOST_OPENINGS:
        before, (at, state) = hours.state(at), hours.next_change(at)
        if not at < end:
            break
        if before == OFF and state != OFF:
            found.append(at - 1)  # what is delivered as it opens does not count
    return found


def _main(plan: Plan) -> Timetable:
    """The hours that most machines of the plant have."""
    machines = Counter[ElementId]()
    for _, _, row in plan.of("stations"):
        machines[row.calendar] += row.machines
    return timetable(plan.rows, machines.most_common(1)[0][0] if machines else -1)
