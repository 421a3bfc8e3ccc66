"""Language model: counting against understanding."""
