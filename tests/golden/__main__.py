"""Write the golden files anew: ``python -m tests.golden``."""

from __future__ import annotations

from . import HERE, described, names

for name in names():
    (HERE / f"{name}.out").write_text(described(name), encoding="utf-8")
