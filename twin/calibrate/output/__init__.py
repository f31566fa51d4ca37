"""What a calibration writes: the fitted file, the draws beside it, and whether they still hold."""
