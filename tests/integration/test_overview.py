"""The overview of O&S: every figure is the number of the rows behind it, on worlds that are made at random."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook

from lms.clock import frozen
from lms.database import db
from lms.monitoring.actions import figures
from lms.monitoring.actions.figures import gather_figures
from lms.monitoring.queries import gathering
from lms.monitoring.queries.gathering import KEPT, find_stamp, kept_rows
from lms.monitoring.tables.figures import FigureStamp
from lms.permissions import Role
from lms.schools.tables import Contact, Membership, School
from tests.factories import make_contact_person, make_finished, make_person, make_school
from tests.figures import random_world
from tests.integration.test_pages_scale import LIST, Visit, cost
from tests.world import end_transaction, library_of

FIGURE = re.compile(r'<a href="(/overzicht/[^"]+)">(?:<span class="sr">[^<]*</span>)?(\d+)</a>')
# A Saturday in the middle of the first term, so that a school year has months behind it.
TODAY = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)


def staff_of(app: Flask) -> Visit:
    return Visit(app, make_person(role=Role.OS_STAFF).id)


def html_of(visit: Visit, path: str) -> str:
    return visit.get(path).response.get_data(as_text=True)


def count_now(app: Flask) -> None:
    end_transaction()
    assert gather_figures(library_of(app).course)
    end_transaction()


def figures_of(page: str) -> list[tuple[str, int]]:
    """Every figure that is a link, with where it leads."""
    return [(unescape(path), int(value)) for path, value in FIGURE.findall(page)]


def rows_behind(visit: Visit, path: str) -> tuple[int, int, int]:
    """How many rows there are on all pages of a list, what its heading says, and the heads of sessions together."""
    rows = heads = 0
    seen = path
    while True:
        page = html_of(visit, seen)
        body = page.split("<tbody", 1)[-1].split("</tbody>", 1)[0] if "<tbody" in page else ""
        rows += body.count("<tr ")
        heads += sum(map(int, re.findall(r'data-l="Jongeren" class="num"><span>(\d+)<', body)))
        following = re.search(r'<a href="([^"]+)" rel="next">', page)
        if following is None:
            said = re.search(r'<p class="lead">(\d+) ', page)
            assert said is not None
            return rows, int(said[1]), heads
        seen = unescape(following[1])


def mismatches(visit: Visit, path: str) -> list[str]:
    """The figures of one overview that differ from their rows; a figure may be the heads of the sessions instead."""
    page = visit.get(path)
    assert page.status == 200
    found = figures_of(page.response.get_data(as_text=True))
    wrong = []
    for link, value in found:
        rows, said, heads = rows_behind(visit, link)
        if rows != said or value not in ({rows, heads} if "/sessies" in link else {rows}):
            wrong.append(f"{link}: {value} on the overview, {rows} rows, {said} said")
    assert len(found) > 5, "a page with hardly a figure proves nothing"
    return wrong


@pytest.mark.both
@pytest.mark.parametrize(
    "seed",
    [1, pytest.param(2, marks=pytest.mark.slow), pytest.param(3, marks=[pytest.mark.slow, pytest.mark.sqlite_alone])],
)
def test_every_figure_is_the_number_of_its_rows(app: Flask, seed: int) -> None:
    with frozen(TODAY):
        first, _second = random_world(library_of(app), seed)
        count_now(app)
        visit = staff_of(app)
        scopes = (
            "",
            "?jaar=2025",
            "?soort=scholen",
            "?gemeente=Genk&jaar=2025",
            "?gemeente=elders",
            f"?opvolger={first}",
        )
        for scope in scopes:
            assert mismatches(visit, f"/overzicht{scope}") == []


def test_a_list_that_forgets_a_condition_is_seen(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotaged twin: the rows no longer look at the kind of organisation."""
    from lms.monitoring.queries import overview_rows

    with frozen(TODAY):
        random_world(library_of(app), 4)
        count_now(app)
        visit = staff_of(app)
        whole = overview_rows.in_scope
        monkeypatch.setattr(overview_rows, "in_scope", lambda scope: whole(type(scope)(year=scope.year)))
        assert mismatches(visit, "/overzicht?soort=jeugdwerk") != []


