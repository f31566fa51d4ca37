"""What must not change the answers: the unit of time, the clock on the wall, the order of rows; and what too few
failures may not say."""

from __future__ import annotations

import math
import textwrap
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from twin import api
from twin.calibrate.chain import Chain, calibrate
from twin.calibrate.cleaning.clean import clean
from twin.calibrate.evidence.observe import observe
from twin.calibrate.find import find
from twin.calibrate.found import Evidence, Findings, Observed
from twin.calibrate.history.log import read_log
from twin.calibrate.output.draws import draws_of
from twin.calibrate.output.fitted import fitted_text, made_by, write_fitted
from twin.calibrate.synthetic import (
    CLEAN,
    TYPICAL,
    History,
    Hours,
    Machine,
    Maintenance,
    Mode,
    Truth,
    generate,
    law,
)
from twin.core.compile import compile_plan
from twin.core.drawfile import FAMILIES
from twin.core.layout import load_layout
from twin.law.law import Law
from twin.report.calibration import findings
from twin.report.calibration import page as calibration
from twin.report.words import LANGS
from twin.study.work.crew import one_replication

api.register()

START = datetime(2026, 1, 5, 6)


def calibrated(folder: Path, log: str, reading: str) -> Chain:
    """The whole chain over a log and its reading file."""
    folder.mkdir(exist_ok=True)
    (folder / "stops.csv").write_text(log, encoding="utf-8")
    (folder / "reading.yaml").write_text(reading, encoding="utf-8")
    return calibrate(folder / "reading.yaml")


def fitted(chain: Chain) -> str:
    """The fitted file but for what names the log itself: its hash, its rows."""
    text = fitted_text(chain.findings, made_by(chain.reading, date="2027-01-01"), chain.reading.path.parent)
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("  source:"))


# -- the unit of time

STOPS, UP, REPAIR, RESTART, LEAST = 30, 2_000_000, 90_000, 200_000, 110_000
"""Stops of each machine; mean time up, mean repair, restart threshold and shortest gap in the unit of the log."""
SCALED = """twin: 1
calibration: the same in another unit of time
history: [{{file: stops.csv}}]
reasons: {{TOOL: {{mode: tool}}, OIL: {{maintenance: oil, renews: [tool]}}, OFF: unknown}}
assets: {{A: mill, B: mill}}
modes: {{tool: {{restart: {restart:.9g} s, first: new}}}}
"""


def scaled_log(unit: float) -> str:
    """Two machines with failures, restarts, maintenance, unknown time; ``unit`` in s, a whole number of µs."""
    rng, lines = np.random.default_rng(11), ["asset,start,end,reason"]
    for asset in ("A", "B"):
        at = 0
        for i in range(STOPS):
            at += LEAST + (0 if i % 11 == 4 else int(UP * rng.weibull(1.6)))
            end = at + int(REPAIR * rng.lognormal(0.0, 0.8)) + 1
            word = "OIL" if i % 7 == 3 else "OFF" if i % 17 == 5 else "TOOL"
            lines.append(f"{asset},{_moment(at, unit)},{_moment(end, unit)},{word}")
            at = end
    return "\n".join(lines) + "\n"


def _moment(at: int, unit: float) -> str:
    return (START + timedelta(microseconds=at * round(unit * 1e6))).isoformat() + "Z"


def of_mode(found: Findings, unit: float) -> dict[str, Any]:
    """What was found of the one mode, times in the unit of the log."""
    (one,) = found.modes
    tests, up, repair = one.tests, one.up, one.repair
    assert one.up_fit is not None
    assert tests.trend is not None
    assert tests.goodness is not None
    seconds = [up.mean, *up.interval90, repair.mean, *repair.interval90, one.up_fit.mean, up.longest]
    numbers = [up.cv, *up.cv_interval90, repair.cv, up.extrapolated, *up.weights.values(), *repair.weights.values()]
    numbers += [tests.trend.p, tests.goodness.p, tests.goodness.statistic]
    counts = [one.evidence.up.failures, len(one.evidence.up.censored), one.evidence.preventive, one.evidence.merged]
    return {"times": [one / unit for one in seconds], "numbers": numbers, "counts": counts, "used": tests.used}


