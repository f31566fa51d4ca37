"""Cleaning a log, rule by rule, with an account of every row and every minute."""
