"""Studies: replications over processes, intervals, and what a run answers."""
