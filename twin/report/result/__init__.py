"""What a run says in numbers: tables of words, shares, limits."""
