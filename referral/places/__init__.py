"""Places: from what a person types to a point, offline, out of the database."""

CREDITS = (
    "ZIP codes: the zipcodes package. Cities and populations: GeoNames (geonames.org), "
    "licensed under CC BY 4.0 (creativecommons.org/licenses/by/4.0), shortened and joined with ZIP codes."
)
"""Who is to be named for the data, in plain text."""
