"""The search for the best design: decisions, simulation where it tells most, and the set that cannot be told apart."""
