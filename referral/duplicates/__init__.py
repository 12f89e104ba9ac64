"""Duplicates: which listings may be one and the same place, and merging two into one. Knows no web."""
