"""The statements say what is so: made from the registry, dated, and held against what the tests really do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

import lms.privacy.rules.registry
from lms.clock import now
from lms.home.views import REVIEWED_ON
from lms.learning.tables import Attempt
from lms.privacy.rules.registry import PERSONAL
from lms.web.pages import day
from tests.browser import checks
from tests.factories import make_person
from tests.visitor import Browser

pytestmark = pytest.mark.sqlite_alone


def said(browser: Browser, path: str) -> str:
    return browser.get(path).text.replace("\u00ad", "")


def missing_from(statement: str) -> set[str]:
    """Tables of which the statement does not say all of what, why, on which ground, how long and what is erased."""
    return {
        part.table
        for part in PERSONAL
        for text in (part.title, part.purpose, part.basis.value, part.keep.text, part.erased_text, *part.shown.values())
        if text not in statement
    }


def test_the_privacy_statement_tells_everything_of_the_registry(browser: Browser) -> None:
    assert missing_from(said(browser, "/privacy")) == set()


def test_a_table_the_statement_leaves_out_is_seen(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    less = tuple(part for part in PERSONAL if part.table != Attempt.__tablename__)
    monkeypatch.setattr(lms.privacy.rules.registry, "PERSONAL", less)
    assert missing_from(said(browser, "/privacy")) == {"attempt"}


def test_a_term_that_changes_changes_the_statement(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = tuple(
        replace(part, keep=replace(part.keep, days=45)) if part.keep.days == 90 else part for part in PERSONAL
    )
    assert "90 dagen" in said(browser, "/privacy")
    monkeypatch.setattr(lms.privacy.rules.registry, "PERSONAL", parts)
    statement = said(browser, "/privacy")
    assert "45 dagen" in statement and "90 dagen" not in statement


def test_the_privacy_statement_says_who_and_where_to_ask(app: Flask, browser: Browser) -> None:
    config = app.config["LMS"]
    statement = said(browser, "/privacy")
    assert config.controller in statement and config.contact in statement
    assert "Gegevensbeschermingsautoriteit" in statement


def test_there_is_one_cookie_as_the_statement_says(app: Flask) -> None:
    stranger = Browser(app)
    stranger.get("/")
    assert not stranger.client._cookies
    signed_in = Browser(app).sign_in(make_person())
    for path in ("/", "/navorming", "/account", "/account/verwijderen"):
        signed_in.get(path)
    assert len(signed_in.client._cookies or {}) == 1
    assert "één cookie" in said(signed_in, "/privacy")


@pytest.mark.parametrize("path", ["/privacy", "/toegankelijkheid"])
def test_a_statement_carries_the_day_it_was_looked_at(browser: Browser, path: str) -> None:
    assert day(REVIEWED_ON) in said(browser, path)
    assert (now() + timedelta(days=1)).date() >= REVIEWED_ON


def test_the_accessibility_statement_claims_what_is_checked(browser: Browser) -> None:
    statement = said(browser, "/toegankelijkheid")
    assert f"{checks.NARROW} pixels" in statement and "axe" in statement and "WCAG 2.2" in statement
    assert "Wat we nog niet testten" in statement and "schermlezers" in statement
    assert checks.EVERY_RULE["rules"]["target-size"]["enabled"] and "letter-spacing: .12em" in checks.checks_script()
