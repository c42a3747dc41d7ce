"""The sheets for participants: tagged, with room to write, and without a word that is meant for begeleiders."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from lms.content.models import Library
from lms.content.toolbox_models import Session
from lms.pack.rules.planning import fingerprint_of
from lms.pack.rules.sheets import sheet_words
from lms.web.pdf import TEMPLATES, make_pdf
from tests.factories import make_finished
from tests.integration.test_pack_lock import letters, pdf_text, words_of
from tests.integration.test_pdf import alternatives, check_house_style, read, tags, text_of
from tests.world import Browser, library_of

pytestmark = pytest.mark.sqlite_alone

SECRET = ("facilitator_notes", "probing_questions", "methods", "safety_note", "answer_key")


def sheet_of(session: Session) -> bytes:
    assert session.sheet is not None, session.slug
    return make_pdf("sheet", sheet_words(session, session.sheet))


def with_canaries(session: Session) -> tuple[Session, list[str]]:
    """The session with a word of its own in each field that only begeleiders may read, and those words."""
    canaries: list[str] = []

    def mark(old: object) -> str:
        canaries.append(f"Kanarie{session.number}x{len(canaries)}vogel")
        return canaries[-1]

    exercises = []
    for exercise in session.exercises:
        questions = tuple(
            one.model_copy(update={"intent": mark(one), "variants": tuple(map(mark, one.variants))})
            for one in exercise.probing_questions
        )
        fields = {
            "facilitator_notes": mark(exercise), "safety_note": mark(exercise), "probing_questions": questions,
            "methods": (mark(exercise),), "answer_key": tuple(map(mark, exercise.answer_key or ("leeg",))),
            "at_home_part": mark(exercise), "materials": (mark(exercise),),
            "steps": tuple(step.model_copy(update={"text": mark(step)}) for step in exercise.steps),
        }  # fmt: skip
        exercises.append(exercise.model_copy(update=fields))
    marked = {"exercises": tuple(exercises), "preparation": (mark(session),), "aim": mark(session)}
    return session.model_copy(update=marked), canaries


def singing(library: Library) -> Iterator[str]:
    """Every canary that is heard on the sheet of a session."""
    for session in library.sessions:
        marked, canaries = with_canaries(session)
        assert len(canaries) > 5 * len(session.exercises)
        text = pdf_text(sheet_of(marked))
        yield from (canary for canary in canaries if canary in text)


def test_no_word_for_begeleiders_reaches_a_sheet(app: Flask) -> None:
    live = library_of(app)
    with app.app_context():
        assert list(singing(live)) == []


def test_a_sheet_that_shows_what_is_for_begeleiders_would_be_heard(app: Flask) -> None:
    """The sabotaged twin: the part of an exercise takes the notes along."""

    def careless(session: Session, sheet: object) -> dict[str, object]:
        words = sheet_words(session, sheet)  # type: ignore[arg-type]
        words["parts"][0]["text"] = session.exercises[0].facilitator_notes
        return words

    with app.app_context():
        marked, canaries = with_canaries(library_of(app).sessions[0])
        text = pdf_text(make_pdf("sheet", careless(marked, marked.sheet)))
    assert any(canary in text for canary in canaries)


def test_the_real_sheets_hold_no_sentence_that_only_begeleiders_read(app: Flask) -> None:
    live = library_of(app)
    with app.app_context():
        for session in live.sessions:
            text = pdf_text(sheet_of(session))
            for exercise in session.exercises:
                for name in SECRET:
                    for sentence in words_of(getattr(exercise, name)):
                        if len(sentence) > 25:
                            assert letters(sentence) not in text, f"{session.slug}: {sentence}"


def test_every_sheet_is_tagged_speaks_dutch_and_holds_all_of_its_lists(app: Flask) -> None:
    live = library_of(app)
    browser = Browser(app).sign_in(make_finished(live))
    for session in live.sessions:
        answer = browser.raw("GET", f"/pakket/{session.slug}/deelnemersblad.pdf")
        assert answer.status_code == 200 and answer.mimetype == "application/pdf"
        pdf = answer.get_data()
        reader = read(pdf)
        check_house_style(reader, f"Deelnemersblad sessie {session.number}: {session.short_title}")
        assert len(reader.pages) <= 5 and "H1" in tags(reader) and "Table" in tags(reader)
        letters_of_pdf, lists = pdf_text(pdf), {one.title: one for item in session.exercises for one in item.lists}
        assert session.sheet is not None
        for part in session.sheet.parts:
            assert letters(part.text) in letters_of_pdf
            for block in part.blocks:
                for title in (getattr(block, key, None) for key in ("list", "left", "right")):
                    for item in lists[title].items if title else ():
                        assert letters(item) in letters_of_pdf, f"{session.slug}: {item}"
        assert browser.get(f"/pakket/{session.slug}").soup.find(  # type: ignore[union-attr]
            "a", href=f"/pakket/{session.slug}/deelnemersblad.pdf"
        )


def test_what_the_toolbox_asks_of_participants_is_on_paper(app: Flask) -> None:
    """Nine circles, forty traits, fourteen skills, 39 talents, a body, fourteen domains and a match."""
    live = library_of(app)
    with app.app_context():
        pdfs = {session.slug: read(sheet_of(session)) for session in live.sessions}
    assert alternatives(pdfs["talenten"]) == ["De omtrek van een lichaam om op te tekenen"]
    assert text_of(pdfs["talenten"]).count("1 2 3 4 5") == 39
    counts = {
        block.list: len(next(one for one in exercise.lists if one.title == block.list).items)
        for session in live.sessions
        for part in (session.sheet.parts if session.sheet else ())
        for exercise in session.exercises
        if exercise.id == part.exercise
        for block in part.blocks
        if getattr(block, "list", None)
    }
    for title, count in (
        ("De negen cirkels", 9), ("Veertig eigenschappen", 40), ("De veertien domeinen", 14),
        ("De veertien vaardigheden: goed, graag of allebei?", 14), ("Waar woont je talent?", 6),
    ):  # fmt: skip
        assert counts[title] == count


def test_a_sheet_prints_without_colour(app: Flask) -> None:
    """Every colour in the template is a grey: what is only a colour is gone in the copier."""
    source = (TEMPLATES / "sheet.typ").read_text("utf-8")
    assert "rgb(" not in source and not any(f" {name}" in source for name in ("brand", "deep", "lamp", "hill-1"))


def test_a_session_without_sheet_has_no_address_for_it_and_a_new_sheet_changes_no_plan(rich: Flask) -> None:
    live = library_of(rich)
    session = live.sessions[0]
    assert session.sheet is None
    browser = Browser(rich).sign_in(make_finished(live))
    assert browser.get(f"/pakket/{session.slug}/deelnemersblad.pdf").status == 404
    assert "Deelnemersblad" not in browser.get(f"/pakket/{session.slug}").text
    sheet = {"intro": "Van jou.", "parts": [{"exercise": session.exercises[0].id, "text": "Schrijf.", "blocks": []}]}
    assert fingerprint_of(session.model_copy(update={"sheet": sheet})) == fingerprint_of(session)
