"""What a run is made of besides time: parts, queues, choices, kits, loads, cards, lots, the account of parts."""
