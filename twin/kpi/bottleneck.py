"""Where the bottleneck is: active periods, the turning point, the arrow rule; how near a belt is to its most.

Active periods come from the ledger (``twin.core.running.active``). The other two read shares of time blocked and
starved of the stations of a serial line, in the order of the flow.
"""

from __future__ import annotations

from collections.abc import Sequence

from twin.core.ledger import Ledger, StationLedger
from twin.core.plan import Micro, Plan
from twin.kpi.ratio import ratio


def bottleneck(plan: Plan, ledger: Ledger) -> dict[str, float]:
    """Shares of the window in which each station was the bottleneck, and how busy belts are, by path."""
    found: dict[str, float] = {}
    for index, row in ((index, row) for index, row in ledger.stations.items() if not row.carries):
        name = plan.elements[index].name
        whole, sole = share(row, ledger.window), ratio(sum(row.sole), ledger.window)
        found[f"bottleneck.{name}"] = whole
        found[f"elements.{name}.kpis.bottleneck_sole"] = sole
        found[f"elements.{name}.kpis.bottleneck_shifting"] = whole - sole
    for index, row in ((index, row) for index, row in ledger.stations.items() if row.carries):
        found[f"elements.{plan.elements[index].name}.kpis.busy"] = carried(row, plan.rows[index].gap, ledger.window)
    return found


def carried(row: StationLedger, gap: Micro, window: Micro) -> float:
    """What a belt carried / the most it could: parts × time to move one pitch / window."""
    return min(1.0, ratio(sum(row.done) * gap, window))


def share(row: StationLedger, window: Micro) -> float:
    """Sole and shifting time of the machines of a station / window, at most 1.

    The bound matters only when the bottleneck moves between machines of one station: that overlap is in the
    shifting time of both.
    """
    return min(1.0, ratio(sum(row.sole) + sum(row.shifting), window))


def turning_point(blocked: Sequence[float], starved: Sequence[float]) -> int:
    """The station (0…) where blocked − starved turns from + to − along the line.

    Of the two stations at the first turn, the one less often blocked or starved. Without a turn: the first
    station when starving prevails everywhere, the last when blocking does. Source: L. Li, Q. Chang, J. Ni,
    "Data driven bottleneck detection of manufacturing systems", Int. J. Production Research 47 (2009).

    Raises:
        ValueError: when the line is empty or the lengths differ.
    """
    _check(blocked, starved)
    balance = [b - s for b, s in zip(blocked, starved, strict=True)]
    lost = [b + s for b, s in zip(blocked, starved, strict=True)]
    for i in range(len(balance) - 1):
        if balance[i] >= 0 >= balance[i + 1]:
            return i if lost[i] <= lost[i + 1] else i + 1
    return 0 if balance[0] < 0 else len(balance) - 1


def arrow(blocked: Sequence[float], starved: Sequence[float]) -> tuple[int, ...]:
    """The stations (0…) of a line that no arrow leaves: its bottlenecks.

    The arrow goes i → i+1 if blocked_i > starved_{i+1}, else i+1 → i. Source: C.-T. Kuo, J.-T. Lim,
    S. M. Meerkov, "Bottlenecks in serial production lines", Math. Problems in Engineering 2 (1996).

    Raises:
        ValueError: when the line is empty or the lengths differ.
    """
    _check(blocked, starved)
    down = [blocked[i] > starved[i + 1] for i in range(len(blocked) - 1)]
    leaving_up, leaving_down = [False, *(not d for d in down)], [*down, False]
    return tuple(i for i in range(len(blocked)) if not leaving_up[i] and not leaving_down[i])


def _check(blocked: Sequence[float], starved: Sequence[float]) -> None:
    if not blocked or len(blocked) != len(starved):
        raise ValueError(f"one blocked and one starved share a station are due, not {len(blocked)} and {len(starved)}")
