"""Pieces of words: the search for them, their vectors, their positions, their map."""
