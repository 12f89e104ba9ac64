"""Directories that others publish, read into ours: one module per source, and one loader for all.

A source module gives `parse(...)`, a stream of records; `load` stages them and writes what differs in one
transaction. May import models, vocabulary and places' tables; knows no web.
"""
