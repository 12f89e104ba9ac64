"""The JSON twin of the pages: the same questions and answers for other systems."""
