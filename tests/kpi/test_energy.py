"""Energy, carbon, cost: plants without chance, each figure worked out by hand."""

from __future__ import annotations

import pytest
from kpi_plant import DRAWS, ELECTRICITY, H, ledger, mill, plan

import twin.element  # noqa: F401  (registers every kind and law)
from twin.core.compile import compile_plan
from twin.core.layout import from_document
from twin.core.ledger import STATES, FlowRow
from twin.core.plan import Plan
from twin.core.text import parse
from twin.engine import simulate
from twin.kpi import row
from twin.kpi.cost import bill, cost, hours, wages
from twin.kpi.energy import energy

KJ = 1 / 3600
"""A kJ in kWh."""
POWER = "power: {working: 14 kW, idle: 4 kW, down: 1 kW}"
SLEEPS = "power: {working: 14 kW, idle: 4 kW, switch_off: {after: 10 s, power: 0.3 kW}}"
PRICES = "energy: {electricity: {price: 0.14 EUR/kWh, carbon: 52 g/kWh}}\n"


def compiled(text: str) -> Plan:
    """The plan of a plant: its last lines, below the version and the name."""
    return compile_plan(from_document(parse(f"twin: 1\nplant: By hand\n{text}".encode(), "plant.yaml")))


def saw(station: str, source: str = "every: 100 s, first: 0 s", run: str = "horizon: 1000 s", more: str = "") -> Plan:
    """One saw, by default 60 s of work every 100 s: 10 parts, 600 s working and 400 s starved."""
    text = (
        f"flow: [raw -> saw -> done]\nsources: {{raw: {{{source}}}}}\nstations: {{saw: {{cycle: 60 s, {station}}}}}\n"
    )
    return compiled(f"{text}sinks: {{done: {{}}}}\nrun: {{{run}}}\n{more}")


def kpis(plan: Plan) -> dict[str, float]:
    """The row of one run."""
    return row(plan, simulate(plan))


def kwh(plan: Plan, name: str = "saw") -> float:
    """The energy of an element."""
    return kpis(plan)[f"elements.{name}.kpis.energy_kwh"]


def near(value: float) -> object:
    return pytest.approx(value, rel=1e-12)


# -- power × states


def test_states_times_power() -> None:
    found = kpis(saw(POWER))
    assert found["elements.saw.kpis.energy_kwh"] == near((600 * 14 + 400 * 4) * KJ)
    assert found["kpis.energy_kwh_per_part"] == near((600 * 14 + 400 * 4) * KJ / 10)


def test_down_names_repair() -> None:
    """Saturated: 10 min of work, 5 min of repair, four times in the hour."""
    stop = "breakdowns: {belt: {mtbf: {constant: 10 min}, mttr: {constant: 5 min}}}"
    assert kwh(saw(f"{POWER}, {stop}", "arrivals: saturated", "horizon: 1 h")) == near((40 * 14 + 20 * 1) / 60)


def test_a_state_goes_before_down_and_down_before_idle() -> None:
    power = "power: {working: 14 kW, idle: 4 kW, down: 1 kW, repair: 2 kW, starved: 3 kW, break: 5 kW}"
    (found,) = saw(power).rows[1].power
    assert dict(zip(STATES, found.draws, strict=True)) == {
        "off": 0, "break": 5e3, "repair": 2e3, "waiting_repair": 1e3, "micro_stop": 1e3, "maintenance": 4e3,
        "setup": 4e3, "waiting_operator": 4e3, "working": 14e3, "blocked": 4e3, "starved": 3e3,
    }  # fmt: skip


@pytest.mark.parametrize(("off", "drawn"), [("", 0.0), (", off: 0.5 kW", 0.25)])
def test_closed_hours_draw_what_is_named(off: str, drawn: float) -> None:
    """Open for the first half hour of one: 30 min of work, 30 min closed."""
    station = f"calendar: half, power: {{working: 14 kW, idle: 4 kW{off}}}"
    half = "calendars: {half: {cycle: 1 h, open: [0 h-0.5 h]}}\n"
    assert kwh(saw(station, "arrivals: saturated", "horizon: 1 h", half)) == near(7 + drawn)


