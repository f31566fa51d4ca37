"""Made-up dirty logs with known truth: to test the whole calibration, and to learn it on.

::

    machine = Machine("PRESS", "press", modes=(Mode("die", law("41 h"), law("20 min")),))
    history = generate(Truth((machine,), days=91), seed=3, dirt=TYPICAL)
    history.write_csv("stops.csv")
    Path("reading.yaml").write_text(history.reading_text("stops.csv"))

Machines follow the rules of the engine (``machine``), so what calibration finds may be held against
``history.truth``; what was done to the log stands in ``history.counts``. The same seed gives the same bytes.
"""

from __future__ import annotations

from twin.calibrate.synthetic.made import History, generate
from twin.calibrate.synthetic.truth import (
    CLEAN,
    TYPICAL,
    Counts,
    Dirt,
    Hours,
    Machine,
    Maintenance,
    Mode,
    Truth,
    Waiting,
    law,
)

__all__ = [
    "CLEAN",
    "TYPICAL",
    "Counts",
    "Dirt",
    "History",
    "Hours",
    "Machine",
    "Maintenance",
    "Mode",
    "Truth",
    "Waiting",
    "generate",
    "law",
]
