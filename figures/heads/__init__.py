"""Attention and heads: lines, heat maps, bars along the sentence, and BertViz offline."""
