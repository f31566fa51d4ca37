"""How a station spends its time: NF E 60-182 (AFNOR, 2002) and ISO 22400-2, from the states of its machines.

Times of several machines and products are added before any ratio is taken, which weights by required time.
Starved, blocked and waiting machines lower TRS and OEE, so these are figures of the *system*; the intrinsic
TRS leaves those induced stops out and is a figure of the station.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from twin.core.ledger import (
    BLOCKED,
    BREAK,
    MAINTENANCE,
    MICRO_STOP,
    OFF,
    REPAIR,
    SETUP,
    STARVED,
    STATES,
    WAITING_OPERATOR,
    WAITING_REPAIR,
    WORKING,
    Ledger,
    StationLedger,
    StopRow,
)
from twin.core.plan import Micro, Plan
from twin.kpi.ratio import ratio, seconds


class Times(NamedTuple):
    """What a station's time was spent on; any unit of time, the same for all."""

    total: float
    """tT: the calendar."""
    off: float = 0.0
    """Closed: outside opening time."""
    planned: float = 0.0
    """Breaks, meetings, cleaning, preventive maintenance: inside tO, outside tR."""
    breakdown: float = 0.0
    """Panne: waiting for repair and repair."""
    setup: float = 0.0
    """Changement de fabrication (AUST)."""
    adjustment: float = 0.0
    """Tool changes and adjustments that are no set-up."""
    micro_stop: float = 0.0
    induced: float = 0.0
    """Starved, blocked, no operator (ADOT)."""
    net: float = 0.0
    """tN: parts made × reference cycle."""
    useful: float = 0.0
    """tU: good parts × reference cycle."""

    @property
    def opening(self) -> float:
        """tO: total less off; breaks and maintenance are inside."""
        return self.total - self.off

    @property
    def required(self) -> float:
        """tR = PBT: opening less planned stops; changeovers and tool changes are inside."""
        return self.opening - self.planned

    @property
    def delay(self) -> float:
        """ADET: breakdowns, adjustments, micro-stops."""
        return self.breakdown + self.adjustment + self.micro_stop

    @property
    def running(self) -> float:
        """tF = APT: required less own stops less induced stops."""
        return self.required - self.setup - self.delay - self.induced

    @property
    def processing(self) -> float:
        """AUPT = APT + AUST."""
        return self.running + self.setup

    @property
    def busy(self) -> float:
        """AUBT = AUPT + ADET."""
        return self.processing + self.delay


class Nf(NamedTuple):
    """The ratios of NF E 60-182, each NaN when there is no time to divide by."""

    do: float
    """Disponibilité opérationnelle tF/tR."""
    tp: float
    """Taux de performance tN/tF."""
    tq: float
    """Taux de qualité tU/tN."""
    trs: float
    """Taux de rendement synthétique tU/tR = DO·TP·TQ."""
    trg: float
    """Taux de rendement global tU/tO."""
    tre: float
    """Taux de rendement économique tU/tT."""
    tc: float
    """Taux de charge tR/tO."""
    ts: float
    """Taux stratégique d'engagement tO/tT."""
    trs_intrinsic: float
    """tU/(tR − induced stops): not in the norm, the station on its own."""


class Iso(NamedTuple):
    """The ratios of ISO 22400-2, each NaN when there is no time to divide by."""

    availability: float
    """APT/PBT."""
    performance: float
    """Effectiveness PRI·PQ/APT."""
    quality: float
    """GQ/PQ, products weighted by their reference cycle."""
    oee: float
    """Availability · effectiveness · quality."""
    nee: float
    """(AUPT/PBT) · effectiveness · quality: a set-up is no loss."""
    allocation: float
    """AUBT/PBT."""
    utilization: float
    """APT/AUBT."""
    technical_efficiency: float
    """APT/(APT + ADET)."""
    setup_ratio: float
    """AUST/AUPT."""


def nf(times: Times) -> Nf:
    """NF E 60-182 ratios of ``times``."""
    return Nf(
        do=ratio(times.running, times.required),
        tp=ratio(times.net, times.running),
        tq=ratio(times.useful, times.net),
        trs=ratio(times.useful, times.required),
        trg=ratio(times.useful, times.opening),
        tre=ratio(times.useful, times.total),
        tc=ratio(times.required, times.opening),
        ts=ratio(times.opening, times.total),
        trs_intrinsic=ratio(times.useful, times.required - times.induced),
    )


