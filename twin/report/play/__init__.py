"""A run replayed: one page on which the parts move."""
