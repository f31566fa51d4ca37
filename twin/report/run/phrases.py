"""What the report of a run and its figures says, in English and French; ``words.say`` knows these phrases too."""

from __future__ import annotations

RUN: dict[str, tuple[str, str]] = {}
"""Phrase → English, French."""