def test_power_is_that_of_each_machine() -> None:
    """Two saws: each part waits for nobody, so one works 600 s and the other rests."""
    assert kwh(saw(f"machines: 2, {POWER}")) == near((600 * 14 + 1400 * 4) * KJ)


def test_blocked_is_idle() -> None:
    """The saw cuts for 60 s and waits for room another 60 s of every 120; its first part finds room at once."""
    text = "flow: [raw -> saw -> oven -> done]\nsources: {raw: {arrivals: saturated}}\nsinks: {done: {}}\n"
    text += f"stations: {{saw: {{cycle: 60 s, {POWER}}}, oven: {{cycle: 120 s}}}}\nrun: {{horizon: 660 s}}\n"
    assert kwh(compiled(text)) == near((360 * 14 + 300 * 4) * KJ)


def test_helpers_that_are_held_work() -> None:
    """Two robots, there for the first 500 s of 1000 s: one is held five times 60 s."""
    robots = "robots: {count: 2, power: {working: 2 kW, idle: 0.5 kW, off: 0.1 kW}, calendar: half}"
    more = f"operators: {{{robots}}}\ncalendars: {{half: {{cycle: 1000 s, open: [0 s-500 s]}}}}\n"
    plan = saw("by: robots", more=more)
    assert kwh(plan, "robots") == near((300 * 2 + 700 * 0.5 + 1000 * 0.1) * KJ)


def test_a_plant_without_power_has_no_such_figures() -> None:
    assert not [path for path in kpis(saw("queue: {}")) if "kwh" in path or "carbon" in path or "cost" in path]


# -- switch-off


def test_switch_off_after_a_wait() -> None:
    """Of the 40 s between two parts the last 30 s are switched off."""
    assert kwh(saw(SLEEPS)) == near((600 * 14 + 100 * 4 + 300 * 0.3) * KJ)


def test_switch_off_while_blocked() -> None:
    """Blocked 60 s of every 120 s, five times: 50 s switched off each."""
    text = "flow: [raw -> saw -> oven -> done]\nsources: {raw: {arrivals: saturated}}\nsinks: {done: {}}\n"
    text += f"stations: {{saw: {{cycle: 60 s, {SLEEPS}}}, oven: {{cycle: 120 s}}}}\nrun: {{horizon: 660 s}}\n"
    assert kwh(compiled(text)) == near((360 * 14 + 50 * 4 + 250 * 0.3) * KJ)


def test_a_wait_that_is_too_short_counts_nothing() -> None:
    assert kwh(saw(SLEEPS.replace("10 s", "40 s"))) == near((600 * 14 + 400 * 4) * KJ)


def test_the_warm_up_does_not_wake() -> None:
    """The window begins at 80 s, 20 s into the wait of 40 s: the machine is switched off already."""
    found = kwh(saw(SLEEPS, run="warm_up: 80 s, horizon: 20 s"))
    assert found == near(20 * 0.3 * KJ)


def test_a_break_begins_the_count_anew() -> None:
    """Without parts: 0-10 min and 15-30 min are waits, so 2 and 7 min lie beyond 8 min."""
    station = f"calendar: hour, {SLEEPS.replace('10 s', '8 min')}"
    hour = "calendars: {hour: {cycle: 30 min, open: [0 s-30 min], breaks: [10 min-15 min]}}\n"
    plan = saw(station, "every: 10 h, first: 1 h", "horizon: 30 min", hour)
    assert kwh(plan) == near((5 * 4 + 16 * 4 + 9 * 0.3) / 60)


def test_a_trace_changes_no_count() -> None:
    plan = saw(f"machines: 2, {SLEEPS}")
    assert simulate(plan, trace=[]) == simulate(plan)


def test_switch_off_of_one_carrier_leaves_the_other() -> None:
    power = "power: {electricity: {working: 14 kW, idle: 4 kW, switch_off: {after: 10 s, power: 0.3 kW}}, "
    power += "gas: {working: 2 kW, idle: 1 kW}}"
    found = saw(power, more="energy: {electricity: {}, gas: {}}\n")
    assert kwh(found) == near((600 * 16 + 100 * 5 + 300 * 1.3) * KJ)


# -- carbon


