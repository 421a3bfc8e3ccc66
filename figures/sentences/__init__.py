"""Sentences and pairs: surprise in bits, how much a pair is believed, orders of a story."""
