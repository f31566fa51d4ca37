"""Where each of the 73 cases stands: run now, with the next issue, or not a simulation of this kind."""

from __future__ import annotations

EXPRESSIBLE = (
    *("SL-2-0", "SL-3-0", "SL-4-0", "SL-5-0", "SL-6-0", "SL-3-1", "SL-4-1", "SL-5-1", "SL-4-4", "SL-6-2", "SL-3-U"),
    *("SL-E2-3-0", "SL-E4-3-0", "SL-BOWL-3", "BAP-4-4", "PAR-3"),
    *("GB-EXP-1", "UL-STARVE-ODF", "UL-3-ODF", "UL-4-U-ODF", "UL-4-CREW", "UM-ALONE", "UM-RESUME", "AVAIL-1"),
    *("Q-MM1", "Q-MM3", "Q-MD1", "Q-MLN1", "Q-MM2-5", "Q-DM1", "Q-PRIO-NP"),
    *("Q-BRK-ODF", "Q-BRK-TDF", "Q-HARE", "Q-WARMUP"),
    *("JACKSON-1", "REPAIRMAN-1", "OP-LOAD-4", "OP-2LINES", "MERGE-P", "SPLIT-P", "QUALITY-1"),
    *("D-LINE-1", "D-LINE-MIX", "D-STOP-1", "D-SHIFT-1", "D-OPER-1", "D-PAR-1", "D-JOHNSON", "D-CONV-1"),
    *("ASM-2", "DIS-2", "Q-OVEN-FULL", "D-OVEN-1", "SETUP-2", "D-SETUP-1", "AGE-AT-1", "AGE-OPT-1"),
    *("PENNY1-DET", "PENNY1-EXP", "PENNY2-DET", "KANBAN-3"),
    *("ENERGY-1", "OEE-1", "JS-FT06", "JS-LA01", "LAW-JOBSHOP"),
)
"""Cases that a test of this folder runs."""

NEXT: dict[str, str] = {}
"""Cases of the next issue, with what they wait for in the language."""

OTHER = {
    "FLUID-1": "other mathematics: continuous flow",
    "GW-DET-1": "other mathematics: discrete time, both machines act on the state of the cycle before",
    "Q-KINGMAN": "a formula only: an approximation that no simulation returns",
    "FIN-1": "finance: a formula of the money issue",
    "CAL-BALL": "calibration: fits of the data issue",
    "CAL-AIR": "calibration: fits of the data issue",
}
"""Cases that no run of a plant answers, and why."""