def test_the_figures_are_those_that_the_facts_give(app: Flask) -> None:
    """One small world counted by hand."""
    with frozen(TODAY):
        library = library_of(app)
        school = make_school(municipality="Genk")
        youth = make_school(municipality="Genk", kind="jeugdwerk")
        make_school(municipality="Leuven")
        make_contact_person(school)
        make_finished(library, school=youth)
        count_now(app)
        page = html_of(staff_of(app), "/overzicht")
    tiles = re.findall(r"<dt>([^<]+)<small>([^<]+)</small></dt><dd>(?:<a [^>]+>)?(\d+)", page)
    assert tiles == [
        ("scholen en organisaties", "+3 dit schooljaar", "3"),
        ("met aanspreekpunt", "2 nog zonder", "1"),
        ("begeleiders in de navorming", "1 klaar, 0 bezig", "1"),
        ("scholen met de toolbox in gebruik", "0 deelnames van jongeren", "0"),
    ]
    assert page.count("Gehaald") == 1, "in Genk a school and a youth organisation take part"
    assert page.count("Nog een school en een jeugdorganisatie nodig") == 4
    assert "Buiten Limburg" in page


def test_whoever_left_a_school_after_finishing_still_counts_there_for_that_year(app: Flask) -> None:
    with frozen(TODAY):
        library = library_of(app)
        school = make_school()
        person = make_finished(library, school=school)
        end_transaction()
        row = db.session.query(Membership).filter_by(person_id=person.id).one()
        row.ended_at = TODAY
        db.session.commit()
        count_now(app)
        visit = staff_of(app)
        page = html_of(visit, "/overzicht")
        assert "0 klaar, 0 bezig" in page
        assert "Werkt er niet meer" in html_of(visit, "/overzicht/begeleiders?stand=klaar-in-jaar")


# ── gathering ──────────────────────────────────────────────────────────────


def test_gathering_again_writes_nothing_but_the_stamp_and_sees_what_changed(app: Flask) -> None:
    random_world(library_of(app), 5)
    count_now(app)
    before = {kept: kept_rows(kept) for kept in KEPT}
    stamp = find_stamp()
    count_now(app)
    assert {kept: kept_rows(kept) for kept in KEPT} == before
    again = find_stamp()
    assert stamp is not None and again is not None and again.mark != stamp.mark
    end_transaction()
    school = db.session.query(School).first()
    assert school is not None
    school.municipality = "Voeren"
    contact = db.session.query(Contact).first()
    if contact is not None:
        db.session.delete(contact)
    db.session.commit()
    count_now(app)
    wanted = gathering.gather(library_of(app).course)
    assert {kept: kept_rows(kept) for kept in KEPT} == dict(wanted)


