"""Trainings: curves, moments along them, and the data that they learn from."""
