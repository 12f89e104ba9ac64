"""Records of a source into the directory: staged, compared, and written in one transaction; corrections stay."""