def test_of_two_who_gather_at_once_one_gives_way(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    course = library_of(app).course
    count_now(app)
    real = figures._claim

    def overtaken(*seen: Any) -> bool:
        """Somebody else is faster."""
        monkeypatch.setattr(figures, "_claim", real)
        assert gather_figures(course)
        return real(*seen)

    monkeypatch.setattr(figures, "_claim", overtaken)
    assert not gather_figures(course)
    assert db.session.query(FigureStamp).count() == 1


def test_staff_can_count_again_and_keep_their_choice(app: Flask) -> None:
    visit = staff_of(app)
    assert "Nog niets geteld" in html_of(visit, "/overzicht")
    reply = visit.post("/overzicht/tellen?gemeente=Genk&soort=so", {})
    assert reply.status == 303 and reply.location is not None
    assert "gemeente=Genk" in reply.location and "soort=so" in reply.location
    make_school(municipality="Genk")
    assert "Hier is nog geen school" in html_of(visit, reply.location), "it shows what was counted, and says when"
    visit.post("/overzicht/tellen", {})
    assert "Hier is nog geen school" not in html_of(visit, reply.location)


@pytest.mark.parametrize(
    "query",
    [
        "jaar=9999", "jaar=-1", "jaar=abc", "jaar=2026&jaar=x", "soort=weeshuis", "gemeente=" + "a" * 500,
        "opvolger=999999999999", "opvolger=x", "feit=alles", "stand=x&onderdeel=y&maand=202699", "pagina=0", "pagina=-3",
        "pagina=99999999999", "pagina=500",
    ],
)  # fmt: skip
def test_an_address_that_makes_no_sense_gives_a_page(app: Flask, query: str) -> None:
    random_world(library_of(app), 6, schools=3, people=4)
    count_now(app)
    visit = staff_of(app)
    for page in ("", "/scholen", "/begeleiders", "/sessies", "/aanspreekpunten"):
        assert visit.get(f"/overzicht{page}?{query}").status == 200, page


def test_a_name_from_before_the_mergers_is_the_municipality_of_today(app: Flask) -> None:
    make_school(municipality="Hasselt")
    count_now(app)
    assert html_of(staff_of(app), "/overzicht/scholen?gemeente=kortessem").count("<tr role") == 2


PAGES = (
    "/overzicht",
    "/overzicht?gemeente=Genk&soort=scholen&jaar=2025",
    "/overzicht/scholen?feit=doet-mee",
    "/overzicht/begeleiders?stand=bezig",
    "/overzicht/sessies",
    "/overzicht/aanspreekpunten",
)


def test_the_overview_costs_the_same_when_everything_doubles(app: Flask) -> None:
    visit = staff_of(app)
    random_world(library_of(app), 7, schools=6, people=10)
    count_now(app)
    before = {path: cost(visit, path) for path in PAGES}
    assert max(before.values()) <= LIST, before
    random_world(library_of(app), 8, schools=70, people=90)
    count_now(app)
    assert {path: cost(visit, path) for path in PAGES} == before


def test_every_chart_has_a_table_and_no_chart_says_more(app: Flask) -> None:
    """W7: the drawings are pictures with a name or mere decoration; their figures stand in tables."""
    random_world(library_of(app), 9)
    count_now(app)
    page = html_of(staff_of(app), "/overzicht")
    main = page.split("<main", 1)[1].split("</main>", 1)[0]
    for section in re.findall(r"<section.*?</section>", main, re.DOTALL):
        if "<svg" in re.sub(r'<svg class="icon".*?</svg>', "", section, flags=re.DOTALL):
            assert "<table" in section, section[:200]
    for drawing in re.findall(r"<svg [^>]*>", main):
        assert 'aria-hidden="true"' in drawing or ('role="img"' in drawing and 'aria-label="' in drawing), drawing
    assert "style=" not in main


def test_the_worker_counts_at_its_own_pace_and_goes_on_when_it_cannot(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from lms.cli import figures as keeping
    from lms.cli.worker import Clockwork

    clockwork = Clockwork(app)
    clockwork.tick()
    first = find_stamp()
    end_transaction()
    clockwork.tick()
    second = find_stamp()
    end_transaction()
    assert first is not None and second is not None and first.mark == second.mark, "not again within the minute"

    somebody = "An Peeters"

    def fail(_course: Any) -> bool:
        raise RuntimeError(somebody)

    monkeypatch.setattr(keeping, "gather_figures", fail)
    assert keeping.gather_or_log(app) >= keeping.REST_SECONDS
    assert "could not gather the figures" in caplog.text and "Peeters" not in caplog.text


# ── to take along ──────────────────────────────────────────────────────────


def test_every_table_and_every_list_can_be_taken_along(app: Flask) -> None:
    with frozen(TODAY):
        random_world(library_of(app), 10)
        school = make_school(name="=1+1", municipality="Genk")
        make_contact_person(school, name="Ann")
        count_now(app)
        visit = staff_of(app)
        book = load_workbook(BytesIO(visit.get("/overzicht?als=xlsx&gemeente=Genk").response.get_data()))
        assert len(book.sheetnames) == 6
        wanted = figures_of(html_of(visit, "/overzicht?gemeente=Genk"))
        total = next(value for path, value in wanted if "feit=alle" in path)
        assert [row[:3] for row in book["Per gemeente"].iter_rows(min_row=2, max_row=2, values_only=True)] == [
            ("Genk", *(next((v for p, v in wanted if f"soort={kind}" in p and "feit=alle" in p), 0) for kind in ("scholen", "jeugdwerk")))
        ]  # fmt: skip
        for table in ("doel", "stappen", "gemeenten", "maanden", "onderdelen", "jaren"):
            text = visit.get(f"/overzicht?als=csv&tabel={table}").response.get_data().decode("utf-8-sig")
            assert text.count("\r\n") > 2 and "Geteld op" in text, table
        assert visit.get("/overzicht?als=csv&tabel=geheim").status == 404
        rows = visit.get("/overzicht/scholen?als=csv&gemeente=Genk").response.get_data().decode("utf-8-sig")
        lines = rows.split("\r\n\r\n")[0].splitlines()
        assert len(lines) == total + 1
        assert "'=1+1" in rows, "a name is never a formula"
        for path in ("begeleiders?stand=alle&", "sessies?", "aanspreekpunten?"):
            sheet = load_workbook(BytesIO(visit.get(f"/overzicht/{path}als=xlsx").response.get_data())).active
            assert sheet is not None and sheet.max_row > 2, path


def test_before_anything_is_counted_a_file_is_a_page_that_says_so(app: Flask) -> None:
    assert "Nog niets geteld" in html_of(staff_of(app), "/overzicht?als=xlsx")
