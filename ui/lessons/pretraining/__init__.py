"""From nothing: a small text, its pieces, and a model that learns them."""
