"""What SAMHSA publishes: the National Directory, and the locator's export and JSON. Each gives records."""
