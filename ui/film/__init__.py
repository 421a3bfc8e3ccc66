"""The attention film: drag along the loss of a training, and see heads, gaps and labels of that moment."""
