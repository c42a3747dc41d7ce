"""PDF files: tagged, in Dutch, in our two typefaces, with people's text as text and never as source."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import pytest
import typst
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import update

from lms.content.models import Library
from lms.database import db
from lms.errors import Invalid
from lms.learning.tables import Attest, Completion
from lms.pack.rules import FicheLine, fiche_lines, fiche_words
from lms.web import pdf as room
from lms.web.assets import pdf_fonts
from lms.web.pdf import make_pdf
from tests.factories import make_finished, make_person
from tests.world import Browser, library_of

pytestmark = pytest.mark.sqlite_alone

POLYGLOT = (
    'Nel #import "x": * $x^2$ *vet* _schuin_ @verwijzing <label> \\ `code` = kop #panic() //weg /* */ [] {} ~ -- \'"'
)


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def text_of(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def typefaces(reader: PdfReader) -> set[str]:
    """The embedded typefaces, without the mark of their subset and without weight."""
    names = {
        str(font.get_object()["/BaseFont"])
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]
    }
    assert all(re.match(r"/[A-Z]{6}\+", name) for name in names), f"not embedded: {names}"
    return {name.split("+")[1].split("-")[0] for name in names}


def tags(reader: PdfReader) -> list[str]:
    """The names of all elements of the structure tree, in reading order."""
    found: list[str] = []

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for kid in node:
                walk(kid)
        elif isinstance(node, dict):
            if "/S" in node:
                found.append(str(node["/S"]).strip("/"))
            if "/K" in node:
                walk(node["/K"])

    walk(reader.trailer["/Root"]["/StructTreeRoot"])  # type: ignore[index]
    return found


def alternatives(reader: PdfReader) -> list[str]:
    """The texts for those who do not see an image."""
    found = []
    for number in range(1, len(reader.xref[0]) + len(reader.xref_objStm) + 2):
        item = reader.get_object(number)
        if isinstance(item, dict) and "/Alt" in item:
            found.append(str(item["/Alt"]))
    return found


def check_house_style(reader: PdfReader, title: str) -> None:
    """What every PDF of this site keeps to; the sabotaged twins below must not pass."""
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and tags(reader), "not tagged"
    assert root["/Lang"] == "nl-BE"
    assert reader.metadata is not None and reader.metadata.title == title
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    assert typefaces(reader) == {"Figtree", "BricolageGrotesque"}


def attest_of(app: Flask, name: str = "Nele Van Acker") -> tuple[PdfReader, str]:
    """The attest of somebody with this name who did the course, and its number."""
    person = make_finished(library_of(app), name=name).id
    number = db.session.query(Attest.code).scalar()
    answer = Browser(app).sign_in(person).raw("GET", "/navorming/attest.pdf")
    assert answer.status_code == 200 and answer.mimetype == "application/pdf"
    return read(answer.get_data()), str(number)


def test_the_attest_holds_what_a_school_asks(app: Flask) -> None:
    reader, number = attest_of(app)
    live: Library = library_of(app)
    check_house_style(reader, "Attest van Nele Van Acker")
    assert len(reader.pages) == 1
    text = text_of(reader).replace("- ", "-")
    for words in ("Nele Van Acker", live.course.title, "2 uur", number, app.config["LMS"].controller):
        assert words in text
    assert f"http://127.0.0.1:8000/attest/{number}" in text
    for objective in live.course.objectives:
        assert objective.text.replace("- ", "-") in text
    assert alternatives(reader) == [f"QR-code die leidt naar http://127.0.0.1:8000/attest/{number}"]
    names = tags(reader)
    assert names.count("H1") == 2 and names.count("LI") == len(live.course.objectives) and "Figure" in names


def test_the_qr_code_is_that_of_the_check_page(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("lms.learning.views.attest.qr_svg", lambda text: asked.append(text) or room.qr_svg(text))
    _, number = attest_of(app)
    assert asked == [f"{app.config['LMS'].base_url}/attest/{number}"]


def test_a_name_is_text_whatever_signs_it_holds(app: Flask) -> None:
    reader, _ = attest_of(app, POLYGLOT)
    assert POLYGLOT in text_of(reader)
    assert reader.metadata is not None and reader.metadata.title == f"Attest van {POLYGLOT}"


def test_a_name_that_is_set_as_source_would_break_the_pdf(app: Flask) -> None:
    """The sabotaged twin: what the template keeps apart is dangerous indeed."""
    with pytest.raises(typst.TypstError):
        typst.compile(POLYGLOT.encode())


def test_letters_of_other_alphabets_are_shown_or_refused_with_a_sentence(app: Flask) -> None:
    """An empty box in a name would be worse than no PDF."""
    reader, _ = attest_of(app, "Олена Łukasz Şeyma Ναταλία")
    assert "Олена Łukasz Şeyma Ναταλία" in text_of(reader)
    # No typeface that we have holds these.
    person = make_finished(library_of(app), name="李雷").id
    page = Browser(app).sign_in(person).get("/navorming/attest.pdf")
    assert page.status == 422 and "letter of teken" in page.text


def test_another_mistake_in_a_template_is_not_blamed_on_the_name(app: Flask) -> None:
    with pytest.raises(typst.TypstError):
        make_pdf("attest", {"title": "Niet volledig"})
    with pytest.raises(Invalid):
        make_pdf("attest", {"title": "中", "name": "中"} | dict.fromkeys(
            ("course", "hours", "done_before", "done_after", "number", "issued", "issuer", "check"), "x"
        ) | {"objectives": [], "qr": room.qr_svg("x")})  # fmt: skip


def test_without_the_shelf_of_typefaces_the_check_fails(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotaged twin: typst takes another typeface without a word."""
    bare = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[])
    monkeypatch.setattr(room, "_fonts", lambda: bare)
    reader, _ = attest_of(app)
    with pytest.raises(AssertionError):
        check_house_style(reader, "Attest van Nele Van Acker")


