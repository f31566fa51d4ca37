"""From a clean log to evidence: lives on the clock of each mode, repairs, cycles, set-ups, shares."""
