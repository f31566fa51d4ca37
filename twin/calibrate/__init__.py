"""Calibration: from what was logged to laws that know what they don't know.

The way of a history, a room a step: ``history`` reads it, ``cleaning`` cleans it, ``evidence`` takes samples,
``fitting`` finds the laws that may be true, ``output`` writes them. ``chain`` goes the whole way; ``rows`` and
``found`` are the values that pass from room to room; ``synthetic`` makes logs with a known truth.
"""
