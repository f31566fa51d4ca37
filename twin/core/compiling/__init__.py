"""From a layout to the numbers of the plan: names, the flow, and what is wrong or never used."""
