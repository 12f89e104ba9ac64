"""The map on a page of results: from points to plain numbers for an SVG. Pure: no web, no database, no words."""

from referral.locator.drawing import draw
from referral.locator.shapes import Box, Locator, Marker, Origin, Point, Ring, Text, Town

__all__ = ["Box", "Locator", "Marker", "Origin", "Point", "Ring", "Text", "Town", "draw"]
