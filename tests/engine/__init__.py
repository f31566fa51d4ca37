"""What the engine does, as traces that can be counted by hand."""
