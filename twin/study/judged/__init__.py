"""From paired runs to a decision: money, risk, and what would settle the question."""
