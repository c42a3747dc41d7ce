"""Wat leerde ik? on the site: from one's own tries alone, for nobody else, and with a way to practise."""

from __future__ import annotations

import pytest
from flask import Flask

from lms.learning.forms import new_key
from lms.permissions import Role
from tests.factories import make_person
from tests.server import Visit

pytestmark = pytest.mark.sqlite_alone

PAGE = "/navorming/wat-leerde-ik"
LESSON = "/navorming/klein/alle-soorten"


def ask(visit: Visit, text: str) -> None:
    assert visit.post(f"{LESSON}/x-own-question", {"text": text, "key": new_key()}).status == 303


def test_without_tries_the_page_says_where_to_practise(rich: Flask) -> None:
    page = Visit(rich, make_person().id).get(PAGE)
    assert "Nog niets om te vergelijken" in page.text
    assert page.soup.find("a", {"href": f"{LESSON}#ex-x-own-question"}) is not None


def test_one_s_own_tries_stand_beside_each_other_and_nobody_elses(rich: Flask) -> None:
    visit, other = Visit(rich, make_person().id), Visit(rich, make_person().id)
    ask(visit, "Was dat leuk?")
    assert "Schrijf er nog een." in visit.get(PAGE).text
    ask(visit, "Wat trekt je aan in die garage?")
    visit.post("/navorming/gesprek/robin", {"position": "0", "option": "b"})
    visit.post(f"{LESSON}/x-format", {"choice": "b", "key": new_key()})
    page = visit.get(PAGE)
    assert "0 van 1 open" in page.text and "1 van 1 open" in page.text
    assert "Was dat leuk?" in page.text and "Wat trekt je aan in die garage?" in page.text
    assert "Het gesprek viel stil" in page.text and "Iets wat kan" in page.text
    assert "Je paste nog geen sessie in de tijd. Oefenen kan in Alle soorten" in page.text
    assert "Was dat leuk?" not in other.get(PAGE).text
    assert page.soup.find("a", {"href": "/navorming/mijn-antwoorden"}) is not None
    for address in ("/navorming", "/navorming/mijn-antwoorden"):
        assert visit.get(address).soup.find("a", {"href": PAGE}) is not None


def test_minutes_won_against_the_clock_are_told(rich: Flask) -> None:
    visit, clock = Visit(rich, make_person().id), "/navorming/doorloop/klein"
    for run, choice in ((1, "go_on"), (2, "skip")):
        visit.post(f"{clock}/begin", {"run": str(run - 1), "day": "3"})
        for position in range(3):
            visit.post(clock, {"run": str(run), "position": str(position), "choice": choice})
    assert "Eerst 4 min te lang, de laatste keer op tijd. Dat zijn 4 minuten gewonnen." in visit.get(PAGE).text


def test_staff_see_only_their_own(rich: Flask) -> None:
    ask(Visit(rich, make_person().id), "Was dat leuk?")
    assert "Was dat leuk?" not in Visit(rich, make_person(role=Role.OS_STAFF).id).get(PAGE).text
