"""Parts of a page that several lessons show: answers to a gap, one head, the tokens of the input."""
