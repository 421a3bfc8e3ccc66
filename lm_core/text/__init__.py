"""Texts on their way to the model: pieces, masking, batches, corpora, labelled tables.

What counting words makes of them is here, too; nothing here knows a model.
"""
