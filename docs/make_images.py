"""Draw the pictures of the documentation with the program itself: ``python docs/make_images.py``."""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib as mpl

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

import twin  # noqa: E402

IMAGES = ROOT / "docs" / "images"
SETTINGS = {"svg.fonttype": "none", "svg.hashsalt": "twin"}
"""Text stays text, so that the files are small; the salt makes them the same each time."""

DRAWN = {"three_machines": "bottleneck", "machining_cell": "state"}
"""Layout → what the colours of its drawing stand for."""


def main() -> None:
    """Run each plant and draw it."""
    for name, colour in DRAWN.items():
        result = twin.load(ROOT / "layouts" / f"{name}.yaml").run()
        with mpl.rc_context(SETTINGS):
            result.plot.plant(colour=colour).savefig(IMAGES / f"{name}.svg", metadata={"Date": None})


if __name__ == "__main__":
    main()
