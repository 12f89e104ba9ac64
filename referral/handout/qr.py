"""The QR code that leads from paper back to a list."""

from __future__ import annotations

import segno
from markupsafe import Markup

QUIET_MODULES = 4
"""Empty margin that readers need around the code (ISO/IEC 18004)."""


def qr_svg(address: str) -> Markup:
    """An SVG element: black on white whatever the theme, without a size of its own. For an http(s) address."""
    code = segno.make_qr(address, error="m")
    svg: str = code.svg_inline(
        border=QUIET_MODULES, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=True
    )
    return Markup(svg)  # noqa: S704 - numbers and colours only: the address stands in it as dots
