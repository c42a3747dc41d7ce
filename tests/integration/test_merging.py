"""Two schools that are one: everything moves to the one that stays, in one transaction, and the old poster still works."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import UniqueConstraint, func, select, update

import lms.app  # noqa: F401 - makes every table known
from lms.clock import now
from lms.database import db
from lms.errors import Conflict
from lms.monitoring.actions import merging
from lms.monitoring.actions.merging import COUNTS, MADE_READY
from lms.monitoring.rules.progression import Reason
from lms.monitoring.tables.progression import Progression, ProgressionReason
from lms.people.tables import Act, AuditRow
from lms.permissions import Role
from lms.schools.queries.register import tables_of_schools, what_hangs_on
from lms.schools.rules.doubles import Listed, likely_doubles
from lms.schools.tables import (
    Contact,
    EndedLink,
    InvitedColleague,
    Membership,
    MergedSchool,
    School,
    Succession,
)
from tests.factories import (
    make_contact_person,
    make_group,
    make_log,
    make_note,
    make_person,
    make_question,
    make_school,
)
from tests.server import Visit
from tests.world import database_state, end_transaction, visitor_of

pytestmark = pytest.mark.both


@pytest.fixture
def staff(rich: Flask) -> Visit:
    return Visit(rich, make_person(role=Role.OS_STAFF).id)


def merge(staff: Visit, kept: School, gone: School, **more: str) -> Any:
    form = {"blijft": str(kept.id), f"versie-{kept.id}": "1", f"versie-{gone.id}": "1"}
    return staff.post(f"/scholen/{gone.id}/samenvoegen/{kept.id}", form | more)


def rows(table: Any, *conditions: Any) -> int:
    end_transaction()
    return db.session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


def save(*new: Any) -> None:
    db.session.add_all(new)
    db.session.commit()


def progression(school: School, **counts: int) -> Progression:
    return Progression(school_id=school.id, school_year=2025, changed_at=now(), **dict.fromkeys(COUNTS, 0) | counts)


# ── everything moves ───────────────────────────────────────────────────────


def test_every_row_of_the_other_school_moves_and_the_school_is_gone(staff: Visit) -> None:
    kept, gone = make_school(name="Blijft"), make_school(name="Gaat weg", number="123456", street="Straat 1")
    person = make_person(school=gone)
    make_contact_person(gone)
    group = make_group(person, school_id=gone.id)
    make_log(person, gone)
    make_question(person, group)
    make_note(gone)
    save(
        InvitedColleague(school_id=gone.id, email="an@school.example", name="", invited_at=now(), sent_at=now()),
        EndedLink(school_id=gone.id, code="oudelink", ended_at=now()),
        progression(gone, started=9, finished=8, enrolled=8),
    )  # fmt: skip
    before = what_hangs_on(gone.id)
    assert {"membership", "contact", "pack_group", "session_log", "contact_note", "invited_colleague"} <= set(before)
    assert merge(staff, kept, gone).location == f"/scholen/{kept.id}"
    after = what_hangs_on(kept.id)
    assert after.pop("merged_school") == 1 and after == before
    end_transaction()
    row = db.session.get_one(School, kept.id)
    assert db.session.get(School, gone.id) is None
    assert (row.name, row.number, row.street, row.version) == ("Blijft", "123456", "Straat 1", 2)
    merged = db.session.scalars(select(MergedSchool)).one()
    assert (merged.former_id, merged.into_id, merged.name) == (gone.id, kept.id, "Gaat weg")
    audit = db.session.scalars(select(AuditRow).where(AuditRow.act == Act.SCHOOL_MERGED.value)).one()
    assert audit.subject_id == kept.id
    # The page with its time line opens, also from the address of before.
    assert staff.get(f"/scholen/{kept.id}").status == 200
    assert staff.get(f"/scholen/{gone.id}").location == f"/scholen/{kept.id}"


def test_no_table_of_schools_is_forgotten() -> None:
    """A table in which a school may stand once needs a rule of its own before its rows can move."""
    needs_rule = {
        table.name
        for table, column, goes_along in tables_of_schools()
        if not goes_along
        and (
            any(isinstance(one, UniqueConstraint) and column in one.columns for one in table.constraints)
            or any(index.unique and column in index.columns for index in table.indexes)
        )
    }
    assert needs_rule == MADE_READY


def test_the_poster_of_the_other_school_leads_to_the_one_that_stays(rich: Flask, staff: Visit) -> None:
    kept, gone = make_school(name="Blijft", link_code="cdfghjkm"), make_school(name="Gaat weg", link_code="nprtwxcc")
    merge(staff, kept, gone)
    person = make_person()
    visit = Visit(rich, person.id)
    assert "Blijft" in visit.get("/s/nprt-wxcc").text
    assert visit.post("/s/nprtwxcc").status == 303
    assert rows(Membership, Membership.person_id == person.id, Membership.school_id == kept.id) == 1
    # And on, when that school is merged in its turn.
    third = make_school(name="Derde")
    form = {"blijft": str(third.id), f"versie-{kept.id}": "2", f"versie-{third.id}": "1"}
    assert staff.post(f"/scholen/{kept.id}/samenvoegen/{third.id}", form).status == 303
    assert "Derde" in visit.get("/s/nprt-wxcc").text and "Derde" in visit.get("/s/cdfg-hjkm").text
    # Whoever renews the link wants no old poster to lead here any more.
    end_transaction()
    code = db.session.get_one(School, third.id).link_code
    staff.post(f"/scholen/{third.id}/link", {"code": code})
    assert "Deze schoollink werkt niet meer" in visit.get("/s/nprt-wxcc").text


# ── what can be there once ─────────────────────────────────────────────────


def test_with_two_aanspreekpunten_one_has_to_be_chosen(staff: Visit) -> None:
    kept, gone = make_school(name="Blijft"), make_school(name="Gaat weg")
    first, second = make_contact_person(kept, name="Demo Eerste"), make_contact_person(gone, name="Demo Tweede")
    state = database_state()
    reply = merge(staff, kept, gone)
    assert reply.status == 422 and "Kies wie het blijft." in reply.text
    assert reply.soup.find("input", {"name": "blijft", "value": str(kept.id)}).has_attr("checked")
    assert database_state() == state
    assert merge(staff, kept, gone, aanspreekpunt=str(gone.id)).status == 303
    end_transaction()
    contacts = {one.person_id: one.ended_at for one in db.session.scalars(select(Contact))}
    assert contacts[first.id] is not None and contacts[second.id] is None
    assert rows(Contact, Contact.school_id == kept.id) == 2 and rows(Membership, Membership.ended_at.is_(None)) == 2


@pytest.mark.parametrize("stays", ["kept", "gone"])
def test_a_question_to_take_over_goes_on_only_for_who_stays(staff: Visit, stays: str) -> None:
    schools = {"kept": make_school(), "gone": make_school()}
    for name, school in schools.items():
        make_contact_person(school)
        contact = db.session.scalars(select(Contact).where(Contact.school_id == school.id)).one()
        save(
            Succession(
                school_id=school.id, contact_id=contact.id, name=name, email=f"{name}@school.example", asked_at=now(),
                sent_at=now(), token_fingerprint=name, expires_at=now() + timedelta(days=9),
            )
        )  # fmt: skip
    merge(staff, schools["kept"], schools["gone"], aanspreekpunt=str(schools[stays].id))
    end_transaction()
    assert [one.name for one in db.session.scalars(select(Succession).where(Succession.is_open()))] == [stays]


def test_who_works_at_both_or_was_invited_by_both_is_there_once(staff: Visit) -> None:
    kept, gone = make_school(), make_school()
    person = make_person(school=kept)
    long_ago = now() - timedelta(days=300)
    save(
        Membership(person_id=person.id, school_id=gone.id, started_at=long_ago),
        Membership(person_id=person.id, school_id=gone.id, started_at=long_ago, ended_at=long_ago),
        *(
            InvitedColleague(school_id=school.id, email="an@school.example", name="", invited_at=now(), sent_at=now())
            for school in (kept, gone)
        ),
    )
    assert merge(staff, kept, gone).status == 303
    end_transaction()
    (open_one,) = db.session.scalars(select(Membership).where(Membership.ended_at.is_(None)))
    assert (open_one.school_id, open_one.started_at) == (kept.id, long_ago)
    assert rows(Membership) == 2
    assert rows(InvitedColleague) == 2 and rows(InvitedColleague, InvitedColleague.withdrawn_at.is_(None)) == 1


def test_counts_of_the_same_school_year_are_added_up(staff: Visit) -> None:
    kept, gone = make_school(), make_school()
    here = progression(kept, started=10, finished=8, enrolled=3, working=5, visited=2)
    there = progression(gone, started=4, finished=4, enrolled=1, elsewhere=3)
    save(here, there)
    one, other = list(Reason)[:2]
    save(
        ProgressionReason(progression_id=here.id, reason=one, count=2),
        ProgressionReason(progression_id=there.id, reason=one, count=1),
        ProgressionReason(progression_id=there.id, reason=other, count=3),
    )
    assert "opgeteld: 2025–2026" in staff.get(f"/scholen/{kept.id}/samenvoegen/{gone.id}").text
    assert merge(staff, kept, gone).status == 303
    end_transaction()
    row = db.session.scalars(select(Progression)).one()
    assert [getattr(row, column) for column in COUNTS] == [14, 12, 2, 4, 5, 3, 0]
    counted = {reason.reason: reason.count for reason in db.session.scalars(select(ProgressionReason))}
    assert counted == {one: 3, other: 3}


# ── what is refused ────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"blijft": ""}, 422), ({"blijft": "999999"}, 422), ({"versie": "2"}, 409), ({"versie": ""}, 409)],
)
def test_what_was_not_shown_or_chosen_changes_nothing(staff: Visit, changes: dict[str, str], status: int) -> None:
    kept, gone = make_school(), make_school()
    make_note(gone)
    if "versie" in changes:
        changes = {f"versie-{gone.id}": changes["versie"]}
    state = database_state()
    assert merge(staff, kept, gone, **changes).status == status
    assert database_state() == state


def test_the_second_click_finds_nothing_to_do(staff: Visit) -> None:
    kept, gone = make_school(), make_school()
    assert merge(staff, kept, gone).status == 303
    assert merge(staff, kept, gone).status == 404
    assert staff.get(f"/scholen/{kept.id}/samenvoegen/{kept.id}").status == 404
    assert rows(MergedSchool) == 1


def test_what_was_changed_after_the_page_was_read_is_seen(rich: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody saves a school between the reading of the page and the lock."""
    kept, gone = make_school(), make_school()
    actor = visitor_of(make_person(role=Role.OS_STAFF))
    end_transaction()
    whole = merging.queries.lock_both

    def beaten(one: int, other: int) -> None:
        with db.engine.begin() as connection:
            connection.execute(update(School).where(School.id == gone.id).values(version=School.version + 1))
        whole(one, other)

    if db.engine.dialect.name == "sqlite":
        pytest.skip("whoever writes on SQLite waits until the other is done")
    monkeypatch.setattr(merging.queries, "lock_both", beaten)
    for school in (kept, gone):
        assert db.session.get_one(School, school.id).version == 1
    with pytest.raises(Conflict):
        merging.merge_schools(kept.id, gone.id, versions=(1, 1), contact_of=None, by=actor)
    assert rows(MergedSchool) == 0


