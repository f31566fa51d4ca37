"""Money: known answers, rules of time and tax, properties, risk."""
