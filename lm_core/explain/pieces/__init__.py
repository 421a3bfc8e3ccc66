"""What the model reads: pieces of words, their embeddings and positions, and the map of the vocabulary."""
