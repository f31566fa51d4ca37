"""Studies for tests of the judgement: of a small plant, with rows from its simulation or made up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from twin.api.plant import register
from twin.study.asked.reading import read_study
from twin.study.asked.study import Study
from twin.study.judged.judge import Judged, judge
from twin.study.paired.runner import Checkpoint, Runs, run_cases
from twin.study.paired.store import Kept

Floats = NDArray[np.float64]
SAW = """
twin: 1
plant: Saw
flow: [in -> feed -> rack -> saw -> out]
sources: {in: {arrivals: saturated}}
buffers: {rack: {capacity: 8}}
stations:
  feed: {cycle: 10 s}
  saw: {cycle: 60 s, by: team, power: {electricity: {working: 10 kW, idle: 2 kW}}}
operators: {team: {count: 2, wage: 36 EUR/h}}
energy: {electricity: {price: 0.2 EUR/kWh, carbon: 50 g/kWh}}
products: {A: {material: 3 EUR}}
sinks: {out: {}}
run: {warm_up: 1 h, horizon: 10 h, replications: 4, seed: 5}
"""
"""One part a minute, whatever comes: ten parts inside, the saw always working."""
NOISY = SAW.replace("saw: {cycle: 60 s", "saw: {cycle: {exponential: 60 s}")


def study(folder: Path, text: str, layout: str = SAW) -> Study:
    """The study of a text (without its head) about a layout."""
    register()
    (folder / "plant.yaml").write_text(layout, encoding="utf-8")
    (folder / "study.yaml").write_text(f"twin: 1\nstudy: test\nlayout: plant.yaml\n{text}", encoding="utf-8")
    return read_study(folder / "study.yaml")


def simulated(one: Study, n: int = 4) -> Judged:
    """The study judged after n replications."""
    return judge(one, run_cases(one.cases(), (n,), workers=1))


def made_up(one: Study, per_h: Mapping[str, Floats], **more: Mapping[str, Floats]) -> Runs:
    """Runs of which the throughput of each scenario is given, and other KPIs of the plant by name."""
    return Runs(tuple(one.cases()), tuple(_kept(name, per_h, more) for name in per_h), Checkpoint(True))


def _kept(name: str, per_h: Mapping[str, Floats], more: Mapping[str, Mapping[str, Floats]]) -> tuple[Kept, ...]:
    columns = {"throughput_per_h": per_h[name]} | {kpi: rows[name] for kpi, rows in more.items()}
    return tuple(
        Kept({f"kpis.{kpi}": float(rows[k]) for kpi, rows in columns.items()} | {"kpis.parts": float(per_h[name][k])})
        for k in range(len(per_h[name]))
    )


def npv(flows: Sequence[float], rate: float) -> float:
    """Year 0 is not discounted."""
    return sum(flow / (1 + rate) ** t for t, flow in enumerate(flows))
