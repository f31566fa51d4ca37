"""What carries or keeps parts in a run: belts, racks, vehicles and their calls."""
