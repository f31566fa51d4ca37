"""Plans of the starter layouts as text, compared with ``NAME.out``.

``python -m tests.golden`` writes the files anew; read the difference before you keep it.
"""

from __future__ import annotations

from pathlib import Path

import twin

HERE = Path(__file__).parent
LAYOUTS = HERE.parents[1] / "layouts"


def names() -> list[str]:
    """The starter layouts, sorted by name."""
    return sorted(path.stem for path in LAYOUTS.glob("*.yaml"))


def described(name: str) -> str:
    """The compiled plan of a starter layout as text."""
    return twin.load(LAYOUTS / f"{name}.yaml").describe()