def same(found: dict[str, Any], due: dict[str, Any]) -> None:
    """Numbers agree to a millionth, counts and words at once."""
    for key, value in due.items():
        assert found[key] == (pytest.approx(value, rel=1e-6) if key in {"times", "numbers"} else value), key


@pytest.fixture(scope="module")
def in_milliseconds(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    """The history with the unit of 1 ms: time up of half an hour."""
    return calibrated(tmp_path_factory.mktemp("ms"), scaled_log(1e-3), SCALED.format(restart=RESTART * 1e-3))


@pytest.mark.parametrize("unit", [1e-5, 10.0])
def test_a_history_in_another_unit_of_time_gives_the_same(in_milliseconds: Chain, tmp_path: Path, unit: float) -> None:
    """Times up of 20 s, of 200 d; gaps of 1 s are none to cleaning, and calendars end in the year 9999."""
    chain = calibrated(tmp_path, scaled_log(unit), SCALED.format(restart=RESTART * unit))
    assert chain.findings.modes[0].evidence.merged >= 4
    same(of_mode(chain.findings, unit), of_mode(in_milliseconds.findings, 1e-3))


@pytest.mark.parametrize("factor", [1e-6, 1e6])
def test_evidence_in_another_unit_of_time_gives_the_same(in_milliseconds: Chain, factor: float) -> None:
    reading = in_milliseconds.reading
    seen = observe(clean(read_log(reading).rows, reading), reading)
    times = Observed(tuple(stretched(one, factor) for one in seen.modes))
    same(of_mode(find(times, reading, seed=reading.seed), 1e-3 * factor), of_mode(in_milliseconds.findings, 1e-3))


def stretched(one: Evidence, factor: float) -> Evidence:
    """The evidence with all its times ``factor`` as long."""
    histories = tuple(seen._replace(times=seen.times * factor, end=seen.end * factor) for seen in one.histories)
    return replace(one, up=one.up.scaled(factor), repair=one.repair.scaled(factor), histories=histories)


# -- the clock on the wall, the order of rows

SPINDLE = Mode("spindle", law({"weibull": {"mean": "31 h", "cv": 0.7}}), law({"lognormal": {"mean": "2 h", "cv": 1}}))
CHIPS = Mode("chips", law("16 h"), law("3 min"), micro_stop=True)
GREASING = Maintenance("greasing", law({"constant": "40 h"}), law({"constant": "30 min"}), renews=("chips",))
MILL = Machine(
    "M1", "mill", 1, (replace(SPINDLE, restart=300.0), CHIPS), (GREASING,), hours=Hours(breaks=("12:00-12:30",))
)  # fmt: skip
DIRT = replace(TYPICAL, duplicates=0.1, overlaps=0.08, reasons=0.1, restarts=0.15)
HISTORY = generate(Truth((MILL, replace(MILL, asset="M2", number=2)), days=28), 5, DIRT)
"""Paris, 5 January to 2 February: no clock of those below changes."""


@pytest.fixture(scope="module")
def in_paris(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    """The history as it was written."""
    return calibrated(tmp_path_factory.mktemp("paris"), HISTORY.log_text(), HISTORY.reading_text())


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Kathmandu"])
def test_the_same_moments_on_another_clock_give_the_same(in_paris: Chain, tmp_path: Path, zone: str) -> None:
    other = replace(HISTORY, truth=replace(HISTORY.truth, zone=zone))
    asked = HISTORY.reading_text().replace("    time_zone: Europe/Paris\n", f"    time_zone: {zone}\n")
    assert asked.count(zone) == 1
    assert other.log_text() != HISTORY.log_text()
    chain = calibrated(tmp_path, other.log_text(), asked)
    assert chain.account.rows() == in_paris.account.rows()
    assert fitted(chain) == fitted(in_paris)


def test_a_plant_in_another_zone_gives_the_same(in_paris: Chain, tmp_path: Path) -> None:
    """Its hours and its window move with it."""
    other = generate(replace(HISTORY.truth, zone="Asia/Kathmandu"), 5, DIRT)
    chain = calibrated(tmp_path, other.log_text(), other.reading_text())
    assert other.log_text() == HISTORY.log_text()
    assert fitted(chain) == fitted(in_paris)


def test_rows_in_another_order_give_the_same_bit_for_bit(in_paris: Chain, tmp_path: Path) -> None:
    head, *rows = HISTORY.log_text().splitlines(keepends=True)
    order = np.random.default_rng(1).permutation(len(rows))
    chain = calibrated(tmp_path, "".join([head, *(rows[i] for i in order)]), HISTORY.reading_text())
    assert chain.account.rows() == in_paris.account.rows()
    assert fitted(chain) == fitted(in_paris)
    assert draws_of(chain.findings, 50, 7) == draws_of(in_paris.findings, 50, 7)


# -- too few failures to say much


def fewer(mills: int, up: Law) -> History:
    """Mills of a station each that fail now and then, and one that fails by another law, all of one class."""
    modes = [SPINDLE] * mills + [replace(SPINDLE, up=up)]
    machines = (Machine(f"M{i}", f"mill{i}", 1, (one,), hours=Hours()) for i, one in enumerate(modes))
    return generate(Truth(tuple(machines), days=56), 1, CLEAN)


def law_line(chain: Chain, name: str, part: str = "up") -> str:
    """The line of a law in the fitted file."""
    block = fitted(chain).partition(f"\n{name}:\n")[2].partition("\n\n")[0]
    return next(line for line in block.splitlines() if line.startswith(f"  {part}:"))


@pytest.mark.parametrize("lenders", [3, 0])
def test_a_machine_without_failures_has_a_finite_law_that_is_marked(tmp_path: Path, lenders: int) -> None:
    """Of its class, or, alone in the world, of its own hours and the repairs of another mode."""
    history, name = fewer(lenders, law("900000 h")), f"mill{lenders}.spindle"
    machine = history.truth.machines[lenders]
    if not lenders:
        history = generate(
            replace(history.truth, machines=(replace(machine, modes=(*machine.modes, CHIPS)),)), 1, CLEAN
        )
    members = ", ".join(f"mill{i}" for i in range(lenders + 1))
    chain = calibrated(tmp_path, history.log_text(), f"{history.reading_text()}classes: {{mills: [{members}]}}\n")
    found = next(one for one in chain.findings.modes if one.name == name)
    assert found.evidence.up.failures == 0 < found.evidence.up.exposure
    assert found.up.borrowed
    assert "borrowed: true" in law_line(chain, name)
    assert all(map(math.isfinite, (found.up.mean, found.up.cv, *found.up.interval90, found.repair.mean)))
    assert found.up.interval90[0] < found.up.mean < found.up.interval90[1]
    assert "law: cannot tell" in law_line(chain, name)
    assert not named(law_line(chain, name))
    assert throughput(chain, name) > 0


def named(text: str) -> list[str]:
    """The families of laws that a text names."""
    return [family for family in (*FAMILIES, "log-normal", "exponential", "exponentiel") if family in text.lower()]


def throughput(chain: Chain, name: str) -> float:
    """Of a machine that takes its breakdown from the fitted file, parts/h; the less of its law and a draw."""
    folder = chain.reading.path.parent
    write_fitted(folder / "mill.fitted.yaml", chain.findings, made_by(chain.reading))
    text = f"""
        twin: 1
        plant: one machine
        flow: [in -> mill -> out]
        sources: {{in: {{arrivals: saturated}}}}
        stations: {{mill: {{cycle: 30 min, breakdowns: {{a: {{from: mill.fitted.yaml#{name}}}}}}}}}
        sinks: {{out: {{}}}}
        run: {{warm_up: 0 s, horizon: 7 d}}
        """
    (folder / "layout.yaml").write_text(textwrap.dedent(text), encoding="utf-8")
    plan = compile_plan(load_layout(folder / "layout.yaml"))
    return min(one_replication(each, 0).row["kpis.throughput_per_h"] for each in (plan, plan.with_draw(3)))


def test_a_single_failure_names_no_law(tmp_path: Path) -> None:
    history = fewer(0, law("300 h"))
    chain = calibrated(tmp_path, history.log_text(), history.reading_text())
    (found,) = chain.findings.modes
    assert found.evidence.up.failures == found.evidence.repair.failures == 1
    for part in ("up", "repair"):
        assert "law: cannot tell" in law_line(chain, "mill0.spindle", part)
    account = chain.account.rows()
    told = [fitted(chain), *(findings.text(chain.findings, account, lang) for lang in LANGS)]
    told.append(calibration.page(chain.findings, account))
    assert [named(text) for text in told] == [[]] * len(told)
