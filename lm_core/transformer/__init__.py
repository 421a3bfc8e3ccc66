"""The Transformer itself: config, attention, layers, bodies and heads; the part that goes on the projector.

It knows tensors only: no text, no file, no hub.
"""
