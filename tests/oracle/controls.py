"""Control variates: what came in by chance, less what was expected; the exact mean of each is 0.

Each is a sum over draws of (draw − its mean), so it is 0 on average whatever the engine does with the draws.
"""

from __future__ import annotations

from twin.core.ledger import REPAIR

from .plants import Read, View, working
from .recursions import Recursion
from .study import Quantity


def _control(name: str, read: Read) -> Quantity:
    return Quantity(name, "mean", read, exact=0.0)


def arrivals(rate: float) -> Quantity:
    """Parts that came, less ``rate``, per unit of time (Poisson arrivals)."""
    return _control("control: arrivals", lambda view: view.ledger.flow.entered / view.window - rate)


def cycles(name: str, mean: float) -> Quantity:
    """Working time of a station, less its cycles × their mean, per unit of time."""

    def read(view: View) -> float:
        row = view.station(name)
        return float(len(row.states) * working(name)(view) - sum(row.done) * mean / view.window)

    return _control(f"control: cycles of {name}", read)


def failures(name: str, mttf: float, clock: Read) -> Quantity:
    """Breakdowns of a station of one machine × ``mttf``, less the time on their clock, per unit of time."""
    return _control(f"control: failures of {name}", lambda view: _stops(view, name) * mttf / view.window - clock(view))


def repairs(name: str, mttr: float) -> Quantity:
    """Time in repair of a station of one machine, less its breakdowns × ``mttr``, per unit of time."""

    def read(view: View) -> float:
        return view.share(name, REPAIR) - _stops(view, name) * mttr / view.window

    return _control(f"control: repairs of {name}", read)


def judged_parts(name: str, count: str, share: float) -> Quantity:
    """Parts of a station that were ``scrapped``, ``reworked`` or ``repeated``, less their share, per unit of time."""

    def read(view: View) -> float:
        row = view.station(name)
        return float(sum(getattr(row, count)) - share * sum(row.done)) / view.window

    return _control(f"control: {count} at {name}", read)


def recursion(of: Recursion, exact: float, kind: int = 0, waits: bool = False) -> Quantity:
    """Mean time in the plant (or before service) that the run's own draws give by recursion, less the formula's.

    An external control: nothing in it comes from the engine, and ``test_recursions`` holds it to its formula.
    """

    def read(view: View) -> float:
        visits = of(view.plan, view.ledger.replication)[kind]
        return (visits.wait(view.plan) if waits else visits.time(view.plan)) / view.unit - exact

    return _control(f"control: {of.__name__}, {kind}", read)


def _stops(view: View, name: str) -> int:
    return sum(stop.times for stop in view.station(name).stops)
