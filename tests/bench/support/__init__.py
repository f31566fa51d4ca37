"""What benchmarks share: their registry, the clock, the plants."""