def test_carbon_is_energy_times_factor() -> None:
    found = kpis(saw(POWER, more=PRICES))
    assert found["kpis.carbon_kg_per_part"] == near(found["kpis.energy_kwh_per_part"] * 0.052)
    assert "kpis.carbon_market_kg_per_part" not in found


def test_market_based_takes_the_contract_and_else_the_place() -> None:
    power = "power: {electricity: {working: 14 kW, idle: 4 kW}, gas: {idle: 1 kW}}"
    factors = "energy: {electricity: {carbon: 52 g/kWh, carbon_market: 10 g/kWh}, gas: {carbon: 0.2 kg/kWh}}\n"
    found = kpis(saw(power, more=factors))
    electric, gas = (600 * 14 + 400 * 4) * KJ, 1000 * KJ
    assert found["kpis.carbon_kg_per_part"] == near((electric * 0.052 + gas * 0.2) / 10)
    assert found["kpis.carbon_market_kg_per_part"] == near((electric * 0.010 + gas * 0.2) / 10)


def test_a_factor_that_is_missing_leaves_carbon_out() -> None:
    power = "power: {electricity: {working: 14 kW, idle: 4 kW}, gas: {idle: 1 kW}}"
    found = kpis(saw(power, more="energy: {electricity: {carbon: 52 g/kWh}, gas: {}}\n"))
    assert "kpis.carbon_kg_per_part" not in found
    assert found["kpis.energy_kwh_per_part"] == near((600 * 15 + 400 * 5) * KJ / 10)


# -- cost


def test_scrap_bears_its_material() -> None:
    """Of ten parts A, A, B, … three are B, all scrapped: the 7 good ones pay 7 times 12 EUR and 3 times 5 EUR."""
    source = "every: 100 s, first: 0 s, sequence: [A, A, B]"
    more = "products: {A: {material: 12 EUR}, B: {material: 5 EUR}}\n"
    found = kpis(saw("quality: {scrap: {A: 0 %, B: 100 %}}", source, more=more))
    assert found["kpis.parts"] == 7
    assert found["kpis.cost_eur_per_part"] == near((7 * 12 + 3 * 5) / 7)
    assert found["kpis.cost_scrap_eur_per_part"] == near(3 * 5 / 7)


def test_waste_bears_its_material_and_a_lost_part_does_not() -> None:
    """A part every 50 s for a saw of 60 s without a place to wait: the odd ones are lost, of the others B is waste."""
    text = "flow: [raw -> saw -> done, saw -> bin]\nsinks: {done: {}, bin: {good: false}}\n"
    text += "sources: {raw: {every: 50 s, first: 0 s, balk: true, sequence: [A, A, B, B]}}\n"
    text += "stations: {saw: {cycle: 60 s, send: {by_product: {A: done, B: bin}}}}\nrun: {horizon: 400 s}\n"
    found = kpis(compiled(f"{text}products: {{A: {{material: 12 EUR}}, B: {{material: 5 EUR}}}}\n"))
    assert found["elements.raw.kpis.lost"] == 4
    assert found["kpis.cost_eur_per_part"] == near((2 * 12 + 2 * 5) / 2)
    assert found["kpis.cost_scrap_eur_per_part"] == near(2 * 5 / 2)


def test_wages_run_in_working_hours_and_overtime() -> None:
    """Two people for 500 s each; one stays 20 s longer to finish the last part, at 520 s, when the run ends."""
    more = "operators: {team: {count: 2, wage: 36 EUR/h, calendar: half}}\n"
    more += "calendars: {half: {cycle: 1000 s, open: [0 s-500 s]}}\n"
    plan = saw("by: team", "every: 100 s, first: 60 s, limit: 5", more=more)
    assert kpis(plan)["kpis.cost_eur_per_part"] == near((1000 + 20) * 0.01 / 5)


def test_station_hours_are_opening_hours() -> None:
    """Half an hour open, a break of 5 min in it, half an hour closed: 45 EUR/h for half an hour, each of two."""
    half = "calendars: {half: {cycle: 1 h, open: [0 s-30 min], breaks: [10 min-15 min]}}\n"
    found = kpis(saw("machines: 2, cost: 45 EUR/h, calendar: half", "arrivals: saturated", "horizon: 1 h", half))
    assert found["kpis.parts"] == 50
    assert found["kpis.cost_eur_per_part"] == near(45 / 50)


