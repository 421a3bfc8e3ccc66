"""Masked words: what the model expects in a gap, how sure it is, and why."""
