"""Training live: a pre-trained model learns from labelled texts."""
