"""Attention and heads: lines, heat maps, and BertViz offline."""