def test_the_typefaces_are_known_by_the_names_that_the_templates_use() -> None:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(pdf_fonts())])
    assert {(font.family, font.weight) for font in fonts.fonts()} == {
        ("Figtree", 400), ("Figtree", 700), ("Bricolage Grotesque", 700),
    }  # fmt: skip


def test_who_has_no_attest_gets_none(app: Flask) -> None:
    browser = Browser(app).sign_in(make_person().id)
    assert browser.get("/navorming/attest.pdf").location == "/navorming/klaar"
    assert browser.get("/navorming/klaar").location == "/navorming"


def test_an_attest_of_the_live_navorming_says_so(app: Flask) -> None:
    person = make_finished(library_of(app)).id
    db.session.execute(update(Completion).values(followed_on=date(2026, 10, 5)))
    db.session.commit()
    text = text_of(read(Browser(app).sign_in(person).raw("GET", "/navorming/attest.pdf").get_data()))
    assert "de live navorming" in text and "volgde op 5 oktober 2026" in text


# ── fiches ─────────────────────────────────────────────────────────────────


def letters(text: str) -> str:
    """Lines of a PDF end anywhere, so texts are compared by their letters."""
    return "".join(char for char in text if char.isalnum())


def fiche_of(app: Flask, path: str) -> PdfReader:
    answer = Browser(app).sign_in(make_finished(library_of(app)).id).raw("GET", path)
    assert answer.status_code == 200 and answer.mimetype == "application/pdf"
    return read(answer.get_data())


def test_every_fiche_is_whole_on_paper(app: Flask) -> None:
    """The same content as on the screen, exercise by exercise."""
    live = library_of(app)
    browser = Browser(app).sign_in(make_finished(live).id)
    for session in live.sessions:
        reader = read(browser.raw("GET", f"/pakket/{session.slug}/fiche.pdf").get_data())
        check_house_style(reader, f"Begeleidersfiche sessie {session.number}: {session.short_title}")
        text = letters(text_of(reader))
        parts: list[str] = [session.title, session.lead, *session.preparation]
        for exercise in session.exercises:
            parts += [exercise.name, exercise.facilitator_notes, *exercise.answer_key, exercise.safety_note or ""]
            parts += [*(step.text for step in exercise.steps), *exercise.methods, *exercise.materials]
            parts += [item for part in exercise.lists for item in (part.title, *part.items)]
            parts += [variant for question in exercise.probing_questions for variant in question.variants]
        # A page may end within a text, with its foot and head between; those few are looked at by their start.
        missing = [part for part in parts if letters(part) not in text and letters(part)[:40] not in text]
        assert not missing, session.slug
        pages = len(reader.pages)
        last = " ".join(reader.pages[-1].extract_text().split())
        assert f"Pagina {pages} van {pages}" in last and f"Sessie {session.number} · {session.title}" in last


def test_the_table_of_a_fiche_has_headings_and_every_exercise(app: Flask) -> None:
    session = library_of(app).sessions[0]
    names = tags(fiche_of(app, f"/pakket/{session.slug}/fiche.pdf"))
    assert names.count("Table") == 1 and names.count("TH") == 4 and "THead" in names
    assert names.count("TR") == 1 + len(session.exercises) and names.count("TD") == 4 * len(session.exercises)


def test_a_fiche_says_where_each_question_comes_from(app: Flask) -> None:
    session = library_of(app).sessions[0]
    text = " ".join(text_of(fiche_of(app, f"/pakket/{session.slug}/fiche.pdf")).split())
    for source, words in (("toolbox", "(uit de toolbox)"), ("aangevuld", "(aangevuld)")):
        asked = [
            variant
            for exercise in session.exercises
            for question in exercise.probing_questions
            if question.source == source
            for variant in question.variants
        ]
        assert asked and letters(text).count(letters(words)) == len(asked), source


def test_a_fiche_takes_the_clock_times_of_the_screen(app: Flask) -> None:
    path = f"/pakket/{library_of(app).sessions[0].slug}"
    browser = Browser(app).sign_in(make_finished(library_of(app)).id)
    page = browser.get(f"{path}?start=10.25")
    assert page.soup is not None
    link = page.soup.find("a", href=f"{path}/fiche.pdf?start=10.25")
    assert link is not None
    text = text_of(read(browser.raw("GET", link["href"]).get_data()))
    assert "Begint om" in text and "10.25" in text and "vanaf 10.30" in text
    assert browser.get(f"{path}/fiche.pdf?start=halfelf").status == 422


def test_text_of_a_course_file_is_text_in_the_fiche(app: Flask) -> None:
    session = library_of(app).sessions[0]
    line = fiche_lines(session)[0]
    spoiled = line.exercise.model_copy(
        update={"name": POLYGLOT, "facilitator_notes": POLYGLOT, "materials": (POLYGLOT,)}
    )
    words = fiche_words(session, [FicheLine(exercise=spoiled, starts_at_minute=0, clock=None)])
    assert letters(text_of(read(make_pdf("fiche", words)))).count(letters(POLYGLOT)) == 4
