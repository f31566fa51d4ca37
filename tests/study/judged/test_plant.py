"""Where the time of stations goes: minutes that add up to what the norm says, read from the rows of KPIs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.study.asking import written
from twin.api.study import load_study
from twin.core.ledger import Ledger
from twin.engine import simulate
from twin.kpi.oee import nf, times_of
from twin.study.judged.plant import LOSSES

PLANT = """\
twin: 1
plant: Two machines in shifts
start: 2027-01-04 06:00
calendar: day
flow: [blanks -> turn -> rack -> drill -> boxes]
sources: {blanks: {arrivals: saturated}}
stations:
  turn: {cycle: {exponential: 60 s}, breakdowns: {chips: {mtbf: 40 min, mttr: 5 min}}, quality: {scrap: 3 %},
         machines: 2, by: team}
  drill: {cycle: {exponential: 45 s}}
operators: {team: {count: 1}}
calendars: {day: {week: {mon-sun: [06:00-22:00]}, breaks: [09:00-09:30]}}
energy: {electricity: {price: 0.14 EUR/kWh, carbon: 52 g/kWh}}
buffers: {rack: {capacity: 4}}
sinks: {boxes: {}}
run: {warm_up: 0 h, horizon: 1 d, replications: 2, seed: 3}
"""


def minutes(found: dict[str, Any]) -> float:
    """What is left of the required time after all losses."""
    return found["required"] - sum(found[key] for key in (*LOSSES, "performance", "quality"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("plant")


@pytest.mark.parametrize("keep", ["all", "named"])
def test_minutes_add_up_to_the_times_of_the_norm(folder: Path, keep: Any) -> None:
    study = load_study(written(folder, "horizon: 1 d, warm_up: 0 h, replications: 2", plant=PLANT))
    store = folder / f"{keep}.sqlite"
    plant = study.run(workers=1, store=store, keep=keep).document()["plant"]
    assert list(plant) == ["baseline", "drills", "places", "both"]
    if keep == "named":
        assert plant["both"]["turn"]["minutes"] is None
        assert plant["both"]["turn"]["trs"]["n"] == 2
        return
    ledgers: list[Ledger] = [simulate(study.plan("baseline"), k) for k in range(2)]
    for name, found in plant["baseline"].items():
        told = found["minutes"]
        assert told["total"] == pytest.approx(1440)
        assert told["total"] - told["off"] - told["planned"] == pytest.approx(told["required"])
        assert minutes(told) == pytest.approx(told["useful"], abs=1e-9)
        rows = [ledger.stations[study.plan("baseline").index(name)] for ledger in ledgers]
        spent = [times_of(row) for row in rows]
        per = 1440 / (len(rows) * spent[0].total)  # of an average machine, the mean of two days
        for key in ("off", "planned", "required", "useful", "setup", "micro_stop"):
            assert told[key] == pytest.approx(per * sum(getattr(one, key) for one in spent)), key
        assert told["repair"] + told["waiting_repair"] == pytest.approx(per * sum(one.breakdown for one in spent))
        assert told["quality"] == pytest.approx(per * sum(one.net - one.useful for one in spent), abs=1e-9)
        assert found["trs"]["mean"] == pytest.approx(sum(nf(one).trs for one in spent) / 2)
    assert plant["baseline"]["turn"]["minutes"]["quality"] > 0
    assert plant["baseline"]["turn"]["minutes"]["waiting_operator"] > 0
