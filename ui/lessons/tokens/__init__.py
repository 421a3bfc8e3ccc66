"""Tokens and positions: pieces and ids, embeddings, positions, the map of words."""
