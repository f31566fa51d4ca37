"""Stands in the way of ipywidgets, so that notebooks run in the tests as they do where it is not installed.

The answer to a cell that shows a figure under a slider is sometimes lost, and the test would wait for ever
(https://github.com/jupyter/nbconvert/issues/2029). Sliders have tests of their own.
"""

raise ImportError("no sliders in the tests")
