"""The machines of a station in a run: parts, loads, set-ups, stops, power, quality."""
