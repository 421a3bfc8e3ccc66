"""Whole sentences: how probable one is, by the model and by counting, and whether one follows another."""
