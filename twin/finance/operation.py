"""What a changed plant earns and costs: simulated differences become lines of cash.

The simulation tells what the plant can make, use and hold in a full year, before and after. Here the change comes in
its month, with ramp-up and days lost to installation; parts are worth money only up to demand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from twin.finance.array import Floats, Values, a_row, a_year
from twin.finance.flows import Line, empty
from twin.finance.month import Month, Span

DAYS = 365.0
"""Days of a year of production, unless said otherwise."""


class Rollout(NamedTuple):
    """How much of a change is there, year by year."""

    share: Floats
    """Mean share of each year of the study, shape (Y,)."""
    level: Floats
    """Share at each year end 0…Y, shape (Y + 1,)."""
    lost_days: Floats
    """Days of production lost to installation, by year, shape (Y,)."""


class Sold(NamedTuple):
    """Parts sold a year, at most the demand; shapes (N, Y)."""

    base: Floats
    new: Floats


def rollout(
    over: Span, at: Month | None = None, ramp_months: float = 0.0, ramp_from: float = 1.0, stop_days: float = 0.0
) -> Rollout:
    """A change that begins at the start of a month.

    Args:
        over: the years of the study.
        at: the month; None: the first of the study.
        ramp_months: how long it takes to its full effect, in a straight line.
        ramp_from: the share of the effect at once, 0…1.
        stop_days: days of production lost to installation, all in the year of ``at``.

    Raises:
        ValueError: a month outside the study, a share outside 0…1, or months or days below 0.
    """
    if not 0 <= ramp_from <= 1:
        raise ValueError(f"ramp-up: a share from 0 to 1 is due, such as 0.6, not {ramp_from}")
    if ramp_months < 0 or stop_days < 0:
        raise ValueError(f"ramp-up and stop: 0 or more is due, not {min(ramp_months, stop_days)}")
    since = np.maximum(12.0 * np.arange(over.years + 1) - over.months(at), 0.0)
    ramp = max(ramp_months, 1e-9)
    inside = np.minimum(since, ramp)
    total = ramp_from * inside + (1 - ramp_from) * inside**2 / (2 * ramp) + since - inside
    level = np.where(since > 0, ramp_from + (1 - ramp_from) * inside / ramp, 0.0)
    lost = np.where(np.arange(1, over.years + 1) == over.fiscal(at), stop_days, 0.0)
    return Rollout(np.diff(total) / 12, level, lost)


def together(rollouts: Sequence[Rollout]) -> Rollout:
    """Several levers simulated as one scenario: the whole gain is there when the last of them is; lost days add up.

    Careful, for a part of the gain may come with the first lever already.

    Raises:
        ValueError: no rollout.
    """
    if not rollouts:
        raise ValueError("rollouts: one or more is due")
    shares, levels, lost = (np.array(column) for column in zip(*rollouts, strict=True))
    return Rollout(shares.min(axis=0), levels.min(axis=0), lost.sum(axis=0))


def sold(base: Values, new: Values, demand: Values, change: Rollout, days: float = DAYS) -> Sold:
    """Parts sold before and after: min(what can be made, demand).

    Made after: base + share × (new - base) - lost days / days × base.

    Args:
        base: good parts a full year the plant can make, one number or one a row.
        new: the same with the change.
        demand: parts a year; one number, one a row, or shape (1 or N, Y).
        change: when it comes.
        days: days of production a year, which lost days are counted against.

    Raises:
        ValueError: a shape that does not fit, or no days.
    """
    if not days > 0:
        raise ValueError(f"days of production a year: more than 0 is due, such as 220, not {days}")
    n, years = _rows(base, new, demand), len(change.share)
    before, after = a_year(base, n, years, "base"), a_year(new, n, years, "new")
    most = a_year(demand, n, years, "demand")
    made = before + change.share * (after - before) - change.lost_days / days * before
    return Sold(np.minimum(before, most), np.minimum(np.maximum(made, 0.0), most))


def margin_line(parts: Sold, margin: Values, price_growth: Floats) -> Line:
    """The margin on the parts sold more.

    Args:
        parts: sold before and after.
        margin: EUR a part in prices of the start: its price less what is bought for it (material, subcontracting).
            What has a line of its own, such as energy or labour, must not be taken off here as well.
        price_growth: nominal price of each year against time 0, shape (1 or N, Y).

    Raises:
        ValueError: a shape that does not fit.
    """
    n, years = parts.base.shape
    each = a_year(margin, n, years, "margin") * a_year(price_growth, n, years, "price growth")
    return _line("margin", "margin", (parts.new - parts.base) * each)


def cost_line(label: str, base: Values, new: Values, price: Values, change: Rollout) -> Line:
    """A cost of the plant that goes by time: labour, energy of idling machines, rent.

    Args:
        label: its name.
        base: how much a year before (h, kWh, kgCO2e, or EUR in prices of the start); one number or one a row.
        new: the same with the change.
        price: nominal EUR for one of them by year, shape (1 or N, Y); for EUR, the growth of its category.
        change: when it comes.

    Raises:
        ValueError: a shape that does not fit.
    """
    n, years = _rows(base, new, price), len(change.share)
    more = (a_row(new, n, label) - a_row(base, n, label))[:, None] * change.share
    return _line(label, "cost", -more * a_year(price, n, years, label))


def part_cost_line(label: str, base: Values, new: Values, price: Values, parts: Sold, *, change: Rollout) -> Line:
    """A cost that goes by the part sold: as ``cost_line``, with amounts a part instead of a year."""
    n, years = parts.base.shape
    before, after = a_row(base, n, label)[:, None], a_row(new, n, label)[:, None]
    now = before + change.share * (after - before)
    return _line(label, "cost", -(now * parts.new - before * parts.base) * a_year(price, n, years, label))


def working_capital_line(base: Values, new: Values, price_growth: Floats, change: Rollout) -> Line:
    """Working capital (BFR) in the parts inside the plant: bound as the change comes, released at the end. Not taxed.

    Args:
        base: EUR in the parts inside before, in prices of the start; one number or one a row.
        new: the same with the change.
        price_growth: of each year against time 0, shape (1 or N, Y).
        change: when it comes.

    Raises:
        ValueError: a shape that does not fit.
    """
    n, years = _rows(base, new, price_growth), len(change.share)
    bound = empty(n, years)
    more = a_row(new, n, "working capital") - a_row(base, n, "working capital")
    bound[:, 1:] = more[:, None] * change.level[1:] * a_year(price_growth, n, years, "price growth")
    cash = -np.diff(bound, axis=1, prepend=0.0)
    cash[:, -1] += bound[:, -1]
    return Line("working capital", "working capital", cash, np.zeros_like(cash))


def _rows(*values: Values) -> int:
    return max(len(found) if (found := np.asarray(value)).ndim else 1 for value in values)


def _line(label: str, kind: str, yearly: Floats) -> Line:
    cash = empty(*yearly.shape)
    cash[:, 1:] = yearly
    return Line(label, kind, cash, cash.copy())
