"""Levers: what each stands for, on one plant."""
