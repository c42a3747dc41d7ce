"""Around the turn of the year, 29 February and the nights the clock changes, every page, PDF and mail names one day."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from lms.clock import frozen
from lms.database import db
from lms.learning.tables import Attest
from lms.mail import OutboxMail
from lms.schools import actions as schools
from tests.factories import make_finished, make_school
from tests.world import STAFF, Browser, end_transaction, library_of

pytestmark = pytest.mark.sqlite_alone

# What the clock of the server says, and the day it is then in Flanders.
MOMENTS = [
    (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), "31 december 2026"),
    (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "1 januari 2027"),
    (datetime(2028, 2, 28, 23, 30, tzinfo=UTC), "29 februari 2028"),
    (datetime(2027, 2, 28, 23, 30, tzinfo=UTC), "1 maart 2027"),
    # The night in which 2.30 comes twice, and the one in which it does not come.
    (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "25 oktober 2026"),
    (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "25 oktober 2026"),
    (datetime(2027, 3, 27, 23, 30, tzinfo=UTC), "28 maart 2027"),
    (datetime(2027, 3, 28, 22, 30, tzinfo=UTC), "29 maart 2027"),
]


@pytest.mark.parametrize(("moment", "day"), MOMENTS, ids=[str(moment) for moment, _ in MOMENTS])
def test_an_attest_has_one_day_on_every_page_and_on_paper(app: Flask, moment: datetime, day: str) -> None:
    with frozen(moment):
        finished = make_finished(library_of(app))
        code = db.session.scalars(select(Attest.code)).one()
        owner = Browser(app).sign_in(finished)
        assert day in owner.get("/navorming/klaar").text
        assert day in Browser(app).get(f"/attest/{code}").text
        paper = PdfReader(io.BytesIO(owner.raw("GET", "/navorming/attest.pdf").data))
        assert day in " ".join(paper.pages[0].extract_text().split())


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        # Thirty times 24 hours later it is an hour earlier or later on the clock, and at midnight another day.
        (datetime(2026, 9, 25, 22, 30, tzinfo=UTC), ("25/10/2026", "25 oktober 2026")),
        (datetime(2026, 10, 1, 22, 30, tzinfo=UTC), ("31/10/2026", "31 oktober 2026")),
        (datetime(2027, 2, 26, 23, 30, tzinfo=UTC), ("29/03/2027", "29 maart 2027")),
        (datetime(2028, 1, 30, 12, 0, tzinfo=UTC), ("29/02/2028", "29 februari 2028")),
        (datetime(2026, 12, 1, 23, 30, tzinfo=UTC), ("01/01/2027", "1 januari 2027")),
    ],
)
def test_mail_and_page_agree_until_when_a_link_works(app: Flask, moment: datetime, until: tuple[str, str]) -> None:
    in_mail, on_page = until
    with frozen(moment):
        schools.appoint(make_school().id, name="An Voorbeeld", email="an@school.example", by=STAFF, link_base="")
        mail = db.session.scalars(select(OutboxMail.body)).one()
        end_transaction()
        assert in_mail in mail
        token = mail.split("/uitnodiging/")[1].split()[0]
        assert on_page in Browser(app).get(f"/uitnodiging/{token}").text
