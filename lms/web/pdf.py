"""PDF files, set by typst from the templates in ``lms/templates/pdf``: tagged, PDF/UA-1, in Dutch, in our typefaces.

Text of people and of the content goes in as data and is never read as source of typst, so a name may hold any sign.
Setting a PDF takes a few dozen milliseconds: it is done by pages that only read, never while the database is locked.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
import typst
from flask import Response, current_app

from lms.clock import now
from lms.errors import Invalid
from lms.web.assets import pdf_fonts

# For how many documents typst keeps what it worked out.
KEPT_DOCUMENTS = 10
TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "pdf"


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Our two typefaces, and those inside typst for letters that ours do not have (Greek, Cyrillic).

    The typefaces of the machine stay out, so that a PDF is the same on each one.
    """
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(pdf_fonts())])


@lru_cache(maxsize=1)
def _no_fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[])


def make_pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """Set ``templates/pdf/<template>.typ`` with ``data``, which the template reads as JSON.

    ``data`` needs a ``title``; every template gets ``site`` besides. Raises Invalid when the text holds a letter
    that no typeface of ours can show: a PDF with an empty box in a name would be worse than none.
    """
    words = {"site": current_app.config["LMS"].site_name} | dict(data)
    try:
        pdf = typst.compile(
            TEMPLATES / f"{template}.typ",
            root=TEMPLATES,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(words)},
            pdf_standards=["ua-1"],
            timestamp=now().replace(microsecond=0),
        )
    except typst.TypstError as error:
        if "could not be displayed" not in error.message:
            raise
        raise Invalid(
            "Deze pdf bevat een letter of teken dat we niet kunnen afdrukken. Staat het in je naam? "
            "Vraag O&S om je naam in gewone letters te zetten."
        ) from error
    finally:
        _let_go()
    return bytes(pdf)


def _let_go() -> None:
    """Make typst forget what it worked out for this PDF, some 20 MB for a fiche.

    It keeps that until ten other documents were set, which on a quiet site is for ever; empty ones take a
    millisecond each.
    """
    for _ in range(KEPT_DOCUMENTS + 1):
        typst.compile(b"", font_paths=_no_fonts(), ignore_system_fonts=True)


def qr_svg(address: str) -> str:
    """A QR code that leads to ``address``, as SVG for a template; a scratch on paper does not break it."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=0, dark="#000", xmldecl=False)
    return out.getvalue().decode()


def pdf_answer(pdf: bytes, filename: str) -> Response:
    """A PDF to keep. As a download, because some browsers cannot show one under our security policy."""
    answer = Response(pdf, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=filename)
    return answer
