"""A small study that is quick to simulate, for tests of the runner, the facade, the command and the report."""

from __future__ import annotations

from pathlib import Path

PLANT = """\
twin: 1
plant: Two machines
flow: [blanks -> turn -> rack -> drill -> boxes]
sources: {blanks: {arrivals: saturated}}
stations:
  turn: {cycle: {exponential: 60 s}, breakdowns: {chips: {mtbf: 40 min, mttr: 5 min, micro_stop: true}}}
  drill: {cycle: {exponential: 75 s}, power: {working: 3 kW, idle: 1 kW}}
buffers: {rack: {capacity: 4}}
energy: {electricity: {price: 0.14 EUR/kWh, carbon: 52 g/kWh}}
sinks: {boxes: {}}
run: {warm_up: 1 h, horizon: 8 h, replications: 4, seed: 3}
"""
STUDY = """\
twin: 1
study: Two machines, next year
question: Which project pays?
layout: plant.yaml
levers:
  drills:
    change: {stations.drill.cycle: {scale: {uniform: [0.80, 0.90]}}}
    cash: [{capex: {pert: [14 kEUR, 16 kEUR, 21 kEUR]}, label: new drills, at: 2027-02, life: 5 y}]
  places:
    buffer: {name: rack, capacity: 12}
    cash: [{capex: 6 kEUR, label: rack, at: 2027-03, life: 5 y}]
scenarios: {baseline: [], drills: [drills], places: [places], both: [drills, places]}
run: {RUN, seed: 5}
finance:
  from: 2027-01
  years: 5
  discount_rate: 8 %
  tax: 25 %
  margin_per_part: {normal: {mean: 0.50 EUR, sd: 0.05 EUR}}
  sensitive: {discount_rate: [5 %, 12 %]}
decision:
  accept_if: [npv.probability_positive >= 75 %, payback.median <= 4 y]
  choose: max npv.mean
  indifference: 500 EUR
"""
RUN = "horizon: 4 h, warm_up: 1 h, replications: 12"
SEARCH = """\
optimise:
  decide: {rack: {path: buffers.rack.capacity, from: 1, to: 6, cost: 500 EUR, now: 4}, drills: {lever: drills}}
  limits: [cost <= 20 kEUR]
  goals: max throughput_per_h
  indifference: 0.5 /h
  replications: 120
"""


def written(folder: Path, run: str = RUN, more: str = "", plant: str = PLANT) -> Path:
    """The study in a folder, with its plant beside it."""
    (folder / "plant.yaml").write_text(plant)
    path = folder / "study.yaml"
    path.write_text(STUDY.replace("RUN", run) + more)
    return path
