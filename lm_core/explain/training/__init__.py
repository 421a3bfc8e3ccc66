"""What a training did: its curves, the heads it moved, the mistakes that are left, and the words they rest on."""
