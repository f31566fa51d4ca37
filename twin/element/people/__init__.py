"""People at work in a run: who holds whom, who is lent, who is away."""
