"""What heads do: their attention, by hand and in numbers, roles, likeness, and what is lost without them."""
