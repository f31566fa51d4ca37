"""Uncertain inputs in a run: one draw of all of them a replication, and what comes of it.

Replication k (from 0) simulates draw k; beyond the last draw they begin again, with other random streams. The values
of the replications are then a sample of what may come next, so their range from 5 % to 95 % is told: a t interval of
their mean would only say how well the mean over draws is known, and hold the truth 27 to 39 % of the time.

Once draws are repeated, chance within a draw can be told apart from what the inputs leave open (``expected``).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from twin.core.drawfile import beside
from twin.core.inputs import middle
from twin.core.plan import Plan
from twin.core.problem import quoted
from twin.core.run import RunError
from twin.study.statistics.interval import Interval, known
from twin.study.statistics.weigh import Weighed, weigh
from twin.study.work.crew import Outcome, one_replication

if TYPE_CHECKING:
    from twin.study.replicate import Replications

DRAWS = "draws"
"""What ``inputs`` may be: one draw a replication; without it the laws of the fitted file."""
LEVEL = 0.9
"""Of the range from 5 % to 95 %."""
LEAST_REPEATED = 20
"""Repeated runs, beyond one a draw, from which the chance within a draw is estimated; and one for two draws."""
FEW_SEEN = 30
"""Times seen below which a run tells that the law is uncertain: no fit of so few can be judged."""
NAMED = 3
"""Entries that are named then."""
FEW = 100
"""Replications below which the 5 % and 95 % are rough."""
HEADLINES = ("kpis.throughput_per_h", "kpis.makespan_s", "kpis.lead_time_s")
"""The KPI whose variance is shared among the inputs: the first that varies."""


def one_draw(plan: Plan, replication: int) -> Outcome:
    """Simulate one replication (counted from 0) with the draw of the same number.

    Raises:
        RunError: it cannot be run to its end, such as a plant that jams.
    """
    from twin import element

    element.plug_in()  # the laws of the draw, in a worker that was started afresh
    return one_replication(plan.with_draw(replication), replication)


def check_word(inputs: object) -> None:
    """Raise ValueError unless it is None or 'draws'."""
    if inputs not in (None, DRAWS):
        raise ValueError(f"inputs: '{DRAWS}' is due, not {inputs!r}")


def check_drawable(plan: Plan) -> None:
    """Refuse a run over draws that would draw nothing.

    Raises:
        RunError: no input of the plan is uncertain, or a file of draws cannot be used; one line.
    """
    if plan.inputs.wrong:
        raise RunError(plan.inputs.wrong[0])
    if not plan.inputs.fixed and not plan.inputs:
        raise RunError("no input of this layout is uncertain: it takes none from a fitted file ({from: FILE#NAME})")
    if not plan.inputs:
        raise RunError(_no_draws(plan))


def _no_draws(plan: Plan) -> str:
    """Which file of draws is missing, and what brings it."""
    file, _, name = plan.inputs.fixed[0].partition("#")
    draws = beside(Path(file))
    there = f"no file {quoted(draws.name)} with draws of {quoted(name)} stands beside {quoted(file)}"
    return f"{there}, so nothing can be drawn; bring it along, or calibrate again"


def few_seen(plan: Plan) -> str:
    """What to say of a run with the laws as they are fitted, where some rest on few times; empty: none does."""
    seen: dict[str, int] = {}
    for one in plan.inputs:
        if one.is_law and one.drawn.seen < FEW_SEEN:
            seen[one.name] = min(one.drawn.seen, seen.get(one.name, FEW_SEEN))
    if not seen:
        return ""
    ranked = sorted(seen, key=lambda name: (seen[name], name))
    names = ", ".join(f"{name} ({seen[name]})" for name in ranked[:NAMED])
    more = f" and {len(ranked) - NAMED} more" if len(ranked) > NAMED else ""
    return f"few times were seen of {names}{more}: other laws may be true, and the answer another"


def spread(values: Iterable[float | None]) -> Interval | None:
    """The mean and the range from 5 % to 95 % of replications; None when no replication has a value.

    Percentiles by order statistics: value i of n stands for i / (n + 1), so that another replication of another draw
    lies between them with probability 90 % from 19 replications on. Source: David, Nagaraja, Order Statistics, ch. 2.
    """
    found = known(values)
    if len(found) < 2:
        return Interval(found[0], None, None, None, 1) if found else None
    mean = math.fsum(found) / len(found)
    sd = math.sqrt(math.fsum((value - mean) ** 2 for value in found) / (len(found) - 1))
    return Interval(mean, *middle(found), sd, len(found))


class Expected(NamedTuple):
    """What is known of a KPI in the long run, chance taken out."""

    interval: Interval
    """Mean and range from 5 % to 95 % over the draws of its expected value; ``n`` draws."""
    chance: float
    """Share of the variance between replications that is chance within a draw, 0…1."""


def expected(values: Sequence[float], draws: Sequence[int]) -> Expected | None:
    """The expected value over the draws: random-effects analysis of variance, one way, unbalanced.

    The variance between draws is (mean square between - mean square within) / n0; each draw's mean is drawn in to the
    whole by the share of its variance that is chance. Source: Searle, Casella, McCulloch, Variance Components, ch. 3.

    Args:
        values: a KPI, one value a replication.
        draws: the draw of each.

    Returns:
        None unless enough draws are repeated (``LEAST_REPEATED``, and half of all), and where chance hides all that
        the draws make: then nothing can be said of the long run.
    """
    groups: dict[int, list[float]] = {}
    for value, draw in zip(values, draws, strict=True):
        if math.isfinite(value):
            groups.setdefault(draw, []).append(value)
    total, count = sum(map(len, groups.values())), len(groups)
    if count < 2 or total - count < max(LEAST_REPEATED, count / 2):
        return None
    means = {draw: math.fsum(group) / len(group) for draw, group in groups.items()}
    mean = math.fsum(math.fsum(group) for group in groups.values()) / total
    within = math.fsum((v - means[k]) ** 2 for k, group in groups.items() for v in group) / (total - count)
    between = math.fsum(len(group) * (means[k] - mean) ** 2 for k, group in groups.items()) / (count - 1)
    size = (total - math.fsum(len(group) ** 2 for group in groups.values()) / total) / (count - 1)
    variance = (between - within) / size
    if variance <= 0 and within > 0:
        return None
    drawn_in = [mean + (means[k] - mean) * _kept(variance, within / len(group)) for k, group in groups.items()]
    interval = Interval(mean, *middle(drawn_in), math.sqrt(variance), count)
    return Expected(interval, within / (within + variance) if within else 0.0)


def _kept(variance: float, noise: float) -> float:
    """By how much a mean with noise is drawn in, so that the means vary as what they estimate does."""
    return math.sqrt(variance / (variance + noise)) if variance else 0.0


@dataclass(frozen=True)
class Uncertainty:
    """What a run over draws says of its inputs."""

    run: Replications

    @property
    def draws(self) -> list[int]:
        """The draw of each replication."""
        n = self.run.plan.inputs.draws
        return [outcome.replication % n for outcome in self.run.outcomes]

    @property
    def kpi(self) -> str | None:
        """The path of the KPI whose variance is shared: the first headline that varies; None: none does."""
        return next((path for path in HEADLINES if self._varies(path)), None)

    def _varies(self, path: str) -> bool:
        values = self.values(path)
        return all(map(math.isfinite, values)) and len(set(values)) > 1

    def values(self, path: str) -> list[float]:
        """A KPI by its path, one value a replication; NaN: it has none."""
        return [row.get(path, math.nan) for row in self.run.rows]

    def expected(self, path: str) -> Expected | None:
        """The expected value of a KPI; None until draws are repeated."""
        return expected(self.values(path), self.draws)

    def weighed(self, path: str) -> Weighed | None:
        """The share of a KPI's variance that each input makes; None: too few replications to tell."""
        replications = [outcome.replication for outcome in self.run.outcomes]
        return weigh(tuple(self.run.plan.inputs), self.values(path), replications)

    @property
    def note(self) -> str:
        """What the user should know about the number of replications; else empty."""
        n, draws = self.run.n, self.run.plan.inputs.draws
        if n >= min(FEW, draws) or self.run.interrupted:
            return ""
        return f"{n} of {draws} draws are used; 5 % and 95 % are rough, take --replications {draws}"

    @cached_property
    def document(self) -> dict[str, Any]:
        """What the result document says under 'inputs'; ready for JSON."""
        plan, kpi = self.run.plan, self.kpi
        found = self.expected(kpi) if kpi else None
        shares = self.weighed(kpi) if kpi else None
        return {
            "draws": len(set(self.draws)),
            "of": plan.inputs.draws,
            "draw_set": plan.inputs.digest,
            "percentiles": [5, 95],
            "uncertain": [one.words for one in plan.inputs],
            "fixed": list(plan.inputs.fixed),
            "kpi": kpi.partition(".")[2] if kpi else None,
            "expected": found.interval.document() if found else None,
            "chance": found.chance if found else None,
            "variance": [part.document() for part in shares.parts] if shares else None,
            "unexplained": shares.rest if shares else None,
            "next": shares.next_times if shares else None,
        }
