"""What a key figure is: the words and the unit that every report needs."""

from __future__ import annotations

from typing import NamedTuple


class Kpi(NamedTuple):
    """One KPI as a reader needs it."""

    where: str
    """plant, product, carrier, element, state or bottleneck: which paths it stands under."""
    name: str
    """Last word of its path; empty for the bottleneck share."""
    unit: str
    """'s', 'parts', '1/h', 'share' (0…1), 'kWh', 'kg' (of CO₂ equivalent), 'EUR', 'trips' or 'm';
    a kind may have a unit of its own, which is shown as it stands."""
    en: str
    fr: str
    formula: str
    norm: str = ""
    """The standard or source that defines it; empty: a common definition."""
    higher_is_better: bool | None = None
    """None: neither direction is better in itself."""
