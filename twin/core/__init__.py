"""The words everybody shares: text, units, the layout, the plan, what a run is made of."""
