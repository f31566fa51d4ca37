"""From evidence to findings: the laws that may be true of each mode, time and share, and what was asked of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from twin.calibrate.diagnose import diagnose, steadied, stream
from twin.calibrate.fitting.fit import Fit, NoFitError, fit
from twin.calibrate.fitting.goodness import anderson_darling
from twin.calibrate.fitting.likelihood import LAWS
from twin.calibrate.fitting.pool import pooled
from twin.calibrate.fitting.posterior import Posterior, Prior, posterior
from twin.calibrate.fitting.said import said
from twin.calibrate.fitting.sample import Sample, sample
from twin.calibrate.fitting.share import share
from twin.calibrate.found import (
    Counts,
    CountsFound,
    Diagnostics,
    Evidence,
    Findings,
    ModeFound,
    Observed,
    Times,
    TimesFound,
)
from twin.calibrate.note import note

if TYPE_CHECKING:
    from twin.calibrate.asked import Asked
    from twin.calibrate.fitting.trend import PowerLaw
    from twin.law.law import Floats

REGULAR = Prior(median=0.3)
"""What is believed of the CV of cycles, set-ups and planned work: these repeat themselves, as failures do not."""
LEAST_TIMES = 3
"""Times from which a law of what is done by plan is worth more than the plan."""
_NOTHING = 1e-9
"""The share of the exposure of others that a machine which was never watched is given, to have any."""
_MOST = 0.5
"""The share of stops that must be logged, for the others to be guessed from them."""
_REFITS, _ENOUGH = 199, 10
"""Refits of a goodness test, and how many as far from their fit stop it: then p is 0.05 at least, come what may, and
the test is judged as with all refits."""
_DRAWS = 200
_NORMAL95 = 1.6449
"""95 % quantile of the normal law."""


def find(observed: Observed, reading: Asked, *, seed: int) -> Findings:
    """The laws that may be true of all that was observed; the same for the same seed.

    Args:
        observed: the evidence.
        reading: the prior of each mode, the classes of stations.
        seed: of the random orders and refits of tests.
    """
    groups = _groups(observed.modes, reading)
    kin = [next(group for group in groups.values() if i in group) for i in range(len(observed.modes))]
    tests = diagnose(observed.modes, kin, seed)
    modes, unknown = _modes(observed.modes, tests, groups, reading)
    tested = _with_goodness(modes, seed)
    times = tuple(one for group in _alike(observed.times) for one in _times(group))
    counts = tuple(_share(one) for one in observed.counts)
    return Findings(
        tuple(sorted(tested, key=lambda one: one.name)),
        tuple(sorted(times, key=lambda one: one.name)),
        tuple(sorted(counts, key=lambda one: one.name)),
        (*observed.notes, *unknown),
    )


# -- classes

_Key = tuple[str, str, str]


def _groups(modes: Sequence[Evidence], reading: Asked) -> dict[_Key, list[int]]:
    """The modes that lend to each other: of stations of one class, of one name and on one clock."""
    of = {station: name for name, members in reading.classes.items() for station in members}
    found: dict[_Key, list[int]] = {}
    for i, one in enumerate(modes):
        alike = of.get(one.station, f"station {one.station}")
        found.setdefault((alike, one.mode, one.clock), []).append(i)
    return found


def _modes(
    modes: Sequence[Evidence], tests: Sequence[Diagnostics], groups: dict[_Key, list[int]], reading: Asked
) -> tuple[list[ModeFound], list[str]]:
    """Each mode with its laws, and what is to be said of those that can have none."""
    found, unknown = list[ModeFound](), list[str]()
    for (name, mode, _), places in groups.items():
        seen = [modes[i] for i in places]
        prior = reading.mode(seen[0].station, mode).prior
        used = [_used(modes[i], tests[i]) for i in places]
        ups, repairs = lend(used, prior), lend([one.repair for one in seen], Prior())
        for i, sample_used, up, repair in zip(places, used, ups, repairs, strict=True):
            repair = repair or _lent_repair(modes[i], modes)
            if up is None or repair is None:
                unknown.append(note("no_lender" if up is None else "no_repair_at_all", name=modes[i].name))
                continue
            told = _Mode(modes[i], tests[i], sample_used, up, *_seen_repair(modes[i], repair))
            found.append(told.found(name if len(places) > 1 else ""))
    return found, unknown


def lend(samples: Sequence[Sample], prior: Prior) -> list[Posterior | None]:
    """The posterior of each of some machines alike; those without failures borrow. None: there is nothing to lend."""
    watched = math.fsum(one.exposure for one in samples)
    if watched <= 0:
        return [None] * len(samples)
    if len(samples) == 1 and samples[0].failures:
        return [posterior(samples[0], prior)]
    some = [one if one.exposure > 0 else sample((), [watched * _NOTHING]) for one in samples]
    return list(pooled(some, prior))


def _lent_repair(one: Evidence, modes: Sequence[Evidence]) -> Posterior | None:
    """The repair of a mode that never stopped, from the other modes of its station, or else of all stations."""
    alike = [other.repair for other in modes if other.micro == one.micro and other.repair.failures]
    own = [other.repair for other in modes if other.station == one.station and other.repair.failures]
    lenders = own or alike or [other.repair for other in modes if other.repair.failures]
    return lend([*lenders, one.repair], Prior())[-1] if lenders else None


def _seen_repair(one: Evidence, repair: Posterior) -> tuple[Posterior, Logged]:
    """The law of the repair and the share of stops that are logged, for a log that leaves out short stops.

    Where that would be most stops, nothing is known of them: then both laws are those of the stops that are logged.
    """
    if not one.least or not one.repair.failures:
        return repair, Logged()
    logged = logged_share(repair, one.repair.entry[one.repair.failed])
    if logged.share >= _MOST:
        return repair, logged
    return posterior(sample(one.repair.exact, one.repair.censored)), Logged(told=False)


def _used(one: Evidence, tests: Diagnostics) -> Sample:
    """The times up that the law is fitted to.

    Of a trend its drift is taken out, unless maintenance cuts lives short, whose ages then say more.
    """
    if tests.power is not None and not one.preventive:
        return steadied(one.histories, tests.power.beta)
    return next((later.up for later in one.later if tests.used == f"after {later.event}"), one.up)


# -- a mode


class _Mode:
    """A mode on its way to what was found of it."""

    def __init__(  # noqa: PLR0917  (it is made in one place)
        self, evidence: Evidence, tests: Diagnostics, used: Sample, up: Posterior, repair: Posterior, logged: Logged
    ) -> None:
        self.evidence, self.tests, self.used, self.up, self.repair = evidence, tests, used, up, repair
        self.logged = logged
        self.up_fit, self.repair_fit = checked(used, up), checked(evidence.repair, repair)

    def found(self, pool: str) -> ModeFound:
        """What was found."""
        up = self.up
        if self.tests.power is not None:
            up = at_end(up, self._mean_at_end(up, self.tests.power))
        up = between_all(up, self.logged)
        scale, notes = up.mean / self.up.mean, tuple(self._notes())
        fits = self.up_fit, self.repair_fit
        return ModeFound(self.evidence, up, self.repair, *fits, self.tests, pool, notes, self.used, scale)

    def _mean_at_end(self, up: Posterior, power: PowerLaw) -> float:
        """The mean at the end of a trend, s.

        Where maintenance cuts lives short, the power law is one of the failures that were not prevented: their rate is
        beta times as high at the end as on average, but 1 / rate is no mean of a life.
        """
        return up.mean / power.beta if self.evidence.preventive else power.mean_at_end

    def _notes(self) -> Iterator[str]:
        yield from self.evidence.notes
        yield from self._trend_notes()
        for what, law, peak in (("up", self.up, self.up_fit), ("repair", self.repair, self.repair_fit)):
            if peak is not None and not law.interval90[0] <= peak.mean <= law.interval90[1]:
                yield note(f"peak_{what}")
            if law.open_border:
                yield note(f"open_{what}")
        if self.used.failures == 0:
            yield note("no_failure")
        elif self.evidence.repair.failures == 0:
            yield note("no_repair")
        if not self.logged.told:
            yield note("most_short")
        elif self.logged.share < 1:
            yield note("some_short", share=1 - self.logged.share)

    def _trend_notes(self) -> Iterator[str]:
        tests = self.tests
        if tests.power is not None:
            yield note("more_often" if tests.power.beta > 1 else "less_often")
        elif tests.used != "renewal":
            yield note("changed", event=tests.used.removeprefix("after "))


def checked(seen: Sample, law: Posterior) -> Fit | None:
    """The most likely law of the family that weighs most, to check the posterior by; None where there is none."""
    try:
        return fit(law.family, seen)
    except NoFitError:
        return None


def at_end(law: Posterior, mean: float) -> Posterior:
    """A law with its mean at the end of a trend.

    Beside the number of failures the growth of the rate is estimated too; both have the variance 1/n in ln mean, so
    the interval is √2 as wide as without a trend. Source: Crow (1974), Reliability Analysis for Complex, Repairable
    Systems (large samples).
    """
    return law.moved(mean / law.mean, wider=math.sqrt(2))


class Logged(NamedTuple):
    """How many of all stops come into the log."""

    share: float = 1.0
    spread: float = 0.0
    """Standard deviation of ln share."""
    told: bool = True
    """Whether it can be told at all; else the laws are those of the logged stops."""


def logged_share(repair: Posterior, entries: Floats) -> Logged:
    """The share of all stops that last longer than what came into the log.

    Each logged stop stands for 1 / P(as long as its threshold) stops; the median over draws of the law of repair.

    Args:
        repair: law of the repair.
        entries: repair that a stop needs to be logged, s, one for each logged stop.
    """
    if not len(entries):
        return Logged()
    shares = []
    for draw in repair.draws(_DRAWS, 0):
        above = np.exp(LAWS[draw.family].log_survival(draw.params, np.maximum(entries, 1e-9)))
        shares.append(len(entries) / float((1 / np.maximum(above, 1e-9)).sum()))
    return Logged(float(np.median(shares)), float(np.log(shares).std()))


def between_all(law: Posterior, logged: Logged) -> Posterior:
    """The law of the time between all stops from that between those which are logged.

    Its mean is less by their share (Wald's identity); what is not known of the share widens the interval.
    """
    if logged.share == 1:
        return law
    low, high = np.log(law.interval90)
    own = (high - low) / (2 * _NORMAL95)
    return law.moved(logged.share, wider=math.hypot(own, logged.spread) / own)


def _with_goodness(modes: Sequence[ModeFound], seed: int) -> list[ModeFound]:
    """Anderson-Darling with refit of those with failures enough."""
    return [_tested(one, seed) if said(one.up.failures).goodness else one for one in modes]


def _tested(one: ModeFound, seed: int) -> ModeFound:
    if one.up_fit is None or one.tests.used == "power law":
        return one
    lives = _used(one.evidence, one.tests)
    counts = lives.failures, len(lives.censored)
    found = anderson_darling(lives, one.up_fit, _REFITS, stream(seed, *counts), _ENOUGH)
    return replace(one, tests=replace(one.tests, goodness=found))


# -- times and shares


def _alike(times: Sequence[Times]) -> list[list[Times]]:
    """Times that vary alike: the cycles of the products of a station, its set-ups by pair; others stand alone."""
    found: dict[tuple[str, str], list[Times]] = {}
    for one in times:
        kind, dot, _ = one.what.partition(".")
        found.setdefault((one.station, f"{kind} by product" if dot else one.what), []).append(one)
    return list(found.values())


def _times(group: Sequence[Times]) -> Iterator[TimesFound]:
    for one, law in zip(group, lend([each.sample for each in group], REGULAR), strict=True):
        assert law is not None  # times that never ended are not among them
        yield TimesFound(one, law, checked(one.sample, law), tuple(_too_few(one)))


def _too_few(one: Times) -> Iterator[str]:
    """What is done by plan and was seen once or twice is better known to whoever plans it."""
    if one.sample.failures < LEAST_TIMES:
        yield note("seen_once" if one.sample.failures == 1 else "seen_twice")


def _share(one: Counts) -> CountsFound:
    return CountsFound(one, share(one.bad, one.parts, one.effect))
