"""Trainings of many people that take turns, on this machine or on Ray; what is taken home and what is brought back."""
