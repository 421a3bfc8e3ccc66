"""Answers to a gap, held against those of another pass, sentence or occupation; and bars along a sentence."""
