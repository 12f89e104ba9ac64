"""Directories that others publish, read into ours: one module per source, and one loader for all.

A source module gives `parse(...)`, a stream of records; `load` stages them and writes what differs in one
transaction. May import models, vocabulary and places' tables; knows no web.
"""

import os

# By default openpyxl reads with the parser of defusedxml, in Python and slow. expat alone is as safe here, because
# xlsx_rows refuses every document type, and so every entity, before openpyxl opens a workbook.
# openpyxl looks at this once, when it is first imported; where that was earlier, reading is only slower.
os.environ.setdefault("OPENPYXL_DEFUSEDXML", "False")
