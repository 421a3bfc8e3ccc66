"""Home: what this is, the model at work on one sentence, and the map of the course."""
