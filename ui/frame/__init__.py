"""The frame of any lesson: heading, columns, views, controls, guess-then-reveal, numbers, notebook, link, foot."""
