"""The statistics: samples, posteriors, pooling, trends, and what may be said; pure functions that read no file."""
