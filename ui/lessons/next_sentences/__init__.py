"""Next sentences: whether one follows another, and who is fooled."""
