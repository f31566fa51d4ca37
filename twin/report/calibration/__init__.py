"""What a calibration says: its page, its figures, its tables."""
