"""One head by hand: seven steps from X to the output of a head."""
