"""Interactive views of our own: HTML, CSS and JS beside a thin Python wrapper each."""
