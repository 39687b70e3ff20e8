"""Honest numbers: metric, results file, calibration, report. Formulas are in `geometry.nme`."""