def test_all_costs_add_up() -> None:
    """1000 s at 36 EUR/h for the saw and 18 EUR/h for one person; energy at 0.14 EUR/kWh; 10 parts at 3 EUR."""
    more = f"{PRICES}products: {{A: {{material: 3 EUR}}}}\noperators: {{man: {{wage: 18 EUR/h}}}}\n"
    found = kpis(saw(f"by: man, cost: 36 EUR/h, {POWER}", more=more))
    assert found["kpis.cost_eur_per_part"] == near((10 + 5 + 10000 * KJ * 0.14 + 30) / 10)


def test_an_empty_shift_has_no_cost_of_a_part() -> None:
    found = kpis(saw(POWER, "every: 10 h, first: 1 h", more=PRICES))
    assert found["kpis.cost_eur_per_part"] != found["kpis.cost_eur_per_part"]
    assert found["elements.saw.kpis.energy_kwh"] == near(1000 * 4 * KJ)


def test_material_is_exact_money() -> None:
    """A third of a cent, a thousand times: whole millionths of EUR, so no order of adding matters."""
    more = "products: {A: {material: 0.003333 EUR}}\n"
    plan = saw("", "every: 60 s, first: 0 s", "horizon: 60000 s", more)
    assert simulate(plan).flow.material == 1000 * 3333


# -- margin


def test_the_margin_is_the_price_of_good_parts_less_their_cost() -> None:
    """Of A, A, B, … three are B, all scrapped: 7 A are sold at 30 EUR; their own material and that of B is paid."""
    source = "every: 100 s, first: 0 s, sequence: [A, A, B]"
    more = "products: {A: {material: 12 EUR, price: 30 EUR}, B: {material: 5 EUR, price: 99 EUR}}\n"
    plan = saw("quality: {scrap: {A: 0 %, B: 100 %}}", source, more=more)
    found = kpis(plan)
    assert found["kpis.margin_eur_per_part"] == near(30 - (7 * 12 + 3 * 5) / 7)
    assert "product A: material 12 EUR, price 30 EUR" in plan.describe()


def test_a_product_without_a_price_brings_nothing_and_no_cost_is_none() -> None:
    """Ten parts in turn, A of 30 EUR and B of none: 15 EUR a part."""
    more = "products: {A: {price: 30 EUR}, B: {}}\n"
    found = kpis(saw("", "every: 100 s, first: 0 s, sequence: [A, B]", more=more))
    assert found["kpis.margin_eur_per_part"] == near(15)
    assert "kpis.cost_eur_per_part" not in found


def test_without_prices_there_is_no_margin() -> None:
    assert "kpis.margin_eur_per_part" not in kpis(saw("", more="products: {A: {material: 3 EUR}}\n"))


# -- a ledger by hand


def test_hand_built_energy() -> None:
    """Mill: 100 h at 14 kW, 9 h at 1 kW, 51 h at 4 kW; team: 90 h at 2 kW, 90 h at 0.5 kW, 20 h off."""
    found = energy(plan(), ledger())
    assert found["elements.mill.kpis.energy_kwh"] == near(1400 + 9 + 204)
    assert found["elements.team.kpis.energy_kwh"] == near(180 + 45)
    assert found["kpis.energy_kwh_per_part"] == near((1613 + 225) / 95)
    assert found["kpis.carbon_kg_per_part"] == near(1838 * 0.052 / 95)
    assert found["kpis.carbon_market_kg_per_part"] == near(1838 * 0.010 / 95)


def test_hand_built_switch_off() -> None:
    """10 h of the starved and 2 h of the blocked time at 0.3 kW in place of 4 kW."""
    rows = {**ledger().rows, 1: mill()._replace(switched_off=(2 * H, 10 * H))}
    found = energy(plan(), ledger(rows=rows))
    assert found["elements.mill.kpis.energy_kwh"] == near(1613 - 12 * 3.7)
    assert DRAWS[STATES.index("starved")] == 4000


