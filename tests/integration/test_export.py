"""Everything of mine and nothing of others: to read and to take along, made from the registry."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import Enum

import lms.privacy.queries
from lms.database import Base, db
from lms.people.tables import Act, AuditRow
from lms.privacy.rules.registry import PERSONAL, part_of
from lms.privacy.views import WORDS
from tests.canaries import Marked, make_marked
from tests.factories import make_finished, make_person
from tests.world import Browser, library_of

pytestmark = pytest.mark.both


def both_exports(app: Flask, person_id: int) -> tuple[str, str]:
    """The page and the file, as this person gets them."""
    browser = Browser(app).sign_in(person_id)
    page, file = browser.get("/account/export"), browser.get("/account/export.json")
    assert (page.status, file.status) == (200, 200)
    assert "attachment" in file.response.headers["Content-Disposition"]
    return page.text, file.text


def missing_and_leaked(app: Flask, me: Marked, other: Marked) -> tuple[set[str], set[str]]:
    """Words of mine that an export lacks, and words that it should not have: of others, or secret ones of mine."""
    missing, leaked = set(), set()
    for text in both_exports(app, me.id):
        missing |= {word for word in me.shown() if word not in text}
        leaked |= {word for word in {*other.words.values(), *me.hidden()} if word in text}
    return missing, leaked


def test_all_of_mine_is_there_and_nothing_of_others(app: Flask) -> None:
    me, other = make_marked("Ik"), make_marked("Ander")
    assert len(me.shown()) >= 12 and len(me.hidden()) >= 5
    assert missing_and_leaked(app, me, other) == (set(), set())
    assert missing_and_leaked(app, other, me) == (set(), set())


def test_every_table_is_in_the_file_with_its_purpose_and_term(app: Flask) -> None:
    me = make_marked("Ik")
    file = json.loads(both_exports(app, me.id)[1])
    assert [part["deel"] for part in file["delen"]] == [part.title for part in PERSONAL]
    assert all(part["gegevens"] and part["waarom"] and part["hoe lang"] for part in file["delen"])


def test_without_the_question_whose_it_is_the_export_leaks(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotaged twin: one table that forgets to ask."""
    me, other = make_marked("Ik"), make_marked("Ander")
    real = lms.privacy.queries.belongs_to
    monkeypatch.setattr(
        lms.privacy.queries,
        "belongs_to",
        lambda part, *whose: part.table != "person" if part.table == "attempt" else real(part, *whose),
    )
    assert other.words["attempt.answer"] in missing_and_leaked(app, me, other)[1]


def test_a_table_that_is_not_in_the_registry_is_missing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    me, other = make_marked("Ik"), make_marked("Ander")
    shown = {name: label for name, label in part_of("attempt").shown.items() if name != "answer"}
    parts = tuple(replace(part, shown=shown) if part.table == "attempt" else part for part in PERSONAL)
    monkeypatch.setattr(lms.privacy.queries, "PERSONAL", parts)
    assert missing_and_leaked(app, me, other)[0] == {me.words["attempt.answer"]}


def test_what_staff_did_to_my_account_is_mine_too(app: Flask) -> None:
    person = make_person()
    db.session.add_all(
        [AuditRow.of(Act.ACCOUNT_CREATED, person.id, by=None), AuditRow.of(Act.SCHOOL_ADDED, person.id, by=None)]
    )
    db.session.commit()
    page, _ = both_exports(app, person.id)
    assert "account gemaakt" in page and "school toegevoegd" not in page


def test_the_page_calls_exercises_and_conversations_by_what_they_ask(app: Flask) -> None:
    library = library_of(app)
    page, _ = both_exports(app, make_finished(library).id)
    assert library.course.dialogues[0].title in page and f"toets: {library.course.test.title}" in page
    exercise = next(exercise for lesson in library.course.lessons for exercise in lesson.exercises if lesson.is_core)
    assert f"oefening: {exercise.question}" in page


@pytest.mark.sqlite_alone
def test_everything_that_is_kept_as_a_name_of_the_house_is_read_in_dutch() -> None:
    kept = {value for table in Base.metadata.sorted_tables for column in table.columns
            if isinstance(column.type, Enum) for value in column.type.enums}  # fmt: skip
    assert kept | set(Act) <= set(WORDS)


def test_somebody_new_sees_what_there_is_and_is_told_what_there_is_not(app: Flask) -> None:
    person = make_person(name="Nele Nieuw")
    page, _ = both_exports(app, person.id)
    assert "Nele Nieuw" in page and "Hierover bewaren we niets van jou" in page
