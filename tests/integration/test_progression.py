"""Until September: a school counts where its youngsters went; two editors see each other; small numbers stay inside."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from lms.clock import frozen
from lms.database import db
from lms.monitoring.rules.progression import Reason, field_of
from lms.monitoring.tables.progression import Progression, ProgressionReason
from lms.people.tables import Act, AuditRow, Person
from lms.permissions import Role
from lms.privacy.actions import erase
from tests.factories import make_contact_person, make_person, make_school
from tests.world import Browser, database_state, end_transaction, form_token

pytestmark = pytest.mark.both

NOVEMBER = datetime(2026, 11, 28, 12, tzinfo=UTC)
PATH = "/mijn-school/september"
GOOD = {
    "started": "24", "finished": "20", "visited": "12", "enrolled": "9", "working": "8", "elsewhere": "2",
    "not_known": "1", field_of(Reason.WORK): "8", field_of(Reason.TIRED): "3",
}  # fmt: skip


def contact(app: Flask) -> tuple[Browser, int]:
    school = make_school(name="School van hier")
    school_id = school.id
    return Browser(app).sign_in(make_contact_person(school, name="Ann Punt").id), school_id


def kept(school_id: int) -> tuple[Progression, dict[Reason, int]]:
    end_transaction()
    row = db.session.scalars(select(Progression).where(Progression.school_id == school_id)).one()
    reasons = db.session.scalars(select(ProgressionReason).where(ProgressionReason.progression_id == row.id))
    return row, {reason.reason: reason.count for reason in reasons}


def test_the_aanspreekpunt_counts_and_sees_the_own_numbers_as_typed(app: Flask) -> None:
    with frozen(NOVEMBER):
        browser, school_id = contact(app)
        page = browser.get(PATH)
        assert "schooljaar 2025–2026" in page.text and "Er is nog niets ingevuld" in page.text
        assert "tot en met 31 augustus 2027" in page.text
        answer = browser.post(PATH, GOOD | {"versie": "0"}, token=form_token(browser))
        assert answer.status == 303
        page = browser.get(PATH)
        assert page.soup is not None and "door Ann Punt" in page.text
        shown = {field["name"]: field["value"] for field in page.soup.select(".count-fields input")}
        assert {name: value for name, value in shown.items() if value} == GOOD
    row, reasons = kept(school_id)
    assert (row.school_year, row.started, row.not_known, row.version) == (2025, 24, 1, 1)
    assert reasons == {Reason.WORK: 8, Reason.TIRED: 3}
    # An aanspreekpunt writes about the own school: that is no privileged act.
    assert list(db.session.scalars(select(AuditRow.act))) == []


def test_what_does_not_add_up_is_said_at_the_field_and_everything_typed_stays(app: Flask) -> None:
    with frozen(NOVEMBER):
        browser, _ = contact(app)
        state = database_state(without=frozenset({"sign_in"}))
        page = browser.post(PATH, GOOD | {"versie": "0", "enrolled": "12"}, token=form_token(browser))
        assert page.status == 422 and page.title.startswith("Fout:") and page.soup is not None
        assert "De vier samen zijn 23, maar er rondden er 20 af" in page.text
        assert page.soup.find("input", {"name": "enrolled"})["value"] == "12"  # type: ignore[index]
        assert page.soup.find("input", {"name": field_of(Reason.WORK)})["value"] == "8"  # type: ignore[index]
        assert page.soup.find("a", href="#enrolled") is not None
        assert database_state(without=frozenset({"sign_in"})) == state


def test_the_same_form_sent_twice_is_kept_once(app: Flask) -> None:
    with frozen(NOVEMBER):
        browser, school_id = contact(app)
        for _ in range(2):
            assert browser.post(PATH, GOOD | {"versie": "0"}, token=form_token(browser)).status == 303
    assert kept(school_id)[0].version == 1


def test_two_editors_see_both_versions_and_nothing_is_lost(app: Flask) -> None:
    with frozen(NOVEMBER):
        browser, school_id = contact(app)
        browser.post(PATH, GOOD | {"versie": "0"}, token=form_token(browser))
        office = Browser(app).sign_in(make_person(role=Role.OS_STAFF, name="Omer Staf").id)
        path = f"/scholen/{school_id}/september"
        mine = GOOD | {"versie": "1", "visited": "20"}
        assert office.post(path, mine, token=form_token(office)).status == 303
        late = browser.post(PATH, GOOD | {"versie": "1", "visited": "15"}, token=form_token(browser))
        assert late.status == 409 and late.soup is not None
        row = next(tr for tr in late.soup.select("tbody tr") if "infodag" in tr.get_text())
        assert [td.get_text(strip=True) for td in row.select("td")] == ["20", "15"]
        assert "door Omer Staf" in late.text
        assert kept(school_id)[0].visited == 20
        # What was typed is still there, and can be kept knowingly.
        version = late.soup.find("input", {"name": "versie"})["value"]  # type: ignore[index]
        again = browser.post(PATH, GOOD | {"versie": str(version), "visited": "15"}, token=form_token(browser))
        assert again.status == 303
    assert kept(school_id)[0].visited == 15
    acts = list(db.session.execute(select(AuditRow.act, AuditRow.subject_id)))
    assert acts == [(Act.COUNTS_KEPT.value, school_id)]


def test_without_looking_at_the_version_the_first_would_be_lost(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotaged twin: every form says that it saw the newest counts."""
    import lms.monitoring.views.progression as views

    with frozen(NOVEMBER):
        browser, school_id = contact(app)
        for version, visited in ((0, "12"), (1, "20")):
            browser.post(PATH, GOOD | {"versie": str(version), "visited": visited}, token=form_token(browser))
        monkeypatch.setattr(views, "_version", lambda: 2)
        assert browser.post(PATH, GOOD | {"versie": "1"}, token=form_token(browser)).status == 303
    assert kept(school_id)[0].visited == 12


