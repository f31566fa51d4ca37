"""Calibration: from what was logged to laws that know what they don't know.

The statistical core: pure functions on samples, which read no file. ``sample`` holds what was seen of one mode of one
machine, ``fit`` finds the most likely law, ``posterior`` all the laws that may be true, ``pool`` lends between the
machines of a class, ``trend`` asks whether one law can be true at all, ``share`` does the same for scrap, and ``said``
knows how much may be printed.
"""
