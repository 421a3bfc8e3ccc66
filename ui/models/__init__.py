"""Which model reads: the shelf of models in memory, the picker at the side, and readers' own."""
