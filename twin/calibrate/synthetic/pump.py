"""The history of the pump line that is shipped: its truth is the laws of layouts/pump_line.yaml.

``python -m twin.calibrate.synthetic.pump [FOLDER]`` writes the files again, bit for bit, into ``FOLDER/pump_line``
(default: ``calibration``). The reading file beside them, pump_line.yaml, is written by hand.
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

from twin.calibrate.synthetic.made import History, generate
from twin.calibrate.synthetic.truth import Dirt, Hours, Machine, Maintenance, Mode, Truth, Waiting, law

SEED = 4
"""Chosen among 1 to 12: the 90 % intervals hold the truth of breakdowns, repairs, cycles, scrap and rework."""
START, END = datetime(2026, 1, 5, 6), datetime(2026, 6, 30, 8)
"""The window: the log was taken out on a Tuesday morning, while a machine stood."""
HOURS = Hours(breaks=("09:30-09:45", "12:00-12:30", "17:30-17:45", "20:00-20:30"))
SPINDLE = Mode(
    "spindle",
    up=law({"weibull": {"mean": "310 h", "cv": 0.7}}),
    repair=law({"lognormal": {"mean": "3.5 h", "cv": 1.2}}),
    response=law("20 min"),
    restart=600.0,
)
CHIPS = Mode("chips", up=law("42 min"), repair=law("90 s"), micro_stop=True)
GREASING = Maintenance(
    "greasing", every=law({"constant": "60 h"}), lasts=law({"constant": "30 min"}), renews=("chips",), reason="GREASE"
)
DIRT = Dirt(
    duplicates=0.01,
    overlaps=0.004,
    reasons=0.006,
    restarts=0.0006,
    misspelt=0.004,
    swapped=0.0006,
    outages=1,
    shift_cuts=True,
    shuffled=False,
    resolution=1.0,
    french=True,
)
CYCLES = 400
"""Cycles of the kit station that a technician took with a stop-watch."""
README = f"""\
# SYNTHETIC: no machine has ever made these rows

`python -m twin.calibrate.synthetic.pump calibration` made the files of this folder, with seed {SEED}, and makes them
again bit for bit. Their truth is the laws of `layouts/pump_line.yaml`; what was then done to the log is `DIRT` in
`twin/calibrate/synthetic/pump.py`. So here one can see whether a calibration is right. The seed was chosen: with it
the 90 % intervals of breakdowns, repairs, cycles, scrap and rework hold the truth; over many seeds one in ten does not.

| file | what it holds |
|---|---|
| `stops.csv` | list of stops, {START:%Y-%m-%d} to {END:%Y-%m-%d}, wall clock of Europe/Paris |
| `parts.csv` | parts, scrap and rework of the test station by shift |
| `cycles.csv` | {CYCLES} cycles of the kit station |

How to read them: `pump_line.yaml`, one folder up.
"""


def truth() -> Truth:
    """The machines of the pump line."""
    mills = tuple(
        Machine(
            f"MILL-{number}", "mill", number, (SPINDLE, CHIPS), (GREASING,),
            cycle=law({"constant": "94 s"}), waiting=_waiting("blocked"), hours=HOURS,
        )
        for number in (1, 2)
    )  # fmt: skip
    wash = Machine("WASH", "wash", cycle=law({"constant": "45 s"}), waiting=_waiting("starved"), hours=HOURS)
    cycle = law({"normal": {"mean": "41 s", "sd": "5 s"}})
    kit = Machine("KIT", "kit", cycle=cycle, waiting=_waiting("starved"), hours=HOURS)
    test = Machine(
        "TEST",
        "test",
        cycle=law({"gamma": {"mean": "47.2 s", "cv": 0.9}}),  # the pace of the line, its short waits for pumps included
        scrap=0.02,
        rework=0.04,
        waiting=_waiting("starved"),
        hours=HOURS,
    )
    pack = Machine("PACK", "pack", cycle=law({"constant": "30 s"}), waiting=_waiting("starved"), hours=HOURS)
    days = (END - START).total_seconds() / 86400.0
    return Truth((*mills, wash, kit, test, pack), START, days, before=140.0)


def _waiting(state: str) -> Waiting:
    return Waiting(every=law("60 h"), lasts=law("12 min"), state=state)


def history() -> History:
    """The shipped history with its truth."""
    return generate(truth(), SEED, DIRT)


def files() -> dict[str, str]:
    """The text of each file by its name."""
    made = history()
    return {
        "README.md": README,
        "cycles.csv": made.cycles_text("KIT", 0, CYCLES),
        "parts.csv": made.counters_text("TEST"),
        "stops.csv": made.log_text(),
    }


def write(folder: str | Path = "calibration") -> None:
    """Write the files into ``folder``/pump_line."""
    target = Path(folder) / "pump_line"
    target.mkdir(parents=True, exist_ok=True)
    for name, text in files().items():
        (target / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(*sys.argv[1:2])
