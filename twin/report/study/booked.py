"""What the workbook and the slides of a study says, in English and French; ``words.say`` knows these phrases too."""

from __future__ import annotations

BOOKED: dict[str, tuple[str, str]] = {}
"""Phrase → English, French."""
