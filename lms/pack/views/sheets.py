"""The sheet for participants of a session, for the copier. It stands behind the lock, as the fiche does."""

from __future__ import annotations

from typing import Any

from lms.content.library import find_session
from lms.errors import NotFound
from lms.pack.rules.sheets import sheet_words
from lms.pack.views import blueprint
from lms.permissions import Permission
from lms.web.access import requires
from lms.web.pages import library
from lms.web.pdf import make_pdf, pdf_answer


@blueprint.get("/pakket/<slug>/deelnemersblad.pdf")
@requires(Permission.OPEN_PACK)
def sheet_pdf(slug: str) -> Any:
    session = find_session(library(), slug)
    if session is None or session.sheet is None:
        raise NotFound
    return pdf_answer(make_pdf("sheet", sheet_words(session, session.sheet)), f"deelnemersblad-{slug}.pdf")
