"""QR codes on a page: drawn in place and coloured by the style sheet, so that no policy stands in the way."""

from __future__ import annotations

import io

import segno
from markupsafe import Markup


def qr_for_page(text: str, *, error: str | None = None) -> Markup:
    """``text`` as an SVG for a template. ``error``: how much of it may be damaged, from ``l`` to ``h``."""
    out = io.BytesIO()
    segno.make(text, micro=False, error=error).save(
        out, kind="svg", xmldecl=False, svgns=False, svgclass="qr", lineclass="qr-line", omitsize=True
    )
    return Markup(out.getvalue().decode())  # noqa: S704 - made by segno, which writes no text of others
