"""Our own file format, as export writes it: reading it, and bringing listings to what it says."""
