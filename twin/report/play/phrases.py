"""What the replay of a run says, in English and French; ``words.say`` knows these phrases too."""

from __future__ import annotations

PLAYED: dict[str, tuple[str, str]] = {}
"""Phrase → English, French."""
