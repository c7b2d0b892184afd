"""Drawings made by hand, as data: the shape of their strokes, and what can be told of them in words."""
