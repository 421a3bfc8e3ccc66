"""Texts on their way to the model: pieces, batches, corpora, labelled tables, and what counting words makes of them.

Nothing here knows a model.
"""
