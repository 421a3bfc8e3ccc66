"""Models on disk: Hugging Face folders in and out, the hub, and `load_pretrained`, which the app talks to."""
