"""Many heads: what every head looks at, and what it is for."""
