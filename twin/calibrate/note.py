"""What a reader should know of how a log was read and fitted, as sentences that reports can say in their language."""

from __future__ import annotations

from typing import Any

from twin.core.said import Said, said

NOTES = {
    # -- how the stops of a mode were read
    "first_whole": "no stop followed on another one, so the time from the window's start counts as a whole time up",
    "came_back": "stops that came back before the clock '{clock}' had run: {n}; each goes on with the one before",
    "overtime": "stops that began in closed hours before the clock '{clock}' had run: {n}; each is a repair, but ends "
    "no time up",
    "no_repairer": "stops that do not tell when the repairer began: {n}; none is in a time of repair",
    "points": "stops without length at the resolution of the log: {n}; each counts as {seconds:.2g} s",
    "all_closed": "stops that lasted just as long as the plant was closed: {n}; none is in a time of repair",
    "nights_count": "{hours:.3g} h of closed hours that stops outlast count, since stops end in closed hours too "
    "({share:.0%} of all repair)",
    "nights_rest": "{hours:.3g} h of closed hours that stops outlast do not count, since no stop ends in them "
    "({share:.0%} of all repair)",
    # -- its laws
    "peak_up": "the most likely mean up lies outside the 90 % interval; too few data for its shape",
    "peak_repair": "the most likely mean repair lies outside the 90 % interval; too few data for its shape",
    "open_up": "the log does not bound the law of up; take its mean with care",
    "open_repair": "the log does not bound the law of repair; take its mean with care",
    "no_failure": "no failure to fit: the law is borrowed",
    "no_repair": "no repair was seen to end: its law is borrowed",
    "most_short": "most stops may be shorter than the threshold of the log; both laws are of the logged ones only",
    "some_short": "stops shorter than the threshold of the log are estimated to be {share:.1%} of all; "
    "the law of up is that between all stops",
    "more_often": "it fails more and more often; the law of up has the mean of a power law at the end of the window",
    "less_often": "it fails less and less often; the law of up has the mean of a power law at the end of the window",
    "changed": "the time up changed at an event; the law of up is that after {event}",
    # -- times
    "seen_once": "seen once: better write the planned time by hand",
    "seen_twice": "seen twice: better write the planned time by hand",
    # -- the log as a whole
    "never_ran": "{name}: its clock never ran in the log",
    "never_runs": "{name}: its clock never ran in the log; no row of it tells of running: if machines ran between the "
    "rows, write 'between: run'",
    "no_lender": "{name}: no law, for no failure was ever logged, and no machine like it was watched that could lend "
    "its own",
    "no_repair_at_all": "{name}: no law, for no repair was ever logged in the whole history",
    "silent": "the asset '{asset}' has no row in the log; it is taken to have run all the time",
    "never_waits": "{names}: the log has no starved or blocked time, so the clock 'working' runs in it too; in a plant "
    "whose machines wait, 'mtbf' will be too long by that share",
    "rare_setups": "{station}: {pairs}: fewer than 3 set-ups, so '{station}.setup' holds for them",
    "odd_counts": "{station}: counts of scrap or rework that are higher than the parts of their row: {n}; none is used",
    "cycle_mean": "{station}: rows of several parts tell the mean of a cycle ({seconds:.4g} s) but not how it varies; "
    "log single parts for a law of the cycle",
}
"""Key → the sentence in English."""


def note(key: str, /, **values: Any) -> Said:
    """The sentence of a key with its blanks filled.

    Raises:
        KeyError: there is no such key, or a blank has no value.
    """
    return said(NOTES, key, **values)
