"""Draw the pictures of the documentation with the program itself: ``python docs/make_images.py``."""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

import twin  # noqa: E402
from twin.report.calibration import diagnostics  # noqa: E402

IMAGES = ROOT / "docs" / "images"
SETTINGS = {"svg.fonttype": "none", "svg.hashsalt": "twin"}
"""Text stays text, so that the files are small; the salt makes them the same each time."""

DRAWN = {"three_machines": "bottleneck", "machining_cell": "state"}
"""Layout → what the colours of its drawing stand for."""
CALIBRATED = {"pump_line": "mill.spindle"}
"""Reading file → the mode whose page of the report is drawn."""
DECIDED = {"packaging_automation": ("packaging_npv", "npv")}
"""Study → the name of its picture, and which figure that is."""


def main() -> None:
    """Run each plant and draw it; calibrate each history and draw a page; answer each study and draw a figure."""
    for name, colour in DRAWN.items():
        save(name, twin.load(ROOT / "layouts" / f"{name}.yaml").run().plot.plant(colour=colour))
    for name, mode in CALIBRATED.items():
        modes = twin.fit(ROOT / "calibration" / f"{name}.yaml").findings.modes
        save(mode.replace(".", "_"), diagnostics.mode(next(one for one in modes if one.name == mode)))
    for study, (name, figure) in DECIDED.items():
        save(name, twin.load_study(ROOT / "experiments" / f"{study}.yaml").run().plot.draw(figure))


def save(name: str, figure: Figure) -> None:
    """A figure among the pictures."""
    with mpl.rc_context(SETTINGS):
        figure.savefig(IMAGES / f"{name}.svg", metadata={"Date": None})


if __name__ == "__main__":
    main()
