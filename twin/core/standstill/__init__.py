"""Runs that stand still: deadlocks, parts that wait in vain, runs that would never end."""
