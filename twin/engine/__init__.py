"""Engines: the plan comes to life and leaves a ledger."""

from twin.engine.simpy import simulate

__all__ = ["simulate"]
