"""A training under way, whichever lesson began it: the pool, its options, its controls and its curves."""