def test_hand_built_cost() -> None:
    """Team 150 h and 30 h at 30 EUR/h; mill open 160 h at 45 EUR/h; 1838 kWh at 0.14 EUR; material 1200 EUR."""
    flow = FlowRow(10, 120, 95, 2, 3, 5, 25, 1250 * H, 1250 * H, 1200e6)
    found = ledger(flow=flow)
    assert wages(plan(), found) == near(180 * 30)
    assert hours(plan(), found) == near(160 * 45)
    assert bill(plan(), found) == near(1838 * 0.14)
    assert cost(plan(), found)["kpis.cost_eur_per_part"] == near((5400 + 7200 + 1838 * 0.14 + 1200) / 95)
    assert ELECTRICITY.price is not None


# -- parts joined and taken apart


def test_joined_parts_bring_their_material() -> None:
    """A body of 12 EUR takes two motors of 5 EUR each."""
    text = "flow: [a -> bodies -> kit -> done, b -> motors -> kit]\nsinks: {done: {}}\n"
    text += "sources: {a: {every: 100 s, first: 0 s, sequence: [A]}, b: {every: 50 s, first: 0 s, sequence: [B]}}\n"
    text += "buffers: {bodies: {capacity: unlimited}, motors: {capacity: unlimited}}\n"
    text += "stations: {kit: {cycle: 20 s, takes: {bodies: 1, motors: 2}}}\nrun: {horizon: 1000 s}\n"
    found = kpis(compiled(f"{text}products: {{A: {{material: 12 EUR}}, B: {{material: 5 EUR}}}}\n"))
    assert found["kpis.parts"] == 10
    assert found["kpis.cost_eur_per_part"] == near(12 + 2 * 5)
    assert found["kpis.cost_scrap_eur_per_part"] == 0


def test_pieces_share_one_material() -> None:
    """A core of 12 EUR is taken apart into two pieces that are good: 6 EUR each."""
    text = "flow: [raw -> cut -> left, cut -> right]\nsinks: {left: {}, right: {}}\n"
    text += "sources: {raw: {every: 100 s, first: 0 s}}\nproducts: {A: {material: 12 EUR}}\n"
    text += "stations: {cut: {cycle: 20 s, gives: {left: 1, right: 1}}}\nrun: {horizon: 1000 s}\n"
    assert kpis(compiled(text))["kpis.cost_eur_per_part"] == near(6)


# -- what it is made of


def test_the_cost_is_the_sum_of_its_four_parts() -> None:
    found = cost(plan(), ledger())
    parts = {part: found[f"kpis.cost_{part}_eur_per_part"] for part in ("wages", "machines", "energy", "material")}
    assert sum(parts.values()) == near(found["kpis.cost_eur_per_part"])
    assert parts["wages"] == near(5400 / 95)
    assert parts["machines"] == near(7200 / 95)


def test_each_carrier_is_told_apart() -> None:
    """10 parts of 60 s in 1000 s: electricity 14 and 4 kW, gas 5 and 1 kW."""
    power = "power: {electricity: {working: 14 kW, idle: 4 kW}, gas: {working: 5 kW, idle: 1 kW}}"
    found = kpis(saw(power, more="energy: {electricity: {price: 0.2 EUR/kWh}, gas: {}}\n"))
    electricity, gas = (600 * 14 + 400 * 4) * KJ, (600 * 5 + 400 * 1) * KJ
    assert found["energy.electricity.energy_kwh"] == near(electricity)
    assert found["energy.gas.energy_kwh_per_part"] == near(gas / 10)
    assert found["energy.electricity.cost_eur_per_part"] == near(electricity * 0.2 / 10)
    assert "energy.gas.cost_eur_per_part" not in found
    assert found["kpis.energy_kwh_per_part"] == near((electricity + gas) / 10)


def test_start_ups_are_told_apart_from_other_set_up() -> None:
    """The machine is closed from 400 s to 600 s of every 1000 s and warms up for 50 s at the opening."""
    hours = "calendars: {day: {cycle: 1000 s, open: [0 s-400 s, 600 s-1000 s]}}\ncalendar: day\n"
    found = kpis(saw(f"{POWER}, start_up: {{lasts: 50 s}}", run="horizon: 2000 s", more=hours))
    assert found["elements.saw.kpis.start_up_share"] == near(100 / 2000)
    assert found["elements.saw.kpis.start_up_kwh"] == near(100 * 4 * KJ)
    assert found["elements.saw.states.setup"] == near(100 / 2000)
