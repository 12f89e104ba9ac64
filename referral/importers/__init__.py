"""Directories that others publish, read into ours.

A file becomes rows (`reading`), rows become records by the rules of their source (`samhsa`, `mapping`, and `own` for
our own format), and records come into the directory in one transaction (`loading`). `drafts` does it in steps, for
people who want to see before they apply. May import models, vocabulary and places' tables; knows no web.
"""

import os

# By default openpyxl reads with the parser of defusedxml, in Python and slow. expat alone is as safe here, because
# reading.xlsx_bounds refuses every document type, and so every entity, before openpyxl opens a workbook.
# openpyxl looks at this once, when it is first imported; where that was earlier, reading is only slower.
os.environ.setdefault("OPENPYXL_DEFUSEDXML", "False")
