"""Made-up listings for trying Onward out: real towns, invented providers, phone numbers of fiction (555-01xx)."""
