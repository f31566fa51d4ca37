"""What happened in one replication: the trace, and the ways of its parts."""
