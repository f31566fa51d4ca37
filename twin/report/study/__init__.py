"""What a study says, for people: the decision first, then scenarios, differences, risk, and what is not known."""
