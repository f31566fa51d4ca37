"""What a run warns of at its end, in English; ``twin.report.phrases.warned`` has it in French."""

from __future__ import annotations

from typing import Any

from twin.core.said import Said
from twin.core.said import said as filled

WARNED = {
    "ended_in_vain": "the run ended with parts at {names}: they wait for parts that no source can still send",
    "stand_in_vain": "at the end parts stand at {names}: they wait for parts that no source can still send",
    "still_one": "nothing has gone on at {names} since {time}: it {why}",
    "still": "nothing has gone on at {names} since {time}: each {why}",
    "no_people": "waits for people who never come",
    "no_driver": "waits for a driver who never comes",
    "no_cards": "never finds a load of parts that have their cards, though all cards are free",
    "begins_again": "begins its part again and again",
    "never_takes": "never gets to take a part between its hours and stops",
    "never_gets_on": "never gets on with its part between its hours and stops",
}
"""Key → the sentence in English."""


def said(key: str, /, **values: Any) -> Said:
    """The sentence of a key with its blanks filled; KeyError: there is no such key, or a blank has no value."""
    return filled(WARNED, key, **values)
