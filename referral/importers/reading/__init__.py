"""A file that somebody else made into rows: what it is, how large it may be, and its tables. Knows no directory."""
