"""Energy carriers: what stands under ``energy`` at the top of a layout."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

from twin.core.problem import fault, quoted
from twin.core.spec import Spec
from twin.core.unit import Quantity

ELECTRICITY = "electricity"
"""The carrier of power that is written without one."""
_NAME = re.compile(r"\w[\w-]*")


def read_carrier(name: str) -> str:
    """The name of a carrier."""
    if not _NAME.fullmatch(name):
        raise fault(f"{quoted(name)} is no name; use letters, digits, '_' and '-'")
    return name


class Carrier(Spec):
    """What a kWh of one energy carrier costs and emits."""

    price: Annotated[float, Quantity("money per energy")] | None = None
    """What it costs; without it the cost of a part is without this energy."""
    carbon: Annotated[float, Quantity("carbon per energy")] | None = None
    """Emission factor where the plant stands: of the grid, of the fuel (location-based)."""
    carbon_market: Annotated[float, Quantity("carbon per energy")] | None = None
    """Emission factor of what the contract buys (market-based); without it 'carbon' counts there too."""


CarrierName = Annotated[str, AfterValidator(read_carrier)]
