"""A run whose event ties are shuffled leaves the same ledger."""
