"""Benchmarks, one file each: ``python -m tests.bench [NAME …] [--quick]``. Nothing here is a timed assertion."""
