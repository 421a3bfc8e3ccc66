"""Pure functions of traces: what a forward pass says about a prediction or a head."""
