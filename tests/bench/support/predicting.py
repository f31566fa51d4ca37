"""A year foretold: three machines in a line, the dirty log of a year, the next year with the laws found in the log."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from twin.calibrate.synthetic import Machine, Truth, Waiting
    from twin.core.plan import Plan

START = datetime(2026, 1, 5)
YEAR = 52
"""Weeks."""
SHIFT = "06:00-14:00"
"""One shift, Monday to Friday: 2,080 h and some 3,700 parts a year, so that a simulated year costs 0.06 s."""
RESTART = 300.0
"""Gaps shorter than this, s, are no time up: for the log, for its reading."""
MADE, DRAWN, FORETOLD, TRUE = 0, 5_000, 10_000, 20_000
"""Added to the number of a history: seeds of its log, of the draws, of what is foretold, of the year that came."""


class Told(NamedTuple):
    """A way to stop: its laws as the plant language writes them."""

    station: str
    mode: str
    up: str
    repair: str


STOPS = (
    Told("mill", "spindle", "{weibull: {mean: 26 h, cv: 0.7}}", "{lognormal: {mean: 90 min, cv: 1.0}}"),
    Told("press", "die", "{lognormal: {mean: 40 h, cv: 1.3}}", "{gamma: {mean: 2 h, cv: 0.6}}"),
    Told("press", "feed", "{exponential: 7 h}", "{weibull: {mean: 12 min, cv: 0.8}}"),
    Told("test", "rig", "{gamma: {mean: 350 h, cv: 0.9}}", "{lognormal: {mean: 14 h, cv: 0.7}}"),
)
"""The truth: constant rates, wear, early failures; a rig that fails about five times a year."""
STATIONS = tuple(dict.fromkeys(one.station for one in STOPS))
LAYOUT = """twin: 1
plant: Three machines in a line
start: {start:%Y-%m-%d %H:%M}
flow: [parts -> mill -> b1 -> press -> b2 -> test -> out]
sources: {{parts: {{arrivals: saturated}}}}
stations:
{stations}
buffers: {{b1: {{capacity: 8}}, b2: {{capacity: 8}}}}
sinks: {{out: {{}}}}
calendars: {{shift: {{week: {{mon-fri: [{hours}]}}}}}}
run: {{warm_up: 0 s, horizon: {days} d}}
"""


def layout(breakdown: str, weeks: int) -> str:
    """The line over so many weeks; ``breakdown`` says the laws of a stop, by the names of its fields in braces."""
    stations = "\n".join(
        f"  {station}:\n    cycle: 30 min\n    calendar: shift\n    breakdowns:\n"
        + "\n".join(f"      {one.mode}: {breakdown.format(**one._asdict())}" for one in STOPS if one.station == station)
        for station in STATIONS
    )
    return LAYOUT.format(start=START, stations=stations, hours=SHIFT, days=7 * weeks)


def truth(weeks: int) -> Truth:
    """The machines of the line as the generator of logs has them: apart, two of them with waits of their own."""
    from twin.calibrate.synthetic import Truth, Waiting, law

    waits = {"mill": Waiting(law("9 h"), law("50 min"), "blocked"), "press": Waiting(law("6 h"), law("40 min"))}
    machines = tuple(_machine(station, waits.get(station)) for station in STATIONS)
    return Truth(machines, START, 7 * weeks)


def _machine(station: str, waiting: Waiting | None) -> Machine:
    from yaml import safe_load

    from twin.calibrate.synthetic import Hours, Machine, Mode, law

    modes = tuple(
        Mode(one.mode, law(safe_load(one.up)), law(safe_load(one.repair)), restart=RESTART)
        for one in STOPS
        if one.station == station
    )
    cycle, hours = law({"constant": "30 min"}), Hours(shifts=(SHIFT,))
    return Machine(station.upper(), station, modes=modes, cycle=cycle, waiting=waiting, hours=hours)


class Foretold(NamedTuple):
    """Throughput of the time after a history, parts/h: what was foretold, and what came."""

    drawn: tuple[float, float]
    """From 5 % to 95 %, each replication with another draw of the laws that may be true."""
    fixed: tuple[float, float]
    """The same with the laws of the fitted file in all replications."""
    came: float

    @property
    def holds(self) -> bool:
        """Whether the interval with draws holds what came."""
        return self.drawn[0] <= self.came <= self.drawn[1]

    @property
    def fixed_holds(self) -> bool:
        """Whether the interval with fixed laws holds it."""
        return self.fixed[0] <= self.came <= self.fixed[1]


def foretell(number: int, weeks: int = YEAR, draws: int = 40) -> Foretold:
    """A dirty history of so many weeks through the whole calibration, and as many weeks after it.

    Args:
        number: of the history; the same gives the same.
        weeks: of the history, and of what is foretold.
        draws: replications of each interval.
    """
    from twin import api

    api.register()
    with TemporaryDirectory() as folder:
        plan = _calibrated(Path(folder), number, weeks).with_run(seed=FORETOLD + number)
        came = _plan(Path(folder, "true.yaml"), layout("{{mtbf: {up}, mttr: {repair}}}", weeks))
    return Foretold(
        _range([_throughput(plan.with_draw(k), k) for k in range(draws)]),
        _range([_throughput(plan, k) for k in range(draws)]),
        _throughput(came.with_run(seed=TRUE + number), 0),
    )


def _calibrated(folder: Path, number: int, weeks: int) -> Plan:
    """The line with the laws that calibration finds in a dirty log, draws of them included."""
    from twin.calibrate.chain import calibrate
    from twin.calibrate.output.fitted import made_by, write_fitted
    from twin.calibrate.synthetic import TYPICAL, generate

    history = generate(truth(weeks), MADE + number, TYPICAL)
    history.write_csv(folder / "stops.csv")
    # Each with draws of its own, lest the luck of 40 draws be that of all histories.
    reading = history.reading_text().replace("\nseed: 7\n", f"\nseed: {DRAWN + number}\n")
    (folder / "reading.yaml").write_text(reading, encoding="utf-8")
    chain = calibrate(folder / "reading.yaml")
    write_fitted(folder / "line.fitted.yaml", chain.findings, made_by(chain.reading))
    return _plan(folder / "line.yaml", layout("{{from: line.fitted.yaml#{station}.{mode}}}", weeks))


def _plan(path: Path, text: str) -> Plan:
    from twin.core.compile import compile_plan
    from twin.core.layout import load_layout

    path.write_text(text, encoding="utf-8")
    return compile_plan(load_layout(path))


def _throughput(plan: Plan, replication: int) -> float:
    from twin.study.work.crew import one_replication

    return one_replication(plan, replication).row["kpis.throughput_per_h"]


def _range(values: list[float]) -> tuple[float, float]:
    from twin.core.inputs import middle

    return middle(values)
