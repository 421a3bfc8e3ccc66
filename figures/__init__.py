"""Figures: numbers and labels in, plotly figures and SVG out."""
