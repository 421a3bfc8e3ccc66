"""What is measured once and ships with a checkpoint: each a command that writes a table, and what reads it."""
