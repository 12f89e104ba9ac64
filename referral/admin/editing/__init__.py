"""Editing: the page of one listing for staff, the forms that change it, and what happens when two do so at once."""

from referral.admin.editing import previewing, program_routes, routes, standing_routes
from referral.admin.editing.blueprint import editing

__all__ = ["editing", "previewing", "program_routes", "routes", "standing_routes"]
