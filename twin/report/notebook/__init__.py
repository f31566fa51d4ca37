"""What a notebook shows of a plant, a study and a comparison; a result and a calibration have their own reports."""
