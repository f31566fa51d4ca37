"""The drawing of a plant: places, routes, signs, what was measured."""