def iso(times: Times) -> Iso:
    """ISO 22400-2 ratios of ``times``; OEE is written as its reduced product, so it is 0 where nothing ran."""
    availability = ratio(times.running, times.required)
    performance = ratio(times.net, times.running)
    quality = ratio(times.useful, times.net)
    return Iso(
        availability=availability,
        performance=performance,
        quality=quality,
        oee=ratio(times.useful, times.required),
        nee=ratio(times.processing, times.required) * performance * quality,
        allocation=ratio(times.busy, times.required),
        utilization=ratio(times.running, times.busy),
        technical_efficiency=ratio(times.running, times.running + times.delay),
        setup_ratio=ratio(times.setup, times.processing),
    )


def times_of(row: StationLedger) -> Times:
    """The times of a station, machines added, µs. ``counts_as: setup`` maintenance already lies in set-up."""
    spent = [sum(machine[state] for machine in row.states) for state in range(len(STATES))]
    return Times(
        total=sum(spent),
        off=spent[OFF],
        planned=spent[BREAK] + spent[MAINTENANCE],
        breakdown=spent[WAITING_REPAIR] + spent[REPAIR],
        setup=spent[SETUP],
        micro_stop=spent[MICRO_STOP],
        induced=spent[STARVED] + spent[BLOCKED] + spent[WAITING_OPERATOR],
        net=row.net,
        useful=row.useful,
    )


def mtbf(row: StationLedger) -> float:
    """Operation-dependent mean time between failures, s: production and set-up time / failures; NaN without any."""
    return seconds(sum(machine[WORKING] + machine[SETUP] for machine in row.states), _failures(row)[0])


def mttr(row: StationLedger) -> float:
    """Mean time to repair of a failure, the wait for people not included, s; NaN without failures."""
    count, down = _failures(row)
    return seconds(down, count)


def _failures(row: StationLedger) -> tuple[int, Micro]:
    """How many failures and their repair time; micro-stops and maintenance are none."""
    failures = [stop for stop in row.stops if stop.state == REPAIR]
    return sum(stop.times for stop in failures), sum(stop.down for stop in failures)


def first_pass_yield(row: StationLedger) -> float:
    """Parts good at first pass / parts inspected; a repeated cycle is not another part; weighted as ``quality``."""
    return ratio(row.useful, row.net) * ratio(sum(row.done), sum(row.done) - sum(row.repeated))


def oee(plan: Plan, ledger: Ledger) -> dict[str, float]:
    """State shares (mean over machines) and KPIs of each station, by path; a conveyor has no OEE."""
    found: dict[str, float] = {}
    for index, row in ledger.stations.items():
        path = f"elements.{plan.elements[index].name}"
        found |= {f"{path}.states.{state}": share for state, share in _shares(row, ledger.window)}
        found |= {f"{path}.kpis.{name}": value for name, value in _kpis(row).items()}
    for index, stop in start_ups(plan, ledger).items():
        machines = len(ledger.stations[index].states)
        path = f"elements.{plan.elements[index].name}.kpis.start_up_share"
        found[path] = ratio(stop.wait + stop.down, ledger.window * machines)
    return found


def start_ups(plan: Plan, ledger: Ledger) -> dict[int, StopRow]:
    """What the start-up after closed hours took of each element that has one, machines added, by index."""
    found: dict[int, StopRow] = {}
    for index, row in ledger.stations.items():
        modes = zip(getattr(plan.rows[index], "modes", ()), row.stops, strict=False)
        found.update((index, stop) for (family, _), stop in modes if family == "start_up")
    return found


def _shares(row: StationLedger, window: Micro) -> Iterator[tuple[str, float]]:
    for state, name in enumerate(STATES):
        yield name, ratio(sum(machine[state] for machine in row.states), window * len(row.states))


def _kpis(row: StationLedger) -> dict[str, float]:
    found = {"parts": float(sum(row.done)), **({} if row.carries else _ratios(row))}
    if row.stops:
        found |= {"mtbf_s": mtbf(row), "mttr_s": mttr(row)}
    return found


def _ratios(row: StationLedger) -> dict[str, float]:
    times = times_of(row)
    french, made = nf(times), sum(row.done)
    return {
        **iso(times)._asdict(),
        "trs": french.trs,
        "trs_intrinsic": french.trs_intrinsic,
        "trg": french.trg,
        "tre": french.tre,
        "tc": french.tc,
        "ts": french.ts,
        "scrap_ratio": ratio(sum(row.scrapped), made + sum(row.destroyed)),
        "rework_ratio": ratio(sum(row.reworked), made),
        "first_pass_yield": first_pass_yield(row),
    }
