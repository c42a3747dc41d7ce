"""On the fiche: how long an exercise really took, from five groups on; and one's own last time."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from lms.clock import now
from lms.database import db
from lms.pack.queries import durations
from lms.pack.rules.logs import Outcome
from lms.pack.tables import LoggedBlock, SessionLog
from lms.people.tables import Person
from lms.privacy import actions as privacy
from tests.factories import make_finished, make_log, make_person
from tests.integration.test_pages_scale import statements
from tests.world import Browser, end_transaction, library_of

FICHE = "/pakket/wie-ben-jij"


def give(person: Person, minutes: int | None, mark: str, **fields: Any) -> SessionLog:
    """Session 1 with one block, *Verleden*, of so many minutes."""
    log = make_log(person, **{"group_mark": mark, "session_slug": "wie-ben-jij", **fields})
    db.session.add(
        LoggedBlock(
            log_id=log.id, position=0, block_id="s1-verleden", exercise_id="s1-verleden", outcome=Outcome.DONE,
            planned_minutes=20, actual_minutes=minutes,
        )
    )  # fmt: skip
    db.session.commit()
    end_transaction()
    return log


@pytest.mark.both
def test_from_five_groups_on_the_fiche_says_how_long_it_really_takes(app: Flask) -> None:
    reader, teacher = Browser(app).sign_in(make_finished(library_of(app))), make_person()
    for number, minutes in enumerate((18, 22, 26, 30)):
        give(teacher, minutes, f"groep{number}")
    give(teacher, 99, "groep0")
    assert "(5 groepen)" not in reader.get(FICHE).text
    give(teacher, 24, "groep4")
    page = reader.get(FICHE)
    # The last time of the first group was 99 minutes: it counts, and moves the middle by one place only.
    assert "meestal 26 min" in page.text and "(5 groepen)" in page.text
    assert "tussen 24 en 30 min" in page.text
    assert "(5 groepen)" not in reader.get("/pakket/talenten").text
    # Nothing of it stands where everybody may read.
    assert "(5 groepen)" not in Browser(app).get("/voorbeeld").text


@pytest.mark.sqlite_alone
def test_a_group_whose_begeleider_left_still_counts(app: Flask) -> None:
    reader, teacher = Browser(app).sign_in(make_finished(library_of(app))), make_person()
    for number in range(5):
        give(teacher, 20, f"groep{number}")
    end_transaction()
    db.session.get_one(Person, teacher.id).deletion_asked_at = now() - timedelta(days=60)
    db.session.commit()
    assert privacy.erase(teacher.id)
    end_transaction()
    assert "(5 groepen)" in reader.get(FICHE).text


@pytest.mark.both
def test_ones_own_last_time_stands_on_the_fiche_and_the_plan_with_what_was_planned(app: Flask) -> None:
    person = make_finished(library_of(app))
    browser, colleague = Browser(app).sign_in(person), Browser(app).sign_in(make_finished(library_of(app)))
    assert "Zo ging het de vorige keer" not in browser.get(FICHE).text
    give(person, 27, "eigen", worked="In duo's praten", head_count=14)
    saved = browser.post("/pakket/planner/wie-ben-jij", {"uren": "2 × 50", "key": "k" * 30}).location
    for path in (FICHE, saved):
        page = browser.get(path)
        assert "Zo ging het de vorige keer" in page.text and "met 14 jongeren" in page.text, path
        assert "Verleden duurde 7 min langer dan gepland" in page.text and "In duo's praten" in page.text
    assert "Zo ging het de vorige keer" not in colleague.get(FICHE).text


@pytest.mark.both
def test_the_log_of_this_plan_goes_before_a_later_one(app: Flask) -> None:
    person = make_finished(library_of(app))
    browser = Browser(app).sign_in(person)
    saved = browser.post("/pakket/planner/wie-ben-jij", {"uren": "2 × 50", "key": "k" * 30}).location
    give(person, 20, "eigen", head_count=11, plan_id=int(saved.rpartition("/")[2]))
    give(person, 20, "andere", head_count=12)
    assert "met 11 jongeren" in browser.get(saved).text
    assert "met 12 jongeren" in browser.get(FICHE).text


@pytest.mark.sqlite_alone
def test_durations_of_many_logs_are_kept_for_a_minute_or_until_the_next_log(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, teacher = Browser(app).sign_in(make_finished(library_of(app))), make_person()
    kept = durations.LongDurations()
    monkeypatch.setattr(durations, "_long", kept)
    logs = [give(teacher, 20, f"groep{number}").id for number in range(5)]

    def mend(minutes: int) -> str:
        db.session.execute(update(LoggedBlock).where(LoggedBlock.log_id.in_(logs)).values(actual_minutes=minutes))
        db.session.commit()
        end_transaction()
        return reader.get(FICHE).text

    # Of a few logs nothing is kept: what is mended counts at once.
    assert "meestal 20 min" in reader.get(FICHE).text and "meestal 25 min" in mend(25)
    monkeypatch.setattr(kept, "FROM", 5)
    assert "meestal 26 min" in mend(26) and "meestal 26 min" in mend(27)
    later = time.monotonic() + kept.SECONDS
    with monkeypatch.context() as a_minute_on:
        a_minute_on.setattr(durations.time, "monotonic", lambda: later)
        assert "meestal 27 min" in reader.get(FICHE).text
    assert "meestal 27 min" in mend(28)
    # A new log is not mistaken for what was kept.
    give(teacher, 28, "groep5")
    assert "meestal 28 min" in reader.get(FICHE).text and "(6 groepen)" in reader.get(FICHE).text


@pytest.mark.both
def test_a_thousand_logs_cost_the_same_statements_and_look_at_two_hundred(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(durations, "_long", durations.LongDurations())
    person = make_finished(library_of(app))
    browser = Browser(app).sign_in(person)

    def cost() -> int:
        with statements() as seen:
            assert browser.get(FICHE).status == 200
        return len(seen)

    for number in range(5):
        give(person, 20, f"groep{number}")
    once = cost()
    assert once <= 6
    first = db.session.scalars(select(SessionLog.id).order_by(SessionLog.id)).first()
    for number in range(250):
        give(person, 30, f"later{number}")
    assert cost() == once
    page = browser.get(FICHE)
    assert first and "(200 groepen)" in page.text and "meestal 30 min" in page.text