# ── finding doubles ────────────────────────────────────────────────────────


def listed(id_: int, name: str, municipality: str = "Genk", **more: str) -> Listed:
    return Listed(id=id_, name=name, municipality=municipality, **{"street": "", "postcode": "", "number": None} | more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (listed(1, "Sint-Jozef"), listed(2, "SINT JOZEF"), True),
        (listed(1, "Atheneum Genk"), listed(2, "Atheneum"), True),
        (listed(1, "De Schakel vzw"), listed(2, "Schakel"), True),
        (listed(1, "Collège"), listed(2, "College"), True),
        (listed(1, "A", number="012345"), listed(2, "B", "As", number="12345"), True),
        (listed(1, "A", street="Markt 1", postcode="3600"), listed(2, "B", street="markt 1", postcode="3600"), True),
        (listed(1, "A", street="Markt", postcode="3600"), listed(2, "B", street="Markt", postcode="3600"), False),
        (listed(1, "Atheneum"), listed(2, "Atheneum", "As"), False),
        (listed(1, "Atheneum"), listed(2, "College"), False),
        (listed(1, "De School"), listed(2, "Het Instituut"), False),
    ],
)
def test_schools_that_are_probably_one_are_found(one: Listed, other: Listed, alike: bool) -> None:
    assert likely_doubles([one, other]) == ([(one, other)] if alike else [])


def test_doubles_are_shown_with_the_way_to_compare_them(staff: Visit) -> None:
    one, other = make_school(name="Sint-Jozef"), make_school(name="Sint Jozef")
    make_school(name="Andere")
    page = staff.get("/scholen/dubbels")
    assert [str(link["href"]) for link in page.soup.select(".follow a")] == [
        f"/scholen/{other.id}/samenvoegen/{one.id}"
    ]
    page = staff.get(f"/scholen/{one.id}/samenvoegen?zoek=andere")
    assert "Lijkt erop" in page.text and "Andere" in page.text
