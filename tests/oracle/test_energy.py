"""Energy and carbon of a part: power by state of a line whose machines break down, idle and blocked time included."""

from __future__ import annotations

from twin.kpi.energy import KWH, carriers, energy

from . import facts
from .controls import cycles as worked
from .controls import failures, repairs
from .plants import MINUTE, Read, View, exponential, line, throughput, working
from .study import Quantity, Study, headline, judged

HOUR = 60 * MINUTE
WARM_UP = 500


def per_part(kpi: str) -> Read:
    """A figure of the plant for each good part."""
    return lambda view: energy(view.plan, view.ledger)[f"kpis.{kpi}"]


def mean_power(view: View) -> float:
    """Mean power of the plant, kW."""
    return sum(carriers(view.plan, view.ledger)) / KWH / view.window


def _energy() -> Study:
    given = facts.params("ENERGY-1")
    power = given["power"]
    states = {"working": power["busy"], "idle": 0.0, **{word: power[word] for word in ("blocked", "starved", "down")}}
    draws = f"power: {{{', '.join(f'{word}: {kilowatts} kW' for word, kilowatts in states.items())}}}"
    fails = [f"breakdowns: {{stop: {{mtbf: {up} h, mttr: {repair} h}}}}"
             for up, repair in zip(given["mttf"], given["mttr"], strict=True)]  # fmt: skip
    cycles = [exponential(mean, "h") for mean in given["means"]]
    carbon = {"electricity": f"{{carbon: {given['grid']} kg/kWh}}"}
    text = line(cycles, given["buffers"], [[stop, draws] for stop in fails], energy=carbon)
    quantities = (
        headline("throughput", "throughput", throughput),
        Quantity("mean_kw", "mean", mean_power),
        headline("kwh_per_part", "time", per_part("energy_kwh_per_part")),
        Quantity("kgco2_per_part", "mean", per_part("carbon_kg_per_part")),
    )
    controls: list[Quantity] = []
    for n, (mean, mttf, mttr) in enumerate(zip(given["means"], given["mttf"], given["mttr"], strict=True), 1):
        name = f"m{n}"
        controls += [worked(name, mean), failures(name, mttf, working(name)), repairs(name, mttr)]
    return Study("ENERGY-1", text, quantities, 3_500, 12_000, WARM_UP, unit=HOUR, controls=tuple(controls))


STUDIES = (_energy(),)

test_short, test_long = judged(STUDIES)
