"""Places: from what a person types to a point, offline, out of the database."""

from referral.vocabulary.words import N_

CREDITS = N_("Places: the zipcodes package, and GeoNames (geonames.org) under CC BY 4.0, shortened and joined.")
"""Who is to be named for the data, in plain text."""
