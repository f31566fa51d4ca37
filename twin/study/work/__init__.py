"""Who does the work of many replications: this process, worker processes, or an executor of the caller."""
