"""What is expected in a gap: answers, where they arise, which words they rest on, and the game that taught them."""
