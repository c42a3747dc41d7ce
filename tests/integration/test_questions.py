"""Questions that travel: parked, back in the next check-in, to O&S, answered, for everybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from lms.clock import now
from lms.pack.queries.questions import open_questions_of_group
from tests.factories import make_group, make_person, make_question


@pytest.mark.both
def test_a_group_hears_the_fresh_answers_first_and_nothing_that_was_settled(app: Flask) -> None:
    person = make_person()
    group, other = make_group(person), make_group(person)
    yesterday = now() - timedelta(days=1)
    make_question(person, group, text="Hoe lang duurt een graduaat?")
    make_question(person, group, text="Wie helpt met een beurs?", parked_at=yesterday)
    make_question(person, group, text="Klaar", parked_at=yesterday, settled_at=now())
    make_question(
        person, group, text="Wat kost het?", parked_at=now(), sent_at=now(), answered_at=now(), answer="Dat hangt af."
    )
    make_question(person, other, text="Van een andere groep?")
    make_question(person, text="Zonder groep?")
    found = open_questions_of_group(group.id)
    assert [one.text for one in found] == ["Wat kost het?", "Wie helpt met een beurs?", "Hoe lang duurt een graduaat?"]
    assert [one.answer for one in found] == ["Dat hangt af.", "", ""]
