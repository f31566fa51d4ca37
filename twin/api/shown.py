"""What shows itself as its tables: printed, in a terminal, as the last line of a cell of a notebook."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import RenderableType

    from twin.report.words import Lang


class Shown(ABC):
    """An answer of the facade: one table in words, which Python, rich and a notebook each ask for in their way."""

    @abstractmethod
    def table(self, lang: Lang = "en") -> RenderableType:
        """The answer as rich tables; ValueError for an unknown language."""

    @abstractmethod
    def text(self, lang: Lang = "en") -> str:
        """The answer as plain text; ValueError for an unknown language."""

    @abstractmethod
    def _repr_html_(self) -> str:
        """What a notebook shows."""

    def __rich__(self) -> RenderableType:
        return self.table()

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return self.text()
