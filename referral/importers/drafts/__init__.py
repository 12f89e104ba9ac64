"""Imports on their way: the file that was sent, the work on it in a process of its own, and what it would do."""