def test_a_closed_year_is_read_only_and_an_unknown_one_is_not_there(app: Flask) -> None:
    with frozen(datetime(2026, 8, 31, 12, tzinfo=UTC)):
        browser, school_id = contact(app)
        page = browser.get(PATH)
        assert "2025–2026" in page.text and "2024–2025" in page.text
        assert browser.post(f"{PATH}?jaar=2024", GOOD | {"versie": "0"}, token=form_token(browser)).status == 303
    # Midnight in Brussels comes two hours before midnight in UTC.
    with frozen(datetime(2026, 8, 31, 22, 30, tzinfo=UTC)):
        page = browser.get(PATH)
        assert "Vroegere schooljaren" in page.text
        for year in ("2024", "2026", "1999", "x", "2025.0"):
            assert browser.get(f"{PATH}?jaar={year}").status == 404
            answer = browser.post(f"{PATH}?jaar={year}", GOOD | {"versie": "1"}, token=form_token(browser))
            assert answer.status == 404
    assert kept(school_id)[0].version == 1


def test_an_erased_person_leaves_the_counts_without_a_name(app: Flask) -> None:
    with frozen(NOVEMBER):
        browser, school_id = contact(app)
        browser.post(PATH, GOOD | {"versie": "0"}, token=form_token(browser))
        row, _ = kept(school_id)
        person_id = row.changed_by_id
        assert person_id is not None
        person = db.session.get(Person, person_id)
        assert person is not None
        person.deletion_asked_at = NOVEMBER - timedelta(days=60)
        db.session.commit()
        assert erase(person_id)
        office = Browser(app).sign_in(make_person(role=Role.OS_STAFF).id)
        page = office.get(f"/scholen/{school_id}/september")
        assert "Ann Punt" not in page.text and page.soup is not None
        assert page.soup.find("input", {"name": "started"})["value"] == "24"  # type: ignore[index]
