"""Levers: changes of a layout by path, and the Lean shorthands that expand to such changes, one file a shorthand."""
