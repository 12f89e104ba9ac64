"""Importing: files are sent, compared, applied and taken back, and differences with staff's values are settled."""

from referral.admin.imports import (  # noqa: F401 - their routes
    differences,
    draft_routes,
    gone,
    mapping_routes,
    runs,
    uploading,
)
from referral.admin.imports.blueprint import imports

__all__ = ["imports"]
