"""Intervals, comparison, selection and effects: pure functions of what replications show."""
