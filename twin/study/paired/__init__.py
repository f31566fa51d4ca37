"""Scenarios simulated beside each other, replication by replication, and what of it is kept on disk."""
