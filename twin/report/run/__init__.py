"""What a run says, for people: one page with its figures."""
