"""The begeleiderspakket stays shut until the navorming is done, by whatever address one tries the door."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import true

import lms.app
from lms.app import create_app
from lms.content.models import Library
from lms.permissions import Role
from tests.factories import make_finished, make_person
from tests.world import TOTP_SECRET, Browser, end_transaction, library_of, revoke_pack


def words_of(value: Any) -> Iterator[str]:
    """Every sentence inside a piece of content."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from words_of(item)
    elif hasattr(value, "model_fields_set"):
        # A timing case carries its session along to be judged; it shows no more of it than names and minutes.
        for name in type(value).model_fields.keys() - {"taken_from"}:
            yield from words_of(getattr(value, name))


def secrets_of(library: Library) -> frozenset[str]:
    """Sentences that stand in the fiches alone: not on the cards, not in the public example, not in the lessons."""
    sample = next(
        exercise
        for session in library.sessions
        for exercise in session.exercises
        if exercise.id == library.course.sample_exercise
    )
    known = "\n".join([*words_of(library.cards), *words_of(sample), *words_of(library.course)])
    parts: list[Any] = []
    for session in library.sessions:
        parts += [session.preparation, session.sheet, *session.exercises]
    return frozenset(
        sentence for part in parts for sentence in words_of(part) if len(sentence) > 30 and sentence not in known
    )


def leaked(answer: Any, secrets: frozenset[str]) -> set[str]:
    """Which sentences of the fiches this answer holds, also when quotes and signs are written as HTML."""
    import html

    body = answer.get_data()
    if body.startswith(b"%PDF"):
        text = pdf_text(body)
        # Lines of a PDF end anywhere, so only letters are compared.
        return {sentence for sentence in secrets if letters(sentence) in text}
    text = html.unescape(answer.get_data(as_text=True))
    return {sentence for sentence in secrets if sentence in text}


def letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def pdf_text(pdf: bytes) -> str:
    return letters("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def addresses(slug: str) -> list[str]:
    """Every way we could think of to spell the address of a fiche."""
    spelled = "".join(f"%{ord(char):02x}" for char in slug)
    return [
        f"/pakket/{slug}", f"/pakket/{slug}/", f"/pakket/{slug}//", f"//pakket/{slug}", f"/pakket//{slug}",
        f"/pakket/{slug}.", f"/pakket/{slug}..", f"/pakket/{slug}%20", f"/pakket/%20{slug}", f"/pakket/{slug}%00",
        f"/pakket/{slug.upper()}", f"/PAKKET/{slug}", f"/Pakket/{slug.title()}", f"/pakket/{spelled}",
        f"/%70akket/{slug}", f"/pakket%2F{slug}", f"/pakket%2f{slug}", f"/pakket%5C{slug}", f"/pakket\\{slug}",
        f"/./pakket/{slug}", f"/pakket/./{slug}", f"/pakket/x/../{slug}", f"/pakket/x/%2e%2e/{slug}",
        f"/pakket/x/..%2F{slug}", f"/pakket/%2e%2e/pakket/{slug}", f"/voorbeeld/../pakket/{slug}",
        f"/voorbeeld/..%2fpakket/{slug}", f"/static/../pakket/{slug}", f"/static/%2e%2e/pakket/{slug}",
        f"/inhoud/../toolbox/{slug}/sessie.yaml", f"/inhoud/toolbox/{slug}/sessie.yaml",
        f"/inhoud/navorming/../toolbox/{slug}/sessie.yaml", f"/inhoud/navorming/%2e%2e/toolbox/{slug}/sessie.yaml",
        f"/inhoud/navorming/..%2ftoolbox%2f{slug}/sessie.yaml?.png", f"/courses/toolbox/{slug}/sessie.yaml",
        f"/static/courses/toolbox/{slug}/sessie.yaml", f"/pakket/{slug}/print", f"/pakket/{slug}/pdf",
        f"/pakket/{slug}.pdf", f"/pakket/{slug}/fiche.pdf", f"/pakket/{slug}/FICHE.PDF", f"/pakket/{slug}/fiche.pdf/",
        f"/pakket/{slug}/deelnemersblad.pdf", f"/pakket/{slug}/Deelnemersblad.pdf", f"/pakket/{slug}//deelnemersblad.pdf",
        f"/pakket/x/../{slug}/deelnemersblad.pdf", f"/pakket/{slug}/deelnemersblad.pdf/", f"/deelnemersblad/{slug}.pdf",
        f"/pakket/{slug}/fiche.pdf.", f"/pakket/{slug}//fiche.pdf", f"/pakket/{spelled}/fiche%2Epdf",
        f"/pakket/x/../{slug}/fiche.pdf", f"/pakket/{slug}/./fiche.pdf", f"/pakket/{slug}/fiche.pdf?start=10.25",
        f"/pakket/{slug}/fiche.pdf%00", f"/pakket/{slug}/fiche.pdf;x=1", f"/voorbeeld/../pakket/{slug}/fiche.pdf",
        f"/PAKKET/{slug}/fiche.pdf", f"/pakket/{slug}%2Ffiche.pdf", f"/pakket/{slug.upper()}/fiche.pdf",
        f"/pakket/{slug}.json", f"/pakket/{slug}.ics", f"/pakket/{slug}.html",
        f"/pakket/{slug}/offline.json", f"/pakket/{slug}/live", f"/pakket/{slug}/sessie.yaml", f"/pakket/{slug};x=1",
        f"/pakket/{slug}?start=10.25", f"/pakket/{slug}?open=1&has_open_pack=1", f"/pakket/{slug}#x",
        f"/pakket/{slug}?_method=GET", f"/pakket/{slug}%3Fstart=1", f"/pakket/{slug}%23", f"/pakket/{slug}%0A",
        f"/pakket/ {slug}", f"/pakket/{slug}\u200b", "/pakket/*", "/pakket/..", "/pakket/%2e%2e", "/pakket/.",
        f"/pakket/planner/{slug}", f"/pakket/planner/{slug}?uren=50&w=s1-toekomst:deel", "/pakket/planner",
        "/pakket/planner/plan/1", "/pakket/planner/gedeeld/x", "/pakket/groepen", "/groepen",
        "/pakket/planner/agenda", "/pakket/planner/plan/1/agenda.ics", "/agenda/x.ics", f"/agenda/{slug}.ics",
        "/pakket/opwarmen", "/pakket/vragen", "/pakket/vragen/1", f"/pakket/{slug}?plan=1",
        "/live/1", "/live/1/", "/live/01", "/LIVE/1", "/live/../live/1", "/live/1?open=1", "/live/1.json", "/live/1.html",
        "/live/verbinding", "/live/1/app.webmanifest", "/live/achtergrond.js", "/pakket/logboek", "/pakket/logboek/1",
        f"/pakket/logboek/nieuw?sessie={slug}", "/pakket/logboek/nieuw?plan=1", "/pakket/logboek/ontvang",
        "/pakket/",
        "/pakket", "/pakket?sessie=" + slug, "/pakket/bestaat-niet", "/pakket/0", "/pakket/None",
        f"/navorming/../pakket/{slug}", f"/navorming/pakket/{slug}", f"/navorming/gesprek/{slug}", f"/voorbeeld/{slug}",
        f"/voorbeeld?sessie={slug}", f"/scholen/../pakket/{slug}",
    ]  # fmt: skip


# What proxies, caches and download tools send along.
ENVELOPES: list[dict[str, str]] = [
    {},
    {"Range": "bytes=0-100000"},
    {"If-None-Match": "*"},
    {"If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"},
    {"X-Original-URL": "/voorbeeld", "X-Rewrite-URL": "/voorbeeld"},
    {"X-HTTP-Method-Override": "GET", "X-Forwarded-For": "127.0.0.1"},
    {"Accept": "application/json", "X-Requested-With": "XMLHttpRequest"},
    {"Purpose": "prefetch", "Sec-Purpose": "prefetch"},
]


def strangers(app: Flask) -> dict[str, Browser]:
    """Everybody who may not read a fiche."""
    live = library_of(app)
    locked, revoked = make_person().id, make_finished(live).id
    waiting = make_person(role=Role.OS_STAFF, totp_secret=TOTP_SECRET).id
    revoke_pack(revoked)
    end_transaction()
    return {
        "anonymous": Browser(app),
        "locked": Browser(app).sign_in(locked),
        "revoked": Browser(app).sign_in(revoked),
        "staff before the second factor": Browser(app).sign_in(waiting, second_factor=False),
    }


def holes(app: Flask, who: str, paths: Sequence[str] = ()) -> list[str]:
    """Every request by which ``who`` gets a sentence of a fiche, or a status that says it was served.

    ``paths``: these addresses alone.
    """
    live = library_of(app)
    browser, secrets, slug = strangers(app)[who], secrets_of(live), live.sessions[0].slug
    found = []
    for path in paths or addresses(slug):
        for method in ("GET", "HEAD", "POST"):
            for envelope in ENVELOPES if path in {f"/pakket/{slug}", f"/pakket/{slug}/fiche.pdf"} else ENVELOPES[:1]:
                answer = browser.raw(method, path, headers=envelope, follow_redirects=method == "GET")
                if leaked(answer, secrets):
                    found.append(f"{method} {path} {envelope}: text of a fiche")
                served = answer.status_code in {206, 304} or answer.status_code >= 500
                if served or ("/pakket/" in path and method == "HEAD" and answer.status_code == 200):
                    found.append(f"{method} {path} {envelope}: {answer.status_code}")
    return found


WHO = ("anonymous", "locked", "revoked", "staff before the second factor")


def test_the_fiches_hold_many_sentences_that_stand_nowhere_else(app: Flask) -> None:
    """Otherwise looking for them would prove nothing."""
    assert len(secrets_of(library_of(app))) > 50


@pytest.mark.both
@pytest.mark.parametrize("who", [WHO[0], WHO[1], *(pytest.param(who, marks=pytest.mark.slow) for who in WHO[2:])])
def test_no_address_serves_a_fiche_to_somebody_without_completion(app: Flask, who: str) -> None:
    assert holes(app, who) == []


@pytest.mark.slow
@pytest.mark.sqlite_alone
@pytest.mark.parametrize("who", ["locked", "revoked"])
def test_when_every_pack_counts_as_open_the_leak_is_seen(app: Flask, monkeypatch: pytest.MonkeyPatch, who: str) -> None:
    """The sabotaged twin: the clause that asks for a completion is always true."""
    monkeypatch.setattr(lms.app, "has_open_pack_clause", true)
    spoiled = create_app(app.config["LMS"], watch_content=False)
    slug = library_of(app).sessions[0].slug
    paths = (f"/pakket/{slug}", f"/pakket/{slug}/fiche.pdf")
    found = holes(spoiled, who, paths)
    for path in paths:
        assert f"GET {path} {{}}: text of a fiche" in found


def test_after_completion_the_whole_fiche_can_be_read(app: Flask) -> None:
    live = library_of(app)
    browser = Browser(app).sign_in(make_finished(live).id)
    for session in live.sessions:
        own = secrets_of(live) & {word for exercise in session.exercises for word in words_of(exercise)}
        for path in (f"/pakket/{session.slug}", f"/pakket/{session.slug}/fiche.pdf"):
            page = browser.get(path)
            assert page.status == 200
            assert len(leaked(page.response, own)) > 0.8 * len(own), path


def test_revoking_shuts_the_pack_from_the_next_request_also_for_a_browser_that_kept_a_copy(app: Flask) -> None:
    live = library_of(app)
    person = make_finished(live).id
    browser = Browser(app).sign_in(person)
    paths = [f"/pakket/{live.sessions[0].slug}{rest}" for rest in ("", "/fiche.pdf")]
    tags = []
    for path in paths:
        first = browser.get(path)
        assert first.status == 200
        # Nothing between us and the reader may keep the page.
        assert first.response.headers["Cache-Control"] == "no-store"
        tags.append(first.response.headers.get("ETag", '"fiche"'))
    revoke_pack(person)
    for path, tag in zip(paths, tags, strict=True):
        for headers in ({}, {"If-None-Match": tag}, {"Range": "bytes=0-"}):
            again = browser.get(path, headers=headers)
            assert again.status == 403
            assert not leaked(again.response, secrets_of(live))


def test_the_locked_page_says_what_is_missing_and_links_to_it(app: Flask) -> None:
    live = library_of(app)
    page = Browser(app).sign_in(make_person().id).get(f"/pakket/{live.sessions[0].slug}")
    assert page.status == 403
    assert live.course.lessons[0].title in page.text
    assert page.soup is not None
    module, lesson = live.course.modules[0], live.course.modules[0].lessons[0]
    assert page.soup.find("a", href=f"/navorming/{module.slug}/{lesson.slug}") is not None


def test_the_example_is_the_one_exercise_that_the_course_names(app: Flask) -> None:
    live = library_of(app)
    answer = Browser(app).raw("GET", "/voorbeeld")
    assert answer.status_code == 200
    assert not leaked(answer, secrets_of(live))


def test_finished_pages_of_others_do_not_open_the_pack(app: Flask) -> None:
    """An attest proves something to a school; it is no key."""
    live = library_of(app)
    make_finished(live)
    locked = Browser(app).sign_in(make_person().id)
    assert locked.get("/navorming/klaar").status == 302
    assert locked.get(f"/pakket/{live.sessions[0].slug}").status == 403


def test_images_come_from_the_course_alone_never_from_the_toolbox(editable: tuple[Flask, Path]) -> None:
    """The folder of the toolbox lies beside that of the course; no way of writing the address leads into it."""
    app, course = editable
    for place in (course / "les.png", course.parent / "toolbox" / "fiche.png"):
        place.write_bytes(b"\x89PNG\r\n\x1a\n" + place.parent.name.encode())
    reader = Browser(app).sign_in(make_person().id)
    assert reader.raw("GET", "/inhoud/navorming/les.png").status_code == 200
    for path in ("toolbox/fiche.png", "navorming/../toolbox/fiche.png", "navorming/%2e%2e/toolbox/fiche.png",
                 "navorming/./../toolbox/fiche.png", "navorming//../toolbox/fiche.png",
                 "navorming/..%2ftoolbox/fiche.png", "./navorming/../toolbox/fiche.png"):  # fmt: skip
        assert reader.raw("GET", f"/inhoud/{path}", follow_redirects=True).status_code == 404, path
    assert Browser(app).raw("GET", "/inhoud/navorming/les.png").status_code == 302
